"""Requests to the WMS under test, and what must be true of any answer."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import requests
import urllib3
from requests.structures import CaseInsensitiveDict

from app.wms.conformance.findings import Wrong
from app.wms.lenient import document
from app.wms.limits import ANSWER_CAP, CALL_SECONDS, ERROR_CAP, time_limit
from app.wms.sessions import open_session
from app.wms.transport import Answer as Whole
from app.wms.transport import Failure, read_whole, reason_of

# How often a request is sent again that came too soon, and the longest wait for it in seconds.
_AGAIN, _LONGEST_PAUSE = 5, 30.0
CODES = (
    "sku-unknown",
    "warehouse-unknown",
    "out-of-stock",
    "address-invalid",
    "duplicate",
    "too-late",
    "revision-conflict",
    "unsupported",
    "rate-limited",
    "invalid",
)


@dataclass(slots=True)
class Answer:
    """What the WMS answered. ``body`` is None where that was no JSON."""

    status: int
    headers: Mapping[str, str]
    body: Any


class Wire:
    """The connector API at an app URL, asked with a token, as Tagdock asks in use; ``seconds`` is
    the longest wait for a whole answer. A context manager."""

    def __init__(self, url: str, token: str, seconds: float) -> None:
        self.url, self.token, self._seconds = url.rstrip("/"), token, seconds
        self._session = open_session(private=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def another(self) -> "Wire":
        """The same with connections of its own, to ask two things at once."""
        return Wire(self.url, self.token, self._seconds)

    def ask(self, method: str, path: str, **given: Any) -> Answer:
        """Send a request; ``token`` None sends none, ``data`` sends bytes as they are. Redirects
        are not followed, and no proxy is used. One that comes too soon (429) is sent again."""
        answer = self._once(method, path, dict(given))
        for _ in range(_AGAIN):
            if answer.status != 429:
                break
            time.sleep(_pause(answer))
            answer = self._once(method, path, dict(given))
        return answer

    def _once(self, method: str, path: str, given: dict[str, Any]) -> Answer:
        headers = _headers(given.pop("token", self.token), "data" in given)
        headers |= given.pop("headers", {})
        try:
            found = self._whole(method, path, headers=headers, **given)
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise _silence(f"{method} {path}", error) from None
        if isinstance(found, Failure):
            raise _too_large(f"{method} {path}")
        return Answer(found.status, CaseInsensitiveDict(found.headers), _json(found.body))

    def _whole(self, method: str, path: str, **given: Any) -> Whole | Failure:
        limit: Any = time_limit(self._seconds)
        url = f"{self.url}/v1{path}"
        with self._session.request(method, url, timeout=limit, stream=True, **given) as found:
            return read_whole(found)

    def expect(self, method: str, path: str, *statuses: int, **given: Any) -> Answer:
        """Send a request and insist on one of these statuses, with a JSON object."""
        answer = self.ask(method, path, **given)
        if answer.status not in statuses:
            raise Wrong(
                f"{method} {path} answered {answer.status}{_words(answer)}.",
                _mend(answer.status, statuses),
            )
        if not isinstance(answer.body, dict):
            raise Wrong(f"{method} {path} answered no JSON object.", "Answer a JSON object.")
        return answer

    def refuses(self, method: str, path: str, *statuses: int, **given: Any) -> str:
        """Insist on a refusal as problem+json; returns its code."""
        answer = self.ask(method, path, **given)
        if answer.status not in statuses:
            raise Wrong(
                f"{method} {path} answered {answer.status}{_words(answer)}.",
                f"Refuse it: {' or '.join(map(str, statuses))}.",
            )
        kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if kind != "application/problem+json" or not isinstance(answer.body, dict):
            raise Wrong(
                f"{method} {path} refused as {kind or 'nothing'}.",
                "Answer errors as application/problem+json (RFC 9457) with a code.",
            )
        return insist_on_code(f"The refusal of {method} {path}", answer.body)


def _too_large(what: str) -> Wrong:
    return Wrong(
        f"{what} answered more than Tagdock takes.",
        f"Answer less at a time: {ANSWER_CAP >> 20} MB at most, {ERROR_CAP >> 20} MB in a refusal.",
    )


def _silence(what: str, error: Exception) -> Wrong:
    """What is wrong where no answer came."""
    failure = reason_of(error) if isinstance(error, requests.RequestException) else Failure.LOST
    if failure is not Failure.INSECURE:
        return Wrong(
            f"{what} brought no answer: {failure.value}.",
            f"Check the app URL, and answer every request within {CALL_SECONDS:.0f} seconds.",
        )
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return Wrong(
            f"{what} brought no answer: the certificate there can't be trusted.",
            "Give the server a certificate for this host's name that has not run out, from a"
            " known authority, and have it send the intermediate certificates too.",
        )
    return Wrong(
        f"{what} brought no answer: no TLS connection came about.",
        "Check that the app URL's port speaks https, with TLS 1.2 or newer.",
    )


def _mend(status: int, wanted: tuple[int, ...]) -> str:
    if status in (401, 403):
        return "Give the check the connector's own token; if it is right, let it in."
    return f"Answer {' or '.join(map(str, wanted))}."


def insist_on_code(what: str, problem: Any) -> str:
    """Raise Wrong where a problem has no code of the contract; returns the code."""
    code = problem.get("code") if isinstance(problem, dict) else None
    if code not in CODES:
        said = f"the code {code}" if code else "no code"
        raise Wrong(f"{what} has {said}.", f"Give one of {', '.join(CODES)}.")
    return str(code)


def _pause(answer: Answer) -> float:
    """Seconds to wait, as Retry-After says; one where it says nothing of use."""
    text = answer.headers.get("Retry-After", "")
    return min(float(text), _LONGEST_PAUSE) if text.isdecimal() else 1.0


def _headers(token: str | None, as_bytes: bool) -> dict[str, str]:
    headers = {"Accept": "application/json"}
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    if as_bytes:
        headers["Content-Type"] = "application/json"
    return headers


def _json(body: bytes) -> Any:
    try:
        return document(body)
    except ValueError:
        return None


def _words(answer: Answer) -> str:
    if isinstance(answer.body, dict):
        said = answer.body.get("detail") or answer.body.get("title")
        return f": {str(said)[:200].rstrip('.')}" if said else ""
    return ""
