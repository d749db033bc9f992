"""Carries one request to a WMS and its answer back: capped in size, and with few ways to fail.

What counts is whether a request that failed was *never sent*, or was sent and its *answer lost*.
"""

import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

import requests
import urllib3
from requests_hardened.ip_filter import InvalidIPAddress

from app.wms.limits import size_limit

CHUNK = 64 * 1024


class Failure(Enum):
    """Why there is no answer."""

    PRIVATE = "the host's name leads to a private address; nothing was sent"
    UNREACHABLE = "no connection came about; nothing was sent"
    INSECURE = "a connection came about, but TLS did not; nothing was sent"
    LOST = "the request may have arrived; no whole answer came back in time"
    TOO_LARGE = "the answer went beyond the cap and was dropped"


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked: ``body`` is sent unchanged."""

    method: str
    url: str
    params: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whole. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def fetch(
    session: requests.Session, request: Request, timeout: urllib3.Timeout
) -> Answer | Failure:
    """Return the whole answer, whatever its status, or why there is none. Raises nothing.

    A value and no exception, because those of requests hold the request, and so the token.
    """
    try:
        with _send(session, request, timeout) as response:
            return read_whole(response)
    except requests.RequestException as error:
        return reason_of(error)
    except (urllib3.exceptions.HTTPError, OSError, ValueError):
        return Failure.LOST


def _send(
    session: requests.Session, request: Request, timeout: urllib3.Timeout
) -> requests.Response:
    return session.request(
        request.method,
        request.url,
        params=dict(request.params),
        headers=dict(request.headers),
        data=request.body,
        timeout=timeout,  # type: ignore[arg-type] # requests takes urllib3's own as well
        stream=True,
    )


def read_whole(response: requests.Response) -> Answer | Failure:
    """An answer that is streamed, as far as the cap; may raise what ``fetch`` turns into LOST."""
    cap = size_limit(ok=response.ok)
    body = bytearray()
    for chunk in response.iter_content(CHUNK):
        body += chunk
        if len(body) > cap:
            return Failure.TOO_LARGE
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status_code, headers, bytes(body))


def reason_of(error: requests.RequestException) -> Failure:
    """Why a session of ``sessions.py`` brought no answer."""
    if isinstance(error, InvalidIPAddress):
        return Failure.PRIVATE
    if isinstance(error, requests.ConnectTimeout):
        return Failure.INSECURE if _is_tls(error) else Failure.UNREACHABLE
    # The address filter looks names up itself, before any connection.
    unknown_name = isinstance(error.__cause__, socket.gaierror)
    if unknown_name or isinstance(error, requests.exceptions.InvalidURL):
        return Failure.UNREACHABLE
    return Failure.LOST


def _is_tls(error: requests.ConnectTimeout) -> bool:
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(getattr(reason, "__cause__", None), ssl.SSLError)
