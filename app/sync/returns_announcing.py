"""Has the warehouse expect what is to come back.

What Shopify knows the end of already is left out: it is asked just before. Then the lines are
fixed, and announcing the same again changes nothing at the warehouse, so a lost answer is simply
repeated. What the warehouse refuses is free to change, and is tried when it has, or when a person
wants it.
"""

from collections.abc import Sequence
from contextlib import closing

from app.db import database_now, session
from app.domain import returns as domain
from app.domain import returns_asked as asked
from app.errors import Rejected, TryLater, Uncertain
from app.models import Connection, Return, Shop
from app.shopify import returns as shopify_returns
from app.shopify.returns import GoodsRead
from app.sync import breaker, journal, unheard
from app.sync.capabilities import lacks
from app.sync.claims import Claim, finish, renew
from app.sync.engine import atomically
from app.sync.outside import NORMAL, shopify_for, wms_for
from app.sync.returns_kept import FINAL, OFF, OVER, family_of, note_called_off
from app.sync.situations import connection_of
from app.wms.problems import CONFLICT
from app.wms.returns import AnnouncedLine, Announcement

UNSUPPORTED = "unsupported"
_NOT_ABLE = "The warehouse's system takes no announcements of returns. Tell the warehouse yourself."
_REFUSED = "The warehouse did not take the return {name}. {words}"
_ANNOUNCED = "The warehouse expects the return {name}: {units}."
_CLOSED = (
    "The return {name} is closed in Shopify already. Open it again there when it comes, so that"
    " Shopify takes it in."
)
_OVER = "The return {name} is not announced: Shopify knows already what became of its goods."


def announce(shop: Shop, claims: Sequence[Claim]) -> None:
    """Tell the warehouse of each claimed return."""
    for claimed in claims:
        _announce(shop, claimed)


def _announce(shop: Shop, claimed: Claim) -> None:
    row, connection = session().get(Return, int(claimed.subject_id)), connection_of(shop)
    if row is None or connection is None or not _is_due(row, connection):
        atomically(lambda: finish([claimed]))
    elif lacks(connection, "returns"):
        atomically(lambda: _refused(claimed, Rejected(UNSUPPORTED, _NOT_ABLE)))
    elif row.fixed_at or _is_fixed(shop, row.gid, claimed):
        _post(shop, connection, claimed)


def _is_due(row: Return, connection: Connection) -> bool:
    here = (row.connection_id, row.generation) == (connection.id, connection.generation)
    told = row.announced_at is not None or row.outbound_order_id is None or row.reason in FINAL
    return here and not told and row.status in (domain.OPEN, domain.CLOSED)


def _is_fixed(shop: Shop, gid: str, claimed: Claim) -> bool:
    """Leave out what Shopify knows the end of, and fix the rest; False: there is nothing left to
    announce, the claim is done."""
    try:
        found = shopify_returns.read_goods(shopify_for(shop, NORMAL), gid)
    except Rejected as problem:
        if problem.code != shopify_returns.SCOPE_MISSING:
            raise
        found = None
    return atomically(lambda: _fix(claimed, found))


def _fix(claimed: Claim, found: GoodsRead | None) -> bool:
    renew(claimed)
    row = session().get_one(Return, int(claimed.subject_id))
    row.status = found.status[:16] if found else row.status
    if row.status in OFF:
        note_called_off(row)
    elif row.status in (domain.OPEN, domain.CLOSED):
        _leave_out(row, found)
    if row.reason in FINAL or row.fixed_at is None:
        finish([claimed])
        return False
    return True


def _leave_out(row: Return, found: GoodsRead | None) -> None:
    units = {line: each["units"] for line, each in row.lines.items()}
    ends = domain.ends(found.goods, units) if found else {}
    others = [each for each in family_of(row) if each.fixed_at and each.id != row.id]
    announced = asked.asked_for(each.lines for each in others)
    row.lines = asked.still_coming(row.lines, announced, ends)
    row.fixed_at = database_now()
    if not asked.units_of(row.lines):
        row.reason, row.message = OVER, _OVER.format(name=row.name)
        journal.write(row.shop_id, "return", row.message, order=row.order, code=row.reason)


def _post(shop: Shop, connection: Connection, claimed: Claim) -> None:
    wanted = _announcement(session().get_one(Return, int(claimed.subject_id)))
    with closing(wms_for(connection)) as wms:
        try:
            wms.announce_return(wanted)
        except (TryLater, Uncertain) as problem:
            breaker.failed(shop, problem)
            raise
        except Rejected as problem:
            unheard.require_word(shop, problem)
            refusal = problem
            atomically(lambda: _refused(claimed, refusal))
            return
    breaker.answered(connection)
    atomically(lambda: _announced(claimed))


def _announcement(row: Return) -> Announcement:
    assert row.outbound_order is not None
    return Announcement(
        external_id=row.external_id,
        order_external_id=row.outbound_order.external_id,
        lines=[
            AnnouncedLine(
                line_id=line, sku=each["sku"], quantity=each["quantity"], reason=each["reason"]
            )
            for line, each in row.lines.items()
            if each["quantity"]
        ],
    )


def _announced(claimed: Claim) -> None:
    row = session().get_one(Return, int(claimed.subject_id))
    row.announced_at, row.state = database_now(), row.state or domain.EXPECTED
    row.reason, row.message = "", ""
    units = domain.in_units(asked.units_of(row.lines))
    message = _ANNOUNCED.format(name=row.name, units=units)
    journal.write(row.shop_id, "return", message, order=row.order)
    if row.status == domain.CLOSED:
        closed = _CLOSED.format(name=row.name)
        journal.write(row.shop_id, "return", closed, order=row.order, level=journal.WARNING)
    finish([claimed])


def _refused(claimed: Claim, problem: Rejected) -> None:
    """A refusal stands until the return changes or a person tries again: the log and the order's
    page say what there is to do."""
    row = session().get_one(Return, int(claimed.subject_id))
    words = _NOT_ABLE if problem.code == UNSUPPORTED else problem.message
    row.reason = problem.code[:32]
    row.message = _REFUSED.format(name=row.name, words=words)
    if problem.code != CONFLICT:
        # Else the warehouse has it with other lines: it is asked for under no other id.
        row.fixed_at = None
    journal.write(
        row.shop_id,
        "return",
        row.message,
        order=row.order,
        level=journal.WARNING,
        code=row.reason,
    )
    finish([claimed])
