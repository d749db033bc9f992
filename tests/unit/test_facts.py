"""What is kept of an order: it survives the database, and holds no personal data."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_orders import HOME, PLACED, a_line, a_part, an_order, line_id

from app.domain.facts import LIVE_STATUSES, Facts, LineFacts, PartFacts, facts_of
from app.domain.settings import FIELDS

texts = st.text(max_size=20)
facts = st.builds(
    Facts,
    financial_status=texts,
    risk=texts,
    test=st.booleans(),
    cancelled=st.booleans(),
    closed=st.booleans(),
    method=texts,
    shipping_title=texts,
    source_name=texts,
    cash_on_delivery=st.booleans(),
    on_account=st.booleans(),
    present=st.lists(texts, max_size=3),
    concealed=st.lists(texts, max_size=3),
    lines=st.lists(
        st.builds(
            LineFacts,
            id=texts,
            name=texts,
            sku=texts,
            gift_card=st.booleans(),
            requires_shipping=st.booleans(),
        ),
        max_size=3,
    ),
    parts=st.lists(
        st.builds(
            PartFacts,
            id=texts,
            status=st.sampled_from([*LIVE_STATUSES, "CLOSED", "CANCELLED"]),
            location=texts,
            location_name=texts,
            method=texts,
            holds=st.lists(texts, max_size=2),
            lines=st.dictionaries(texts, st.integers(0, 9), max_size=3),
        ),
        max_size=3,
    ),
)


@given(facts)
def test_facts_survive_the_database(kept: Facts) -> None:
    assert Facts.from_json(json.loads(json.dumps(kept.to_json()))) == kept


def test_an_order_never_read_has_empty_facts() -> None:
    assert Facts.from_json({}) == Facts()
    assert Facts().live_parts == []
    assert Facts().shipped_lines == []


def test_what_is_kept_of_a_read() -> None:
    order = an_order(
        test=True,
        closed_at=PLACED,
        lines=(a_line(1, sku=" TS-1 "), a_line(2, sku=None)),
        fulfillment_orders=(a_part(quantities={1: 2}, holds=("Fraud",)),),
        problems=("customer",),
    )
    found = facts_of(order)
    assert (found.financial_status, found.risk, found.shipping_title) == (
        "paid",
        "accept",
        "Express",
    )
    assert (found.test, found.cancelled, found.closed) == (True, False, True)
    assert [line.sku for line in found.lines] == ["TS-1", ""]
    assert found.parts[0].lines == {line_id(1): 2}
    assert found.parts[0].holds == ["Fraud"]
    assert found.concealed == ["customer"]
    assert "shipping_address" in found.present
    assert [line.id for line in found.shipped_lines] == [line_id(1)]


def test_which_fields_somebody_entered() -> None:
    bare = an_order(
        shipping_address=None, billing_address=None, customer=None, email=None, phone=None
    )
    assert facts_of(bare).present == []
    full = an_order(note="Ring", phone="+39021", custom_attributes={"gift": "yes", "empty": ""})
    assert set(facts_of(full).present) == {*FIELDS, "attribute:gift"}


def test_facts_of_an_older_version_are_read() -> None:
    assert Facts.from_json({"risk": "accept", "missing": ["zip"]}) == Facts(risk="accept")


def test_no_personal_data_is_kept() -> None:
    order = an_order(note="Ring at Rossi's", phone="+39021")
    kept = json.dumps(facts_of(order).to_json(), ensure_ascii=False)
    people = [HOME.name, HOME.address1, HOME.zip, HOME.phone, order.email, order.note, order.phone]
    assert [each for each in people if each and each in kept] == []


@pytest.mark.parametrize(
    ("changes", "live"),
    [
        ({}, True),
        ({"status": "IN_PROGRESS"}, True),
        ({"status": "ON_HOLD"}, True),
        ({"status": "SCHEDULED"}, True),
        ({"status": "CLOSED"}, False),
        ({"status": "CANCELLED"}, False),
        ({"status": "INCOMPLETE"}, False),
        ({"method": "NONE"}, False),
        ({"quantities": {1: 0}}, False),
        ({"quantities": {}}, False),
    ],
)
def test_which_fulfillment_orders_have_something_to_ship(
    changes: dict[str, Any], live: bool
) -> None:
    (part,) = facts_of(an_order(fulfillment_orders=(a_part(**changes),))).parts
    assert part.live is live


def test_the_method_is_that_of_what_is_still_to_ship() -> None:
    parts = (
        a_part(status="CLOSED", method="PICK_UP"),
        a_part("gid://shopify/FulfillmentOrder/2", method="LOCAL"),
    )
    assert facts_of(an_order(fulfillment_orders=parts)).method == "LOCAL"
    assert facts_of(an_order(fulfillment_orders=())).method == ""


def test_a_fulfillment_order_without_a_location_is_kept() -> None:
    part = a_part(location_id=None, location_name="")
    assert facts_of(an_order(fulfillment_orders=(part,))).parts[0].location == ""
