"""HTTP sessions with a bound on everything, for addresses that merchants typed.

``requests-hardened`` refuses private addresses and connects to the very address it checked. This
module adds one deadline for the whole answer however slowly it drips, no cookies and nothing from
the environment; and every failure to connect, TLS included, is a ``requests.ConnectTimeout``.
"""

import io
import socket
import time
from http.client import HTTPResponse
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests_hardened.client import HTTPSession
from requests_hardened.config import Config
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, HTTPError

from app.wms.limits import CALL_SECONDS, CONNECT_SECONDS


class _ReadsUntil(io.RawIOBase):
    """Reads a socket until a deadline; however many bytes drip in, the deadline stays."""

    def __init__(self, connection: socket.socket, inner: io.RawIOBase, deadline: float) -> None:
        self._connection = connection
        self._inner = inner
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        remaining = self._deadline - time.monotonic()
        if remaining <= 0:
            raise TimeoutError("The answer took too long.")
        self._connection.settimeout(remaining)
        return self._inner.readinto(buffer)

    def close(self) -> None:
        self._inner.close()
        super().close()


class _BoundedResponse(HTTPResponse):
    """An answer whose status line, headers and body share the read timeout of the connection."""

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        deadline = time.monotonic() + (sock.gettimeout() or 0.0)
        self.fp = io.BufferedReader(_ReadsUntil(sock, self.fp.detach(), deadline))


class _NotConnected(ConnectTimeoutError):
    """Any reason why no connection came about; requests turns it into its ConnectTimeout."""


class _Connection(HTTPConnection):
    response_class = _BoundedResponse

    def connect(self) -> None:
        try:
            super().connect()
        except (OSError, HTTPError) as error:
            raise _NotConnected(str(error)) from error


class _SecureConnection(HTTPSConnection):
    response_class = _BoundedResponse

    def connect(self) -> None:
        try:
            super().connect()
        except (OSError, HTTPError) as error:
            raise _NotConnected(str(error)) from error


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


_POOLS = {"http": _Pool, "https": _SecurePool}


def open_session(*, private: bool) -> requests.Session:
    """Return a session that keeps connections alive; ``private`` also reaches private addresses."""
    session = HTTPSession(
        Config(
            ip_filter_enable=not private,
            ip_filter_allow_loopback_ips=False,
            never_redirect=True,
            default_timeout=(CONNECT_SECONDS, CALL_SECONDS),
            user_agent_override="Tagdock",
        )
    )
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    for adapter in session.adapters.values():
        _bound(adapter)
    return session


def _bound(adapter: Any) -> None:
    if isinstance(adapter, HTTPAdapter):
        adapter.poolmanager.pool_classes_by_scheme = _POOLS
