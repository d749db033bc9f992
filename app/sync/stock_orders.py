"""The orders that the warehouse does not know of yet: Shopify keeps their units, it does not.

An order counts as known from the moment its confirmation is older than what the warehouse has told
of its stock. By our own clock: the warehouse tells everything that changes, so a line that it did
not tell again is as good as new.

However many orders there are, the database adds up what those keep of which the warehouse knows
nothing. Only those that it knows in part are looked at one by one, some hundred at a time.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    and_,
    cast,
    exists,
    false,
    func,
    or_,
    select,
    true,
)

from app.db import dialect, session
from app.domain.facts import Facts
from app.domain.states import State
from app.domain.stock import Place, Sent, place_of, unsent
from app.domain.tags import TagState
from app.models import Order, OutboundOrder
from app.models.outbound_order import fulfilled_since

_GIVEN_UP = (State.CANCELLING, State.CANCELLED, State.SUPERSEDED)
_AT_ONCE = 500
_OF_ORDER = and_(OutboundOrder.order_id == Order.id, OutboundOrder.archived.is_(False))


def unsent_units(shop_id: int, told_until: datetime | None) -> Counter[Place]:
    """Units of orders that the warehouse had not confirmed when it told of its stock."""
    asking = and_(Order.shop_id == shop_id, Order.asks, Order.deleted.is_(False))
    known, short = exists().where(_OF_ORDER, _known(told_until)), _is_short(told_until)
    found = _kept(asking, short, ~known)
    for orders in _pages(asking, short, known):
        found += _left_over(orders, told_until)
    return found


def _known(told_until: datetime | None) -> ColumnElement[bool]:
    """The condition that the warehouse knew of an outbound order when it told of its stock."""
    return false() if told_until is None else OutboundOrder.confirmed_at <= told_until


def _is_short(told_until: datetime | None) -> ColumnElement[bool]:
    """The condition that the warehouse may not know all of an order. Of what is synced, whole and
    long confirmed it knows all there is."""
    differs = or_(
        OutboundOrder.confirmed_at > told_until,
        OutboundOrder.wanted_revision > OutboundOrder.confirmed_revision,
        OutboundOrder.state.in_(_GIVEN_UP),
        OutboundOrder.cancelled_lines != {},
    )
    return or_(Order.tag_state != TagState.SYNCED, exists().where(_OF_ORDER, differs))


def _kept(*conditions: ColumnElement[bool]) -> Counter[Place]:
    """What orders keep of which nothing is known at the warehouse, added up by the database."""
    expand = func.jsonb_each_text if dialect() == "postgresql" else func.json_each
    kept = expand(Order.keeps).table_valued("key", "value")
    units = func.sum(cast(kept.c.value, BigInteger)).label("units")
    query = select(kept.c.key, units).select_from(Order).join(kept, true()).where(*conditions)
    rows = session().execute(query.group_by(kept.c.key))
    return Counter({place_of(row.key): int(row.units) for row in rows})


def _pages(*conditions: ColumnElement[bool]) -> Iterator[Sequence[Row[Any]]]:
    """The orders that meet all conditions, some at a time."""
    query = select(Order.id, Order.facts).where(*conditions).order_by(Order.id).limit(_AT_ONCE)
    last = 0
    while rows := session().execute(query.where(Order.id > last)).all():
        yield rows
        last = rows[-1].id


def _left_over(orders: Sequence[Row[Any]], told_until: datetime | None) -> Counter[Place]:
    sent, found = _sent([row.id for row in orders], told_until), Counter[Place]()
    for row in orders:
        found += unsent(Facts.from_json(row.facts), sent[row.id])
    return found


def _sent(orders: Sequence[int], told_until: datetime | None) -> Mapping[int, list[Sent]]:
    """What the warehouse knew of each of these orders."""
    found: dict[int, list[Sent]] = defaultdict(list)
    query = select(
        OutboundOrder.order_id,
        OutboundOrder.location,
        OutboundOrder.confirmed_lines,
        OutboundOrder.fulfilled_lines,
        OutboundOrder.shipped_before,
    ).where(
        OutboundOrder.order_id.in_(orders), OutboundOrder.archived.is_(False), _known(told_until)
    )
    for row in session().execute(query):
        found[row.order_id].append(Sent(row.location, _left(row)))
    return found


def _left(outbound: Row[Any]) -> dict[str, int]:
    """What the warehouse keeps for an order: confirmed and not fulfilled. What it has cancelled by
    itself is confirmed no more."""
    given = Counter(outbound.confirmed_lines)
    given.subtract(fulfilled_since(outbound.fulfilled_lines, outbound.shipped_before))
    return {line: units for line, units in given.items() if units > 0}
