"""What an answer of Shopify's means: data, or one of the three errors that may leave an adapter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

import requests
from gql.transport.exceptions import TransportError
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError

from app.errors import Rejected, TryLater, Uncertain
from app.shopify.transport import Refused

# The code of a refusal that Shopify explains in words of its own.
NOT_POSSIBLE = "not-possible"
_PACED = 2.0
_SECURITY_PAUSE = 60.0
_REFUSALS = {
    401: (
        "shopify-token-refused",
        "Shopify no longer accepts our access. Open the app in the Shopify admin to renew it.",
    ),
    402: (
        "shopify-frozen",
        "Shopify has frozen this shop for an unpaid bill. Settle it with Shopify, then send again.",
    ),
    403: (
        "shopify-forbidden",
        "Shopify refuses this server. Put its address on the app's IP allowlist in the Dashboard.",
    ),
    404: (
        "shopify-shop-unknown",
        "Shopify knows no such shop or API version. The shop may have been closed or renamed.",
    ),
    423: (
        "shopify-locked",
        "Shopify has locked this shop. Its owner must contact Shopify's support.",
    ),
}
_FAILED_INSIDE = frozenset({"INTERNAL_SERVER_ERROR", "TIMEOUT", "SERVICE_UNAVAILABLE"})


@dataclass(frozen=True, slots=True)
class Problem:
    """An error about one part of an answer: where in the data, Shopify's code and its sentence."""

    path: tuple[str | int, ...]
    code: str
    message: str


def raise_for_transport(failure: TransportError, *, is_mutation: bool) -> NoReturn:
    """Translate a request that brought no GraphQL answer."""
    cause = failure.__cause__
    if isinstance(cause, Refused):
        _raise_for_status(cause, is_mutation=is_mutation)
    if is_mutation and not _never_sent(cause):
        raise Uncertain("Shopify did not answer; the change may have been made.") from failure
    raise TryLater("Shopify did not answer.") from failure


def problems_of(errors: object, *, has_data: bool, is_mutation: bool) -> tuple[Problem, ...]:
    """Return the errors that leave the rest of the answer usable; raise for any other.

    THROTTLED is not judged here: the client turns it into a wait first.
    """
    listed = errors if isinstance(errors, list) else [errors] if errors else []
    problems = tuple(_problem(error) for error in listed)
    for problem in problems:
        _raise_if_fatal(problem, has_data=has_data, is_mutation=is_mutation)
    return problems


def is_throttled(errors: object) -> bool:
    """Whether Shopify refused the request for want of points (an HTTP 200)."""
    return isinstance(errors, list) and any(_problem(e).code == "THROTTLED" for e in errors)


def _raise_for_status(refused: Refused, *, is_mutation: bool) -> NoReturn:
    if refused.status in (429, 430):
        pause = _PACED if refused.status == 429 else _SECURITY_PAUSE
        raise TryLater(
            "Shopify asks for fewer requests.", refused.retry_after or pause, counts=False
        )
    if refused.status >= 500 or refused.status == 408:
        _raise_unsettled(
            f"Shopify failed (HTTP {refused.status}).", refused, is_mutation=is_mutation
        )
    code, sentence = _REFUSALS.get(
        refused.status,
        ("shopify-refused", f"Shopify refused the request (HTTP {refused.status})."),
    )
    raise Rejected(code, sentence) from refused


def _raise_unsettled(message: str, refused: Refused | None, *, is_mutation: bool) -> NoReturn:
    if is_mutation:
        raise Uncertain(message) from refused
    raise TryLater(message, refused.retry_after if refused else 0.0) from refused


def _never_sent(cause: BaseException | None) -> bool:
    """Whether the connection itself failed, so that Shopify cannot have seen the request."""
    if isinstance(cause, requests.ConnectTimeout | requests.exceptions.SSLError):
        return True
    inner = cause.args[0] if isinstance(cause, requests.ConnectionError) and cause.args else None
    reason = inner.reason if isinstance(inner, MaxRetryError) else inner
    return isinstance(reason, NewConnectionError | ConnectTimeoutError)


def _raise_if_fatal(problem: Problem, *, has_data: bool, is_mutation: bool) -> None:
    if problem.code in _FAILED_INSIDE:
        _raise_unsettled("Shopify failed inside.", None, is_mutation=is_mutation)
    if problem.code == "ACCESS_DENIED" and (len(problem.path) <= 1 or not has_data):
        raise Rejected("shopify-scope-missing", _denied(problem))
    if not problem.path or not has_data:
        raise Rejected("shopify-refused", f"Shopify refused the request: {problem.message}")


def _denied(problem: Problem) -> str:
    names = [part for part in problem.path if isinstance(part, str)]
    what = f"`{names[-1]}`" if names else "this"
    return (
        f"Shopify does not give the app access to {what}: {problem.message}"
        " Open the app in the Shopify admin and accept its permissions."
    )


def _problem(error: object) -> Problem:
    given: Mapping[str, object] = error if isinstance(error, Mapping) else {"message": str(error)}
    path, extensions = given.get("path"), given.get("extensions")
    details = extensions if isinstance(extensions, Mapping) else {}
    return Problem(
        path=tuple(path) if isinstance(path, Sequence) and not isinstance(path, str) else (),
        code=str(details.get("code") or ""),
        message=_sentence(str(given.get("message") or ""), details.get("requiredAccess")),
    )


def _sentence(message: str, required: object) -> str:
    text = message[:300].rstrip(". ") + "."
    return f"{text} Required: {required}" if required and str(required) not in text else text
