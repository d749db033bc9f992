"""Carries one request to a WMS and its answer back: capped in size, and with few ways to fail.

What counts is whether a request that failed was *never sent*, or was sent and its *answer lost*.
"""

import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field

import requests
import urllib3
from requests_hardened.ip_filter import InvalidIPAddress

CHUNK = 64 * 1024
ANSWER_CAP = 5 * 1024 * 1024
ERROR_CAP = 1024 * 1024


class PrivateAddress(Exception):
    """The host's name leads to a private address; nothing was sent."""


class NeverSent(Exception):
    """No connection came about, so nothing was sent. ``insecure`` means that TLS failed."""

    def __init__(self, *, insecure: bool = False) -> None:
        super().__init__("insecure" if insecure else "unreachable")
        self.insecure = insecure


class AnswerLost(Exception):
    """The request may have arrived; no whole answer came back in time."""


class AnswerTooLarge(Exception):
    """The answer went beyond the cap and was dropped."""


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


def fetch(session: requests.Session, request: Request, timeout: urllib3.Timeout) -> Answer:
    """Return the whole answer, whatever its status.

    Raises PrivateAddress, NeverSent, AnswerLost or AnswerTooLarge, and nothing of requests.
    """
    try:
        with _send(session, request, timeout) as response:
            cap = ANSWER_CAP if response.ok else ERROR_CAP
            body = _read(response, cap)
            headers = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status_code, headers, body)
    except InvalidIPAddress:
        raise PrivateAddress from None
    except requests.ConnectTimeout as error:
        raise NeverSent(insecure=_is_tls(error)) from None
    except (requests.exceptions.InvalidURL, requests.exceptions.InvalidHeader):
        raise NeverSent from None
    except requests.ConnectionError as error:
        raise _unresolved_or_lost(error) from None
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError):
        raise AnswerLost from None


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


def _read(response: requests.Response, cap: int) -> bytes:
    body = bytearray()
    for chunk in response.iter_content(CHUNK):
        body += chunk
        if len(body) > cap:
            raise AnswerTooLarge
    return bytes(body)


def _is_tls(error: requests.ConnectTimeout) -> bool:
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(getattr(reason, "__cause__", None), ssl.SSLError)


def _unresolved_or_lost(error: requests.ConnectionError) -> Exception:
    """The address filter looks names up itself, before any connection."""
    if isinstance(error.__cause__, socket.gaierror):
        return NeverSent()
    return AnswerLost()
