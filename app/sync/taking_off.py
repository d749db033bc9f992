"""Takes units off an order in Shopify that the warehouse has cancelled by itself.

They are refunded the way they were paid and put back on the shelf of their location. The refund is
written down with its key before it is asked for: after an unknown outcome it is looked up, then
asked for again under the same key. As long as it is open no read of the order counts, so that what
it takes off never looks like an edit of the merchant's; given up, it holds up no read any more. One
that would be of more lines than a request holds is made in several, one after another.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import uuid4

from app.db import session
from app.domain.facts import Facts
from app.domain.gates import OUT_OF_SIGHT
from app.domain.plan import less
from app.domain.shipments import in_units
from app.domain.states import Effect
from app.errors import Rejected, TryLater
from app.models import Order, OutboundOrder, Shop
from app.shopify import cancelling
from app.shopify.answers import NOT_POSSIBLE
from app.shopify.cancelling import OpenUnits
from app.shopify.client import LONGEST_ARRAY, Shopify
from app.sync import archive, attempts, journal
from app.sync.claims import Claim, finish, renew
from app.sync.engine import atomically, live, owe_order
from app.sync.on_the_way import on_their_way
from app.sync.outside import NORMAL, shopify_for
from app.sync.owing import owe
from app.sync.preferences import settings_of

WMS_CANCELLED = "wms-cancelled"
_DONE = "Taken off the order in Shopify, and refunded: {units} that the warehouse cancelled."
_GONE = "Shopify no longer asks for the units that the warehouse cancelled. Nothing was refunded."
_UNDONE = "Not taken off in Shopify. {words} Refund them there by hand."
_BUSY = "Units of the order are being fulfilled."


@dataclass(frozen=True, slots=True)
class _Task:
    """What is to be taken off which order. ``keep`` is what the warehouse still ships of it there,
    ``others`` what is to leave there for other fulfillment orders, by their ids; ``taking`` the
    refund that was written down, if one was; ``seq`` what was known of fulfillments when this was
    asked."""

    order: str
    location: str
    lines: Mapping[str, int]
    keep: Mapping[str, int]
    others: Mapping[str, Mapping[str, int]]
    taking: Mapping[str, Any] | None
    seq: int


def owe_taking_off(outbound: OutboundOrder) -> None:
    """Owe Shopify the units that the warehouse has cancelled. The caller commits."""
    owe(outbound.shop_id, ("outbound", str(outbound.id)), Effect.TAKE_OFF)


def is_open(outbound: OutboundOrder) -> bool:
    """Whether Shopify may still ask for units that the warehouse has cancelled."""
    return bool(outbound.taking or less(outbound.cancelled_lines, outbound.taken_lines))


def take_off(shop: Shop, claims: Sequence[Claim]) -> None:
    """Take off what is open of each claimed outbound order, once."""
    for claimed in claims:
        task = atomically(lambda claimed=claimed: _task(shop, claimed))  # type: ignore[misc]
        if task is not None:
            _carry_out(shop, claimed, task)


def _task(shop: Shop, claimed: Claim) -> _Task | None:
    """What there is to do now; None: nothing, the claim is done."""
    outbound = session().get(OutboundOrder, int(claimed.subject_id))
    if outbound is None or not _may_go_on(shop, outbound):
        finish([claimed])
        return None
    order = outbound.order
    if order.fulfilling and outbound.taking is None:
        raise TryLater(_BUSY, 0.5, counts=False)
    renew(claimed)
    attempts.resume_taking(outbound)
    return _Task(
        order.gid,
        outbound.location,
        less(outbound.cancelled_lines, outbound.taken_lines),
        _kept(outbound),
        _of_others(outbound),
        outbound.taking,
        order.fulfilled_seq,
    )


def _kept(outbound: OutboundOrder) -> dict[str, int]:
    """Units that the warehouse still ships."""
    waiting, here = on_their_way(outbound), less(outbound.confirmed_lines, outbound.fulfilled_of_it)
    return {line: max(here.get(line, 0), waiting.get(line, 0)) for line in {*here, *waiting}}


def _of_others(outbound: OutboundOrder) -> dict[str, Counter[str]]:
    """Units that are to leave the same location for other fulfillment orders, those included that
    the warehouse has yet to get. What is held back it has elsewhere so far."""
    found: dict[str, Counter[str]] = {}
    for each in live(outbound.order):
        if each is outbound or each.location != outbound.location:
            continue
        to_come = not (each.confirmed_revision or each.held_back)
        units = less(each.lines, each.fulfilled_lines) if to_come else _kept(each)
        found.setdefault(each.fulfillment_order, Counter()).update(units)
    return found


def _may_go_on(shop: Shop, outbound: OutboundOrder) -> bool:
    order = outbound.order
    if outbound.taking is not None:
        return not order.deleted
    over = order.deleted or outbound.archived or Facts.from_json(order.facts).cancelled
    wished = settings_of(shop).seller_cancellation == "cancel"
    return wished and not over and is_open(outbound)


def _carry_out(shop: Shop, claimed: Claim, task: _Task) -> None:
    client = shopify_for(shop, NORMAL)
    found = cancelling.read_open_units(client, task.order)
    if found is None and task.taking is None:
        atomically(lambda: _refused(claimed, OUT_OF_SIGHT, task.lines))
        return
    taking = task.taking or _written_down(client, claimed, task, found)
    if taking is None:
        return
    if found is None or not found.has_refund(taking["key"]):
        try:
            cancelling.take_off(client, taking["refund"], taking["key"])
        except Rejected as problem:
            words = problem.message
            if problem.code != NOT_POSSIBLE:
                raise
            atomically(lambda: _refused(claimed, words, taking["settles"]))
            return
    atomically(lambda: _taken(claimed))


def _written_down(
    client: Shopify, claimed: Claim, task: _Task, found: OpenUnits | None
) -> Mapping[str, Any] | None:
    """The refund to ask for, committed; None: Shopify asks for none of the units any more."""
    extra = _extra(task, found) if found and not found.cancelled else {}
    lines = {line: min(n, extra.get(line, 0)) for line, n in task.lines.items()}
    lines = {line: number for line, number in lines.items() if number}
    if not lines:
        atomically(lambda: _gone(claimed, task))
        return None
    now = dict(islice(lines.items(), LONGEST_ARRAY))
    later = lines.keys() - now.keys()
    settles = {line: number for line, number in task.lines.items() if line not in later}
    refund = cancelling.refund_for(client, task.order, now, task.location)
    taking = {"lines": now, "settles": settles, "refund": refund}
    return atomically(lambda: _write_down(claimed, task, taking))


def _extra(task: _Task, found: OpenUnits) -> dict[str, int]:
    """Units that Shopify asks for at the location, and that nobody is to ship."""
    there, kept = Counter[str](), Counter(task.keep)
    for part, units in found.by_location.get(task.location, {}).items():
        others = task.others.get(part, {})
        there.update(units)
        kept.update({line: min(n, others.get(line, 0)) for line, n in units.items()})
    return less(there, kept)


def _write_down(claimed: Claim, task: _Task, taking: Mapping[str, Any]) -> Mapping[str, Any]:
    renew(claimed)
    outbound = session().get_one(OutboundOrder, int(claimed.subject_id))
    order = outbound.order
    if order.fulfilling or order.fulfilled_seq != task.seq:
        raise TryLater(_BUSY, 0.5, counts=False)
    settings = settings_of(session().get_one(Shop, order.shop_id))
    refund = {**taking["refund"], "notify": settings.notify_customer}
    kept = {**taking, "key": str(uuid4()), "refund": refund}
    outbound.taking, order.fulfilling = kept, True
    return kept


def _taken(claimed: Claim) -> None:
    """Shopify has taken them off: what is known of the order is kept true without a read."""
    outbound = session().get_one(OutboundOrder, int(claimed.subject_id))
    taking: dict[str, Any] = outbound.taking or {}
    _settle(outbound, taking["settles"])
    order = outbound.order
    _take_from_facts(order, outbound, taking["lines"])
    _tell(outbound, _DONE.format(units=in_units(sum(taking["lines"].values()))), journal.INFO)
    archive.owe_if_wished(order)
    _end(claimed, outbound)


def _gone(claimed: Claim, task: _Task) -> None:
    outbound = session().get_one(OutboundOrder, int(claimed.subject_id))
    _settle(outbound, task.lines)
    _tell(outbound, _GONE, journal.INFO)
    archive.owe_if_wished(outbound.order)
    _end(claimed, outbound)


def _refused(claimed: Claim, words: str, lines: Mapping[str, int]) -> None:
    """Shopify's own no, or it does not show the order: a person does it."""
    outbound = session().get_one(OutboundOrder, int(claimed.subject_id))
    _settle(outbound, lines)
    _tell(outbound, _UNDONE.format(words=words), journal.WARNING)
    _end(claimed, outbound)


def _settle(outbound: OutboundOrder, lines: Mapping[str, int]) -> None:
    had = outbound.taken_lines
    sums = {line: had.get(line, 0) + lines.get(line, 0) for line in {*had, *lines}}
    outbound.taken_lines = sums


def _tell(outbound: OutboundOrder, message: str, level: str) -> None:
    order = outbound.order
    outbound.message = message
    if order.reason == WMS_CANCELLED:
        order.message = message
    journal.write(
        order.shop_id, "wms_cancelled", message, order=order, level=level, code=WMS_CANCELLED
    )


def _end(claimed: Claim, outbound: OutboundOrder) -> None:
    outbound.taking = None
    attempts.end_taking(outbound.order)
    if is_open(outbound):
        owe_taking_off(outbound)
    owe_order(outbound.order, Effect.READ)
    finish([claimed])


def _take_from_facts(order: Order, outbound: OutboundOrder, lines: Mapping[str, int]) -> None:
    facts, left = Facts.from_json(order.facts), dict(lines)
    parts = []
    for part in facts.parts:
        here = part.location == outbound.location
        taken = {line: min(left.get(line, 0), n) if here else 0 for line, n in part.lines.items()}
        for line, number in taken.items():
            left[line] = left.get(line, 0) - number
        rest = {line: n - taken[line] for line, n in part.lines.items()}
        parts.append(part.with_lines(rest) if any(taken.values()) else part)
    order.facts = facts.with_parts(parts).to_json()
