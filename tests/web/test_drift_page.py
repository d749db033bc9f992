"""The drift report's page: what differs, in whose words, and what a person may do about it."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from app.db import db
from app.models import DriftRow, LogLine, Order, OutboundOrder, Owed, Run, Shop
from tests.web.conftest import World
from tests.web.signing import SHOP_A, SHOP_B

REPAIR = "/api/drift/repair"
Differ = Callable[..., int]


@pytest.fixture
def differ(shop_a: World) -> Differ:
    """Makes something differ; returns the row's id."""

    def make(key: str, shop: str = SHOP_A, **values: Any) -> int:
        now = datetime.now(UTC)
        known = {
            "kind": "tracking",
            "repair": "track",
            "side": "shopify",
            "name": "#1001",
            "shopify": "Fulfilled: 3 units.",
            "warehouse": "Shipped: 2 units, DP-1.",
            "found_at": now,
            "seen_at": now,
        }
        with shop_a.app.app_context():
            shop_id = db.session.query(Shop.id).filter_by(domain=shop).scalar()
            row = DriftRow(shop_id=shop_id, key=key, **{**known, **values})
            db.session.add(row)
            db.session.commit()
            return row.id

    return make


def _row(world: World, row_id: int) -> DriftRow:
    with world.app.app_context():
        return db.session.get_one(DriftRow, row_id)


def test_before_the_first_comparison_one_can_be_started(shop_a: World) -> None:
    page = shop_a.get("/drift").text
    assert "Nothing was compared yet." in page
    assert "Not compared yet. It is done every night." in page
    answer = shop_a.ask("POST", "/api/drift/compare", json={})
    again = shop_a.ask("POST", "/api/drift/compare", json={})
    assert answer.status_code == again.status_code == 202
    assert answer.json == again.json, "one comparison at a time"
    with shop_a.app.app_context():
        (run,) = db.session.query(Run).filter_by(kind="drift").all()
        assert run.id == answer.json["run"]
        assert db.session.query(Owed).filter_by(effect="run", subject_id=run.id).count() == 1
    assert "Comparing. Orders looked at so far: 0." in shop_a.get("/drift").text


def test_nothing_differs_and_when_that_was_found(shop_a: World) -> None:
    with shop_a.app.app_context():
        shop_id = db.session.query(Shop.id).scalar()
        at = datetime(2026, 7, 1, 1, 0, tzinfo=UTC)
        db.session.add(
            Run(
                id="r1",
                shop_id=shop_id,
                kind="drift",
                started_by="schedule",
                started_at=at,
                finished_at=at + timedelta(minutes=2),
                outcome="done",
                counts={"looked": 1234},
            )
        )
        db.session.commit()
    with time_machine.travel(at + timedelta(days=1)):
        page = shop_a.get("/drift").text
    assert "Nothing differs." in page
    assert '<time datetime="2026-07-01T01:02:00Z">1 Jul 03:02</time>' in page
    assert "Orders looked at: 1,234." in page


def test_what_differs_is_said_in_both_sides_words(shop_a: World, differ: Differ) -> None:
    order = shop_a.order(1001)
    differ("a", order_id=order, subject="gid://shopify/Order/1001")
    differ("b", kind="missing", repair="read_in", name="#1002", order_id=None)
    differ("c", kind="missing", repair="", name="#1003")
    page = shop_a.get("/drift").text
    assert "/orders/1001" in page
    assert "Fulfilled: 3 units." in page
    assert "Shipped: 2 units, DP-1." in page
    assert "Tracking (1)" in page
    assert "Missing (2)" in page
    assert "Everything (3)" in page
    assert "Put the tracking right" in page
    assert "what is still open is not known before" in page
    italian = shop_a.get("/drift?locale=it").text
    assert "Evase: 3 unità." in italian
    assert "Spedite: 2 unità, DP-1." in italian
    missing = shop_a.get("/drift?kind=missing").text
    assert "#1002" in missing
    assert "#1001" not in missing
    assert "#1002" in shop_a.get("/drift?kind=nonsense").text


def test_what_can_be_repaired_at_once_is_offered_so(shop_a: World, differ: Differ) -> None:
    for number in range(3):
        differ(f"t{number}")
    differ("d", kind="doubled", repair="withdraw")
    differ("e", kind="doubled", repair="withdraw")
    assert "Repair all of this kind (3)" in shop_a.get("/drift?kind=tracking").text
    doubled = shop_a.get("/drift?kind=doubled").text
    assert "Repair all of this kind" not in doubled
    assert "The fulfillment that belongs to no shipment is cancelled in Shopify." in doubled
    assert shop_a.ask("POST", REPAIR, json={"kind": "doubled"}).status_code == 404


def test_a_repair_is_noted_with_who_asked_for_it(shop_a: World, differ: Differ) -> None:
    order = shop_a.order(1001, tag_state="synced", tags_written=["wms-synced"])
    row = differ("a", kind="state", repair="tag", order_id=order, about={"tags": []})
    answer = shop_a.ask("POST", REPAIR, json={"ids": [row]})
    assert (answer.status_code, answer.json["queued"]) == (202, 1)
    assert _row(shop_a, row).state == "repairing"
    with shop_a.app.app_context():
        line = db.session.query(LogLine).filter_by(event="asked").one()
        assert line.message.startswith("Asked to be repaired: Other tag. In Shopify: Fulfilled")
        assert (line.actor, line.order_id, line.run_id) == ("42", order, answer.json["run"])
        owed = {(o.effect, o.subject_type) for o in db.session.query(Owed)}
        assert {("tag", "order"), ("repair", "drift")} <= owed
        assert db.session.get_one(Order, order).tags_seen == []
    assert "Repairing…" in shop_a.get("/drift").text
    again = shop_a.ask("POST", REPAIR, json={"ids": [row]})
    assert again.status_code == 404, "it is being repaired"


def test_a_revision_that_was_never_sent_is_overtaken(shop_a: World, differ: Differ) -> None:
    order = shop_a.order(1001, tag_state="synced")
    with shop_a.app.app_context():
        connection = db.session.query(OutboundOrder.connection_id).scalar() or "c"
    shop_a.outbound(order, connection, state="accepted", sent_revision=2, confirmed_revision=2)
    with shop_a.app.app_context():
        outbound = db.session.query(OutboundOrder.id).scalar()
    about = {"outbound": outbound, "revision": 7}
    row = differ("a", kind="quantity", repair="resend", order_id=order, about=about)
    shop_a.ask("POST", REPAIR, json={"ids": [row]})
    with shop_a.app.app_context():
        found = db.session.get_one(OutboundOrder, outbound)
        assert (found.sent_revision, found.confirmed_revision, found.wanted_revision) == (7, 7, 8)


@pytest.mark.parametrize(
    "body",
    [{}, {"ids": []}, {"ids": ["1"]}, {"kind": "all"}, {"kind": 7}, {"kind": "state", "ids": [1]}],
)
def test_what_makes_no_sense_is_refused(shop_a: World, body: dict[str, Any]) -> None:
    assert shop_a.ask("POST", REPAIR, json=body).status_code == 422


def test_another_shops_differences_are_its_own(shop_a: World, differ: Differ) -> None:
    shop_a.install(SHOP_B)
    row = differ("a", SHOP_B, name="#SECRET")
    assert "#SECRET" not in shop_a.get("/drift").text
    assert "#SECRET" not in shop_a.get("/drift/export.csv").text
    assert shop_a.ask("POST", REPAIR, json={"ids": [row]}).status_code == 404
    assert shop_a.ask("POST", REPAIR, json={"kind": "tracking"}).status_code == 404
    assert _row(shop_a, row).state == "open"


def test_the_file_has_all_of_them(shop_a: World, differ: Differ) -> None:
    for number in range(60):
        differ(f"t{number}", name=f"=#{number}")
    differ("gone", state="gone", name="#gone")
    answer = shop_a.get("/drift/export.csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(rows) == 60
    assert rows[0]["order"] == "'=#0"
    assert rows[0]["kind"] == "Tracking"
    assert rows[0]["shopify"] == "Fulfilled: 3 units."
    assert 'filename="drift.csv"' in answer.headers["Content-Disposition"]


def test_fifty_are_on_a_page(shop_a: World, differ: Differ) -> None:
    for number in range(51):
        differ(f"t{number}")
    page = shop_a.get("/drift").text
    assert page.count('data-post="/api/drift/repair"') == 50
    assert "hasnextpage" in page
    assert len(page) < 60_000


def test_home_says_how_much_differs(shop_a: World, differ: Differ) -> None:
    assert "Drift report" in shop_a.get("/").text
    differ("a")
    assert "Differences found: 1" in shop_a.get("/").text
    assert "Differences found: 1" in shop_a.get("/?part=jobs").text
