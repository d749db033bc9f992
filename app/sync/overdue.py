"""Batches that the WMS works on for too long: their orders are looked up one by one, and say so."""

from collections.abc import Iterable

from app.db import database_now, session
from app.domain.retries import JOB_TAKES
from app.domain.states import State
from app.models import Batch, Order, OutboundOrder
from app.sync import batches, journal, runs
from app.sync.engine import live
from app.sync.situations import is_on_its_way

OVERDUE = "overdue"
_STILL = "The warehouse is still working on it."
_MINUTES = int(JOB_TAKES.total_seconds() // 60)


def is_overdue(batch: Batch) -> bool:
    """Whether the WMS should long have said what became of a batch that it has taken on."""
    return database_now() - (batch.answered_at or batch.created_at) > JOB_TAKES


def to_look_up(batch_id: str) -> list[str]:
    """The references to ask for beside the batch's job: none before that is overdue. Each look
    begins with another one, for its time may not do for all. Commits."""
    batch = session().get_one(Batch, batch_id)
    coming = [o.external_id for _, o in batches.members(batch) if is_on_its_way(o)]
    first = batch.checks % len(coming) if coming else 0
    found = [*coming[first:], *coming[:first]] if is_overdue(batch) else []
    session().commit()
    return found


def tell(batch: Batch, orders: Iterable[Order]) -> None:
    """Tell those who asked that these orders are not settled; once the batch is overdue, the
    orders and the log say so. The caller commits."""
    late = is_overdue(batch)
    for order in {order.id: order for order in orders}.values():
        if late:
            _tell_late(order, batch.job_id)
        else:
            runs.note_checked(order, _STILL)


def is_told(order: Order) -> bool:
    """Whether the order says of a job that is not over yet that it takes too long."""
    jobs = (outbound.job_id for outbound in live(order) if outbound.state == State.AWAITING)
    return order.reason == OVERDUE and any(order.message == _words(job) for job in jobs)


def _tell_late(order: Order, job_id: str) -> None:
    job = job_id or _job_of(live(order))
    message = _words(job)
    runs.note_checked(order, message, reason=OVERDUE)
    if order.reason in ("", OVERDUE):
        order.reason, order.message = OVERDUE, message
    if not journal.says(order, OVERDUE, message):
        journal.write(
            order.shop_id,
            OVERDUE,
            message,
            order=order,
            level=journal.WARNING,
            code=OVERDUE,
            job_id=job,
        )


def _job_of(outbounds: Iterable[OutboundOrder]) -> str:
    """The job that the WMS named when an order was looked up; perhaps it named none."""
    return next((each.job_id for each in outbounds if is_on_its_way(each)), "")


def _words(job: str) -> str:
    about = f"job {job}" if job else "the order"
    return (
        f"The warehouse has been working on it for more than {_MINUTES} minutes."
        f" Ask it what became of {about}."
    )
