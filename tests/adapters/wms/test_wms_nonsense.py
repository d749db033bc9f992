"""Answers that are no answers, byte by byte, to every verb."""

import socket
from contextlib import suppress

import pytest
from verbs import ERRORS, VERBS, ask
from wire import http

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
