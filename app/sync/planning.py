"""Plans an order's outbound orders afresh, and says what the WMS should have of each."""

from dataclasses import dataclass, replace

from app.db import session
from app.domain import documents
from app.domain.documents import Addressee, Document
from app.domain.facts import is_cash_on_delivery
from app.domain.plan import Known, Plan, Wanted, plan
from app.domain.settings import Settings
from app.domain.shop_order import OrderRead
from app.domain.states import Event, State
from app.domain.tags import Vocabulary
from app.models import Connection, Order, OutboundOrder, Revision, Shop
from app.sync import journal
from app.sync.engine import live, record
from app.sync.outside import settings
from app.sync.situations import situation_of

# A cancellation the WMS answered so is not asked again: a person decides.
TOO_LATE = "too-late"


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
        [_known(outbound) for outbound in known.values()],
        at.warehouse_for,
        reopen=order.manual,
    )
    _let_go(order, found, known)
    outbounds = [(wanted, _row(order, wanted, known, connection)) for wanted in found.wanted]
    cod_on = _cod_carrier(outbounds, read)
    content = _without_state_tags(read)
    return [
        ready
        for wanted, outbound in outbounds
        if (ready := _want(wanted, outbound, content, cod_on, at.settings)) is not None
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
        fulfilled=dict(outbound.fulfilled_lines),
        sent=sent_lines(outbound),
    )


def sent_lines(outbound: OutboundOrder) -> dict[str, int] | None:
    """What the revision sent last asks for; None when none was."""
    if not outbound.sent_revision:
        return None
    frozen = session().get(Revision, (outbound.id, outbound.sent_revision))
    return lines_of(frozen.document) if frozen else None


def lines_of(document: Document) -> dict[str, int]:
    """The quantities a document asks for, by order line."""
    return {line["line_id"]: line["quantity"] for line in document["lines"]}


def _let_go(order: Order, found: Plan, known: dict[int, OutboundOrder]) -> None:
    for gone in found.gone:
        outbound = known[gone.id]
        if outbound.state in (State.SENDING, State.AWAITING):
            outbound.cancel_wanted = True
        elif not is_too_late(outbound):
            why = "Shopify no longer asks for it: it was fulfilled, moved or merged there."
            let_go(order, outbound, why, unsent=Event.VANISHED)


def let_go(order: Order, outbound: OutboundOrder, why: str, *, unsent: Event) -> None:
    """Ask an outbound order back from the WMS, or drop it (event ``unsent``) when it never got
    there. The caller commits."""
    known_there = bool(outbound.confirmed_revision)
    before = outbound.state
    record(order, Event.CANCELLED if known_there else unsent, outbound=outbound)
    if known_there and outbound.state != before:
        journal.write(
            order.shop_id, "asked_back", f"{why} The warehouse is asked to cancel it.", order=order
        )


def _row(
    order: Order, wanted: Wanted, known: dict[int, OutboundOrder], connection: Connection
) -> OutboundOrder:
    if wanted.known is not None:
        return known[wanted.known.id]
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


def _cod_carrier(outbounds: list[tuple[Wanted, OutboundOrder]], read: OrderRead) -> str:
    """The external id of the one outbound order that carries the cash on delivery; it never
    changes once chosen."""
    rows = [outbound for _, outbound in outbounds]
    if not rows or not is_cash_on_delivery(read):
        return ""
    carrier = next((row for row in rows if row.carries_cod), rows[0])
    carrier.carries_cod = True
    return carrier.external_id


def _want(
    wanted: Wanted, outbound: OutboundOrder, read: OrderRead, cod_on: str, rules_of: Settings
) -> Ready | None:
    """Set what the WMS should have of an outbound order."""
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
    content = documents.content_hash(document)
    if outbound.wanted_hash != content or not outbound.wanted_revision:
        outbound.wanted_hash = content
        outbound.wanted_revision = _revision_for(outbound, content)
        outbound.tries = 0
    if outbound.confirmed_revision and not outbound.confirmed_lines:
        # Cancelled at the WMS: only a higher revision opens it again.
        outbound.wanted_revision = max(outbound.wanted_revision, outbound.sent_revision + 1)
    if wanted.held_back and not wanted.reduces:
        return None
    return Ready(outbound, document, on_hold=_is_on_hold(outbound, read))


def _is_on_hold(outbound: OutboundOrder, read: OrderRead) -> bool:
    part = next(p for p in read.fulfillment_orders if p.id == outbound.fulfillment_order)
    held = bool(part.holds) or part.status in ("ON_HOLD", "SCHEDULED")
    return held and not outbound.confirmed_revision


def _revision_for(outbound: OutboundOrder, content: str) -> int:
    """The revision of the last attempt while the content is the same, else the one after it."""
    same = outbound.sent_revision and outbound.sent_hash == content
    return outbound.sent_revision if same else outbound.sent_revision + 1


def is_too_late(outbound: OutboundOrder) -> bool:
    """Whether the WMS has said that it is too late to cancel it: a person decides."""
    return outbound.state == State.REJECTED and outbound.reason == TOO_LATE
