"""Acts on what the WMS told: a callback makes us look, it is never believed by itself."""

from sqlalchemy import select, update

from app.db import database_now, session
from app.domain.states import Effect
from app.models import Batch, Connection, InboxItem
from app.models.batch import RUNNING
from app.models.inbox import WMS
from app.sync import feeds, inbox, stock_anew, warehouse_state
from app.sync.owing import owe
from app.wms.callbacks import CallbackEvent

_OF_FEEDS = {"shipment.updated", "order.cancelled", "inventory.changed", "return.updated"}
_IGNORED, _LOOKED_AT, _WAITING = "ignored", "looked at", "waiting"


def accept_callback(connection: Connection, event: CallbackEvent) -> bool:
    """Put a verified callback in the inbox, and owe a look at the job that is said to have
    finished. True: there is something to do now. The caller commits.

    A job we do not know yet belongs to a request whose answer is still on its way: its callback
    waits in the inbox until that answer is recorded.
    """
    if event.type in _OF_FEEDS:
        return _feed_changed(connection, event)
    if event.type == "order.state_changed":
        return _state_changed(connection, event)
    job_id = str(event.data.get("job_id") or "")[:64] if event.type == "job.finished" else ""
    _lock(connection.id)
    batch = _batch_of(connection.shop_id, job_id) if job_id else None
    outcome = _LOOKED_AT if batch else _WAITING
    added = inbox.put(
        connection.shop_id,
        source=WMS,
        message_id=event.id,
        topic=event.type,
        subject=job_id,
        outcome=outcome if job_id else _IGNORED,
        done_at=database_now(),
    )
    if not added or batch is None or batch.state != RUNNING:
        return False
    owe(connection.shop_id, ("batch", batch.id), Effect.CONFIRM)
    return True


def _feed_changed(connection: Connection, event: CallbackEvent) -> bool:
    """Something happened in the warehouse: the feed says what."""
    added = inbox.put(
        connection.shop_id,
        source=WMS,
        message_id=event.id,
        topic=event.type,
        subject=str(event.data.get("external_id") or event.data.get("id") or "")[:64],
        outcome=_LOOKED_AT,
        done_at=database_now(),
    )
    if added:
        feeds.owe_look(connection.shop_id, connection.id)
        if event.type == "inventory.changed":
            stock_anew.hinted(connection, event.data)
    return added


def _state_changed(connection: Connection, event: CallbackEvent) -> bool:
    """An order stands otherwise than before: it is asked after."""
    external_id = str(event.data.get("external_id") or "")
    added = inbox.put(
        connection.shop_id,
        source=WMS,
        message_id=event.id,
        topic=event.type,
        subject=external_id[:64],
        outcome=_LOOKED_AT,
        done_at=database_now(),
    )
    return added and warehouse_state.hinted(connection, external_id)


def came_first(batch: Batch, job_id: str) -> bool:
    """Whether the callback of a batch's job was here before the answer that names the job; it is
    done now. To be called at the beginning of the transaction that records the answer; the caller
    commits."""
    _lock(batch.connection_id)
    waiting = (
        update(InboxItem)
        .where(
            InboxItem.shop_id == batch.shop_id,
            InboxItem.source == WMS,
            InboxItem.subject == job_id,
            InboxItem.outcome == _WAITING,
        )
        .values(done_at=database_now(), outcome=_LOOKED_AT)
        .returning(InboxItem.id)
    )
    found = session().scalars(waiting, execution_options={"synchronize_session": False})
    return bool(found.all())


def _lock(connection_id: str) -> None:
    """Let a callback and the answer that names its job come one after the other."""
    query = select(Connection.id).where(Connection.id == connection_id)
    session().execute(query.with_for_update(key_share=True))


def _batch_of(shop_id: int, job_id: str) -> Batch | None:
    known = session().query(Batch).filter(Batch.shop_id == shop_id, Batch.job_id == job_id)
    return known.first()
