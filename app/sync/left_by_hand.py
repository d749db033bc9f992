"""Tells the plan what the WMS has shipped and somebody else than Tagdock fulfilled in Shopify."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.domain.by_hand import History, fulfilled_by_hand
from app.domain.facts import Facts
from app.domain.plan import Known
from app.domain.shop_order import OrderRead
from app.models import OutboundOrder
from app.sync.on_the_way import shipped_of_it
from app.sync.revisions import document_there


def with_what_left(
    read: OrderRead, facts: Facts, outbounds: Mapping[int, OutboundOrder], known: Sequence[Known]
) -> Sequence[Known]:
    """The same ``known``, which are these outbound orders, each with what was fulfilled of it by
    hand."""
    if not (facts.reopened or _is_begun(read)):
        return known
    histories = {row.id: _history(row, read) for row in outbounds.values()}
    by_hand = fulfilled_by_hand(read, known, histories, facts.reopened)
    return [replace(each, by_hand=by_hand[each.id]) for each in known]


def _history(outbound: OutboundOrder, read: OrderRead) -> History:
    shipped = shipped_of_it(outbound) if outbound.confirmed_lines else {}
    return History(shipped, outbound.fulfilled_lines, _grown(outbound, read))


def _grown(outbound: OutboundOrder, read: OrderRead) -> dict[str, int]:
    """By how much order lines have grown since the revision that the WMS has."""
    document = document_there(outbound)
    lines = document["lines"] if document else ()
    then = {line["line_id"]: line["order_line_quantity"] for line in lines}
    now = {line.id: line.current_quantity for line in read.lines}
    return {line: max(0, now.get(line, 0) - n) for line, n in then.items() if n}


def _is_begun(read: OrderRead) -> bool:
    lines = (line for part in read.fulfillment_orders for line in part.lines)
    return any(line.quantity_total > line.quantity_remaining for line in lines)
