"""A person tries again what kept a return from going on. What kept it stays to be read until it
goes: the warehouse or Shopify may refuse it once more."""

from collections.abc import Sequence

from app.db import session
from app.domain import returns as domain
from app.domain.states import Effect
from app.models import Return
from app.sync import journal
from app.sync.engine import owe_order
from app.sync.owing import STAFF
from app.sync.returns_coming import owe_disposal
from app.sync.returns_kept import FINAL, owe_announcement

_ANNOUNCE = "Asked to be announced again: the return {name}."
_DISPOSE = "Asked to be told to Shopify again: the return {name}."


def may_be_tried(row: Return) -> bool:
    """Whether trying again may help, now or later."""
    outbound = row.outbound_order
    if outbound is None or outbound.archived or row.reason in FINAL:
        return False
    if row.announced_at is None:
        return row.status in (domain.OPEN, domain.CLOSED)
    return not row.settled


def try_again(shop_id: int, ids: Sequence[int], actor: str) -> int:
    """A person wants the warehouse told of these returns, or Shopify of what came of them; what is
    known of them may be old, so they are looked at in Shopify too. How many there were to try. The
    caller commits, then rings."""
    query = session().query(Return).filter(Return.shop_id == shop_id, Return.id.in_(ids))
    rows = [row for row in query.order_by(Return.id) if may_be_tried(row)]
    for row in rows:
        if row.announced_at is None:
            owe_announcement(row, lane=STAFF)
        else:
            owe_disposal(row, lane=STAFF)
        owe_order(row.order, Effect.FIND_RETURNS, lane=STAFF)
        words = _DISPOSE if row.announced_at else _ANNOUNCE
        text = words.format(name=row.name)
        journal.write(shop_id, "asked", text, order=row.order, actor=actor)
    return len(rows)
