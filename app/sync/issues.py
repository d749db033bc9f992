"""Tells what the WMS complains of in orders that it has taken all the same."""

from collections.abc import Sequence

from app import together
from app.models import Order
from app.sync import journal
from app.wms.base import Problem
from app.wms.problems import explain_taken, known

_EVENT = "issue"
_MOST = 5


def tell(order: Order, issues: Sequence[Problem], *, job_id: str = "") -> None:
    """Say what is wrong with what the WMS has just taken, unless that was said before. The caller
    commits."""
    for issue in issues[:_MOST]:
        message = f"Taken, with an issue. {explain_taken(issue)}"
        together.write()
        if not journal.says(order, _EVENT, message):
            _write(order, issue, message, job_id)


def tell_new(order: Order, issues: Sequence[Problem]) -> None:
    """Say what turned out to be wrong later: each kind of issue once, for the WMS is asked again
    and again. The caller commits."""
    for issue in issues[:_MOST]:
        together.write()
        if not journal.knows(order, _EVENT, known(issue.code)):
            _write(order, issue, f"Has an issue. {explain_taken(issue)}", "")


def _write(order: Order, issue: Problem, message: str, job_id: str) -> None:
    journal.write(
        order.shop_id,
        _EVENT,
        message,
        order=order,
        level=journal.WARNING,
        code=known(issue.code),
        job_id=job_id,
    )
