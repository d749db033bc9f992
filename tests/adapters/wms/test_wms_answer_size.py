"""A WMS that answers without end: refused with the reason, and not read to its end."""

import json
import socket
from contextlib import suppress

import pytest
from verbs import ask
from wire import http

from app.errors import Rejected
from app.wms.limits import ANSWER_CAP, ERROR_CAP
from app.wms.transport import CHUNK

# What the kernel's buffers may hold of what was never read, at most.
_IN_FLIGHT = 16 * 1024 * 1024
_ENDLESS = ANSWER_CAP + 4 * _IN_FLIGHT


def account(size: int) -> bytes:
    """A good answer of so many bytes."""
    bare = len(json.dumps({"account": "ACME", "padding": ""}))
    return json.dumps({"account": "ACME", "padding": "x" * (size - bare)}).encode()


def test_an_answer_as_large_as_allowed_is_taken(wire, connect):
    body = account(ANSWER_CAP)
    assert len(body) == ANSWER_CAP
    assert connect(wire(http(body)).url).connection().account == "ACME"


def test_a_larger_one_is_refused_with_the_reason(wire, connect):
    error = ask(connect(wire(http(account(ANSWER_CAP + 1))).url), "connection", Rejected)
    assert error.code == "not-the-contract"
    assert "far too long" in error.message


@pytest.mark.parametrize(("size", "said"), [(ERROR_CAP, False), (ERROR_CAP + 1, True)])
def test_a_refusal_may_be_a_fifth_of_that(wire, connect, size, said):
    answer = http(account(size), "422 Unprocessable Entity", "Content-Type: application/json")
    error = ask(connect(wire(answer).url), "connection")
    assert ("far too long" in error.message) is said


def test_what_never_ends_is_not_read_to_the_end(wire, connect):
    said: list[int] = []

    def drone(connection: socket.socket) -> None:
        connection.sendall(
            b'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{"account": "ACME", "x": "'
        )
        with suppress(OSError):
            while sum(said) < _ENDLESS:
                connection.sendall(b"x" * CHUNK)
                said.append(CHUNK)
        with suppress(OSError):
            connection.sendall(b'"}')
            connection.shutdown(socket.SHUT_RDWR)

    error = ask(connect(wire(drone).url), "connection", Rejected)
    assert "far too long" in error.message
    assert sum(said) <= ANSWER_CAP + _IN_FLIGHT
