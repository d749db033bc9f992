"""What real sockets do to us: refuse, break off, drip, flood, redirect."""

import gzip
import socket
import time

import pytest
from reference import until
from verbs import ACCOUNT, VERBS, WRITES, ask
from wire import TOKEN, http, reset

from app.errors import Rejected, TryLater, Uncertain
from app.wms.http import ConnectorApi
from app.wms.limits import CALL_SECONDS, CONNECT_SECONDS
from sandbox.services import free_port
from tests.at_best import at_best


@pytest.mark.parametrize("verb", VERBS)
def test_nothing_listens(connect, verb):
    port = free_port()
    error = ask(connect(f"http://127.0.0.1:{port}/c/1"), verb, TryLater)
    assert error.message == f"Unreachable. Nothing answered at 127.0.0.1:{port}. Check the URL."


@pytest.mark.parametrize("allowed", [frozenset(), frozenset({"no-such-host.example"})])
def test_a_name_that_nobody_knows(connect, monkeypatch, allowed):
    def fail(*_, **__):
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    api = connect("https://no-such-host.example/c/1", allowed_hosts=allowed)
    assert ask(api, "send_batch", TryLater).message.startswith("Unreachable. Nothing answered at")


def test_a_connection_that_does_not_come_about_in_time(connect):
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        port = full.getsockname()[1]
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
        api = connect(f"http://127.0.0.1:{port}", connect_timeout=0.3)
        assert at_best(lambda: _seconds_in_vain(api), CONNECT_SECONDS) < CONNECT_SECONDS
        for one in waiting:
            one.close()


def _seconds_in_vain(api: ConnectorApi) -> float:
    """Ask an address where no connection comes about, and return how long that took."""
    started = time.monotonic()
    assert "Unreachable" in ask(api, "send_batch", TryLater).message
    return time.monotonic() - started


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("how", ["reset", "close", "silence"])
def test_a_lost_answer_leaves_only_writes_uncertain(wire, connect, verb, how):
    deeds = {
        "reset": reset,
        "close": lambda connection: connection.shutdown(socket.SHUT_RDWR),
        "silence": lambda _: None,
    }
    server = wire(deeds[how])
    patience = {"timeout": 0.3} if how == "silence" else {}
    error = ask(connect(server.url, **patience), verb)
    assert type(error) is (Uncertain if verb in WRITES else TryLater)
    assert len(until(lambda: server.requests)) == 1


def drip(connection, start=b"", byte=b" "):
    connection.sendall(start)
    while True:
        connection.sendall(byte)
        time.sleep(0.02)


@pytest.mark.parametrize(
    "start",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nX-Slow: ",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2000\r\n",
        b"HTTP/1.1 500 Oh\r\nContent-Length: 9000\r\n\r\n",
    ],
    ids=["status", "header", "body", "chunk", "error body"],
)
@pytest.mark.parametrize("verb", ["connection", "send_batch"])
def test_a_slow_drip_ends_at_the_deadline(wire, connect, start, verb):
    server = wire(lambda connection: drip(connection, start))
    began = time.monotonic()
    error = ask(connect(server.url, timeout=0.4), verb)
    assert 0.3 < time.monotonic() - began < CALL_SECONDS
    assert type(error) is (Uncertain if verb in WRITES else TryLater)


def flood(connection):
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
    while True:
        connection.sendall(b"[" * 65536)


@pytest.mark.parametrize("verb", VERBS)
def test_an_endless_answer_is_dropped(wire, connect, verb):
    error = ask(connect(wire(flood).url), verb)
    assert type(error) is (Uncertain if verb in WRITES else Rejected)


def test_an_answer_that_unpacks_to_far_more_is_dropped(wire, connect):
    packed = gzip.compress(b" " * 60_000_000)
    api = connect(wire(http(packed, "200 OK", "Content-Encoding: gzip")).url)
    assert ask(api, "connection", Rejected).code == "not-the-contract"


def test_an_error_may_be_shorter_than_an_answer(wire, connect):
    padding = b'{"account": "ACME", "padding": "' + b"x" * 2_000_000 + b'"}'
    assert connect(wire(http(padding)).url).connection().account == "ACME"
    error = ask(connect(wire(http(padding, "400 No")).url), "connection", Rejected)
    assert error.code == "not-the-contract"


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See", "307 Temp", "308 Perm"])
@pytest.mark.parametrize("verb", VERBS)
def test_a_redirect_is_named_and_never_followed(wire, connect, status, verb):
    target = wire(ACCOUNT)
    server = wire(http(b"", status, f"Location: {target.url}/{TOKEN}?t={TOKEN}"))
    error = ask(connect(server.url), verb, Rejected)
    assert error.code == "not-the-contract"
    assert f"redirects to {target.url}/" in error.message
    assert target.connections == 0
