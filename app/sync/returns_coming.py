"""Takes in what the warehouse tells of returns. Only what is newer than the last telling counts."""

from app.db import database_now, session
from app.domain import returns as domain
from app.domain.states import Effect
from app.models import Connection, Return
from app.sync import journal
from app.sync.owing import BULK, DEFAULT, owe
from app.sync.returns_kept import family_of
from app.wms.returns import ReturnTold

NEW, KNOWN, UNKNOWN = "came_back", "known", "unknown"
_TOLD = "The warehouse: return {name} {state}{came}."
_LEFT_OUT = "Left out of the return {name}: {what}. Ask the warehouse what they are."
_STATES = {domain.RECEIVED: "received", domain.CLOSED: "closed"}


def take(connection: Connection, told: ReturnTold) -> str:
    """Keep what came of a return and owe Shopify what is new of it; returns what it was. The caller
    commits."""
    row = _row(connection, told.external_id)
    if row is None:
        return UNKNOWN
    if row.told_version >= told.version:
        return KNOWN
    row.told_version, row.state, row.seen_at = told.version, told.state[:16], database_now()
    row.announced_at = row.announced_at or row.seen_at
    row.fixed_at = row.fixed_at or row.seen_at
    if told.state == domain.EXPECTED:
        return KNOWN
    row.told = [
        {"line": line.line_id, "disposition": line.disposition[:40], "quantity": line.quantity}
        for line in told.lines
        if line.quantity
    ]
    row.settled, row.reason, row.message = False, "", ""
    _tell(row)
    owe_disposal(row)
    return NEW


def told_of(row: Return) -> list[domain.Told]:
    """What the warehouse told last of a return."""
    return [domain.Told(each["line"], each["disposition"], each["quantity"]) for each in row.told]


def is_complete(row: Return) -> bool:
    """Whether goods came and nothing more of the return is to come."""
    announced = {line: each["quantity"] for line, each in row.lines.items()}
    return bool(row.told) and domain.is_complete(row.state, told_of(row), announced)


def _row(connection: Connection, external_id: str) -> Return | None:
    key = {"connection_id": connection.id, "generation": connection.generation}
    query = session().query(Return).filter_by(external_id=external_id, **key)
    return query.filter(Return.outbound_order_id.is_not(None)).one_or_none()


def _tell(row: Return) -> None:
    told = told_of(row)
    came = domain.came(told)
    state = _STATES.get(row.state) or row.state.replace("_", " ")
    message = _TOLD.format(name=row.name, state=state, came=f", {came}" if came else "")
    journal.write(row.shop_id, "return", message, order=row.order)
    odd = domain.odd(told, {line: each["quantity"] for line, each in row.lines.items()})
    if odd:
        message = _LEFT_OUT.format(name=row.name, what=", ".join(odd))
        journal.write(
            row.shop_id, "return", message, order=row.order, level=journal.WARNING, code="left-out"
        )


def owe_disposal(row: Return, *, lane: str = DEFAULT) -> None:
    """Owe Shopify what became of a return's goods: the first row of its family does it for all, so
    that nobody else is at it. The caller commits."""
    session().flush()
    first = family_of(row)[0]
    owe(row.shop_id, ("return", str(first.id)), Effect.DISPOSE, lane=lane)


def owe_those_unsettled(shop_id: int, *, stuck: bool) -> int:
    """Owe Shopify what it has not of returns; ``stuck``: also of those that it refused, which keep
    their reason until it takes them. How many. The caller commits."""
    rows = session().query(Return).filter_by(shop_id=shop_id, settled=False)
    if not stuck:
        rows = rows.filter(Return.reason == "")
    found = rows.order_by(Return.id).limit(200).all()
    for row in found:
        owe_disposal(row, lane=BULK)
    return len(found)
