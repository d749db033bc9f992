"""Plans an order's outbound orders afresh, and says what the WMS should have of each."""

from dataclasses import dataclass, replace
from datetime import datetime

from app.db import session
from app.domain import documents
from app.domain.documents import Addressee, Document
from app.domain.plan import Known, Plan, Wanted, less, plan
from app.domain.settings import Settings
from app.domain.shop_order import OrderRead
from app.domain.states import ON_ITS_WAY, Event, State
from app.domain.tags import Vocabulary
from app.models import Connection, Order, OutboundOrder, Shop
from app.sync import sla, units_back
from app.sync.asking_back import is_too_late, let_go
from app.sync.capabilities import can
from app.sync.cash import carrier_of
from app.sync.engine import live, record
from app.sync.left_by_hand import with_what_left
from app.sync.on_the_way import has_all_left
from app.sync.outside import settings
from app.sync.revisions import sent_lines
from app.sync.settings_since import as_they_were
from app.sync.situations import is_on_its_way, situation_of
from app.sync.wanted_revisions import choose_revision

_AT_THE_WMS = ON_ITS_WAY | {State.ACCEPTED}


@dataclass(frozen=True, slots=True)
class Ready:
    """An outbound order with the document the WMS should have of it. ``on_hold``: the merchant
    holds it in Shopify, and the WMS has nothing of it yet."""

    outbound: OutboundOrder
    document: Document
    on_hold: bool


def replan(order: Order, read: OrderRead, shop: Shop, connection: Connection) -> list[Ready]:
    """Compare what Shopify wants fulfilled with the order's outbound orders, and bring these up to
    date. Returns those that should be at the WMS; none is held back by another. The caller commits.
    """
    at = situation_of(order, shop, connection)
    known = {outbound.id: outbound for outbound in live(order)}
    if at.facts.cancelled:
        return []
    found = plan(
        at.parts,
        with_what_left(read, at.facts, known, [_known(row) for row in known.values()]),
        at.warehouse_for,
        reopen=order.manual,
    )
    _let_go(order, found, known)
    outbounds = [(wanted, _row(order, wanted, known, connection)) for wanted in found.wanted]
    cod_on = carrier_of(order, [outbound for _, outbound in outbounds], read)
    content = _without_state_tags(read)
    alone, changed_at = can(connection, "sla"), shop.settings_changed_at
    return [
        ready
        for wanted, outbound in outbounds
        if (
            ready := _want(
                wanted, outbound, content, cod_on, at.settings, alone=alone, changed_at=changed_at
            )
        )
        is not None
    ]


def _without_state_tags(read: OrderRead) -> OrderRead:
    """The order as the merchant sees it: our own tags are no content."""
    ours = Vocabulary(settings().tag_prefix).state_tags(read.tags)
    return replace(read, tags=tuple(tag for tag in read.tags if tag not in ours))


def _known(outbound: OutboundOrder) -> Known:
    return Known(
        id=outbound.id,
        fulfillment_order=outbound.fulfillment_order,
        external_id=outbound.external_id,
        warehouse=outbound.warehouse,
        state=State(outbound.state),
        ever_accepted=outbound.confirmed_revision > 0,
        confirmed=dict(outbound.confirmed_lines),
        fulfilled=outbound.fulfilled_of_it,
        sent=sent_lines(outbound),
    )


def _let_go(order: Order, found: Plan, known: dict[int, OutboundOrder]) -> None:
    kept = {wanted.known.id for wanted in found.wanted if wanted.known}
    for outbound in known.values():
        outbound.held_back = outbound.held_back and outbound.id in kept
    waited_for = any(wanted.held_back for wanted in found.wanted)
    for gone in found.gone:
        outbound = known[gone.id]
        if has_all_left(outbound) and not waited_for:
            continue
        if is_on_its_way(outbound):
            outbound.cancel_wanted = True
        elif not is_too_late(outbound):
            why = "Shopify no longer asks for it: it was fulfilled, moved or merged there."
            let_go(order, outbound, why, unsent=Event.VANISHED)


def _row(
    order: Order, wanted: Wanted, known: dict[int, OutboundOrder], connection: Connection
) -> OutboundOrder:
    if wanted.known is not None:
        outbound = known[wanted.known.id]
        if outbound.state == State.SUPERSEDED:
            record(order, Event.WANTED_AGAIN, outbound=outbound)
        return outbound
    outbound = OutboundOrder(
        shop_id=order.shop_id,
        connection_id=connection.id,
        generation=connection.generation,
        fulfillment_order=wanted.fulfillment_order,
        external_id=wanted.external_id,
        state=State.PLANNED,
    )
    order.outbound_orders.append(outbound)
    session().flush()
    return outbound


def _want(
    wanted: Wanted,
    outbound: OutboundOrder,
    read: OrderRead,
    cod_on: str,
    rules_of: Settings,
    *,
    alone: bool,
    changed_at: datetime | None,
) -> Ready | None:
    """Set what the WMS should have of an outbound order. ``alone``: it takes another shipping time
    without a new revision. ``changed_at``: when the settings were changed last."""
    outbound.location, outbound.warehouse = wanted.location, wanted.warehouse
    outbound.lines, outbound.held_back = wanted.lines, wanted.held_back
    outbound.cancel_wanted = False
    document = documents.build(
        read,
        Addressee(
            wanted.external_id,
            wanted.fulfillment_order,
            wanted.warehouse,
            wanted.lines,
            cod_on,
        ),
        rules_of,
    )
    if not _is_no_news(document, outbound, read, alone=alone):
        former = as_they_were(document, outbound, rules_of.metadata, changed_at)
        document = former if _is_no_news(former, outbound, read, alone=alone) else document
    content = _content_to_send(document, outbound, read, alone=alone)
    nothing_left = _is_nothing_left(outbound, wanted.known)
    choose_revision(outbound, content, nothing_left=nothing_left)
    if nothing_left:
        units_back.ask_for_rest(outbound)
    if wanted.held_back and not wanted.reduces:
        return None
    return Ready(outbound, document, on_hold=_is_on_hold(outbound, read))


def _is_no_news(
    document: Document, outbound: OutboundOrder, read: OrderRead, *, alone: bool
) -> bool:
    """Whether the WMS has what a document says already."""
    core = documents.core_hash(document, read, ship_by_alone=alone)
    has_it = documents.is_reduced(read) and _has_all_but_money(outbound, core)
    return has_it or outbound.sent_hash in _contents(document, outbound, alone=alone)


def _contents(document: Document, outbound: OutboundOrder, *, alone: bool) -> list[str]:
    """The fingerprint of a document, and what it is but for a shipping time told by itself."""
    found = [documents.content_hash(document)]
    if alone and outbound.state in _AT_THE_WMS:
        former = {**document, "ship_by": documents.time_of(outbound.sent_ship_by)}
        found.append(documents.content_hash(former))
    return found


def _is_nothing_left(outbound: OutboundOrder, known: Known | None) -> bool:
    """Whether Shopify asks for nothing of it any more but what is fulfilled there."""
    return known is not None and outbound.lines == less(known.settled, {})


def _content_to_send(
    document: Document, outbound: OutboundOrder, read: OrderRead, *, alone: bool
) -> str:
    """The fingerprint of what a revision should carry: that of the one before if there is no news
    for the WMS."""
    content = _content_of(document, outbound, read, alone=alone)
    core = documents.core_hash(document, read, ship_by_alone=alone)
    has_it = documents.is_reduced(read) and _has_all_but_money(outbound, core)
    outbound.wanted_core = core
    if has_it:
        return outbound.wanted_hash
    if units_back.are_wanted_again(outbound, ship_by_alone=alone):
        return outbound.sent_hash
    return content


def _content_of(
    document: Document, outbound: OutboundOrder, read: OrderRead, *, alone: bool
) -> str:
    """The fingerprint of a document. Once sent, another shipping time makes none."""
    content, *former = _contents(document, outbound, alone=alone)
    part = next(p for p in read.fulfillment_orders if p.id == outbound.fulfillment_order)
    by = part.fulfill_by.replace(microsecond=0) if part.fulfill_by else None
    sla.seen_in_shopify(outbound, by, as_sent=content == outbound.sent_hash)
    return outbound.sent_hash if outbound.sent_hash in former else content


def _has_all_but_money(outbound: OutboundOrder, core: str) -> bool:
    """Whether the WMS has what is wanted, in just these quantities: units that it cancelled itself,
    and units that came back, are no news to it when Shopify gives their money back."""
    at_rest = outbound.wanted_revision == outbound.confirmed_revision > 0
    return at_rest and outbound.wanted_core == core and outbound.are_units_as_confirmed


def _is_on_hold(outbound: OutboundOrder, read: OrderRead) -> bool:
    part = next(p for p in read.fulfillment_orders if p.id == outbound.fulfillment_order)
    held = bool(part.holds) or part.status in ("ON_HOLD", "SCHEDULED")
    return held and not outbound.confirmed_revision
