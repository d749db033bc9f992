"""Says what an answer of the connector API means, in the three errors that leave an adapter."""

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

from pydantic import ValidationError

from app.errors import Rejected, TryLater, Uncertain
from app.wms import lenient
from app.wms.address import PRIVATE
from app.wms.refusals import CHECK_URL, Call, refusal
from app.wms.transport import Answer, Failure
from app.wms.values import Value

LONGEST_WAIT = 3600.0
# The wait when a busy WMS names none.
PACE = 2.0
V = TypeVar("V", bound=Value)


def require_success(answer: Answer, call: Call) -> None:
    """Return if the WMS said yes; else raise what its status means."""
    if 200 <= answer.status < 300:
        return
    if answer.status < 400:
        raise _elsewhere(answer, call)
    if answer.status in (408, 429, 503) or (call.verb, answer.status) == ("batch", 409):
        raise _later(answer, call)
    if answer.status >= 500 and answer.status != 501:
        raise _fault(answer, call)
    raise refusal(answer, call)


def read(model: type[V], answer: Answer, call: Call) -> V:
    """Return the answer as a value, or raise: Uncertain for a write, else Rejected."""
    try:
        return lenient.value(model, answer.body)
    except ValidationError as error:
        raise garbled(call, _complaint(answer, error)) from None


def garbled(call: Call, complaint: str) -> Exception:
    """Return the error for an answer that says yes but makes no sense."""
    if call.writes:
        return _unsure(call)
    return Rejected(
        "not-the-contract", f"The answer isn't the connector API's: {complaint}. {CHECK_URL}"
    )


def no_answer(failure: Failure, call: Call) -> Exception:
    """Return the error for an exchange that brought no answer back."""
    return _FAILURES[failure](call)


def _unreachable(call: Call) -> Exception:
    return TryLater(f"Unreachable. Nothing answered at {call.host}. Check the URL.")


def _insecure(call: Call) -> Exception:
    return TryLater(
        f"Unreachable. {call.host} gave no secure connection; its certificate may have expired."
        " Check the URL."
    )


def _private(call: Call) -> Exception:
    return Rejected("app-url-private", PRIVATE.format(host=call.host))


def _lost(call: Call) -> Exception:
    if call.writes:
        return _unsure(call)
    return TryLater(
        f"No answer. {call.host} took too long or broke off."
        " Nothing to do: it is asked again by itself."
    )


def _too_large(call: Call) -> Exception:
    return garbled(call, "it is far too long")


_FAILURES: dict[Failure, Callable[[Call], Exception]] = {
    Failure.PRIVATE: _private,
    Failure.UNREACHABLE: _unreachable,
    Failure.INSECURE: _insecure,
    Failure.LOST: _lost,
    Failure.TOO_LARGE: _too_large,
}


def _unsure(call: Call, wait: float = 0.0) -> Uncertain:
    return Uncertain(
        f"No clear answer from {call.host}. It may or may not have taken this."
        " Nothing to do: it is looked up there before anything is repeated.",
        wait,
    )


def _elsewhere(answer: Answer, call: Call) -> Rejected:
    target = answer.headers.get("location", "").split("?")[0][:200]
    where = f" to {target}" if target.isprintable() and target else ""
    return Rejected(
        "not-the-contract",
        f"The answer isn't the connector API's: {call.host} redirects{where},"
        " and a token is never sent on. Enter the address it redirects to as the app URL.",
    )


def _later(answer: Answer, call: Call) -> TryLater:
    wait = _asked_for(answer) or PACE
    if answer.status == 409:
        text = f"{call.host} is still working on this batch."
    else:
        text = f"{call.host} takes nothing for now. It is busy or being serviced."
    return TryLater(
        f"{text} Nothing to do: it is tried again by itself.", wait, counts=answer.status != 429
    )


def _fault(answer: Answer, call: Call) -> Exception:
    wait = _asked_for(answer)
    if call.writes:
        return _unsure(call, wait)
    return TryLater(
        f"{call.host} couldn't answer. It reports a fault of its own."
        " Nothing to do: it is asked again by itself. If it lasts, ask its support.",
        wait,
    )


def _complaint(answer: Answer, error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    if first["loc"]:
        return f"its field {'.'.join(str(part) for part in first['loc'])[:80]} is missing or wrong"
    if "html" in answer.headers.get("content-type", ""):
        return "it is a web page"
    return "it isn't JSON of the right shape"


def _asked_for(answer: Answer) -> float:
    return retry_after(answer.headers.get("retry-after", ""), datetime.now(UTC))


def retry_after(text: str, now: datetime) -> float:
    """Return a ``Retry-After`` in seconds, between 0 and an hour, however long it says; 0 for none
    or nonsense."""
    try:
        seconds = float(int(text)) if text.strip().isdigit() else _until(text, now)
    except (ValueError, OverflowError):
        return 0.0
    return max(0.0, min(seconds, LONGEST_WAIT))


def _until(text: str, now: datetime) -> float:
    moment = parsedate_to_datetime(text)
    return (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds()
