"""Does what a person's own edit of the state tags asks for."""

from sqlalchemy import select

from app.db import session
from app.domain.states import Effect, Event
from app.domain.tags import Hand, Vocabulary, read_hand
from app.models import Order, Owed
from app.sync import journal
from app.sync.engine import live, record
from app.sync.outside import settings


def observe_tags(order: Order, tags: tuple[str, ...]) -> None:
    """Note the state tags seen on an order and do what a person's own edit of them asks for."""
    vocabulary = Vocabulary(settings().tag_prefix)
    seen = vocabulary.state_tags(tags)
    hand = read_hand(vocabulary, seen=seen, written=order.tags_written, pending=order.tag_pending)
    order.tags_seen = sorted(seen)
    _HANDS[hand](order)


def end_doubt(order: Order) -> None:
    """After a write that was refused, what a read shows is what is there. One that is still owed
    reads back for itself. The caller commits."""
    if order.tag_pending and not _is_to_be_written(order):
        order.tags_written, order.tag_pending = order.tags_seen, ""


def _is_to_be_written(order: Order) -> bool:
    mine = (Owed.subject_type == "order", Owed.subject_id == str(order.id))
    query = select(Owed.id).where(*mine, Owed.effect == Effect.TAG, Owed.dead_at.is_(None))
    return session().scalar(query) is not None


def put_in(order: Order) -> None:
    """Put an order into automation. One that was left at an earlier warehouse account is planned
    for the present one. The caller commits."""
    order.tracked, order.taken_out = True, False
    if was_left(order):
        order.put_in = True


def was_left(order: Order) -> bool:
    """Whether all that was sent of an order went to a warehouse account that is not ours any
    more."""
    sent = any(outbound.sent_revision for outbound in order.outbound_orders)
    return sent and not live(order)


def _resend(order: Order) -> None:
    put_in(order)
    if not order.manual:
        journal.write(order.shop_id, "tagged", "Tagged by hand to be sent.", order=order)
    record(order, Event.TAGGED_NO_SYNC)


def leave(order: Order) -> None:
    """Take an order out of automation; what a person had asked for is off. The caller commits."""
    order.tracked, order.taken_out = False, True
    order.manual = order.put_in = False
    order.reason, order.message = "", ""


def _untagged(order: Order) -> None:
    leave(order)
    order.tags_written = []
    journal.write(
        order.shop_id, "untagged", "State tag removed by hand: out of automation.", order=order
    )
    record(order, Event.UNTAGGED)


def _foreign(order: Order) -> None:
    tags = ", ".join(order.tags_seen)
    journal.write(order.shop_id, "tags", f"Found {tags}; the tag is put right.", order=order)
    record(order, Event.TAGS_FOREIGN)


_HANDS = {
    Hand.NOTHING: lambda _order: None,
    Hand.RESEND: _resend,
    Hand.UNTAGGED: _untagged,
    Hand.FOREIGN: _foreign,
}
