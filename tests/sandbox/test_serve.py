"""How the stand-ins' server ends."""

import socket
import threading
import time

import pytest
from flask import Flask

from sandbox.serve import serve

PATIENCE = 60


def test_the_end_waits_for_a_request_whose_thread_has_not_run_yet(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app, may_run = Flask("small"), threading.Event()

    @app.get("/")
    def answer() -> str:
        return "yes"

    server = serve(app)
    run = threading.Thread.run

    def held_up(thread: threading.Thread) -> None:
        assert may_run.wait(PATIENCE)
        run(thread)

    monkeypatch.setattr(threading.Thread, "run", held_up)
    with socket.create_connection(("127.0.0.1", server.port)) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        end = time.monotonic() + PATIENCE
        while not server._http._open and time.monotonic() < end:
            time.sleep(0.005)
        (thread,) = server._http._open.values()
        monkeypatch.undo()
        may_run.set()
        server.stop()
        assert not thread.is_alive()
