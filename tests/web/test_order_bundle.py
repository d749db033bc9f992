"""The support bundle: complete enough to help, and nobody's name, address, token or secret."""

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from app.db import db
from app.domain.people import MARKER, without_people
from app.models import (
    Batch,
    BatchMember,
    Connection,
    InboxItem,
    LogLine,
    Order,
    OutboundOrder,
    Owed,
    Revision,
    Run,
    RunItem,
    Shop,
    ShopToken,
)
from app.web.redaction import Eraser
from tests.web.conftest import ACCESS_TOKEN, CALLBACK_SECRET, WMS_TOKEN, World
from tests.web.signing import SECRET, SHOP_A

PEOPLE = {
    "name": "Zoë Müller-Ōta",
    "company": "Fiori & Figli",
    "address1": "Via dei Platani 17b",
    "address2": "Scala C, interno 9",
    "city": "Trezzano",
    "zip": "20090",
    "phone": "+39 02 9876 5432",
}
OTHERS = {"email": "zoe.mueller@example.com", "note": "Ring at the blue door", "gift": "For Ambra"}
REFRESH = "shprt_refresh-0123456789"
# Every value, and the ways in which another system may write it.
PLANTED = [
    *PEOPLE.values(),
    *OTHERS.values(),
    *("+390298765432", "0039 02-98765432", "ZOË", "müller-ōta", "someone@else.example"),
]
SECRETS = [ACCESS_TOKEN, WMS_TOKEN, CALLBACK_SECRET, SECRET, REFRESH]
SECRETS += ["shpat_fedcba9876543210", "a-secret-key-for-tests", "hunter2"]
EVERYWHERE = " | ".join([*PLANTED, *SECRETS])
NOW = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)


def _document() -> dict[str, Any]:
    address = {**PEOPLE, "country_code": "IT", "province": "", "province_code": "MI"}
    return {
        "external_id": "gid://shopify/FulfillmentOrder/7",
        "number": "#1001",
        "customer": {**PEOPLE, "email": OTHERS["email"]},
        "ship_to": address,
        "bill_to": address,
        "note": OTHERS["note"],
        "metadata": {"gift_text": OTHERS["gift"]},
        "defaults": {"salesperson": "Ambra"},
        "shipping_method": {"code": "x", "title": f"To {PEOPLE['address1']}"},
        "lines": [{"line_id": "1", "sku": "MUG", "name": f"Mug for {PEOPLE['name']}"}],
        "revision": 1,
    }


@pytest.fixture
def planted(shop_a: World) -> World:
    """An order with personal data and secrets in every place that takes text."""
    with shop_a.app.app_context():
        shop = db.session.query(Shop).one()
        db.session.query(ShopToken).one().refresh_token = REFRESH
        connection = db.session.query(Connection).one()
        connection.label = connection.status_message = EVERYWHERE
        connection.app_url = "https://anna:hunter2@wms.example/c/1?token=hunter2"
        shop.settings = {"alerts": {"emails": [EVERYWHERE]}, "defaults": {"rep": "Ambra"}}
        shop.locations = [{"id": "gid://shopify/Location/1", "name": "Milano"}]
        order = _plant(shop, connection)
        order.reason, order.message = "x", f"{EVERYWHERE} | {_key(shop_a)}"
        db.session.commit()
    return shop_a


def _key(world: World) -> str:
    return str(world.app.config["TAGDOCK"].encryption_keys[0])


def _plant(shop: Shop, connection: Connection) -> Order:
    order = Order(shop_id=shop.id, gid="gid://shopify/Order/1001", name="#1001")
    order.placed_at = order.first_seen_at = NOW
    order.facts = {
        "shipping_title": EVERYWHERE,
        "lines": [],
        "parts": [],
        "missing": [EVERYWHERE],
    }
    db.session.add(order)
    db.session.flush()
    outbound = OutboundOrder(shop_id=shop.id, order_id=order.id, connection_id=connection.id)
    outbound.generation, outbound.message, outbound.sent_revision = 1, EVERYWHERE, 1
    outbound.fulfillment_order = outbound.external_id = "gid://shopify/FulfillmentOrder/7"
    db.session.add(outbound)
    db.session.flush()
    problem = {"code": "address-invalid", "title": EVERYWHERE, "detail": EVERYWHERE}
    answer = {"status": "rejected", "problem": problem, "token": "hunter2", EVERYWHERE: "x"}
    batch = Batch(id="5e5e0000-0000-4000-8000-000000000000", shop_id=shop.id)
    batch.connection_id, batch.generation, batch.job_id = connection.id, 1, "job-7"
    batch.body, batch.created_at, batch.state = EVERYWHERE.encode(), NOW, "answered"
    batch.members = [BatchMember(outbound_order_id=outbound.id, revision=1, answer=answer)]
    revision = Revision(revision=1, content_hash="h", document=_document())
    revision.outbound_order_id, revision.first_posted_at = outbound.id, NOW
    run = Run(id="run-7", shop_id=shop.id, kind="send", started_by="42", message=EVERYWHERE)
    run.started_at = NOW
    line = LogLine(shop_id=shop.id, at=NOW, level="error", event="rejected", order_id=order.id)
    line.message, line.code, line.run_id = f"Refused. {EVERYWHERE}", "address-invalid", "run-7"
    line.details = {"words": [EVERYWHERE], "authorization": "hunter2"}
    item = InboxItem(shop_id=shop.id, source="shopify", message_id="webhook-7", topic="orders/x")
    item.subject, item.received_at, item.facts = order.gid, NOW, {"note": EVERYWHERE}
    owed = Owed(shop_id=shop.id, subject_type="order", subject_id=str(order.id), effect="read")
    owed.due_at, owed.last_error, owed.lease_token = NOW, EVERYWHERE, "hunter2"
    db.session.add_all([batch, revision, run, line, item, owed])
    db.session.flush()
    db.session.add(RunItem(run_id="run-7", order_id=order.id, message=EVERYWHERE))
    return order


def _bundle(world: World) -> str:
    answer = world.get("/orders/1001/bundle", headers={"X-Request-Id": "my-request-77"})
    assert answer.status_code == 200
    assert answer.mimetype == "application/json"
    disposition = answer.headers["Content-Disposition"]
    assert re.fullmatch(r'attachment; filename="order-1001-\d{8}\.json"', disposition)
    return str(answer.text)


def test_nothing_personal_and_no_secret_is_in_it(planted: World) -> None:
    text = _bundle(planted)
    for planted_text in [*PLANTED, *SECRETS, _key(planted), "Ambra", "Müller", "anna:"]:
        assert planted_text.casefold() not in text.casefold(), planted_text
    assert MARKER in text


def test_what_helps_is_in_it(planted: World) -> None:
    found = json.loads(_bundle(planted))
    assert found["about"]["correlation_id"] == "my-request-77"
    assert found["about"]["migration"]
    assert found["connection"]["host"] == "wms.example"
    assert found["order"]["gid"] == "gid://shopify/Order/1001"
    assert found["order"]["placed_at"] == "2026-07-01T08:00:00Z"
    assert {"gate", "ok", "message"} <= set(found["gates"][0])
    assert found["warehouse_orders"][0]["external_id"] == "gid://shopify/FulfillmentOrder/7"
    document = found["documents"][0]["document"]
    assert document["number"] == "#1001"
    assert document["ship_to"]["country_code"] == "IT"
    assert document["ship_to"]["address1"] == MARKER
    assert document["ship_to"]["province"] == ""
    assert document["lines"][0]["sku"] == "MUG"
    exchange = found["exchanges"][0]
    assert exchange["idempotency_key"] == "5e5e0000-0000-4000-8000-000000000000"
    assert (exchange["status"], exchange["job_id"]) == ("rejected", "job-7")
    assert exchange["answer"]["problem"]["code"] == "address-invalid"
    assert found["log"][0]["message"].startswith("Refused. ")
    assert found["log"][0]["run_id"] == found["runs"][0]["id"] == "run-7"
    assert found["webhooks"][0]["message_id"] == "webhook-7"
    assert found["owed"][0]["effect"] == "read"


def test_an_order_that_was_never_read_has_a_bundle_too(shop_a: World) -> None:
    shop_a.order(1001)
    assert json.loads(_bundle(shop_a))["documents"] == []


@pytest.mark.parametrize("number", ["404", "x", "1001%00", "9" * 30])
def test_there_is_none_of_an_order_that_is_not_there(shop_a: World, number: str) -> None:
    assert shop_a.get(f"/orders/{number}/bundle").status_code == 404


def test_nobody_gets_one_without_a_token(shop_a: World) -> None:
    shop_a.order(1001)
    assert shop_a.client.get("/orders/1001/bundle").status_code == 401
    answer = shop_a.client.get(f"/orders/1001/bundle?shop={SHOP_A}")
    assert answer.status_code == 302
    assert "/auth/patch-id-token" in answer.headers["Location"]


def test_places_that_are_nobodys_stay() -> None:
    document = {"ship_to": {"city": "Milano", "name": "Mario Rossi"}}
    eraser = Eraser([document], [], ["Milano"])
    told = {"text": "Rossi, Milano, gid://shopify/Order/1", "id": "gid://shopify/Order/1"}
    cleaned = eraser.clean(told)
    assert cleaned["text"] == f"{MARKER}, Milano, gid://shopify/Order/1"
    assert cleaned["id"] == "gid://shopify/Order/1"


def test_what_is_empty_stays_empty() -> None:
    document = {"note": "", "ship_to": {"name": None, "zip": ""}, "lines": [1]}
    assert without_people(document) == document
