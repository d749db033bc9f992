"""The fingerprint is the same from a read and from a webhook, and moves with what matters."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.shopify.content import content_hash_of_payload, content_hash_of_read
from app.shopify.values import (
    Address,
    Line,
    Money,
    OrderRead,
    ShippingLine,
    Totals,
)

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
ZONE = timezone(timedelta(hours=-5))
words = st.none() | st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
names = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
amounts = st.decimals(0, 99999, places=2).map(str)
addresses = st.none() | st.builds(Address, *[words] * 10)
moments = st.none() | st.integers(0, 2 * 10**9).map(lambda age: datetime.fromtimestamp(age, UTC))


def money(amount: str) -> Money:
    return Money(amount, "EUR")


@st.composite
def lines(draw: st.DrawFn) -> Line:
    sku = draw(words)
    return Line(
        id=f"gid://shopify/LineItem/{draw(st.integers(1, 10**14))}",
        name=draw(names),
        sku=sku or draw(words),
        own_sku=sku or None,
        variant_id=None,
        quantity=9,
        current_quantity=draw(st.integers(0, 9)),
        requires_shipping=draw(st.booleans()),
        is_gift_card=False,
        unit_price=money("1.0"),
        discount=money("0.0"),
        tax=money("0.0"),
    )


@st.composite
def orders(draw: st.DrawFn) -> OrderRead:
    zero = money("0.0")
    return OrderRead(
        id="gid://shopify/Order/1",
        name="#1001",
        created_at=NOW,
        updated_at=NOW,
        processed_at=NOW,
        cancelled_at=draw(moments),
        closed_at=None,
        test=False,
        tags=("wms-synced",),
        note=draw(words) or None,
        email=draw(words) or None,
        phone=draw(words) or None,
        custom_attributes=draw(st.dictionaries(names, words.map(lambda text: text or ""))),
        financial_status=draw(st.sampled_from([None, "paid", "pending"])),
        fulfillment_status="unfulfilled",
        gateway_names=(),
        source_name=None,
        risk="none",
        currency="EUR",
        presentment_currency="EUR",
        totals=Totals(zero, zero, zero, zero, money(draw(amounts))),
        outstanding=zero,
        payment_terms=None,
        customer=None,
        shipping_address=draw(addresses),
        billing_address=draw(addresses),
        shipping_line=draw(st.none() | st.builds(ShippingLine, words, words)),
        lines=tuple(draw(st.lists(lines(), max_size=5, unique_by=lambda line: line.id))),
        fulfillment_orders=(),
    )


def payload_of(order: OrderRead) -> dict[str, object]:
    """Return the order in the REST shape, written as another program would write it."""
    cancelled = order.cancelled_at
    shipping = order.shipping_line
    return {
        "id": 1,
        "tags": "anything",
        "financial_status": order.financial_status,
        "cancelled_at": cancelled.astimezone(ZONE).isoformat() if cancelled else None,
        "note": order.note or "",
        "email": order.email or "",
        "phone": order.phone,
        "note_attributes": [
            {"name": name, "value": value or None}
            for name, value in reversed(order.custom_attributes.items())
        ],
        "shipping_address": _address(order.shipping_address),
        "billing_address": _address(order.billing_address),
        "shipping_lines": [{"title": shipping.title or "", "code": shipping.code, "price": "5.00"}]
        if shipping
        else [],
        "current_total_price": f"{float(order.totals.total.amount):.3f}",
        "line_items": [
            {
                "id": int(line.id.rpartition("/")[2]),
                "quantity": line.quantity,
                "current_quantity": line.current_quantity,
                "sku": line.own_sku or "",
                "requires_shipping": line.requires_shipping,
            }
            for line in reversed(order.lines)
        ],
    }


def _address(address: Address | None) -> dict[str, object] | None:
    if address is None:
        return None
    return {name: getattr(address, name) or "" for name in Address.__dataclass_fields__} | {
        "country": "Italy"
    }


@given(orders())
def test_a_read_and_a_webhook_of_one_order_have_one_fingerprint(order):
    assert content_hash_of_read(order) == content_hash_of_payload(payload_of(order))


@given(orders())
def test_tags_and_times_are_not_content(order):
    other = replace(order, tags=(), updated_at=NOW + timedelta(days=1), risk="cancel")
    assert content_hash_of_read(order) == content_hash_of_read(other)


CHANGES = {
    "note": "Ring twice",
    "email": "someone@else.example",
    "phone": "+39 02 1234",
    "financial_status": "refunded",
    "cancelled_at": datetime(2099, 1, 1, tzinfo=UTC),
    "custom_attributes": {"gift": "a changed wish"},
    "shipping_address": Address(city="Elsewhere upon Tyne"),
    "billing_address": Address(city="Elsewhere upon Tyne"),
    "shipping_line": ShippingLine("overnight-by-owl", "Overnight"),
}


@pytest.mark.parametrize("field", CHANGES)
@given(order=orders())
def test_every_part_counts(field, order):
    assert content_hash_of_read(order) != content_hash_of_read(
        replace(order, **{field: CHANGES[field]})
    )


@pytest.mark.parametrize(
    "change",
    [
        {"id": "gid://shopify/LineItem/777"},
        {"current_quantity": 4},
        {"own_sku": "OTHER"},
        {"requires_shipping": False},
    ],
)
@given(order=orders())
def test_every_part_of_a_line_counts(change, order):
    line = Line(
        "gid://shopify/LineItem/5", "Shirt", "S", "S", None, 5, 5, True, False, *[money("1")] * 3
    )
    was, now = (replace(order, lines=(one,)) for one in (line, replace(line, **change)))
    assert content_hash_of_read(was) != content_hash_of_read(now)


def test_an_odd_body_has_a_fingerprint_too():
    odd = {"line_items": "none", "shipping_address": [], "current_total_price": "a lot", "note": 5}
    assert len(content_hash_of_payload(odd)) == 64
    assert len(content_hash_of_payload({})) == 64
