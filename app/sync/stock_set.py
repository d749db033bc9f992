"""Sets Shopify's available quantities to what the warehouse has, by compare-and-set.

What is about to be set is written down as not known any more, and committed, before the call: when
nobody learns what became of it, it is read before anything is repeated. A quantity that somebody
changed in Shopify meanwhile is never overwritten: it is read again, and what follows for it is
judged anew, with the order that changed it.
"""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.db import session
from app.domain.stock import Place
from app.errors import Rejected
from app.models import Shop, StockLevel, WarehouseStock
from app.shopify import inventory
from app.shopify.client import Shopify
from app.sync import stock_changes, stock_runs
from app.sync.claims import Claim, finish, renew
from app.sync.engine import atomically
from app.sync.outside import BACKGROUND, shopify_for
from app.sync.situations import connection_of, paused_because
from app.sync.stock_calls import begin_stocking, set_all
from app.sync.stock_judge import Level, due_levels, judge, note, settle, with_seen, write
from app.sync.stock_match import AT_ONCE, match
from app.sync.stock_orders import unsent_units
from app.sync.stock_state import (
    INBOX_WAIT,
    NOT_COMPARED,
    PROBLEMS,
    SCOPE_MISSING,
    Mode,
    can_judge,
    is_comparing,
    knows_catalogue,
    mode_of,
    note_problem,
    owe_stock,
    problem_of,
    reading_of,
)

_SECONDS = 8.0
_SCOPE_CODE = "shopify-scope-missing"


@dataclass(slots=True)
class Turn:
    """How far one look at a shop's stock has come. ``unsent`` is what orders keep, as far as was
    known at its beginning; whoever learns of another marks the levels concerned."""

    shop: Shop
    claimed: Claim
    mode: Mode
    unsent: Mapping[Place, int] = field(default_factory=dict)
    after: int = 0
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Levels that are due: some must be read, some set."""

    count: int
    unread: list[Level]
    differing: list[Level]


def perform(shop: Shop, claims: Sequence[Claim]) -> None:
    """Bring a shop's stock up to date, as far as it goes in some seconds."""
    (claimed,) = claims
    end = time.monotonic() + _SECONDS
    while atomically(lambda: _match(shop, claimed)) == AT_ONCE and time.monotonic() < end:
        pass
    turn = atomically(lambda: _begin(shop, claimed))
    if turn is None:
        return
    try:
        _judge_all(turn, end)
    except Rejected as problem:
        if problem.code != _SCOPE_CODE:
            raise
        atomically(lambda: _stop(shop, claimed, SCOPE_MISSING))


def _judge_all(turn: Turn, end: float) -> None:
    while time.monotonic() < end and _page(turn):
        pass
    atomically(lambda: _end(turn))


def _match(shop: Shop, claimed: Claim) -> int:
    renew(claimed)
    connection = connection_of(shop)
    if connection is None or not knows_catalogue(shop.id):
        return 0
    return match(shop, connection)


def _begin(shop: Shop, claimed: Claim) -> Turn | None:
    """Say what is to be done; None: nothing is, and the claim is done."""
    fresh = session().get_one(Shop, shop.id, populate_existing=True)
    stock_changes.look_at_places(fresh)
    mode = mode_of(fresh)
    if mode is not Mode.OFF and (code := problem_of(shop)):
        _stop(shop, claimed, code)
        return None
    switched_on = mode is Mode.COMPARE and not is_comparing(shop.id)
    note_problem(shop.id, NOT_COMPARED if switched_on else "")
    if mode is Mode.OFF or not can_judge(shop, connection_of(shop)):
        stock_runs.close(shop, "" if mode is Mode.OFF else paused_because(connection_of(shop)))
        finish([claimed])
        return None
    renew(claimed)
    return Turn(shop, claimed, mode, unsent_units(shop.id, reading_of(shop.id).told_until))


def _stop(shop: Shop, claimed: Claim, code: str) -> None:
    """Nothing can be done until a person mends it."""
    note_problem(shop.id, code)
    stock_runs.close(shop, PROBLEMS[code])
    finish([claimed])


def _page(turn: Turn) -> bool:
    """Judge the next levels, and set what differs. False: there was none.

    What is known is set before anything is read, and what one call has read before the next call:
    each costs much of the budget, and whatever is left when that is used up is read anew."""
    page = atomically(lambda: _judge(turn))
    client = shopify_for(turn.shop, BACKGROUND) if page.unread or page.differing else None
    if client is not None:
        _set(turn, client, page.differing)
        for unread in _readable(page.unread):
            _set(turn, client, _read(turn, client, unread))
    return page.count > 0


def _judge(turn: Turn) -> Page:
    renew(turn.claimed)
    fresh = session().get_one(Shop, turn.shop.id, populate_existing=True)
    connection = connection_of(fresh)
    # Switched off, or to other locations, while it is set: what is left is begun anew.
    if connection is None or mode_of(fresh) is not turn.mode:
        return Page(0, [], [])
    rows = due_levels(turn.shop, turn.after, inventory.MOST)
    turn_after = rows[-1].id if rows else turn.after
    levels = judge(turn.shop, connection, rows, turn.unsent)
    unread = [level for level in levels if level.wanted is not None and level.seen is None]
    known = [level for level in levels if level.wanted is None or level.seen is not None]
    differing = _sort_out(turn, known)
    turn.after = turn_after
    return Page(len(rows), unread, differing)


def _sort_out(turn: Turn, levels: Iterable[Level]) -> list[Level]:
    """Settle what is as it should be; returns the others, noted as about to be set."""
    levels = list(levels)
    settle(turn.shop.id, [level for level in levels if level.settled])
    differing = [level for level in levels if not level.settled]
    if turn.mode is not Mode.SET:
        write([note(level) for level in differing])
        return []
    write(
        [
            note(level, seen=None, expected=level.expected, reason=level.reason, due=True)
            for level in differing
        ]
    )
    return [replace(level, version=level.version + 1) for level in differing]


def _readable(levels: Sequence[Level]) -> Iterator[list[Level]]:
    """The levels in parts that one call reads."""
    for location in dict.fromkeys(level.location for level in levels):
        there = [level for level in levels if level.location == location]
        for start in range(0, len(there), inventory.MOST_READ):
            yield there[start : start + inventory.MOST_READ]


def _read(turn: Turn, client: Shopify, levels: Sequence[Level]) -> list[Level]:
    """Read levels of one location; returns what is to be set of them, as read."""
    location = levels[0].location
    read = inventory.read_available(client, location, [level.item for level in levels])
    found = {(location, item): units for item, units in read.items()}
    return atomically(lambda: _take_read(turn, levels, found))


def _take_read(turn: Turn, unread: Sequence[Level], found: Mapping[Place, int]) -> list[Level]:
    renew(turn.claimed)
    return _sort_out(turn, with_seen(unread, found))


def _set(turn: Turn, client: Shopify, levels: Sequence[Level]) -> None:
    if turn.mode is not Mode.SET:
        return
    begin_stocking(turn.shop, client, [level for level in levels if level.seen is None])
    stocked = [level for level in levels if level.seen is not None]
    turn.waits = set_all(turn.shop, client, stocked) or turn.waits


def _end(turn: Turn) -> None:
    """What is still due is owed again; when nothing is, the runs that waited for it are over."""
    shop = turn.shop
    if _is_due(shop):
        owe_stock(shop, lane=turn.claimed.lane, wait=INBOX_WAIT if turn.waits else 0.0)
    else:
        stock_runs.close(shop)
    finish([turn.claimed])


def _is_due(shop: Shop) -> bool:
    line = session().query(WarehouseStock.id).filter(WarehouseStock.shop_id == shop.id)
    level = session().query(StockLevel.id).filter_by(shop_id=shop.id, due=True)
    return bool(level.first() or line.filter(WarehouseStock.due).first())
