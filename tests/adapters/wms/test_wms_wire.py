"""What goes over the wire: kept connections, headers, TLS, and the token nowhere else."""

import datetime as dt
import os
import queue
import socket
import ssl

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from verbs import ACCOUNT, BODY, VERBS, ask
from wire import TOKEN, http

from app.errors import Rejected, TryLater
from app.wms.http import ConnectorApi


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
        ended.get(timeout=60)
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
