"""The driver for every WMS that speaks the connector API, version 1."""

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from types import TracebackType
from typing import Self
from urllib.parse import SplitResult, quote

import requests
from pydantic_core import to_json

from app.errors import Rejected
from app.wms.address import check_app_url, check_form, host_of, is_allowed, way_to
from app.wms.answers import garbled, no_answer, read, require_success
from app.wms.base import (
    BatchAnswer,
    CancelOutcome,
    CancelRequest,
    ConnectionInfo,
    Job,
    LogPage,
    Wms,
    WmsOrder,
)
from app.wms.feeds import FeedPage
from app.wms.limits import CALL_SECONDS, CONNECT_SECONDS, time_limit
from app.wms.refusals import NOT_FOUND, Call
from app.wms.returns import Announcement, ReturnTold
from app.wms.sessions import open_session
from app.wms.transport import Answer, Failure, Request, fetch
from app.wms.values import BatchReply

__all__ = ["ConnectorApi", "check_app_url"]

_ECHO = b"[token]"
# The most that the contract allows.
_PAGE = 200


class ConnectorApi(Wms):
    """A WMS at an app URL, with the token the merchant copied from there.

    Connections are opened at the first call and kept; ``close`` ends them. After a fork the child
    opens its own. Every method may raise TryLater or Rejected, the writes also Uncertain.
    """

    def __init__(
        self,
        app_url: str,
        token: str,
        *,
        allowed_hosts: frozenset[str] = frozenset(),
        timeout: float = CALL_SECONDS,
        connect_timeout: float = CONNECT_SECONDS,
    ) -> None:
        """Take the address as typed; it is checked at each call. Times are in seconds."""
        self._app_url = app_url.strip().rstrip("/")
        self._token = token.strip()
        self._allowed_hosts = allowed_hosts
        self._timeout = timeout
        self._connect_timeout = connect_timeout
        self._way = way_to(self._app_url, self._token)
        self._session: requests.Session | None = None
        self._process = os.getpid()
        self._proven = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the kept connections; the next call opens new ones."""
        session, self._session = self._session, None
        if session is not None:
            session.close()

    def dispose(self) -> None:
        """Forget connections inherited through a fork; they go on belonging to the parent."""
        self._session = None
        self._process = os.getpid()

    def connection(self) -> ConnectionInfo:
        """Return who answers and what it can do."""
        answer, call = self._ask("connection", "GET", "/connection")
        return read(ConnectionInfo, answer, call)

    def send_batch(self, key: str, body: bytes) -> BatchAnswer:
        """Post orders under an idempotency key; raise Uncertain when it is open what happened."""
        answer, call = self._ask(
            "batch", "POST", "/orders/batch", body=body, headers={"Idempotency-Key": key}
        )
        reply = read(BatchReply, answer, call)
        if reply.job is None and (reply.results is None or answer.status == 202):
            raise garbled(call, "it names no job")
        results = None if answer.status == 202 else reply.results
        return BatchAnswer(job_id=reply.job.id if reply.job else None, results=results)

    def by_ref(self, external_id: str) -> WmsOrder | None:
        """Return the order as the WMS knows it, None when it never received it."""
        try:
            answer, call = self._ask(
                "by-ref", "GET", "/orders/by-ref", params={"external_id": external_id}
            )
        except Rejected as refusal:
            if refusal.code == NOT_FOUND:
                return None
            raise
        order = read(WmsOrder, answer, call)
        if order.external_id != external_id:
            raise garbled(call, "it is about another order")
        return order

    def cancel(self, request: CancelRequest) -> CancelOutcome:
        """Cancel an order or some of its units; Rejected as ``too-late`` once picked."""
        answer, call = self._ask(
            "cancel", "POST", "/orders/cancel", body=to_json(request, exclude_none=True)
        )
        return read(CancelOutcome, answer, call)

    def hold(self, external_id: str, reason: str) -> None:
        """Have an order held; Rejected as ``too-late`` once packed, as ``unsupported`` by some."""
        self._ask("hold", "POST", "/orders/hold", body=_body(external_id, reason=reason))

    def release(self, external_id: str) -> None:
        """Let a held order go on; one that is not held stays as it is."""
        self._ask("release", "POST", "/orders/release", body=_body(external_id))

    def ship_by(self, external_id: str, moment: datetime | None) -> None:
        """Say by when an order must leave; Rejected as ``too-late`` once packed, as
        ``unsupported`` by some."""
        text = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None
        self._ask("sla", "POST", "/orders/sla", body=_body(external_id, ship_by=text))

    def job(self, job_id: str) -> Job:
        """Return how far a job is; Rejected as ``not-found`` when the WMS forgot it."""
        answer, call = self._ask("job", "GET", f"/jobs/{quote(job_id, safe='')}")
        return read(Job, answer, call)

    def job_log(self, job_id: str, cursor: str = "") -> LogPage:
        """Return the WMS's log lines of a job, from a cursor on."""
        params = {"cursor": cursor} if cursor else {}
        answer, call = self._ask("job", "GET", f"/jobs/{quote(job_id, safe='')}/log", params=params)
        return read(LogPage, answer, call)

    def feed(self, name: str, cursor: str = "") -> FeedPage:
        """Return a page of a feed (shipments, inventory, returns, cancellations) behind a cursor;
        Rejected as ``cursor-expired`` when it must be read from the beginning again, as
        ``cursor-refused`` when the cursor may be what is refused."""
        params = {"limit": str(_PAGE)} | ({"cursor": cursor} if cursor else {})
        answer, call = self._ask("feed", "GET", f"/{name}", params=params)
        return read(FeedPage, answer, call)

    def announce_return(self, announcement: Announcement) -> None:
        """Have the WMS expect units back; Rejected as ``not-found`` for an order it never had, as
        ``unsupported`` by some. Repeating changes nothing."""
        answer, call = self._ask("return", "POST", "/returns", body=to_json(announcement))
        told = read(ReturnTold, answer, call)
        if told.external_id != announcement.external_id:
            raise garbled(call, "it is about another return")

    def put_callbacks(self, url: str, secret: str, events: Sequence[str]) -> None:
        """Tell the WMS where to post which events and what to sign them with."""
        document = {"url": url, "secret": secret, "events": list(events)}
        self._ask("callbacks", "PUT", "/callbacks", body=to_json(document))

    def _ask(
        self,
        verb: str,
        method: str,
        path: str,
        *,
        params: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
        body: bytes | None = None,
    ) -> tuple[Answer, Call]:
        parts = check_form(self._app_url, self._allowed_hosts)
        versioned = parts.path.lower().endswith("/v1")
        goes_on = verb == "feed" and "cursor" in (params or {})
        call = Call(verb, host_of(parts), f"{method} {path}", versioned, self._way, goes_on)
        request = Request(
            method,
            f"{self._app_url}/v1{path}",
            params or {},
            self._headers() | (headers or {}),
            body,
        )
        answer = self._exchange(request, call, parts)
        if answer.status == 404 and verb != "connection":
            self._require_proof()
        require_success(answer, call)
        self._proven = True
        return answer, call

    def _require_proof(self) -> None:
        """A 404 says what the WMS lacks only where the connector API is, not at a wrong URL."""
        if not self._proven:
            self.connection()

    def _exchange(self, request: Request, call: Call, parts: SplitResult) -> Answer:
        timeout = time_limit(self._timeout, self._connect_timeout)
        answer = fetch(self._open(parts), request, timeout)
        if isinstance(answer, Failure):
            raise no_answer(answer, call)
        return self._without_token(answer)

    def _open(self, parts: SplitResult) -> requests.Session:
        if self._process != os.getpid():
            self.dispose()
        if self._session is None:
            self._session = open_session(private=is_allowed(parts, self._allowed_hosts))
        return self._session

    def _headers(self) -> dict[str, str]:
        token = self._token
        if not token or " " in token or not (token.isascii() and token.isprintable()):
            raise Rejected(
                "token-refused",
                "Token refused. It is empty or has signs in it that no token has."
                " Copy it again from the connector's page.",
            )
        return {
            "Authorization": f"Bearer {token}",
            "Accept": "application/json",
            "Content-Type": "application/json",
        }

    def _without_token(self, answer: Answer) -> Answer:
        """Take the token out of an answer that echoes it, so that it is never shown or logged."""
        secret = self._token.encode()
        return replace(
            answer,
            body=answer.body.replace(secret, _ECHO),
            headers={k: v.replace(self._token, _ECHO.decode()) for k, v in answer.headers.items()},
        )


def _body(external_id: str, **more: str | None) -> bytes:
    return to_json({"external_id": external_id, **more})
