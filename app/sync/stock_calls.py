"""The calls that set stock in Shopify: one for hundreds of levels, and what its faults mean.

A call that is wrong in one line changes nothing. So lines at fault are taken out and the others
sent anew, each call under a new key: one whose call had faults is used up.
"""

from collections.abc import Sequence
from uuid import uuid4

from app.db import database_now
from app.domain import stock
from app.errors import Rejected, TryLater, Uncertain
from app.models import Shop
from app.shopify import inventory
from app.shopify.client import Shopify
from app.shopify.inventory import Change, Fault
from app.sync import journal
from app.sync.engine import atomically
from app.sync.stock_judge import Level, leave, note, write
from app.sync.stock_state import count

SET = "set"
# Halving ends here: whatever Shopify has against all of them, it does not say of which.
_MOST_FAILURES = 64
_MOST_NAMED = 5
_CHANGED = (
    "{sku} was changed in Shopify from {expected} to {before} meanwhile. It was set to {after}."
)
_MORE_CHANGED = "{more} more quantities were changed in Shopify meanwhile. They were set, too."


def begin_stocking(shop: Shop, client: Shopify, levels: Sequence[Level]) -> None:
    """Stock items at locations where they never were, one by one."""
    for level in levels:
        words = inventory.stock_item(
            client, str(uuid4()), level.item, level.location, level.wanted or 0
        )
        atomically(lambda level=level, words=words: _note_stocked(shop, level, words))  # type: ignore[misc]


def _note_stocked(shop: Shop, level: Level, words: str) -> None:
    if words:
        leave(shop.id, [level], stock.NOT_STOCKED, words)
    else:
        _note_set(shop, [level])


def set_all(shop: Shop, client: Shopify, levels: Sequence[Level]) -> bool:
    """Set levels whose quantity is known; True: some had another by now, and are to be read."""
    parts = [list(levels)] if levels else []
    failures, stale = 0, False
    while parts:
        part = parts.pop()
        faults = _call(client, part, parts)
        failures += bool(faults)
        rest, changed = _sort_out(shop, part, faults, alone=failures > _MOST_FAILURES)
        parts += rest
        stale = stale or changed
    return stale


def _call(client: Shopify, part: Sequence[Level], others: Sequence[Sequence[Level]]) -> list[Fault]:
    """Make one call. Where nothing was set for certain, what was known stays known."""
    key = str(uuid4())
    changes = [
        Change(level.item, level.location, level.seen or 0, level.wanted or 0) for level in part
    ]
    unasked = [level for other in others for level in other]
    try:
        return inventory.set_available(client, key, f"gid://tagdock/StockUpdate/{key}", changes)
    except (TryLater, Rejected):
        atomically(lambda: _give_back([*part, *unasked]))
        raise
    except Uncertain:
        atomically(lambda: _give_back(unasked))
        raise


def _give_back(levels: Sequence[Level]) -> None:
    write([note(level, expected=level.expected, reason=level.reason, due=True) for level in levels])


def _sort_out(
    shop: Shop, part: list[Level], faults: Sequence[Fault], *, alone: bool
) -> tuple[list[list[Level]], bool]:
    """What follows from an answer: the parts to call again, and whether some are to be read."""
    if not faults:
        atomically(lambda: _note_set(shop, part))
        return [], False
    at = {fault.place: fault for fault in faults if fault.place is not None}
    if not at and len(part) > 1 and not alone:
        return [part[: len(part) // 2], part[len(part) // 2 :]], False
    found = at or dict.fromkeys(range(len(part)), faults[0])
    bad = [(part[place], fault) for place, fault in found.items() if place < len(part)]
    atomically(lambda: _note_faults(shop, bad))
    rest = [level for place, level in enumerate(part) if place not in found]
    return [rest] if rest else [], any(fault.stale for _, fault in bad)


def _note_faults(shop: Shop, bad: Sequence[tuple[Level, Fault]]) -> None:
    changed = [level for level, fault in bad if fault.stale]
    write([note(level, seen=None, expected=_expected(level), due=True) for level in changed])
    for level, fault in bad:
        if not fault.stale:
            leave(shop.id, [level], stock.REFUSED, fault.words)


def _expected(level: Level) -> int | None:
    """What it was when we knew it last, however often it was changed since."""
    return level.seen if level.expected is None else level.expected


def _note_set(shop: Shop, levels: Sequence[Level]) -> None:
    now = database_now()
    notes = [
        note(level, seen=level.wanted, seen_at=now, told=level.wanted, told_at=now)
        for level in levels
    ]
    write(notes)
    count(shop.id, {SET: len(levels)})
    _tell(shop.id, levels)


def _tell(shop_id: int, levels: Sequence[Level]) -> None:
    named = [f"{_name(level)} {level.seen or 0} → {level.wanted}" for level in levels]
    few = len(levels) <= _MOST_NAMED
    what = ", ".join(named) if few else f"{len(levels)} quantities"
    details = {"set": [[level.item, level.location, level.seen, level.wanted] for level in levels]}
    journal.write(shop_id, "stock_set", f"Stock set in Shopify: {what}.", details=details)
    changed = [level for level in levels if level.expected not in (None, level.seen)]
    for level in changed[:_MOST_NAMED]:
        _tell_changed(shop_id, _in_words(level))
    if len(changed) > _MOST_NAMED:
        _tell_changed(shop_id, _MORE_CHANGED.format(more=len(changed) - _MOST_NAMED))


def _tell_changed(shop_id: int, message: str) -> None:
    journal.write(shop_id, "stock_changed", message, level=journal.WARNING, code="changed")


def _in_words(level: Level) -> str:
    return _CHANGED.format(
        sku=_name(level), expected=level.expected, before=level.seen or 0, after=level.wanted
    )


def _name(level: Level) -> str:
    return level.sku or level.item
