"""Says why a WMS said no: the statuses that mean the same everywhere, then its problem codes."""

from dataclasses import dataclass

from pydantic import ValidationError

from app.errors import Rejected
from app.wms import problems
from app.wms.transport import Answer
from app.wms.values import Problem

NOT_FOUND = "not-found"
WRITES = frozenset({"batch", "cancel"})
ABOUT_ONE = frozenset({"by-ref", "cancel", "hold", "release", "job"})
CHECK_URL = "Check the app URL."
_NOTHING_THERE = (
    f"The answer isn't the connector API's: there is nothing at this address. {CHECK_URL}"
)
_FORBIDDEN = (
    "Token not allowed. The warehouse knows it, but it may not handle orders."
    " Allow that on the connector's page, or copy another token from there."
)
_TOO_MANY = (
    "The warehouse took none of these orders. They were too many for one request."
    " Test the connection again, so that its limit is read anew."
)
_FIXED = {
    401: ("token-refused", "Token refused. Copy it again from the connector's page."),
    403: ("token-forbidden", _FORBIDDEN),
    413: ("batch-too-large", _TOO_MANY),
    501: (
        "unsupported",
        "The warehouse can't do this. Its system lacks the function. Do it by hand there.",
    ),
}
_UNKNOWN_JOB = (
    "The warehouse doesn't know this job. It keeps jobs for a limited time."
    " Update the sync status to look its orders up."
)
_UNKNOWN_ORDER = (
    "The warehouse doesn't know this order. It never received it, or deleted it."
    " Update the sync status to look it up."
)
_OTHER_BODY = (
    "The warehouse refused a repetition. It says it had other content before."
    " Send the orders again."
)
_BY_VERB = {
    ("connection", 404): ("not-the-contract", _NOTHING_THERE),
    ("callbacks", 404): ("not-the-contract", _NOTHING_THERE),
    ("batch", 404): ("not-the-contract", _NOTHING_THERE),
    ("job", 404): (NOT_FOUND, _UNKNOWN_JOB),
    ("by-ref", 404): (NOT_FOUND, _UNKNOWN_ORDER),
    ("cancel", 404): (NOT_FOUND, _UNKNOWN_ORDER),
    ("hold", 404): (NOT_FOUND, _UNKNOWN_ORDER),
    ("release", 404): (NOT_FOUND, _UNKNOWN_ORDER),
}


@dataclass(frozen=True, slots=True)
class Call:
    """What was asked of whom: connection, batch, by-ref, cancel, hold, release, job or
    callbacks."""

    verb: str
    host: str

    @property
    def writes(self) -> bool:
        """Whether a lost answer leaves it open what happened."""
        return self.verb in WRITES

    @property
    def asks_for_one(self) -> bool:
        """Whether a 404 means that an order or a job is unknown, not that the address is wrong."""
        return self.verb in ABOUT_ONE


def refusal(answer: Answer, call: Call) -> Rejected:
    """Return why the WMS said no, in words a merchant can act on."""
    if answer.status == 404 and "html" in answer.headers.get("content-type", ""):
        return Rejected("not-the-contract", _NOTHING_THERE)
    fixed = _FIXED.get(answer.status) or _BY_VERB.get((call.verb, answer.status))
    if fixed:
        return Rejected(*fixed)
    problem = _problem(answer)
    if problem is None:
        return Rejected("not-the-contract", f"The answer isn't the connector API's. {CHECK_URL}")
    if answer.status == 422 and _names_the_key(problem):
        return Rejected("idempotency-mismatch", _OTHER_BODY)
    if (call.verb, answer.status, problem.code) == ("cancel", 409, ""):
        problem = problem.model_copy(update={"code": "too-late"})
    return Rejected(problems.known(problem.code), problems.explain(problem))


def _problem(answer: Answer) -> Problem | None:
    """Return the problem in an error answer, an empty one for no body, None for something else."""
    try:
        return Problem.model_validate_json(answer.body.strip() or b"{}")
    except ValidationError:
        return None


def _names_the_key(problem: Problem) -> bool:
    return "idempotency" in f"{problem.code} {problem.title} {problem.detail}".lower()
