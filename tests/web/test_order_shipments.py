"""Shipments on an order's page: where they are, what Shopify has, and what to do if it hasn't."""

import html
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from app.db import db
from app.domain.facts import Facts, LineFacts, PartFacts
from app.models import Connection, LogLine, OutboundOrder, Owed, Shipment
from tests.web.conftest import World
from tests.web.signing import SHOP_A, SHOP_B

MUG, TEE = (f"gid://shopify/LineItem/{number}" for number in (1, 2))
PART = "gid://shopify/FulfillmentOrder/1"
FULFILLED = {"fulfillment": "gid://shopify/Fulfillment/1", "settled": True}
PARCEL = {"code": "dhl", "name": "DHL", "number": "1Z-99", "url": "https://track.example/1Z-99"}

NOTHING_LEFT = (
    "Nothing to fulfil: Shopify no longer asks for these units at this location. They were"
    " fulfilled, cancelled or moved there."
)
ON_HOLD = "Shopify holds this fulfillment order. It is fulfilled when the hold is released."
REFUSED = (
    "Shopify refused the fulfillment: No such line. It is tried again when the order changes there."
)


def _facts(method: str = "SHIPPING") -> dict[str, Any]:
    lines = [
        LineFacts(MUG, "White mug", "MUG", gift_card=False, requires_shipping=True),
        LineFacts(TEE, "Blue tee", "TEE", gift_card=False, requires_shipping=True),
    ]
    part = PartFacts(PART, "OPEN", "L", "Milano", method, [], {MUG: 3, TEE: 2})
    return Facts(lines=lines, parts=[part], method=method).to_json()


@pytest.fixture
def order(shop_a: World) -> int:
    """An order that the warehouse has."""
    with shop_a.app.app_context():
        connection = db.session.query(Connection.id).scalar()
    order = shop_a.order(1001, facts=_facts(), tag_state="synced")
    shop_a.outbound(order, connection, fulfillment_order=PART, state="accepted")
    return order


def _ship(world: World, order: int, **values: Any) -> int:
    """A shipment of an order; returns its row's id."""
    with world.app.app_context():
        outbound = db.session.query(OutboundOrder).filter_by(order_id=order).first()
        assert outbound is not None
        known = {
            "shop_id": outbound.shop_id,
            "order_id": order,
            "outbound_order_id": outbound.id,
            "connection_id": outbound.connection_id,
            "generation": 1,
            "number": f"S-{db.session.query(Shipment).count() + 1}",
            "told_version": 1,
            "state": "shipped",
            "lines": {MUG: 2},
            "seen_at": datetime.now(UTC),
        }
        row = Shipment(**{**known, **values})
        if row.fulfillment and not row.pushed:
            row.pushed = {"units": row.lines}
        db.session.add(row)
        db.session.commit()
        return row.id


def _owe(world: World, shipment: int, **values: Any) -> None:
    with world.app.app_context():
        row = db.session.get_one(Shipment, shipment)
        known = {"subject_type": "shipment", "subject_id": str(shipment), "effect": "fulfil"}
        now = datetime.now(UTC)
        db.session.add(Owed(shop_id=row.shop_id, due_at=now, **{**known, **values}))
        db.session.commit()


def _part(world: World, query: str = "") -> str:
    return html.unescape(world.get(f"/orders/1001?part=shipments{query}").text)


def _choose(world: World, **changes: Any) -> None:
    answer = world.ask("PUT", "/api/settings", json={"version": 0, **changes})
    assert answer.status_code == 200, answer.json


def test_without_a_shipment_there_is_no_section(shop_a: World, order: int) -> None:
    assert _part(shop_a) == ""
    assert '<div data-part="shipments" data-every="30"></div>' in shop_a.get("/orders/1001").text


def test_a_shipment_says_what_is_in_it_and_how_to_follow_it(shop_a: World, order: int) -> None:
    _ship(shop_a, order, lines={MUG: 2, TEE: 1}, packages=[PARCEL], **FULFILLED)
    part = _part(shop_a)
    assert "Shipped" in part
    assert "2 × <bdi>White mug</bdi>" in part
    assert "1 × <bdi>Blue tee</bdi>" in part
    assert "<bdi>DHL Express</bdi>" in part, "as Shopify calls it"
    link = '<a href="https://track.example/1Z-99" target="_blank" rel="noopener noreferrer">'
    assert f"{link}<bdi>1Z-99</bdi></a>" in part
    assert "Fulfilled in Shopify" in part
    assert "try-again" not in part
    assert part in html.unescape(shop_a.get("/orders/1001").text)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//evil.example", ""])
def test_only_web_addresses_are_linked(shop_a: World, order: int, url: str) -> None:
    document = {"kind": "label", "url": url, "expires_at": ""}
    _ship(shop_a, order, packages=[{**PARCEL, "url": url}], documents=[document])
    part = _part(shop_a)
    assert "<a " not in part
    assert "<bdi>1Z-99</bdi>" in part


def test_documents_are_linked_until_they_expire(shop_a: World, order: int) -> None:
    soon = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    past = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    papers = [("label", soon), ("packing_slip", ""), ("invoice", past), ("customs_form", "soon")]
    documents = [
        {"kind": kind, "url": f"https://wms.example/{kind}.pdf", "expires_at": expires}
        for kind, expires in papers
    ]
    _ship(shop_a, order, documents=documents)
    part = _part(shop_a)
    linked = re.findall(r'<a href="https://wms\.example/\w+\.pdf"[^>]*rel="([^"]+)">([^<]+)<', part)
    assert linked == [
        ("noopener noreferrer", "Label"),
        ("noopener noreferrer", "Packing slip"),
        ("noopener noreferrer", "Customs form"),
    ]
    assert re.search(r"Invoice \(expired <time", part)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"state": "packed"}, ["Not fulfilled yet", "Waits until it leaves the warehouse."]),
        ({"state": "shipped"}, ["Being fulfilled"]),
        ({"state": "shipped", "attempt": {"at": "x"}}, ["Being fulfilled"]),
        ({"state": "cancelled"}, ["Cancelled", "Nothing to fulfil"]),
        ({"state": "delivered", **FULFILLED}, ["Delivered", "Fulfilled in Shopify"]),
        (
            {**FULFILLED, "state": "cancelled", "pushed": {"units": {MUG: 2}, "withdrawn": True}},
            ["Taken back in Shopify"],
        ),
        (
            {**FULFILLED, "lines": {MUG: 5}, "pushed": {"units": {MUG: 2}}},
            ["Fulfilled in part", "2 of 5 units. Shopify no longer asks for the others."],
        ),
        (
            {
                **FULFILLED,
                "lines": {MUG: 5},
                "pushed": {"units": {MUG: 2}},
                "settled": False,
            },
            ["Fulfilled in part", "2 of 5 units.</"],
        ),
        ({"state": "left_on_a_ship"}, ["left on a ship", "Being fulfilled"]),
    ],
)
def test_how_it_stands_in_shopify(
    shop_a: World, order: int, values: dict[str, Any], said: list[str]
) -> None:
    _ship(shop_a, order, **values)
    part = _part(shop_a)
    for words in said:
        assert words in part, words
    assert "try-again" not in part


def test_at_packing_it_is_fulfilled_when_the_merchant_says_so(shop_a: World, order: int) -> None:
    _ship(shop_a, order, state="packed")
    _choose(shop_a, fulfil_on="packed")
    assert "Being fulfilled" in _part(shop_a)


def test_a_pick_up_waits_until_it_is_picked_up(shop_a: World, order: int) -> None:
    with shop_a.app.app_context():
        found = db.session.query(OutboundOrder).one().order
        found.facts = _facts("PICK_UP")
        db.session.commit()
    _ship(shop_a, order, state="ready_for_pickup")
    part = _part(shop_a)
    assert "Ready for pick-up" in part
    assert "Waits until it is picked up." in part


def test_switched_off_leads_to_the_switch(shop_a: World, order: int) -> None:
    _ship(shop_a, order)
    _choose(shop_a, fulfil=False)
    part = _part(shop_a)
    assert "Not fulfilled" in part
    assert "Fulfilment is switched off." in part
    assert re.search(r'href="/settings/fulfilment\?', part)
    assert "try-again" not in part


@pytest.mark.parametrize(
    ("reason", "message", "said"),
    [
        ("nothing-left", NOTHING_LEFT, "Look at the order in Shopify."),
        ("on-hold", ON_HOLD, ""),
        ("not-possible", REFUSED, "Mend in Shopify what it names, then try again."),
    ],
)
def test_why_not_and_what_to_do(
    shop_a: World, order: int, reason: str, message: str, said: str
) -> None:
    number = _ship(shop_a, order, reason=reason, message=message)
    part = _part(shop_a)
    assert "Not fulfilled" in part
    assert message in part
    assert said in part
    assert f'data-post="/api/shipments/try-again" data-body=\'{{"ids": [{number}]}}\'' in part
    assert 'href="shopify://admin/orders/1001"' in part
    italian = _part(shop_a, "&locale=it")
    assert "Non evaso" in italian
    assert message not in italian
    assert "fulfill" not in italian.replace("data-post", "")


def test_what_was_given_up_says_so_and_what_passes_by_itself_too(shop_a: World, order: int) -> None:
    given_up, waiting = _ship(shop_a, order), _ship(shop_a, order)
    now = datetime.now(UTC)
    _owe(shop_a, given_up, dead_at=now, last_error="Shopify refused the token.", attempts=3)
    _owe(shop_a, waiting, last_error="Shopify did not answer.", attempts=1)
    part = _part(shop_a)
    first, second = part.split("S-2")
    assert "Shopify refused the token. It was given up." in first
    assert f'"ids": [{given_up}]' in first
    assert "Shopify did not answer. It is tried again by itself." in second
    assert "try-again" not in second
    letters = shop_a.get("/logs").text
    assert "Fulfil in Shopify" in letters
    assert "#1001" in letters[letters.index("Given up") :]


def test_trying_again_clears_the_reason_and_owes_it_first(shop_a: World, order: int) -> None:
    number = _ship(shop_a, order, reason="on-hold", message="Held.")
    answer = shop_a.ask("POST", "/api/shipments/try-again", json={"ids": [number, number + 7]})
    assert (answer.status_code, answer.json) == (202, {"queued": 1})
    with shop_a.app.app_context():
        row = db.session.get_one(Shipment, number)
        assert (row.reason, row.message) == ("", "")
        owed = {(each.subject_type, each.effect): each.lane for each in db.session.query(Owed)}
        assert owed["shipment", "fulfil"] == "staff"
        assert owed["order", "read"] == "staff"
        (line,) = db.session.query(LogLine).filter_by(event="asked")
        assert (line.order_id, line.actor) == (order, "42")


@pytest.mark.parametrize(
    ("body", "status"),
    [({}, 422), ({"ids": []}, 422), ({"ids": ["1"]}, 422), ({"ids": [True]}, 422),
     ({"ids": [2**63]}, 422), ({"ids": [12345]}, 404), ({"ids": [1] * 251}, 413)],
)  # fmt: skip
def test_what_names_no_shipment_is_refused(
    shop_a: World, order: int, body: dict[str, Any], status: int
) -> None:
    answer = shop_a.ask("POST", "/api/shipments/try-again", json=body)
    assert answer.status_code == status
    assert answer.json["error"]


def test_a_shipment_of_another_shop_is_neither_shown_nor_tried(shop_a: World) -> None:
    shop_a.install(SHOP_B)
    theirs = shop_a.order(1001, SHOP_B, facts=_facts())
    shop_a.outbound(theirs, shop_a.connect(SHOP_B), fulfillment_order=PART)
    number = _ship(shop_a, theirs, reason="on-hold", message="Held.")
    shop_a.order(1001, SHOP_A)
    assert _part(shop_a) == ""
    answer = shop_a.ask("POST", "/api/shipments/try-again", json={"ids": [number]})
    assert answer.status_code == 404
    with shop_a.app.app_context():
        assert db.session.get_one(Shipment, number).reason == "on-hold"


def test_words_of_the_warehouse_are_text(shop_a: World, order: int) -> None:
    evil = "<img src=x>\"'&"
    _ship(
        shop_a,
        order,
        number=evil,
        state=evil,
        packages=[{"code": evil, "name": evil, "number": evil, "url": f"https://x/{evil}"}],
        documents=[{"kind": evil, "url": f"https://x/{evil}", "expires_at": evil}],
        reason=evil,
        message=evil,
    )
    page = shop_a.get("/orders/1001").text
    assert "<img" not in page
    assert 'src=x>"' not in page


def test_many_lines_and_many_shipments_stay_readable(shop_a: World, order: int) -> None:
    lines = {f"gid://shopify/LineItem/{number}": 1 for number in range(1, 251)}
    for _ in range(60):
        _ship(shop_a, order, lines=lines)
    part = _part(shop_a)
    assert part.count("Show 240 more") == 50
    assert "<bdi>Line 250</bdi>" in part


def test_more_shipments_ask_no_more_of_the_database(shop_a: World, order: int) -> None:
    asked: list[str] = []

    def note(_c: Any, _k: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    with shop_a.app.app_context():
        event.listen(db.engine, "before_cursor_execute", note)
    counts = []
    for _ in range(3):
        _ship(shop_a, order)
        asked.clear()
        _part(shop_a)
        counts.append(len(asked))
    assert len(set(counts)) == 1


def test_the_support_bundle_has_them_without_the_addresses_of_labels(
    shop_a: World, order: int
) -> None:
    label = {"kind": "label", "url": "https://wms.example/key-of-the-label.pdf", "expires_at": ""}
    number = _ship(shop_a, order, packages=[PARCEL], documents=[label], reason="on-hold")
    _owe(shop_a, number, last_error="Shopify did not answer.")
    bundle = shop_a.get("/orders/1001/bundle")
    (told,) = bundle.json["shipments"]
    assert (told["number"], told["reason"], told["lines"]) == ("S-1", "on-hold", {MUG: 2})
    assert told["documents"] == [{"kind": "label", "expires_at": ""}]
    assert [owed["effect"] for owed in bundle.json["owed"]] == ["fulfil"]
    assert "key-of-the-label" not in bundle.text
