"""The stand-in as a process, and the server under it."""

import os
import re
import signal
import socket
import struct
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import requests
from flask import Flask, Response, request
from shopify_stand_in import until

from sandbox.serve import DROP, drop_connection, serve
from sandbox.services import free_port

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_says_ready_and_stops_cleanly(tmp_path: Path, stop: signal.Signals) -> None:
    command = [
        sys.executable,
        "-m",
        "sandbox",
        "shopify",
        "--port",
        "0",
        "--app-dir",
        str(tmp_path),
    ]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        url = re.fullmatch(r"ready (http://127\.0\.0\.1:\d+)\n", line)
        assert url, line
        assert requests.get(f"{url[1]}/healthz", timeout=60).json() == {"ok": True}
        process.send_signal(stop)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (0, "", "")


def small_app() -> Flask:
    app = Flask("small")
    app.add_url_rule(
        "/echo", "echo", view_func=lambda: Response(request.get_data()), methods=["POST"]
    )
    app.add_url_rule("/drop", "drop", view_func=drop_connection)
    app.add_url_rule("/stream", "stream", view_func=lambda: Response(iter([b"a", b"b"])))
    app.add_url_rule("/host", "host", view_func=lambda: request.host)
    return app


def test_a_client_that_went_away_leaves_nothing_open() -> None:
    app, asked, gone = Flask("slow"), [], threading.Event()

    @app.get("/")
    def answer_late() -> str:
        asked.append(request.environ[DROP].__self__)
        assert gone.wait(60)
        return "late"

    with serve(app) as server:
        client = socket.create_connection(("127.0.0.1", server.port))
        client.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        until(lambda: asked)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.close()  # with a reset: what is written from now on fails
        gone.set()
        until(lambda: asked[0].rfile.closed)


def test_connections_are_kept_and_bodies_come_whole() -> None:
    with serve(small_app()) as server, requests.Session() as session:
        for size in (0, 10, 200_000):
            answer = session.post(f"{server.url}/echo", data=b"x" * size)
            assert len(answer.content) == size
            assert answer.headers.get("Connection") != "close"
        assert session.post(f"{server.url}/echo", data=iter([b"ab", b"c"])).content == b"abc"
        assert session.get(f"{server.url}/stream").content == b"ab"
        assert session.head(f"{server.url}/host").content == b""
        assert session.get(f"{server.url}/host", headers={"Host": "a.b"}).text == "a.b"
        with pytest.raises(requests.ConnectionError):
            session.get(f"{server.url}/drop")


def test_a_stopped_server_ends_open_connections_too() -> None:
    server = serve(small_app(), free_port())
    with requests.Session() as session:
        assert session.get(f"{server.url}/host").status_code == 200
        server.stop()
        with pytest.raises(requests.ConnectionError):
            session.get(f"{server.url}/host")
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", server.port)) != 0
