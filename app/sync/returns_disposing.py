"""Gives Shopify what became of returned goods: back on the shelf, not, or set aside.

Shopify's disposal takes no idempotency key. So what it has is read before each request and only
what it lacks is asked for; the attempt is written down first, so that the log says once what it
came to. Nothing is refunded: that is the merchant's to decide.

A return that grew after it was announced has several rows whose units Shopify keeps together. Its
first row is disposed of for all of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.db import session
from app.domain import returns as domain
from app.domain.returns import Disposal
from app.domain.returns_asked import ended_as_told
from app.errors import Rejected, TryLater
from app.models import Return, Shop
from app.shopify import returns as shopify_returns
from app.shopify.answers import NOT_POSSIBLE
from app.shopify.returns import GoodsRead
from app.sync import journal, stock_marks
from app.sync.claims import Claim, finish, renew
from app.sync.engine import atomically
from app.sync.outside import NORMAL, shopify_for
from app.sync.returns_coming import is_complete, told_of
from app.sync.returns_kept import family_of

_MOST_CALLS = 20
NOT_OPEN, SCOPE, GONE = "not-open", "scope", "gone"
# Shopify's answers that repeating does not change, and the reasons they become.
_FINAL = {
    NOT_POSSIBLE: NOT_POSSIBLE,
    shopify_returns.SCOPE_MISSING: SCOPE,
}
_DONE = "In Shopify, return {name}: {what}."
_BEYOND = (
    "Return {name}: {units} came that Shopify has no place for. They are not part of the return"
    " there, or something else became of them."
)
_CLOSED_THERE = (
    "The return {name} is {status} in Shopify, which takes nothing of it any more. Open it again"
    " there and try again here, or adjust the stock by hand."
)
_GONE = "Shopify does not show the return {name} any more."
_REFUSED = "Shopify did not take what became of the return {name}. {words}"
_READY = "The return {name} has come. Refund it in Shopify."


@dataclass(frozen=True, slots=True)
class _Task:
    """Which return of Shopify's, and where what is restocked lies."""

    gid: str
    location: str


def dispose(shop: Shop, claims: Sequence[Claim]) -> None:
    """Bring each claimed return's goods to Shopify."""
    for claimed in claims:
        calls = 0
        while _go_on(shop, claimed):
            calls += 1
            if calls == _MOST_CALLS:
                raise TryLater("There is more of the return to do.", counts=False)


def _go_on(shop: Shop, claimed: Claim) -> bool:
    """Ask for the next disposal; False: there is none, the claim is done."""
    task = atomically(lambda: _task(claimed))
    if task is None:
        return False
    client = shopify_for(shop, NORMAL)
    try:
        found = shopify_returns.read_goods(client, task.gid)
        calls = atomically(lambda: _decide(claimed, found))
        if calls:
            shopify_returns.dispose(client, calls, task.location)
    except Rejected as problem:
        if problem.code not in _FINAL:
            raise
        code, words = problem.code, problem.message
        atomically(lambda: _block(claimed, _FINAL[code], _REFUSED, words=words))
        return False
    return bool(calls)


def _task(claimed: Claim) -> _Task | None:
    row = session().get(Return, int(claimed.subject_id))
    outbound = row.outbound_order if row else None
    if row is None or outbound is None or row.order.deleted or not _unsettled(row):
        finish([claimed])
        return None
    renew(claimed)
    return _Task(row.gid, outbound.location)


def _unsettled(row: Return) -> list[Return]:
    return [each for each in family_of(row) if not each.settled]


def _decide(claimed: Claim, found: GoodsRead | None) -> tuple[Disposal, ...]:
    """Note what Shopify has, and write down what is asked for next; nothing when it has all."""
    renew(claimed)
    row = session().get_one(Return, int(claimed.subject_id))
    if found is None:
        _block(claimed, GONE, _GONE)
        return ()
    family = family_of(row)
    for each in family:
        each.status = found.status[:16]
    units = _units(family)
    _note(row, domain.ends(found.goods, units))
    due = domain.due(_told(family), units, found.goods)
    if not due.disposals:
        _settle(claimed, row, sum(due.beyond.values()))
        return ()
    if found.status != domain.OPEN:
        _block(claimed, NOT_OPEN, _CLOSED_THERE, status=found.status)
        return ()
    calls = domain.one_call(due.disposals)
    row.attempt = {"ends": [[each.line, each.kind, each.quantity] for each in calls]}
    return calls


def _units(family: Sequence[Return]) -> dict[str, list[str]]:
    units: dict[str, list[str]] = {}
    for row in family:
        for line, each in row.lines.items():
            units[line] = list(dict.fromkeys([*units.get(line, []), *each["units"]]))
    return units


def _told(family: Sequence[Return]) -> list[domain.Told]:
    """What a warehouse told of all of them, and what had its end before they were announced."""
    return [told for row in family for told in (*ended_as_told(row.lines), *told_of(row))]


def _note(row: Return, now: dict[str, dict[str, int]]) -> None:
    """What the attempt before came to is told once."""
    what = domain.news(row.disposed, now)
    if row.attempt is not None and what:
        message = _DONE.format(name=row.name, what=what)
        journal.write(row.shop_id, "return", message, order=row.order)
    if row.outbound_order is not None:
        more = _restocked_more(row.disposed, now)
        stock_marks.restocked(row.order, row.outbound_order.location, more)
    row.disposed, row.attempt = now, None


def _restocked_more(had: Mapping[str, domain.Quantities], now: Mapping[str, Any]) -> set[str]:
    """The order lines of which more units are on the shelf again than before."""
    kind = domain.RESTOCKED
    return {line for line in now if now[line].get(kind, 0) > had.get(line, {}).get(kind, 0)}


def _settle(claimed: Claim, row: Return, beyond: int) -> None:
    unsettled = _unsettled(row)
    for each in unsettled:
        each.settled, each.reason, each.message = True, "", ""
    if beyond:
        first = unsettled[0]
        first.message = _BEYOND.format(name=row.name, units=domain.in_units(beyond))
        _warn(first, "beyond")
    announced = [each for each in family_of(row) if each.announced_at]
    if row.status == domain.OPEN and all(map(is_complete, announced)):
        journal.write(row.shop_id, "return", _READY.format(name=row.name), order=row.order)
    finish([claimed])


def _block(claimed: Claim, reason: str, words_of: str, **words: str) -> None:
    """Say why Shopify can't have it; nothing is tried until the warehouse tells more, or a person
    asks for it."""
    row = session().get_one(Return, int(claimed.subject_id))
    row.attempt = None
    unsettled = _unsettled(row)
    for each in unsettled:
        each.reason, each.message = reason[:32], words_of.format(name=row.name, **words)
    _warn(unsettled[0], reason[:32])
    finish([claimed])


def _warn(row: Return, code: str) -> None:
    journal.write(
        row.shop_id, "return", row.message, order=row.order, level=journal.WARNING, code=code
    )
