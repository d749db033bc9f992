"""Says why a WMS said no: the statuses that mean the same everywhere, then its problem codes."""

from dataclasses import dataclass

from pydantic import ValidationError

from app.errors import Rejected
from app.wms import lenient, problems
from app.wms.transport import Answer
from app.wms.values import Problem

NOT_FOUND = "not-found"
CURSOR_EXPIRED = "cursor-expired"
CURSOR_REFUSED = "cursor-refused"
# A request that is otherwise right is refused so for the cursor in it.
_NO_CURSOR = (400, 422)
WRITES = frozenset({"batch", "cancel"})
ABOUT_ONE = frozenset({"by-ref", "cancel", "hold", "release", "sla", "return", "job"})
CHECK_URL = "Check the app URL."
_NOTHING_THERE = (
    f"The answer isn't the connector API's: there is nothing at this address. {CHECK_URL}"
)
_VERSION_TWICE = (
    "The answer isn't the connector API's: there is nothing at this address. Leave out the /v1 at"
    " the end of the app URL: it is added by itself."
)
_NOT_OFFERED = (
    "The warehouse's system has no {operation}, though the app URL is right. What a system lacks it"
    " must answer with 501. Tell its support."
)
_FORBIDDEN = (
    "Token not allowed. The warehouse knows it, but it may not handle orders."
    " Allow that on the connector's page, or copy another token from there."
)
_TOO_MANY = (
    "The warehouse took none of these orders. They were too many for one request."
    " Test the connection again, so that its limit is read anew."
)
UNSUPPORTED = (
    "unsupported",
    "The warehouse can't do this. Its system lacks the function. Do it by hand there.",
)
_FIXED = {
    401: ("token-refused", "Token refused. Copy it again from the connector's page."),
    403: ("token-forbidden", _FORBIDDEN),
    413: ("batch-too-large", _TOO_MANY),
    501: UNSUPPORTED,
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
    ("feed", 410): (CURSOR_EXPIRED, "The feed is read from its beginning again."),
    ("job", 404): (NOT_FOUND, _UNKNOWN_JOB),
    ("by-ref", 404): (NOT_FOUND, _UNKNOWN_ORDER),
    ("cancel", 404): (NOT_FOUND, _UNKNOWN_ORDER),
    ("hold", 404): (NOT_FOUND, _UNKNOWN_ORDER),
    ("release", 404): (NOT_FOUND, _UNKNOWN_ORDER),
    ("sla", 404): (NOT_FOUND, _UNKNOWN_ORDER),
    ("return", 404): (NOT_FOUND, _UNKNOWN_ORDER),
}


@dataclass(frozen=True, slots=True)
class Call:
    """What was asked of whom: connection, batch, by-ref, cancel, hold, release, sla, return, job,
    feed or callbacks. ``operation``: its method and path. ``versioned``: the app URL itself ends in
    the version, which was added once more. ``way``: a mark of the address and token in use.
    ``goes_on``: a feed was asked for behind a cursor."""

    verb: str
    host: str
    operation: str
    versioned: bool = False
    way: str = ""
    goes_on: bool = False

    @property
    def writes(self) -> bool:
        """Whether a lost answer leaves it open what happened."""
        return self.verb in WRITES

    @property
    def asks_for_one(self) -> bool:
        """Whether a 404 means that an order or a job is unknown, not that the address is wrong."""
        return self.verb in ABOUT_ONE


def refusal(answer: Answer, call: Call) -> Rejected:
    """Return why the WMS said no, in words a merchant can act on. With a 404 the connector API is
    known to be at the app URL, unless it was asked who is there."""
    found = _refusal(answer, call)
    if call.goes_on and answer.status in _NO_CURSOR:
        return Rejected(CURSOR_REFUSED, found.message)
    return found


def _refusal(answer: Answer, call: Call) -> Rejected:
    if answer.status == 404 and (missing := _missing(answer, call)):
        return Rejected("not-the-contract", missing)
    fixed = _FIXED.get(answer.status) or _BY_VERB.get((call.verb, answer.status))
    if fixed:
        return Rejected(*fixed, way=call.way)
    problem = _problem(answer)
    if problem is None:
        return Rejected("not-the-contract", f"The answer isn't the connector API's. {CHECK_URL}")
    if answer.status == 422 and _names_the_key(problem):
        return Rejected("idempotency-mismatch", _OTHER_BODY)
    if (call.verb, answer.status, problem.code) == ("cancel", 409, ""):
        problem = problem.model_copy(update={"code": "too-late"})
    return Rejected(problems.known(problem.code), problems.explain(problem))


def _missing(answer: Answer, call: Call) -> str:
    """What a 404 says is missing, in a sentence; empty where it means no such order or job."""
    if call.verb == "connection":
        return _VERSION_TWICE if call.versioned else _NOTHING_THERE
    web_page = "html" in answer.headers.get("content-type", "")
    offered = call.asks_for_one and not web_page
    return "" if offered else _NOT_OFFERED.format(operation=call.operation)


def _problem(answer: Answer) -> Problem | None:
    """Return the problem in an error answer, an empty one for no body, None for something else."""
    try:
        return lenient.value(Problem, answer.body.strip() or b"{}")
    except ValidationError:
        return None


def _names_the_key(problem: Problem) -> bool:
    return "idempotency" in f"{problem.code} {problem.title} {problem.detail}".lower()
