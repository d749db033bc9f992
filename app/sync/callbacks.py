"""Acts on what the WMS told: a callback makes us look, it is never believed by itself."""

from app.db import database_now, session
from app.domain.states import Effect
from app.models import Batch, InboxItem, Shop
from app.models.batch import RUNNING
from app.models.inbox import WMS
from app.sync.owing import owe

WAITING = "waiting"


def take_callback(shop: Shop, item: InboxItem) -> str:
    """Look at the job that is said to have finished. The caller commits.

    A job we do not know yet belongs to a request whose answer is still on its way: its callback
    waits in the inbox until that answer is recorded.
    """
    if item.topic != "job.finished" or not item.subject:
        return "ignored"
    known = (
        session()
        .query(Batch)
        .filter(Batch.shop_id == shop.id, Batch.job_id == item.subject)
        .first()
    )
    if known is None:
        return WAITING
    if known.state == RUNNING:
        owe(shop.id, ("batch", known.id), Effect.CONFIRM)
    return "looked at"


def came_first(shop_id: int, job_id: str) -> bool:
    """Whether the callback of a job was here before the answer that names the job; it is done
    now. The caller commits."""
    items = (
        session()
        .query(InboxItem)
        .filter_by(shop_id=shop_id, source=WMS, subject=job_id, outcome=WAITING)
        .all()
    )
    for item in items:
        item.done_at, item.outcome = database_now(), "looked at"
    return bool(items)
