"""The order document: as the connector API wants it, money verbatim, nothing invented."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from made_orders import PART, a_line, a_part, an_order, euro, line_id

from app.domain.documents import Addressee, Document, build, content_hash, is_cash_on_delivery
from app.domain.settings import Settings
from app.domain.shop_order import Address, Customer, Money, OrderRead, Totals

CONTRACT = Path(__file__).parents[2] / "docs" / "connector-api.yaml"
OTHER = "gid://shopify/FulfillmentOrder/2"
NOBODY = replace(
    an_order(),
    email=None,
    phone=None,
    note=None,
    customer=None,
    shipping_address=None,
    billing_address=None,
    shipping_line=None,
    problems=("customer", "shippingAddress", "billingAddress"),
)


@pytest.fixture(scope="module")
def contract() -> Any:
    """Checks an order document against the connector API."""
    components = yaml.safe_load(CONTRACT.read_text(encoding="utf-8"))["components"]
    schema = {"$ref": "#/components/schemas/Order", "components": components}
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)


def addressee(**changes: Any) -> Addressee:
    made = Addressee(PART, PART, "WH", {line_id(1): 2}, cod_on="")
    return replace(made, **changes)


def document(order: OrderRead, **changes: Any) -> Document:
    """The document as it is sent: through JSON, with a revision."""
    built = build(order, addressee(**changes), Settings())
    return json.loads(json.dumps({**built, "revision": 1}))


def with_method(method: str) -> OrderRead:
    return an_order(fulfillment_orders=(a_part(method=method),))


def many_lines(count: int) -> OrderRead:
    return an_order(
        lines=tuple(a_line(number) for number in range(1, count + 1)),
        fulfillment_orders=(a_part(quantities=dict.fromkeys(range(1, count + 1), 2)),),
    )


COD = an_order(
    financial_status="pending",
    gateway_names=("Cash on Delivery (COD)",),
    outstanding=euro("82.60"),
)


@pytest.mark.parametrize(
    "order",
    [
        pytest.param(an_order(), id="plain"),
        pytest.param(with_method("PICK_UP"), id="pick-up"),
        pytest.param(with_method("LOCAL"), id="local delivery"),
        pytest.param(with_method("PICKUP_POINT"), id="pick-up point"),
        pytest.param(COD, id="cash on delivery"),
        pytest.param(an_order(payment_terms="NET_30", financial_status="pending"), id="terms"),
        pytest.param(NOBODY, id="no people"),
        pytest.param(replace(NOBODY, customer=Customer(None, None, None)), id="hidden customer"),
        pytest.param(an_order(shipping_address=Address()), id="hidden address"),
        pytest.param(an_order(note="ж" * 5000), id="long note"),
        pytest.param(an_order(note='🧵\u202e\u0000 "quoted"\\\n'), id="odd note"),
        pytest.param(an_order(lines=(a_line(name="Ōsaka 箱 “L”", sku="Ø-1"),)), id="unicode"),
        pytest.param(an_order(lines=(a_line(bundle="Gift box"),)), id="bundle"),
        pytest.param(an_order(lines=(a_line(current_quantity=0),)), id="line refunded"),
        pytest.param(an_order(gateway_names=()), id="no gateway"),
        pytest.param(an_order(financial_status=None), id="no status"),
    ],
)
def test_every_kind_of_order_is_a_document_of_the_contract(order: OrderRead, contract: Any) -> None:
    contract.validate(document(order))


def test_thirty_lines_stand_in_their_order(contract: Any) -> None:
    made = document(many_lines(30), lines={line_id(n): 1 for n in range(1, 31)})
    contract.validate(made)
    assert [line["line_id"] for line in made["lines"]] == [line_id(n) for n in range(1, 31)]
    assert {line["quantity"] for line in made["lines"]} == {1}
    assert {line["order_line_quantity"] for line in made["lines"]} == {2}


def test_the_whole_document() -> None:
    made = document(an_order(note="Ring twice"))
    home = {
        "name": "Zoë Müller-Ōta",
        "company": "Straßenküche GmbH",
        "address1": "Via Larga 1",
        "address2": "Scala B",
        "city": "Milano",
        "province": "Milano",
        "province_code": "MI",
        "zip": "20122",
        "country_code": "IT",
        "phone": "+390212345",
    }
    assert made == {
        "external_id": PART,
        "revision": 1,
        "order_ref": "gid://shopify/Order/9",
        "number": "#1001",
        "placed_at": "2026-11-20T10:00:00Z",
        "warehouse": "WH",
        "method": "delivery",
        "shipping_method": {"code": "express", "title": "Express"},
        "payment": {
            "kind": "prepaid",
            "paid": True,
            "gateway": "shopify_payments",
            "cod_amount": None,
            "cod_on": None,
        },
        "defaults": {},
        "hold": False,
        "ship_by": None,
        "note": "Ring twice",
        "customer": {
            "name": "Zoë Müller-Ōta",
            "email": "zoe@example.com",
            "phone": "+390298765",
        },
        "ship_to": home,
        "bill_to": home,
        "order_totals": {
            "subtotal": {"amount": "75.70", "currency": "EUR"},
            "shipping": {"amount": "6.90", "currency": "EUR"},
            "tax": {"amount": "13.65", "currency": "EUR"},
            "discount": {"amount": "0.00", "currency": "EUR"},
            "total": {"amount": "82.60", "currency": "EUR"},
        },
        "lines": [
            {
                "line_id": line_id(1),
                "sku": "TS-1",
                "inventory_item_id": "gid://shopify/InventoryItem/1",
                "name": "Shirt 1",
                "quantity": 2,
                "order_line_quantity": 2,
                "unit_price": {"amount": "37.85", "currency": "EUR"},
                "discount": {"amount": "0.00", "currency": "EUR"},
                "tax": {"amount": "13.65", "currency": "EUR"},
                "parent": None,
            }
        ],
        "metadata": {},
    }


@pytest.mark.parametrize(
    ("shopify", "expected"),
    [
        ("SHIPPING", "delivery"),
        ("PICK_UP", "pickup"),
        ("RETAIL", "pickup"),
        ("LOCAL", "local_delivery"),
        ("PICKUP_POINT", "pickup_point"),
        ("SOMETHING_NEW", "delivery"),
    ],
)
def test_the_method_is_the_fulfillment_orders(shopify: str, expected: str) -> None:
    assert document(with_method(shopify))["method"] == expected


def test_each_document_has_its_own_fulfillment_orders_method_and_stock() -> None:
    order = an_order(
        lines=(a_line(1), a_line(2)),
        fulfillment_orders=(a_part(), a_part(OTHER, {2: 2}, method="PICK_UP")),
    )
    made = document(order, fulfillment_order=OTHER, external_id=OTHER, lines={line_id(2): 2})
    assert made["method"] == "pickup"
    assert [line["inventory_item_id"] for line in made["lines"]] == [
        "gid://shopify/InventoryItem/2"
    ]


@pytest.mark.parametrize(
    ("changes", "kind", "paid"),
    [
        ({}, "prepaid", True),
        ({"financial_status": "pending"}, "prepaid", False),
        ({"financial_status": "partially_paid"}, "prepaid", False),
        ({"payment_terms": "NET_30", "financial_status": "pending"}, "on_account", False),
        ({"payment_terms": "NET_30"}, "on_account", True),
        ({"gateway_names": ("cash_on_delivery",), "financial_status": "pending"}, "cod", False),
        ({"gateway_names": ("COD",), "financial_status": "partially_paid"}, "cod", False),
        ({"gateway_names": ("cash_on_delivery",)}, "prepaid", True),
    ],
)
def test_how_it_is_paid(changes: dict[str, Any], kind: str, paid: bool) -> None:
    payment = document(an_order(**changes), cod_on=PART)["payment"]
    assert (payment["kind"], payment["paid"]) == (kind, paid)


@pytest.mark.parametrize(
    ("gateway", "expected"),
    [
        ("Cash on Delivery (COD)", True),
        ("cash_on_delivery", True),
        ("Cash-On-Delivery", True),
        ("COD", True),
        ("Contrassegno", True),
        ("my_cod", True),
        ("shopify_payments", False),
        ("Codisto Marketplace", False),
        ("Barcode Pay", False),
        ("", False),
    ],
)
def test_which_gateways_collect_at_the_door(gateway: str, expected: bool) -> None:
    order = an_order(financial_status="pending", gateway_names=(gateway,))
    assert is_cash_on_delivery(order) is expected


def test_the_amount_to_collect_stands_on_exactly_one_document(contract: Any) -> None:
    gids = [PART, OTHER, "gid://shopify/FulfillmentOrder/3"]
    made = [
        document(COD, external_id=gid, fulfillment_order=gid, cod_on=OTHER)["payment"]
        for gid in gids
    ]
    assert [payment["cod_amount"] for payment in made] == [
        None,
        {"amount": "82.60", "currency": "EUR"},
        None,
    ]
    assert [payment["cod_on"] for payment in made] == [OTHER, None, OTHER]
    assert {payment["kind"] for payment in made} == {"cod"}


def test_without_cash_on_delivery_nobody_collects() -> None:
    payment = document(an_order(), cod_on=PART)["payment"]
    assert (payment["cod_amount"], payment["cod_on"]) == (None, None)


amounts = st.decimals(-(10**9), 10**9, allow_nan=False, allow_infinity=False, places=3).map(str)
monies = st.builds(Money, amounts, st.sampled_from(["EUR", "JPY", "KWD", "USD"]))


@given(st.lists(monies, min_size=9, max_size=9), st.integers(1, 5), st.integers(5, 9))
def test_money_is_copied_to_the_letter(sums: list[Money], wanted: int, whole: int) -> None:
    order = an_order(
        totals=Totals(*sums[:5]),
        outstanding=sums[5],
        lines=(a_line(current_quantity=whole, unit_price=sums[6], discount=sums[7], tax=sums[8]),),
        financial_status="pending",
        gateway_names=("COD",),
    )
    made = document(order, lines={line_id(1): wanted}, cod_on=PART)
    (line,) = made["lines"]
    copied = [
        *made["order_totals"].values(),
        made["payment"]["cod_amount"],
        *(line[name] for name in ("unit_price", "discount", "tax")),
    ]
    assert [(money["amount"], money["currency"]) for money in copied] == [
        (money.amount, money.currency) for money in sums
    ]
    assert (line["quantity"], line["order_line_quantity"]) == (wanted, whole)


def test_hidden_people_are_empty_not_invented() -> None:
    made = document(replace(NOBODY, customer=Customer(None, None, None)))
    assert made["customer"] == {"name": "", "email": "", "phone": ""}
    assert made["ship_to"] == made["bill_to"] == {}
    assert made["shipping_method"] == {"code": "", "title": ""}
    assert made["note"] == ""
    hidden = document(an_order(shipping_address=Address(country_code="IT")))["ship_to"]
    assert {key for key, value in hidden.items() if value} == {"country_code"}


def test_the_orders_own_contact_comes_before_the_customers() -> None:
    made = document(an_order(email="order@example.com", phone="1"))["customer"]
    assert (made["email"], made["phone"]) == ("order@example.com", "1")
    made = document(an_order(email=None, phone=None))["customer"]
    assert (made["email"], made["phone"]) == ("zoe@example.com", "+390298765")


def test_times_are_utc() -> None:
    rome = timezone(timedelta(hours=1))
    order = an_order(
        processed_at=datetime(2026, 11, 20, 11, 0, tzinfo=rome),
        fulfillment_orders=(a_part(fulfill_by=datetime(2026, 11, 22, 1, 0, tzinfo=rome)),),
    )
    made = document(order)
    assert made["placed_at"] == "2026-11-20T10:00:00Z"
    assert made["ship_by"] == "2026-11-22T00:00:00Z"


def test_long_text_arrives_whole() -> None:
    assert document(an_order(note="箱" * 5000))["note"] == "箱" * 5000


def test_only_what_is_wanted_is_asked_for() -> None:
    order = an_order(lines=(a_line(1), a_line(2), a_line(3, is_gift_card=True)))
    made = document(order, lines={line_id(1): 0, line_id(2): 1, line_id(3): 1})
    assert [line["line_id"] for line in made["lines"]] == [line_id(2)]


def test_the_hash_is_blind_to_the_revision_and_to_the_order_of_keys() -> None:
    made = build(an_order(), addressee(), Settings())
    backwards = dict(reversed(made.items()))
    assert content_hash({**made, "revision": 1}) == content_hash({**backwards, "revision": 7})
    assert content_hash(made) == content_hash(json.loads(json.dumps(made)))
    assert len(content_hash(made)) == 64


def test_the_hash_is_the_same_in_every_process() -> None:
    assert content_hash({"note": "Ōsaka", "lines": [{"quantity": 1}], "revision": 3}) == (
        "01b74db4b3648ace22e7ec1014fff4e1fde49f1d56e13660a55fc1594c0c25e0"
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"note": "other"},
        {"financial_status": "pending"},
        {"name": "#1002"},
        {"lines": (a_line(sku="TS-2"),)},
        {"outstanding": euro("1.00"), "gateway_names": ("cod",), "financial_status": "pending"},
        {"shipping_address": Address(address1="Elsewhere", country_code="IT")},
        {"processed_at": datetime(2026, 11, 21, tzinfo=UTC)},
    ],
)
def test_other_content_has_another_hash(changes: dict[str, Any]) -> None:
    first, second = (
        build(an_order(), addressee(), Settings()),
        build(an_order(**changes), addressee(), Settings()),
    )
    assert content_hash(first) != content_hash(second)


@pytest.mark.parametrize(
    "changes",
    [
        {"tags": ("wms-synced",)},
        {"updated_at": datetime(2026, 11, 21, tzinfo=UTC)},
        {"fulfillment_status": "partial"},
        {"risk": "investigate"},
    ],
)
def test_what_a_warehouse_does_not_see_leaves_the_hash_alone(changes: dict[str, Any]) -> None:
    first, second = (
        build(an_order(), addressee(), Settings()),
        build(an_order(**changes), addressee(), Settings()),
    )
    assert content_hash(first) == content_hash(second)


def test_defaults_and_mapped_metadata_are_in_the_document() -> None:
    order = an_order(
        note="Ring twice",
        presentment_currency="USD",
        tags=("vip", "gift"),
        custom_attributes={"wrap": "red", "empty": ""},
        metafields={"custom.slot": "AM"},
    )
    chosen = Settings(
        defaults={"payment_terms": "30D", "hold_code": ""},
        metadata={
            "id": "order_id",
            "number": "order_number",
            "remark": "note",
            "labels": "tags",
            "carrier": "shipping_method",
            "carrier_code": "shipping_code",
            "channel": "source_name",
            "money": "currency",
            "buyers_money": "presentment_currency",
            "wrapping": "attribute:wrap",
            "nothing": "attribute:empty",
            "slot": "metafield:custom.slot",
            "none": "metafield:custom.other",
            "is_vip": "tag:VIP",
            "is_new": "tag:new",
        },
    )
    made = build(order, addressee(), chosen)
    assert made["defaults"] == {"payment_terms": "30D"}
    assert made["metadata"] == {
        "id": "9",
        "number": "#1001",
        "remark": "Ring twice",
        "labels": "vip, gift",
        "carrier": "Express",
        "carrier_code": "express",
        "channel": "web",
        "money": "EUR",
        "buyers_money": "USD",
        "wrapping": "red",
        "slot": "AM",
        "is_vip": "yes",
    }
