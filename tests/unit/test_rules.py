"""The gates: each alone, in their order, in sentences, and what a manual send overrides."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from made_orders import LOCATION, PLACED, a_line, a_part, an_order, line_id

from app.domain.facts import Facts, facts_of
from app.domain.rules import (
    GATES,
    as_json,
    closed,
    importable,
    makes_error,
    opens_at,
    unsendable,
    verdicts,
)
from app.domain.settings import Settings
from app.domain.shop_order import OrderRead
from app.domain.situation import ROUTING_TAKES, Situation
from app.web.sentences import translated

ORDER_OF_GATES = """
connection tracked automatic kind risk paid cooloff edited age routed shippable location hold
reshipped fields sku accepted
"""


def situation(order: OrderRead | None = None, **changes: Any) -> Situation:
    """An order that may go, but for the changes."""
    rules = {name: changes.pop(name) for name in list(changes) if name in Settings.model_fields}
    made = Situation(
        facts=facts_of(order or an_order()),
        settings=Settings(**rules),
        now=PLACED + timedelta(minutes=5),
        first_seen_at=PLACED,
        placed_at=PLACED,
        default_warehouse="WH",
    )
    return replace(made, **changes)


def part_with(**changes: Any) -> OrderRead:
    return an_order(fulfillment_orders=(a_part(**changes),))


OTHER_LOCATION = "gid://shopify/Location/8"
NO_SKU = an_order(lines=(a_line(sku=None, own_sku=None, name="Mystery box"),))
NO_ADDRESS = an_order(shipping_address=None)
HIDDEN = an_order(shipping_address=None, problems=("shippingAddress", "customer"))
# An order that fails one gate, and the words it is told in.
FAILING = {
    "connection": (situation(connected=False), "No warehouse is connected."),
    "tracked": (situation(tracked=False), "This order is not in automation."),
    "automatic": (situation(automatic=False), "Automatic processes are off."),
    "kind: cancelled": (situation(an_order(cancelled_at=PLACED)), "The order is cancelled."),
    "kind: refunded": (
        situation(an_order(financial_status="refunded")),
        "The order is fully refunded.",
    ),
    "kind: test": (situation(an_order(test=True)), "This is a test order."),
    "age": (situation(hidden=True), "older than 60 days"),
    "routed": (
        situation(an_order(fulfillment_orders=()), now=PLACED + timedelta(seconds=1)),
        "not yet decided",
    ),
    "shippable: all done": (situation(part_with(quantities={1: 0})), "nothing left to ship"),
    "shippable: closed": (situation(part_with(status="CLOSED")), "nothing left to ship"),
    "shippable: digital": (situation(part_with(method="NONE")), "nothing left to ship"),
    "shippable: never routed": (
        situation(an_order(fulfillment_orders=())),
        "nothing left to ship",
    ),
    "location: don't send": (
        situation(locations={LOCATION: None}),
        "What is fulfilled from Milano is not sent to the warehouse.",
    ),
    "location: a third party's": (
        situation(shop_locations=frozenset({OTHER_LOCATION})),
        "What is fulfilled from Milano is not sent to the warehouse.",
    ),
    "location: not mapped": (
        situation(locations={OTHER_LOCATION: "WH"}),
        "The location Milano is not mapped to a warehouse.",
    ),
    "risk": (situation(an_order(risk="cancel")), "a high fraud risk"),
    "risk: not rated": (situation(an_order(risk="none")), "not rated the fraud risk yet"),
    "paid": (situation(an_order(financial_status="pending"), require_payment=True), "Not paid"),
    "cooloff": (situation(cool_off_minutes=30), "It waits until 2026-11-20 10:30 UTC"),
    "edited": (situation(sent=True, edited=True, after_edit="notice"), "edited after it was sent"),
    "reshipped": (situation(returned=True), "A fulfillment was cancelled in Shopify."),
    "kind: voided": (situation(an_order(financial_status="voided")), "fully refunded"),
    "fields: billing": (
        situation(an_order(billing_address=None), required_fields=["billing_address"]),
        "The billing address is missing. Enter it in Shopify.",
    ),
    "fields: an attribute": (
        situation(required_fields=["attribute:gift_card_text"]),
        "The gift card text is missing.",
    ),
    "fields: a default value": (
        situation(required_defaults=(("terms", "Payment terms"), ("division", "Division"))),
        "The warehouse requires a default value: Payment terms, Division. Enter it in Settings.",
    ),
    "fields: e-mail hidden": (
        situation(
            an_order(email=None, customer=None, problems=("customer",)), required_fields=["email"]
        ),
        "Shopify hides the email from this app.",
    ),
    "location: no warehouse": (situation(default_warehouse=""), "not mapped"),
    "hold": (
        situation(part_with(status="ON_HOLD", holds=("Inventory out of stock",))),
        "Fulfilment is on hold in Shopify: Inventory out of stock.",
    ),
    "hold: without a reason": (
        situation(part_with(status="ON_HOLD")),
        "Fulfilment is on hold in Shopify.",
    ),
    "hold: scheduled": (situation(part_with(status="SCHEDULED")), "scheduled for later"),
    "fields": (situation(NO_ADDRESS), "The shipping address is missing."),
    "fields: hidden": (situation(HIDDEN), "Shopify hides the shipping address"),
    "sku": (situation(NO_SKU), "No SKU: Mystery box."),
    "sku: blank": (situation(an_order(lines=(a_line(sku="  "),))), "No SKU: Shirt 1."),
    "accepted": (
        situation(refused="The warehouse doesn't know SKU TS-1. Add it there."),
        "The warehouse doesn't know SKU TS-1.",
    ),
}


WAITING = {"risk: not rated", "location: not mapped", "location: no warehouse"}


def failed(at: Situation) -> list[str]:
    return [verdict.gate for verdict in verdicts(at) if not verdict.ok]


def gate_of(case: str) -> str:
    return case.split(":", maxsplit=1)[0]


def test_an_ordinary_order_may_go() -> None:
    at = situation()
    assert failed(at) == []
    assert closed(at) is None
    assert importable(at)
    assert all((v.message, v.fix) == ("", "") for v in verdicts(at))


@pytest.mark.parametrize("case", FAILING)
def test_an_order_that_fails_only_this_gate(case: str) -> None:
    at, words = FAILING[case]
    assert failed(at) == [gate_of(case)]
    (verdict,) = [v for v in verdicts(at) if not v.ok]
    assert words in verdict.message


def test_every_gate_has_an_order_that_fails_it() -> None:
    assert {gate_of(case) for case in FAILING} == {gate.name for gate in GATES}


@pytest.mark.parametrize("case", [case for case in FAILING if case != "accepted"])
def test_a_closed_gate_forbids_sending(case: str) -> None:
    at, _ = FAILING[case]
    verdict = closed(at)
    assert verdict is not None
    assert verdict.gate == gate_of(case)


def test_a_refusal_informs_but_does_not_forbid_the_next_try() -> None:
    at, _ = FAILING["accepted"]
    assert closed(at) is None
    assert failed(at) == ["accepted"]


def test_gates_stand_in_their_order() -> None:
    assert [gate.name for gate in GATES] == [
        name for name in ORDER_OF_GATES.split() if name in {gate.name for gate in GATES}
    ]
    assert [verdict.gate for verdict in verdicts(situation())] == [gate.name for gate in GATES]


def test_the_first_closed_gate_is_told() -> None:
    at = situation(NO_SKU, connected=False, automatic=False, hidden=True)
    names = failed(at)
    assert names == ["connection", "automatic", "age", "sku"]
    verdict = closed(at)
    assert verdict is not None
    assert verdict.gate == "connection"
    assert closed(replace(at, connected=True, automatic=True)) is not None


# What a person's own send overrides: these alone, of the gates there are.
OVERRIDDEN = {"tracked", "automatic", "cooloff", "edited", "risk", "reshipped"}


@pytest.mark.parametrize("case", FAILING)
def test_a_manual_send_overrides_only_some_gates(case: str) -> None:
    at, _ = FAILING[case]
    manual = replace(at, manual=True)
    goes = gate_of(case) in OVERRIDDEN or case in ("kind: test", "accepted")
    assert (closed(manual) is None) is goes


@pytest.mark.parametrize("gate", GATES, ids=lambda gate: gate.name)
def test_the_gates_marked_so_are_those_a_person_overrides(gate: Any) -> None:
    assert gate.manual_overrides == (gate.name in OVERRIDDEN)


def test_an_overridden_gate_says_so() -> None:
    found = {v.gate: v for v in verdicts(situation(automatic=False, manual=True))}
    assert found["automatic"].ok
    assert found["automatic"].overridden
    assert not found["tracked"].overridden


@pytest.mark.parametrize("case", FAILING)
def test_reasons_are_sentences_for_people(case: str) -> None:
    at, _ = FAILING[case]
    (verdict,) = [v for v in verdicts(at) if not v.ok]
    assert verdict.message[0].isupper()
    assert verdict.message.endswith(".")
    assert "  " not in verdict.message
    assert not re.search(r"\b[45]\d\d\b|HTTP|None|null|webhook|gid://", verdict.message)


@pytest.mark.parametrize("case", FAILING)
def test_each_closed_gate_names_its_remedy(case: str) -> None:
    at, _ = FAILING[case]
    (verdict,) = [v for v in verdicts(at) if not v.ok]
    nobody_can = {"routed", "shippable", "paid"}
    assert bool(verdict.fix) == (verdict.gate not in nobody_can)


def test_an_edit_that_cannot_be_told_is_mended_by_no_sending() -> None:
    untold = situation(sent=True, edited=True, untold=True)
    (verdict,) = [v for v in verdicts(untold) if not v.ok]
    assert (verdict.gate, verdict.fix) == ("edited", "")
    assert "tell the warehouse yourself" in verdict.message
    assert translated(verdict.message, "it") != verdict.message
    assert closed(replace(untold, manual=True)) is None, "what else there is to send may go"


def test_missing_default_values_are_told_after_missing_fields() -> None:
    lacking = situation(NO_ADDRESS, required_defaults=(("terms", "Payment terms"),))
    found = {verdict.gate: verdict for verdict in verdicts(lacking)}["fields"]
    assert found.message.startswith("The shipping address is missing.")
    assert found.message.endswith("a default value: Payment terms. Enter it in Settings.")
    assert found.fix == "order"
    assert "Manca l'indirizzo di spedizione." in translated(found.message, "it")
    entered = replace(lacking, settings=Settings(required_fields=[], defaults={"terms": "N30"}))
    assert "fields" not in failed(entered)
    bare = replace(lacking, settings=Settings(required_fields=[], defaults={"terms": ""}))
    assert {verdict.gate: verdict for verdict in verdicts(bare)}["fields"].fix == "defaults"


@pytest.mark.parametrize("case", FAILING)
def test_only_what_is_not_for_the_warehouse_is_not_importable(case: str) -> None:
    at, _ = FAILING[case]
    outside = gate_of(case) in {"kind", "risk", "shippable", "location"} and case not in WAITING
    assert importable(at) is not outside


def test_without_fulfillment_orders_it_is_not_routed_yet_not_unshippable() -> None:
    unrouted = an_order(fulfillment_orders=())
    early = situation(unrouted, now=PLACED + ROUTING_TAKES - timedelta(seconds=1))
    late = situation(unrouted, now=PLACED + ROUTING_TAKES)
    assert failed(early) == ["routed"]
    assert importable(early)
    assert failed(late) == ["shippable"]
    assert not importable(late)
    assert timedelta(minutes=2) == ROUTING_TAKES


def test_an_order_never_read_waits_to_be_routed_however_old() -> None:
    at = situation(facts=Facts(), read=False, now=PLACED + timedelta(days=1))
    assert failed(at) == ["routed"]


def test_a_sent_order_that_has_nothing_left_says_so_but_is_not_held() -> None:
    at = situation(part_with(status="CLOSED"), sent=True)
    assert failed(at) == ["shippable"]
    assert closed(at) is None
    assert importable(at)


@pytest.mark.parametrize("case", FAILING)
def test_a_person_can_send_all_but_what_is_over(case: str) -> None:
    at, words = FAILING[case]
    ended = unsendable(replace(at, sent=True, refused="No."))
    over = gate_of(case) in {"kind", "shippable"} and case != "kind: test"
    assert (ended is not None and words in ended.message) == over


def two_locations(**changes: Any) -> Situation:
    other = a_part("gid://shopify/FulfillmentOrder/2", location_id=OTHER_LOCATION)
    return situation(an_order(fulfillment_orders=(a_part(), other)), **changes)


def test_one_location_that_is_sent_is_enough() -> None:
    at = two_locations(locations={LOCATION: None, OTHER_LOCATION: "ROMA"})
    assert failed(at) == []
    assert at.warehouse_for(LOCATION) is None
    assert at.warehouse_for(OTHER_LOCATION) == "ROMA"


def test_an_order_waits_as_a_whole_for_a_location_that_nobody_has_decided_about() -> None:
    assert failed(two_locations(locations={LOCATION: "WH"})) == ["location"]


def test_until_one_is_mapped_all_locations_go_to_the_default_warehouse() -> None:
    at = two_locations(locations={OTHER_LOCATION: None})
    assert (at.warehouse_for(LOCATION), at.warehouse_for(OTHER_LOCATION)) == ("WH", None)
    at = two_locations(shop_locations=frozenset({LOCATION}))
    assert at.warehouse_for(LOCATION) == "WH"
    assert at.warehouse_for(OTHER_LOCATION) is None
    assert failed(at) == []


@pytest.mark.parametrize(
    ("order", "rules"),
    [
        (an_order(test=True), {"test_orders": "send"}),
        (an_order(financial_status="refunded"), {"refunded_orders": "send"}),
        (an_order(risk="cancel"), {"risky_orders": "send"}),
        (an_order(risk="none"), {"risky_orders": "send"}),
        (an_order(risk="investigate"), {}),
        (an_order(financial_status="pending"), {}),
        (an_order(financial_status="partially_refunded"), {"require_payment": True}),
        (
            an_order(financial_status="pending", gateway_names=("Cash on Delivery (COD)",)),
            {"require_payment": True},
        ),
        (
            an_order(financial_status="pending", payment_terms="Net 30"),
            {"require_payment": True},
        ),
        (
            an_order(
                lines=(a_line(1), a_line(2, sku=None)),
                fulfillment_orders=(a_part(quantities={1: 2, 2: 1}),),
            ),
            {"lines_without_sku": "skip"},
        ),
        (an_order(shipping_address=None), {"required_fields": []}),
    ],
)
def test_what_the_settings_let_through(order: OrderRead, rules: dict[str, Any]) -> None:
    assert failed(situation(order, **rules)) == []


def test_what_is_at_the_warehouse_already_needs_no_payment_and_no_edit_window() -> None:
    order = an_order(financial_status="pending", risk="none")
    assert failed(situation(order, sent=True, require_payment=True, cool_off_minutes=30)) == []


def test_an_order_never_rated_counts_as_harmless_after_ten_minutes() -> None:
    unrated = situation(an_order(risk="none"))
    assert opens_at(unrated, "risk") == PLACED + timedelta(minutes=10)
    assert failed(replace(unrated, now=PLACED + timedelta(minutes=10))) == []
    assert opens_at(situation(an_order(risk="cancel")), "risk") is None


def test_the_edit_window_ends_by_itself() -> None:
    at = situation(cool_off_minutes=30)
    ends = opens_at(at, "cooloff")
    assert ends == PLACED + timedelta(minutes=30)
    assert failed(replace(at, now=ends)) == []
    assert opens_at(at, "paid") is None


def test_lines_without_sku_are_left_out_or_an_error_or_hold() -> None:
    order = an_order(
        lines=(a_line(1), a_line(2, sku=None)),
        fulfillment_orders=(a_part(quantities={1: 2, 2: 1}),),
    )
    skipping = situation(order, lines_without_sku="skip")
    assert skipping.parts[0].lines == {line_id(1): 2}
    held, failing = situation(order), situation(order, lines_without_sku="error")
    assert held.parts[0].lines == {line_id(1): 2, line_id(2): 1}
    assert not makes_error(held, closed(held))
    assert makes_error(failing, closed(failing))
    assert failed(situation(NO_SKU, lines_without_sku="skip")) == ["sku"]


@pytest.mark.parametrize("method", ["PICK_UP", "RETAIL"])
def test_nobody_needs_an_address_to_pick_up(method: str) -> None:
    order = an_order(shipping_address=None, fulfillment_orders=(a_part(method=method),))
    assert failed(situation(order)) == []


def test_an_address_needs_a_street_and_a_country() -> None:
    home = an_order().shipping_address
    assert home is not None
    for lacking in ("address1", "country_code"):
        bare = an_order(shipping_address=replace(home, **{lacking: None}))
        assert failed(situation(bare)) == ["fields"]


def test_a_line_that_nothing_asks_for_needs_no_sku() -> None:
    bare = a_line(2, sku=None, own_sku=None)
    gift = a_line(3, sku=None, own_sku=None, is_gift_card=True)
    tip = a_line(4, sku=None, own_sku=None, requires_shipping=False)
    order = an_order(
        lines=(a_line(1), bare, gift, tip),
        fulfillment_orders=(a_part(quantities={1: 2, 2: 0, 3: 1, 4: 1}),),
    )
    at = situation(order)
    assert failed(at) == []
    assert at.facts.parts[0].lines == {line_id(1): 2, line_id(2): 0}


def test_an_order_of_gift_cards_alone_has_nothing_to_ship() -> None:
    assert failed(situation(an_order(lines=(a_line(is_gift_card=True),)))) == ["shippable"]


def test_many_lines_without_sku_are_told_shortly() -> None:
    lines = tuple(a_line(n, sku=None, own_sku=None) for n in range(1, 31))
    part = a_part(quantities=dict.fromkeys(range(1, 31), 1))
    at = situation(an_order(lines=lines, fulfillment_orders=(part,)))
    (verdict,) = [v for v in verdicts(at) if not v.ok]
    assert verdict.message == "No SKU: Shirt 1, Shirt 2, Shirt 3 …."


def test_the_form_the_api_gives() -> None:
    found = as_json(verdicts(situation(connected=False, connection_message="Token refused.")))
    assert [row["gate"] for row in found] == [gate.name for gate in GATES]
    assert found[0] == {
        "gate": "connection",
        "ok": False,
        "message": "Token refused.",
        "fix": "settings",
        "overridden": False,
        "moot": False,
    }
    assert found[1] == found[0] | {"gate": "tracked", "ok": True, "message": "", "fix": ""}


@pytest.mark.parametrize(
    ("changes", "moot"),
    [
        ({"tracked": False}, "tracked"),
        ({"automatic": False}, "automatic"),
        ({"cool_off_minutes": 30}, "cooloff"),
        ({"order": NO_SKU}, "sku"),
        ({"order": NO_ADDRESS}, "fields"),
    ],
)
def test_what_says_when_an_order_goes_keeps_nothing_that_is_there(
    changes: dict[str, Any], moot: str
) -> None:
    waiting = situation(**changes)
    assert failed(waiting) == [moot]
    there = replace(waiting, settled=True)
    assert closed(there) is None
    assert [v.gate for v in verdicts(there) if v.moot] == [moot]
    assert failed(there) == []


def test_what_is_wrong_with_an_order_that_is_there_is_still_said() -> None:
    cancelled = situation(an_order(cancelled_at=PLACED), settled=True, connected=False)
    assert failed(cancelled)[:2] == ["connection", "kind"]
    assert not any(v.moot for v in verdicts(situation(settled=True)))


@pytest.mark.parametrize("case", [case for case in FAILING if case != "accepted"])
def test_every_reason_is_said_in_italian(case: str) -> None:
    at, _ = FAILING[case]
    (verdict,) = [v for v in verdicts(at) if not v.ok]
    assert translated(verdict.message, "it") != verdict.message
