"""Keeps what is to come back, and brings it up to date as returns change in Shopify.

A return is divided by the outbound orders that shipped its units, a row each. A row that was not
announced yet changes with it. What was announced stands, for a warehouse can't be told otherwise:
units that are added become another row, those that were taken out are told to a person.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.db import database_now, session
from app.domain import returns as domain
from app.domain import returns_asked as asked
from app.domain.states import Effect
from app.models import Connection, Order, OutboundOrder, Return, Shipment
from app.shopify.returns import ReturnRead, ReturnsRead
from app.sync import journal
from app.sync.owing import DEFAULT, owe

NOT_SHIPPED, CALLED_OFF, OVER = "not-shipped", "called-off", "over"
# What keeps a return from being announced, and no new try changes.
FINAL = frozenset({NOT_SHIPPED, CALLED_OFF, OVER})
OFF = frozenset({domain.CANCELED, domain.DECLINED})
# Goods may be on their way as long as this after a return was closed.
_ON_THEIR_WAY = timedelta(days=30)
_UNSHIPPED = (
    "Not announced: the warehouse did not ship these units, or it was another warehouse account."
    " Take them in yourself."
)
_NEVER_TOLD = (
    "The return {name} was {status} in Shopify before the warehouse was told of it. It is not"
    " announced."
)
_PERHAPS_TOLD = (
    "The return {name} was {status} in Shopify while the warehouse was being told of it. Ask the"
    " warehouse whether it expects it."
)
_CALLED_OFF = (
    "The return {name} was {status} in Shopify. The warehouse still expects it, and there is no way"
    " to call it off: tell the warehouse."
)
_FEWER = (
    "The return {name} has {units} less in Shopify than the warehouse was told. It still expects"
    " them, and there is no way to call them off: tell the warehouse."
)
_AS_IT_WAS = "The return {name} is in Shopify again as the warehouse expects it."


def take(order: Order, read: ReturnRead, all_of: ReturnsRead, connection: Connection) -> None:
    """Keep a return as it stands in Shopify, and owe the warehouse what is new of it. The caller
    commits."""
    rows = _rows(order, read.id, connection)
    if not rows and not _is_to_keep(read):
        return
    if read.status not in OFF:
        rows = _bring_up_to_date(order, read, all_of, connection, rows)
    for row in rows:
        _note_status(row, read.status[:16])
        if row.announced_at is None and row.outbound_order_id and not row.reason:
            owe_announcement(row)


def owe_announcement(row: Return, *, lane: str = DEFAULT) -> None:
    """Owe the warehouse the news of a return. The caller commits."""
    owe(row.shop_id, ("return", str(row.id)), Effect.ANNOUNCE, lane=lane)


def family_of(row: Return) -> list[Return]:
    """The rows of a return's units at one warehouse order, the first one first: Shopify keeps their
    ends together, so they are brought to it together."""
    query = (
        session()
        .query(Return)
        .filter(
            Return.order_id == row.order_id,
            Return.gid == row.gid,
            Return.outbound_order_id == row.outbound_order_id,
        )
    )
    return query.order_by(Return.id).all()


def warn(row: Return, message: str) -> None:
    """Let a row say something that a person must do, and the log once. The caller commits."""
    if row.message != message:
        row.message = message
        _log(row, message, journal.WARNING)


def _rows(order: Order, gid: str, connection: Connection) -> list[Return]:
    here = {"connection_id": connection.id, "generation": connection.generation}
    query = session().query(Return).filter_by(order_id=order.id, gid=gid, **here)
    return query.order_by(Return.id).all()


def _is_to_keep(read: ReturnRead) -> bool:
    """Whether goods of a return that we hear of for the first time may still come."""
    if read.status == domain.CLOSED:
        return bool(read.closed_at and read.closed_at > database_now() - _ON_THEIR_WAY)
    return read.status == domain.OPEN


def _bring_up_to_date(
    order: Order,
    read: ReturnRead,
    all_of: ReturnsRead,
    connection: Connection,
    rows: list[Return],
) -> list[Return]:
    shipper_of = _shippers(order, all_of, connection)
    wanted = {
        part.shipper: asked.lines_of(part.coming)
        for part in domain.parts_of(read.coming, shipper_of)
    }
    for shipper in dict.fromkeys([*wanted, *(row.outbound_order_id for row in rows)]):
        mine = [row for row in rows if row.outbound_order_id == shipper]
        fixed = [row.lines for row in mine if row.fixed_at]
        more = asked.more_than(asked.asked_for(fixed), wanted.get(shipper, {}))
        loose = next((row for row in mine if not row.fixed_at), None)
        if loose is not None:
            _change(loose, more)
        elif more:
            row = _new(order, read, shipper, more, connection)
            row.external_id = domain.next_id(read.id, [known.external_id for known in rows])
            session().add(row)
            session().flush()
        rows = _rows(order, read.id, connection)
        _tell_of_fewer(mine, wanted.get(shipper, {}))
    return rows


def _shippers(order: Order, read: ReturnsRead, connection: Connection) -> dict[str, int | None]:
    """Which outbound order shipped each line of a fulfillment; those of another warehouse account
    are nobody's."""
    query = (
        select(Shipment.fulfillment, Shipment.outbound_order_id)
        .join(OutboundOrder, OutboundOrder.id == Shipment.outbound_order_id)
        .where(
            Shipment.order_id == order.id,
            Shipment.fulfillment != "",
            Shipment.connection_id == connection.id,
            Shipment.generation == connection.generation,
            OutboundOrder.archived.is_(False),
        )
    )
    found = session().execute(query)
    ours: dict[str, int] = {row.fulfillment: row.outbound_order_id for row in found}
    return {unit: ours.get(made) for unit, made in read.fulfillment_of.items()}


def _new(
    order: Order,
    read: ReturnRead,
    shipper: int | None,
    lines: dict[str, Any],
    connection: Connection,
) -> Return:
    row = Return(
        shop_id=order.shop_id,
        order_id=order.id,
        order=order,
        outbound_order_id=shipper,
        connection_id=connection.id,
        generation=connection.generation,
        gid=read.id,
        name=read.name[:64],
        status=read.status[:16],
        lines=lines,
        reason="",
        message="",
        seen_at=database_now(),
    )
    if shipper is None:
        row.reason, row.message = NOT_SHIPPED, _UNSHIPPED
        _log(row, f"{row.name}: {_UNSHIPPED}", journal.WARNING)
    return row


def _change(row: Return, lines: dict[str, Any]) -> None:
    """What was not announced yet follows the return; what the warehouse refused may go now."""
    if not lines:
        session().delete(row)
        session().flush()
    elif not asked.is_same(row.lines, lines):
        row.lines = lines
        if row.reason not in FINAL:
            row.reason, row.message = "", ""


def _tell_of_fewer(rows: Sequence[Return], wanted: asked.Lines) -> None:
    announced = [row for row in rows if row.fixed_at and row.reason not in FINAL]
    if not announced:
        return
    fewer = asked.less_than(asked.asked_for(row.lines for row in announced), wanted)
    first, fewer = announced[0], min(fewer, sum(map(_expected, announced)))
    if fewer:
        warn(first, _FEWER.format(units=domain.in_units(fewer), name=first.name))
    elif first.message and not (first.reason or first.told):
        first.message = ""
        _log(first, _AS_IT_WAS.format(name=first.name), journal.INFO)


def _expected(row: Return) -> int:
    """How many units the warehouse still waits for."""
    came = sum(each["quantity"] for each in row.told)
    return 0 if row.state == domain.CLOSED else max(0, asked.units_of(row.lines) - came)


def _note_status(row: Return, status: str) -> None:
    """Note how it stands in Shopify; what the warehouse can't be told any more is told a person."""
    before, row.status = row.status, status
    if status not in OFF or row.outbound_order_id is None:
        return
    if row.announced_at:
        if before != status and row.state != domain.CLOSED:
            warn(row, _CALLED_OFF.format(name=row.name, status=status))
    elif row.reason not in FINAL:
        note_called_off(row)


def note_called_off(row: Return) -> None:
    """A return was called off before it was announced, as far as we know: now it never is. The
    caller commits."""
    perhaps = row.fixed_at is not None
    words = _PERHAPS_TOLD if perhaps else _NEVER_TOLD
    row.reason, row.message = CALLED_OFF, words.format(name=row.name, status=row.status)
    _log(row, row.message, journal.WARNING if perhaps else journal.INFO)


def _log(row: Return, message: str, level: str) -> None:
    journal.write(row.shop_id, "return", message, order=row.order, level=level, code=row.reason)
