"""What real sockets do to us: drip, flood, break off, redirect, talk nonsense."""

import datetime as dt
import gzip
import os
import queue
import socket
import ssl
import time
from contextlib import suppress

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from wire import TOKEN, http, reset

from app.errors import Rejected, TryLater, Uncertain
from app.wms.base import CancelRequest, encode_batch
from app.wms.http import ConnectorApi

ACCOUNT = http(b'{"account": "ACME"}', "200 OK", "Content-Type: application/json")
BODY = encode_batch([{"external_id": "A", "revision": 1}])
ERRORS = (Rejected, TryLater, Uncertain)
VERBS = {
    "connection": lambda api: api.connection(),
    "send_batch": lambda api: api.send_batch("key", BODY),
    "by_ref": lambda api: api.by_ref("A"),
    "cancel": lambda api: api.cancel(CancelRequest(external_id="A", revision=1)),
    "job": lambda api: api.job("j"),
    "job_log": lambda api: api.job_log("j", "c"),
    "put_callbacks": lambda api: api.put_callbacks("https://x.example", "whsec_eA==", []),
}
WRITES = {"send_batch", "cancel"}


def ask(api, verb, *errors):
    """Ask for something that must fail, and return how, after checking that nothing leaked."""
    with pytest.raises(errors or ERRORS) as caught:
        VERBS[verb](api)
    error = caught.value
    assert TOKEN not in repr(error)
    assert TOKEN not in error.message
    assert error.__suppress_context__ or error.__context__ is None
    return error


def test_twenty_calls_share_one_connection(wire, connect):
    server = wire(ACCOUNT)
    api = connect(server.url)
    for _ in range(20):
        api.connection()
    assert (len(server.requests), server.connections) == (20, 1)


def test_what_is_sent(wire, connect, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "")
    answer = http(b'{"job": {"id": "j-1"}}', "202 Accepted", "Set-Cookie: a=b; Path=/")
    server = wire(answer)
    api = connect(f" {server.url}/c/7/ ")
    api.send_batch("key-1", BODY)
    assert api.send_batch("key-1", BODY).job_id == "j-1"
    head, _, body = server.requests[1].partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert lines[0] == "POST /c/7/v1/orders/batch HTTP/1.1"
    assert {f"Authorization: Bearer {TOKEN}", "User-Agent: Tagdock", "Idempotency-Key: key-1"} < {
        *lines
    }
    assert "cookie" not in head.decode().lower()
    assert body == BODY


def test_ids_are_escaped_in_addresses(wire, connect):
    server = wire(http(b'{"id": "j", "status": "running"}'))
    api = connect(server.url)
    api.job("a/b?c#d")
    with pytest.raises(Rejected):
        api.by_ref("gid://shopify/FulfillmentOrder/1#2")
    lines = [request.split(b"\r\n")[0].decode() for request in server.requests]
    assert lines == [
        "GET /v1/jobs/a%2Fb%3Fc%23d HTTP/1.1",
        "GET /v1/orders/by-ref?external_id=gid%3A%2F%2Fshopify%2FFulfillmentOrder%2F1%232 HTTP/1.1",
    ]


def test_a_connection_that_the_server_closed_is_opened_again(wire, connect):
    ended = queue.Queue()

    def once(connection):
        connection.sendall(ACCOUNT)
        connection.shutdown(socket.SHUT_RDWR)
        ended.put(connection)

    server = wire(once)
    api = connect(server.url)
    for _ in range(3):
        assert api.connection().account == "ACME"
        ended.get(timeout=5)
    assert server.connections == 3


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_child_opens_its_own_connection(wire, connect):
    server = wire(ACCOUNT)
    api = connect(server.url)
    api.connection()
    child = os.fork()
    if child == 0:
        try:
            api.connection()
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    api.connection()
    assert (len(server.requests), server.connections) == (3, 2)


def test_after_dispose_and_close_calls_go_on(wire, connect):
    server = wire(ACCOUNT)
    api = connect(server.url)
    api.connection()
    inherited = api._session
    api.dispose()
    api.connection()
    api.close()
    api.connection()
    inherited.close()
    assert server.connections == 3


@pytest.mark.parametrize("verb", VERBS)
def test_nothing_listens(connect, verb):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
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
        started = time.monotonic()
        assert "Unreachable" in ask(api, "send_batch", TryLater).message
        assert time.monotonic() - started < 1.5
        for one in waiting:
            one.close()


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("how", ["reset", "close", "silence"])
def test_a_lost_answer_leaves_only_writes_uncertain(wire, connect, verb, how):
    deeds = {
        "reset": reset,
        "close": lambda connection: connection.shutdown(socket.SHUT_RDWR),
        "silence": lambda _: None,
    }
    server = wire(deeds[how])
    error = ask(connect(server.url, timeout=0.3), verb)
    assert type(error) is (Uncertain if verb in WRITES else TryLater)
    assert len(server.requests) == 1


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
    assert 0.3 < time.monotonic() - began < 1.2
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


NONSENSE = [
    b"SSH-2.0-OpenSSH_9.2\r\n",
    b"\x16\x03\x01\x02\x00",
    b"HTTP/1.1 abc OK\r\n\r\n",
    b"HTTP/1.1 99999 OK\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n{}",
    b"HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\n\r\n{}",
    b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{}",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n",
    b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n{}",
    b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70000 + b"\r\n\r\n{}",
    b"HTTP/1.1 200 OK\r\n\xff\xfe: \x00\r\n\r\n",
    b"HTTP/1.1 204 No Content\r\n\r\n",
    b"HTTP/1.1 103 Early\r\n\r\n",
    http(b"\x1f\x8bnot gzip", "200 OK", "Content-Encoding: gzip"),
    http(b"", "200 OK"),
    http(b"null"),
    http(b"[]"),
    http(b'"ACME"'),
    http(b"\xff\xfe\x00"),
    http(b"[" * 200_000),
    http(b'{"account": ' + b"9" * 6000 + b"}"),
    http(b"<html>Welcome</html>", "200 OK", "Content-Type: text/html"),
    http(b"<html>No</html>", "404 Not Found", "Content-Type: text/html"),
    http(b"<html>No</html>", "400 Bad", "Content-Type: text/html"),
    http(b"[1, 2]", "422 No"),
    http(b"{}", "300 Choices", "Location: \x01"),
    http(b"", "600 What"),
]


@pytest.mark.parametrize("answer", NONSENSE, ids=lambda answer: repr(answer[:40]))
@pytest.mark.parametrize("verb", VERBS)
def test_nonsense_ends_in_one_of_three_errors(wire, connect, verb, answer):
    def say(connection):
        connection.sendall(answer)
        connection.shutdown(socket.SHUT_WR)

    api = connect(wire(say).url, timeout=2.0)
    if verb == "put_callbacks" and answer[9:10] == b"2":
        with suppress(*ERRORS):  # what an answer of yes says besides does not matter here
            VERBS[verb](api)
    else:
        assert ask(api, verb).message


def certificate(folder):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "nobody.example")])
    today = dt.datetime.now(dt.UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(today).not_valid_after(today + dt.timedelta(days=1))
    file = folder / "wms.pem"
    file.write_bytes(
        builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return file


def test_a_certificate_that_nobody_vouches_for(wire, connect, tmp_path):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(tmp_path))
    server = wire(ACCOUNT)
    server.wrap = context
    api = connect(f"https://127.0.0.1:{server.port}")
    for verb in VERBS:
        assert "no secure connection" in ask(api, verb, TryLater).message
    assert server.requests == []


def test_no_tls_where_https_was_promised(wire, connect):
    server = wire(ACCOUNT)
    api = connect(f"https://127.0.0.1:{server.port}", connect_timeout=0.3)
    for verb in VERBS:
        assert "Unreachable" in ask(api, verb, TryLater).message


@pytest.mark.parametrize("token", ["", "two words", "line\nbreak", "tokén", "tab\there", "\x00"])
def test_a_token_that_cannot_be_one_is_not_sent(wire, connect, token):
    server = wire(ACCOUNT)
    with pytest.raises(Rejected) as caught:
        connect(server.url, token).connection()
    assert caught.value.code == "token-refused"
    assert server.connections == 0


def test_the_token_is_in_no_representation(connect):
    api = connect("https://wms.example.com")
    assert TOKEN not in repr(api)
    assert isinstance(api, ConnectorApi)
