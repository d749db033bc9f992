"""How requests travel to Shopify: gql's requests transport over one pool of kept connections."""

from collections.abc import Mapping
from http.cookiejar import DefaultCookiePolicy

import requests
from gql import GraphQLRequest
from gql.transport.requests import RequestsHTTPTransport
from graphql import ExecutionResult
from requests.adapters import HTTPAdapter

from app.shopify.documents import Document

CONNECT_TIMEOUT = 3.0
_POOLS = 32
_session: requests.Session | None = None


class Refused(Exception):
    """An HTTP answer other than 2xx. ``retry_after`` is in seconds, 0.0 when not given."""

    def __init__(self, status: int, retry_after: float) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status
        self.retry_after = retry_after


def dispose() -> None:
    """Close this process's connections; the next request opens new ones. Call after a fork."""
    global _session
    session, _session = _session, None
    if session is not None:
        session.close()


def send(
    url: str,
    headers: Mapping[str, str],
    document: Document,
    variables: Mapping[str, object],
    read_timeout: float,
) -> ExecutionResult:
    """Post a document and return what came, its ``errors`` as Shopify's own dictionaries.

    Raises gql's TransportError; its ``__cause__`` is Refused or the requests exception, if any.
    """
    transport = _PooledTransport(url, headers=dict(headers), allow_redirects=False)
    transport.connect()
    limits = {"timeout": (CONNECT_TIMEOUT, read_timeout)}
    return transport.execute(_Request(document, variables), extra_args=limits)


class _PooledTransport(RequestsHTTPTransport):
    def connect(self) -> None:
        self.session = _pool()


class _Request(GraphQLRequest):
    """A request whose document was printed once, not at every sending."""

    def __init__(self, document: Document, variables: Mapping[str, object]) -> None:
        super().__init__(document.node, variable_values=dict(variables))
        self._text = document.text

    @property
    def payload(self) -> dict[str, object]:
        return {"query": self._text, "variables": self.variable_values}


def _pool() -> requests.Session:
    global _session
    if _session is None:
        _session = _open()
    return _session


def _open() -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    # One pool serves many shops: nothing that a shop says may be carried to the next.
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.hooks["response"].append(_refuse)
    for prefix in ("https://", "http://"):
        session.mount(prefix, HTTPAdapter(pool_connections=_POOLS, pool_maxsize=_POOLS))
    return session


def _refuse(response: requests.Response, *_: object, **__: object) -> None:
    """Raise for anything but a success: gql would take a JSON error page for an answer."""
    if not 200 <= response.status_code < 300:
        response.close()
        raise Refused(response.status_code, _seconds(response.headers.get("Retry-After", "")))


def _seconds(text: str) -> float:
    try:
        return max(0.0, float(text))
    except ValueError:
        return 0.0
