"""The page of one order: its way, its documents, what differs, what mends it."""

import html
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.db import db
from app.domain import rules
from app.domain.facts import Facts, LineFacts, PartFacts
from app.models import Batch, BatchMember, LogLine, Order, OutboundOrder, Revision, Shop
from app.sync.order_terms import keep_terms
from tests.web.conftest import World
from tests.web.signing import SHOP_A, SHOP_B

HOSTILE = [
    "<script>alert(1)</script>",
    "مرحبا بالعالم \u202etxt.exe",
    "👩‍👩‍👧‍👦 🎁",
    "x" * 5_000,
    "{{ 7 * 7 }} %(name)s {0}",
]
BEGUN = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)


def _connection(world: World) -> str:
    with world.app.app_context():
        return str(db.session.execute(db.text("SELECT min(id) FROM connections")).scalar_one())


def _line(line: str, name: str, sku: str = "SKU", *, variant: bool = True) -> LineFacts:
    return LineFacts(line, name, sku, gift_card=False, requires_shipping=True, variant=variant)


def _facts(*lines: LineFacts, **values: Any) -> dict[str, Any]:
    part = PartFacts(
        id="gid://shopify/FulfillmentOrder/1",
        status="OPEN",
        location="gid://shopify/Location/1",
        location_name="Milano",
        method="SHIPPING",
        holds=[],
        lines={line.id: 1 for line in lines},
    )
    return Facts(lines=list(lines), parts=[part], **values).to_json()


def _sent(world: World, order: int, answer: dict[str, Any] | None = None, **values: Any) -> None:
    """A document that went to the warehouse, with what it answered."""
    document = {"lines": [], "payment": {"kind": "prepaid"}, **values}
    with world.app.app_context():
        outbound = db.session.query(OutboundOrder).filter_by(order_id=order).one()
        outbound.sent_revision = 1
        revision = Revision(revision=1, content_hash="h", document=document)
        revision.outbound_order_id, revision.first_posted_at = outbound.id, BEGUN
        member = BatchMember(outbound_order_id=outbound.id, revision=1, answer=answer or {})
        batch = Batch(id="b-1", shop_id=outbound.shop_id, connection_id="c", generation=1)
        batch.body, batch.created_at, batch.job_id = b"{}", BEGUN, "7f3c0000-job"
        batch.state, batch.members = "running", [member]
        db.session.add_all([revision, batch])
        db.session.commit()


def _log(world: World, order: int, count: int = 1, **values: object) -> None:
    with world.app.app_context():
        shop_id = db.session.query(Shop.id).filter_by(domain=SHOP_A).scalar()
        for number in range(count):
            known = {"level": "info", "event": "sent", "message": f"Line {number:03}.", "actor": ""}
            # Every two lines are of the same moment, as those of one transaction are.
            at = BEGUN + timedelta(seconds=number // 2)
            line = {"shop_id": shop_id, "order_id": order, "at": at, **known, **values}
            db.session.add(LogLine(**line))
        db.session.commit()


def _outbound(world: World, order: int, **values: Any) -> None:
    world.outbound(order, _connection(world), **values)


def _gates(page: str) -> list[str]:
    """The labels of the gates that are closed, in their order."""
    return re.findall(r'x-circle.*?type="strong">([^<]+)<', page, re.DOTALL)


def test_the_way_of_an_order_is_told_from_the_beginning(shop_a: World) -> None:
    order = shop_a.order(1001, placed_at=BEGUN - timedelta(hours=1))
    _outbound(shop_a, order)
    _sent(shop_a, order)
    _log(shop_a, order, event="asked", message="Asked to be sent.", actor="42", at=BEGUN)
    later = BEGUN + timedelta(minutes=1)
    _log(shop_a, order, level="error", code="sku-unknown", message="Refused. No.", at=later)
    page = shop_a.get("/orders/1001?part=timeline").text
    told = ["Refused. No.", "Asked to be sent.", "revision 1.", "Placed in Shopify."]
    places = [page.index(words) for words in told]
    assert places == sorted(places)
    assert "Staff 42" in page
    assert re.search(r"<details><summary>Error code</summary><bdi>sku-unknown</bdi>", page)
    assert "7f3c0000" in page
    assert re.search(r"<ol[^>]*>", page)


def test_older_events_come_fifty_at_a_time_and_each_once(shop_a: World) -> None:
    order = shop_a.order(1001, placed_at=BEGUN - timedelta(hours=1))
    _outbound(shop_a, order)
    _sent(shop_a, order)
    _log(shop_a, order, 500)
    text = shop_a.get("/orders/1001").text
    stretches = []
    while True:
        stretches.append(re.findall(r"Line (\d{3})\.", text))
        older = re.search(r'data-load="(/orders/1001/events\?before=[^"]+)"', text)
        if older is None:
            break
        text = shop_a.get(html.unescape(older[1])).text
    told = [int(number) for stretch in stretches for number in stretch]
    assert [len(stretch) for stretch in stretches] == [50] * 10 + [0]
    assert told == sorted(told, reverse=True)
    assert len(set(told)) == 500
    assert "revision 1." in text
    assert "Placed in Shopify." in text


@pytest.mark.parametrize("before", ["", "x", "W10", "%00", "WzAsbnVsbCwgMV0"])
def test_a_place_in_the_timeline_we_never_wrote_is_its_end(shop_a: World, before: str) -> None:
    _log(shop_a, shop_a.order(1001))
    assert "Line 000." in shop_a.get(f"/orders/1001/events?before={before}").text


def test_what_was_sent_and_answered_can_be_read(shop_a: World) -> None:
    order = shop_a.order(1001)
    _outbound(shop_a, order)
    problem = {"code": "sku-unknown", "title": "No", "detail": HOSTILE[0]}
    _sent(
        shop_a,
        order,
        {"status": "rejected", "problem": problem},
        note=" ".join(HOSTILE),
        ship_to={"city": "Zoë"},
    )
    page = shop_a.get("/orders/1001?part=exchanges").text
    assert "Refused" in page
    assert "7f3c0000" in page
    texts = []
    for address in re.findall(r'data-load="([^"]+)"', page):
        shown = shop_a.get(html.unescape(address)).text
        assert "<script>" not in shown
        found = re.fullmatch(r"\s*<pre[^>]*>(.*)</pre>\s*", shown, re.DOTALL)
        assert found is not None
        texts.append(html.unescape(found[1]))
    assert json.loads(texts[0])["note"] == " ".join(HOSTILE)
    assert '\n  "ship_to": {\n    "city": "Zoë"\n' in texts[0]
    assert json.loads(texts[1])["problem"] == problem


@pytest.mark.parametrize(
    "path",
    [
        "documents/1/2",
        "documents/99/1",
        "documents/x/1",
        "documents/1/99999999999999999999",
        "documents/4294967296/1",
        "answers/b-2/1",
        "answers/%F0%9F%98%80/1",
        "answers/b-1/x",
    ],
)
def test_a_document_that_is_not_there_is_404(shop_a: World, path: str) -> None:
    order = shop_a.order(1001)
    _outbound(shop_a, order)
    _sent(shop_a, order)
    assert shop_a.get(f"/orders/1001/{path}").status_code == 404


def test_documents_of_another_shop_or_order_stay_hidden(shop_a: World) -> None:
    shop_a.install(SHOP_B)
    order = shop_a.order(1001, SHOP_B)
    shop_a.outbound(order, shop_a.connect(SHOP_B))
    _sent(shop_a, order, {"status": "created"})
    shop_a.order(1002)
    with shop_a.app.app_context():
        outbound = db.session.query(OutboundOrder.id).scalar()
    for number in ("1001", "1002"):
        for path in (f"documents/{outbound}/1", f"answers/b-1/{outbound}", "bundle", "events"):
            if (number, path) in (("1002", "bundle"), ("1002", "events")):
                continue
            assert shop_a.get(f"/orders/{number}/{path}").status_code == 404, path
    assert shop_a.get(f"/orders/1001/documents/{outbound}/1", shop=SHOP_B).status_code == 200


def test_an_edit_after_sending_shows_line_by_line(shop_a: World) -> None:
    lines = [_line("1", "Mug", "MUG"), _line("3", HOSTILE[0], "NEW")]
    order = shop_a.order(1001, facts=_facts(*lines))
    _outbound(
        shop_a,
        order,
        state="accepted",
        wanted_revision=2,
        confirmed_revision=1,
        lines={"1": 5, "3": 1},
        confirmed_lines={"1": 2, "2": 4},
    )
    told = [{"line_id": "2", "name": "Plate", "sku": "PLATE-22", "quantity": 4}]
    _sent(shop_a, order, lines=told)
    part = shop_a.get("/orders/1001?part=order").text
    page = " ".join(re.sub(r"<[^>]+>", " ", part).split())
    assert "new quantity Mug MUG 2 → 5" in page
    assert "removed Plate PLATE-22 4" in page
    assert f"added {html.escape(HOSTILE[0])} NEW 1" in page
    assert 'heading="Changed since it was sent to WH-1"' in part


def test_what_changed_beside_the_lines_is_said_and_what_did_not_is_not(shop_a: World) -> None:
    same = {"state": "accepted", "confirmed_revision": 1, "confirmed_lines": {"1": 2}}
    for number, wanted in ((1001, 2), (1002, 1)):
        order = shop_a.order(number, facts=_facts(_line("1", "Mug")), tag_state="synced")
        _outbound(shop_a, order, wanted_revision=wanted, lines={"1": 2}, **same)
    assert "Something else changed" in shop_a.get("/orders/1001").text
    assert "Changed since it was sent to" not in shop_a.get("/orders/1002").text


def test_a_warehouse_order_that_only_split_has_not_changed(shop_a: World) -> None:
    order = shop_a.order(1001, facts=_facts(_line("1", "Mug")))
    known = {"confirmed_revision": 1, "wanted_revision": 1, "confirmed_lines": {"1": 1}}
    for part in ("1", "2"):
        _outbound(shop_a, order, external_id=part, state="accepted", lines={"1": 1}, **known)
    assert "Changed since" not in shop_a.get("/orders/1001?part=order").text


def test_a_long_difference_begins_with_fifty_lines(shop_a: World) -> None:
    lines = [_line(str(n), f"Line {n}") for n in range(250)]
    order = shop_a.order(1001, facts=_facts(*lines))
    _outbound(
        shop_a,
        order,
        state="accepted",
        confirmed_revision=1,
        wanted_revision=2,
        confirmed_lines={str(n): 1 for n in range(250)},
        lines={},
    )
    _sent(shop_a, order)
    page = shop_a.get("/orders/1001").text
    assert "Show 200 more" in page
    assert page[: page.index("Show 200 more")].count(">removed<") == 50
    assert page.count(">removed<") == 250


def test_three_faults_stand_first_and_each_has_its_way_out(shop_a: World) -> None:
    shop_a.order(1001, facts=_facts(_line("1", "Bowl - Blue", "")), tracked=False)
    with shop_a.app.app_context():
        db.session.execute(db.text("UPDATE connections SET status = 'refused'"))
        db.session.commit()
    page = shop_a.get("/orders/1001").text
    labels = ["Warehouse connected", "In automation", "Every line has a SKU"]
    assert [gate for gate in _gates(page) if gate in labels] == labels
    assert page.index("Every line has a SKU") < page.index("checks passed")
    assert re.search(r'href="/settings/connection[^"]*" accessibilitylabel="Settings:', page)
    assert re.search(r'data-post="/api/orders/add".*?accessibilitylabel="Add: In automation', page)
    product = 'href="shopify://admin/products?query=Bowl" accessibilitylabel="Open product:'
    assert product in page


def test_a_custom_item_is_mended_in_the_order(shop_a: World) -> None:
    custom = _line("1", "Engraving", "", variant=False)
    shop_a.order(1001, facts=_facts(custom))
    shop_a.order(1002, facts=_facts(custom, _line("2", "Bowl - Blue", "")))
    only, mixed = (shop_a.get(f"/orders/{n}?part=order").text for n in (1001, 1002))
    way = 'href="shopify://admin/orders/1001" accessibilitylabel="Open order: Every line'
    assert way in only
    assert 'href="shopify://admin/products?query=Bowl"' in mixed


def _ways(page: str) -> list[str]:
    """The links beside what mends a gate."""
    links = re.findall(r'<s-link href="([^"]*)"(?: target="_top")?>(?:SKU doctor|Open prod)', page)
    return [html.unescape(link) for link in links]


def test_a_line_without_a_sku_leads_to_the_sku_doctor(shop_a: World) -> None:
    """To the product's own lines there; a custom item is none of the catalogue."""
    shop_a.order(1001, facts=_facts(_line("1", "Bowl & Co - Blue", "")))
    shop_a.order(1002, facts=_facts(_line("1", "Engraving", "", variant=False)))
    (way,) = _ways(shop_a.get("/orders/1001?part=order").text)
    assert way.startswith("/skus?q=Bowl+%26+Co&kind=no_sku&shop=")
    assert _ways(shop_a.get("/orders/1002?part=order").text) == []
    (gate,) = [gate for gate in _told(shop_a, 1001)["gates"] if gate["gate"] == "sku"]
    assert gate["ways"] == [{"name": "skus", "address": "/skus?q=Bowl+%26+Co&kind=no_sku"}]


@pytest.mark.parametrize(
    ("words", "ways"),
    [
        ("No TS-M.", ["shopify://admin/products?query=TS-M", "/skus?q=TS-M&"]),
        ("No TS.", ["shopify://admin/products?query=TS", "/skus?q=TS&"]),
        ("No such goods.", ["/skus?kind=not_at_warehouse&"]),
    ],
)
def test_a_sku_the_warehouse_does_not_know_leads_to_its_product_and_the_doctor(
    shop_a: World, words: str, ways: list[str]
) -> None:
    facts = _facts(_line("1", "Tee", "TS"), _line("2", "Tee", "TS-M"))
    order = shop_a.order(1001, facts=facts, tag_state="error", reason="sku-unknown", message=words)
    refused = {"state": "rejected", "reason": "sku-unknown", "message": words}
    _outbound(shop_a, order, sent_revision=1, **refused)
    found = _ways(shop_a.get("/orders/1001?part=order").text)
    assert len(found) == len(ways)
    assert all(way.startswith(wanted) for way, wanted in zip(found, ways, strict=True))


def test_a_refused_order_is_not_kept_by_the_switch(shop_a: World) -> None:
    """A person sent it: one button, and what was refused; the switch can be read."""
    with shop_a.app.app_context():
        db.session.execute(db.text("UPDATE connections SET automatic = false"))
        db.session.commit()
    order = shop_a.order(1001, facts=_facts(_line("1", "Tee", "TS")), tag_state="error")
    refused = {"state": "rejected", "reason": "address-invalid", "message": "No such street."}
    _outbound(shop_a, order, sent_revision=1, **refused)
    page = shop_a.get("/orders/1001?part=order").text
    assert "Accepted by the warehouse" in _gates(page)
    assert "Automatic processes on" not in _gates(page)
    assert page.count('data-post="/api/orders/send"') == 1
    assert "closed, but it is not what keeps the order" in page.partition("checks passed")[2]
    kept = {gate["gate"] for gate in _told(shop_a, 1001)["gates"] if gate["keeps"]}
    assert "accepted" in kept
    assert "automatic" not in kept


def test_how_far_the_warehouse_is_stands_for_the_state(shop_a: World) -> None:
    order = shop_a.order(1001, tag_state="synced", facts=_facts(_line("1", "Tee", "TS")))
    _outbound(shop_a, order, **_THERE, wms_state="picking")
    cell = shop_a.get("/orders/1001?part=order").text.partition("<s-table-body>")[2]
    assert "Picking" in cell
    assert "In the warehouse" not in cell


def test_another_refusal_leads_to_no_sku(shop_a: World) -> None:
    order = shop_a.order(1001, facts=_facts(_line("1", "Tee", "TS")), tag_state="error")
    refused = {"state": "rejected", "reason": "address-invalid", "message": "No TS."}
    _outbound(shop_a, order, sent_revision=1, **refused)
    assert _ways(shop_a.get("/orders/1001?part=order").text) == []


def _refuse_token(world: World) -> None:
    with world.app.app_context():
        db.session.execute(db.text("UPDATE connections SET status = 'refused'"))
        db.session.commit()


def _told(world: World, number: int) -> dict[str, Any]:
    """The order as a card reads it."""
    status = f"/api/orders/status?id=gid://shopify/Order/{number}"
    told: dict[str, Any] = world.get(status).json
    return told


@pytest.mark.parametrize(
    ("state", "wanted", "kept"),
    [("syncing", 1, True), ("syncing", 2, True), ("synced", 2, True), ("synced", 1, False)],
)
def test_without_a_warehouse_what_is_on_its_way_gets_nowhere(
    shop_a: World, state: str, wanted: int, *, kept: bool
) -> None:
    """On the page and in the card; only what is there unchanged needs no warehouse."""
    order = shop_a.order(1001, tag_state=state, facts=_facts(_line("1", "Bowl", "")))
    there = {"syncing": "awaiting", "synced": "accepted"}[state]
    known = {"state": there, "sent_revision": 1, "confirmed_revision": 1}
    _outbound(shop_a, order, **known, wanted_revision=wanted)
    assert _gates(shop_a.get("/orders/1001").text) == []
    _refuse_token(shop_a)
    assert _gates(shop_a.get("/orders/1001").text) == ["Warehouse connected"] * kept
    told = _told(shop_a, 1001)
    assert told["connection"] == "refused"
    assert [gate["gate"] for gate in told["gates"] if gate["keeps"]] == ["connection"] * kept


@pytest.mark.parametrize(
    ("sent", "confirmed", "unknown"),
    [
        (0, 0, {"accepted", "edited", "reshipped"}),
        (1, 0, {"accepted"}),
        (1, 1, set()),
    ],
)
def test_nothing_is_praised_before_it_happened(
    shop_a: World, sent: int, confirmed: int, unknown: set[str]
) -> None:
    """On the page and in the card, which count the same checks."""
    order = shop_a.order(1001, facts=_facts(_line("1", "Mug")))
    _outbound(shop_a, order, sent_revision=sent, confirmed_revision=confirmed)
    told = _told(shop_a, 1001)["gates"]
    assert {gate.name for gate in rules.GATES} - {gate["gate"] for gate in told} == unknown
    page = shop_a.get("/orders/1001?part=order").text
    assert ("Accepted by the warehouse" in page) == ("accepted" not in unknown)
    assert ("Nothing changed since it was sent" in page) == ("edited" not in unknown)
    passed = sum(gate["ok"] for gate in told)
    assert f"{passed} checks passed" in page
    assert page.count('type="check-circle"') == passed


@pytest.mark.parametrize(("state", "shown"), [("accepted", True), ("cancelled", False)])
def test_what_the_warehouse_holds_is_said(shop_a: World, state: str, *, shown: bool) -> None:
    order = shop_a.order(1001)
    _outbound(shop_a, order, state=state, held=True)
    page = shop_a.get("/orders/1001?part=order").text
    assert ("Held at the warehouse" in page) == shown
    assert [each["held"] for each in _told(shop_a, 1001)["warehouse_orders"]] == [shown]
    italian = shop_a.get("/orders/1001?part=order&locale=it").text
    assert ("Trattenuto in magazzino" in italian) == shown


_SHIPPED = {"status": "CLOSED", "lines": {"1": 0}}


def _over(number: int, **facts: Any) -> dict[str, Any]:
    """An order of which nothing is left to ship."""
    known = _facts(_line("1", "Mug"), **facts)
    known["parts"] = [{**part, **_SHIPPED} for part in known["parts"]]
    return {"number": number, "facts": known, "tag_state": "synced"}


@pytest.mark.parametrize("sent", [False, True])
def test_a_cancelled_order_is_not_offered_to_be_sent(shop_a: World, *, sent: bool) -> None:
    """Not by any button, on the page and in the card; the gates say what stops it."""
    order = shop_a.order(**_over(1001, cancelled=True), reason="cancelled", tracked=sent)
    if sent:
        _outbound(shop_a, order, state="cancelled", sent_revision=1, confirmed_revision=1)
    page = shop_a.get("/orders/1001").text
    assert "/api/orders/send" not in page
    assert "/api/orders/add" not in page
    assert "/settings/order-rules" not in page
    assert _gates(page) == ([] if sent else ["A real, open order", "Something left to ship"])
    assert ("Nothing is waiting: nothing is left for the warehouse." in page) == sent
    assert page.count("The order is cancelled.") == 1
    told = _told(shop_a, 1001)
    assert told["ended"] == {"message": "The order is cancelled."}
    assert {"send", "add", "rules"}.isdisjoint(gate["fix"] for gate in told["gates"])


def test_a_wholly_fulfilled_order_is_not_offered_to_be_sent(shop_a: World) -> None:
    order = shop_a.order(**_over(1001))
    _outbound(shop_a, order, state="done", sent_revision=1, confirmed_revision=1)
    page = shop_a.get("/orders/1001").text
    assert "/api/orders/send" not in page
    assert page.count("Nothing is waiting: ") == 1
    assert "There is nothing left to ship." not in page
    assert _gates(page) == []
    assert "Something left to ship" in page.partition("checks passed")[2]
    told = _told(shop_a, 1001)
    assert told["ended"] == told["settled"]
    assert "shippable" in [gate["gate"] for gate in told["gates"] if not gate["ok"]]


_THERE = {"state": "accepted", "sent_revision": 1, "confirmed_revision": 1}


@pytest.mark.parametrize(
    ("there", "words", "italian"),
    [
        ({}, "the warehouse has the whole order.", "il magazzino ha l'intero ordine."),
        (
            {"wms_state": "partially_shipped"},
            "the warehouse has the whole order.",
            "il magazzino ha l'intero ordine.",
        ),
        (
            {"wms_state": "shipped"},
            "everything has left the warehouse.",
            "tutto ha lasciato il magazzino.",
        ),
        (
            {"lines": {"1": 2}, "fulfilled_lines": {"1": 2}, "confirmed_lines": {"1": 2}},
            "everything has left the warehouse.",
            "tutto ha lasciato il magazzino.",
        ),
        ({"wms_state": "delivered"}, "everything is delivered.", "è stato consegnato tutto."),
        (
            {"state": "cancelled"},
            "nothing is left for the warehouse.",
            "al magazzino non resta niente da fare.",
        ),
    ],
)
@pytest.mark.parametrize("reason", ["", "automatic"])
def test_an_order_that_waits_for_nothing_says_so(
    shop_a: World, there: dict[str, Any], words: str, italian: str, reason: str
) -> None:
    """On the page and in the card, whatever it waited for once; what is closed can be read."""
    with shop_a.app.app_context():
        db.session.execute(db.text("UPDATE connections SET automatic = false"))
        db.session.commit()
    order = shop_a.order(1001, tag_state="synced", facts=_facts(_line("1", "Mug")), reason=reason)
    _outbound(shop_a, order, **{**_THERE, **there})
    page = shop_a.get("/orders/1001?part=order").text
    assert _gates(page) == []
    assert f"Nothing is waiting: {words}" in page
    assert "Automatic processes off" not in page
    passed = " ".join(re.sub(r"<[^>]+>", " ", page.partition("<details>")[2]).split())
    assert "passed Automatic processes on closed, but nothing is left to send" in passed
    told = _told(shop_a, 1001)
    assert told["settled"] == {"message": f"Nothing is waiting: {words}"}
    assert told["reason"] is None
    gate = next(gate for gate in told["gates"] if gate["gate"] == "automatic")
    assert gate == {
        "gate": "automatic",
        "ok": True,
        "message": "",
        "fix": "",
        "note": "closed, but nothing is left to send",
        "keeps": False,
        "address": "",
        "ways": [],
    }
    translated = html.unescape(shop_a.get("/orders/1001?part=order&locale=it").text)
    assert f"Nulla è in attesa: {italian}" in translated
    assert "non superato, ma non resta niente da inviare" in translated


@pytest.mark.parametrize(
    ("of_order", "of_warehouse"),
    [
        ({}, {"wanted_revision": 2, "confirmed_lines": {"1": 1}, "lines": {"1": 2}}),
        ({}, {"state": "planned", "sent_revision": 0, "confirmed_revision": 0}),
        ({"returned": True}, {}),
        ({"unplanned": True}, {}),
        ({"given_up": True}, {}),
        ({}, {"held_back": True}),
        ({}, {"state": "rejected"}),
    ],
)
def test_what_still_waits_is_not_said_to_be_settled(
    shop_a: World, of_order: dict[str, Any], of_warehouse: dict[str, Any]
) -> None:
    facts = _facts(_line("1", "Mug"))
    order = shop_a.order(1001, tag_state="synced", facts=facts, reason="edited", **of_order)
    _outbound(shop_a, order, **{**_THERE, **of_warehouse})
    assert "Nothing is waiting" not in shop_a.get("/orders/1001?part=order").text
    assert _told(shop_a, 1001)["settled"] is None


def test_an_order_too_late_to_cancel_is_refused_and_over(shop_a: World) -> None:
    order = shop_a.order(
        **{**_over(1001, cancelled=True), "tag_state": "error"}, reason="cancel-too-late"
    )
    too_late = {"reason": "cancel-too-late", "message": "It was too late."}
    _outbound(shop_a, order, state="rejected", sent_revision=1, confirmed_revision=1, **too_late)
    page = shop_a.get("/orders/1001").text
    assert "Accepted by the warehouse" in _gates(page)
    assert "/api/orders/send" not in page


@pytest.mark.parametrize(
    ("values", "offered"),
    [
        ({}, True),
        ({"deleted": True}, False),
        ({**_over(1001), "given_up": True, "tag_state": "error"}, True),
        ({**_over(1001, cancelled=True), "given_up": True, "tag_state": "error"}, False),
    ],
)
def test_sending_is_offered_where_it_does_something(
    shop_a: World, values: dict[str, Any], *, offered: bool
) -> None:
    """What was given up is taken up by it, even where nothing is left to ship."""
    known = {"number": 1001, "facts": _facts(_line("1", "Mug"))}
    shop_a.order(**{**known, **values})
    assert ("/api/orders/send" in shop_a.get("/orders/1001").text) == offered
    assert (_told(shop_a, 1001)["ended"] is None) == offered


def test_an_unpaid_order_is_told_so_once(shop_a: World) -> None:
    facts = _facts(_line("1", "Mug"), financial_status="pending")
    shop_a.order(1001, facts=facts)
    with shop_a.app.app_context():
        db.session.query(Shop).update({"settings": {"require_payment": True}})
        db.session.commit()
    page = shop_a.get("/orders/1001?part=order").text
    assert page.count("oes by itself when") == 1
    italian = shop_a.get("/orders/1001?part=order&locale=it").text
    assert ">non superato<" in italian
    assert ">falliti<" not in italian


@pytest.mark.parametrize(
    ("values", "gate", "way"),
    [
        ({"hidden": True}, "Under 60 days old", "/settings/access"),
        ({"facts": {"test": True}}, "A real, open order", "/settings/order-rules"),
    ],
)
def test_rules_and_access_are_mended_in_settings(
    shop_a: World, values: dict[str, Any], gate: str, way: str
) -> None:
    known = {"facts": _facts(_line("1", "Mug"))}
    facts = {**known["facts"], **values.get("facts", {})}
    shop_a.order(1001, **{**values, "facts": facts})
    page = shop_a.get("/orders/1001").text
    assert gate in _gates(page)
    assert re.search(rf'href="{way}\?[^"]*" accessibilitylabel="[^:]+: {gate}"', page)


def test_a_location_is_mapped_where_locations_are(shop_a: World) -> None:
    shop_a.order(1001, facts=_facts(_line("1", "Mug")))
    with shop_a.app.app_context():
        db.session.execute(db.text("UPDATE connections SET default_warehouse = ''"))
        db.session.commit()
    page = shop_a.get("/orders/1001").text
    assert re.search(r'href="/settings/locations\?[^"]*" accessibilitylabel="Map:', page)


def test_adding_puts_an_order_into_automation(shop_a: World) -> None:
    number = shop_a.order(1001, tracked=False, taken_out=True, tag_state="untracked")
    body = {"ids": ["gid://shopify/Order/1001"]}
    answer = shop_a.ask("POST", "/api/orders/add", json=body)
    assert answer.status_code == 202
    with shop_a.app.app_context():
        order = db.session.get_one(Order, number)
        assert (order.tracked, order.taken_out) == (True, False)
        line = db.session.query(LogLine).filter_by(order_id=number).one()
        assert line.message == "Put into automation."
        assert line.actor
    assert shop_a.get(f"/api/runs/{answer.json['run']}").json["state"] == "done"


def test_what_others_wrote_is_shown_as_text(shop_a: World) -> None:
    """From Shopify or from the warehouse, on the list and on the page."""
    for number, text in enumerate(HOSTILE, 2001):
        line = _line("1", text, text)
        order = shop_a.order(
            number,
            name=text[:200],
            facts=_facts(line, shipping_title=text, financial_status=text),
            tag_state="error",
            reason=text[:32],
            message=text,
        )
        _outbound(shop_a, order, warehouse=text[:64], message=text, wms_id=text[:128])
        _log(shop_a, order, message=text, level="error", code=text[:32], actor=text[:64])
        page = shop_a.get(f"/orders/{number}").text
        assert "<script>alert" not in page
        assert html.escape(text).replace("&#x27;", "&#39;") in page
    assert "<script>alert" not in shop_a.get("/orders").text


def test_a_page_looks_oftener_while_the_order_is_on_its_way(shop_a: World) -> None:
    shop_a.order(1001, tag_state="syncing")
    shop_a.order(1002, tag_state="synced")
    busy, calm = (shop_a.get(f"/orders/{n}?part=order").text for n in (1001, 1002))
    assert 'data-every="5"' in busy
    assert 'data-every="30"' in calm
    assert "Update sync status" in busy
    assert "Update sync status" not in calm


def test_only_what_is_tracked_can_be_taken_out(shop_a: World) -> None:
    shop_a.order(1001)
    shop_a.order(1002, tracked=False)
    assert "Take out of automation" in shop_a.get("/orders/1001").text
    assert "Take out of automation" not in shop_a.get("/orders/1002").text


def test_a_part_of_a_page_is_unchanged_until_something_happens(shop_a: World) -> None:
    order = shop_a.order(1001)
    for part in ("order", "timeline", "exchanges", "facts"):
        first = shop_a.get(f"/orders/1001?part={part}")
        tag = {"If-None-Match": first.headers["ETag"]}
        assert "<html" not in first.text
        assert shop_a.get(f"/orders/1001?part={part}", headers=tag).status_code == 304
    first = shop_a.get("/orders/1001?part=timeline")
    _log(shop_a, order)
    tag = {"If-None-Match": first.headers["ETag"]}
    assert shop_a.get("/orders/1001?part=timeline", headers=tag).status_code == 200


def test_a_long_order_stays_light(shop_a: World) -> None:
    lines = [_line(str(n), f"Line {n}") for n in range(250)]
    order = shop_a.order(1001, facts=_facts(*lines))
    _outbound(shop_a, order)
    _sent(shop_a, order)
    _log(shop_a, order, 500)
    assert len(shop_a.get("/orders/1001").data) <= 60_000


def test_terms_of_a_hostile_sku_are_kept(shop_a: World) -> None:
    number = shop_a.order(1001)
    with shop_a.app.app_context():
        order = db.session.get_one(Order, number)
        order.facts = _facts(*(_line(str(n), "x", sku) for n, sku in enumerate(HOSTILE)))
        keep_terms(order, frozenset())
        db.session.commit()
    assert "order-1001" in shop_a.get("/orders?q=%3CSCRIPT%3E").text


def test_both_currencies_are_named_where_they_differ(shop_a: World) -> None:
    for number, other in ((1001, "USD"), (1002, "EUR")):
        facts = _facts(_line("1", "Mug"), currency="EUR", presentment_currency=other)
        shop_a.order(number, facts=facts)
    assert "EUR; the buyer paid in USD" in shop_a.get("/orders/1001").text
    assert "the buyer paid in" not in shop_a.get("/orders/1002").text
