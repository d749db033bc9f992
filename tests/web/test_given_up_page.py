"""The list of what was given up, on the log's page, and the API that takes it up again."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.db import db
from app.models import Connection, LogLine, Order, OutboundOrder, Owed, Return, Run, Shipment, Shop
from tests.web.conftest import World
from tests.web.signing import SHOP_A, SHOP_B

AGAIN = "/api/given-up/try-again"
Bury = Callable[..., int]


@pytest.fixture
def bury(shop_a: World) -> Bury:
    """Puts something among a shop's dead letters; returns its id."""

    def make(effect: str, kind: str, subject: object, shop: str = SHOP_A, **values: Any) -> int:
        known = {"last_error": "Nobody answered.", "attempts": 12, "dead_at": datetime.now(UTC)}
        with shop_a.app.app_context():
            row = Owed(
                shop_id=db.session.query(Shop.id).filter_by(domain=shop).scalar(),
                effect=effect,
                subject_type=kind,
                subject_id=str(subject),
                due_at=datetime.now(UTC),
                **{**known, **values},
            )
            db.session.add(row)
            db.session.commit()
            return row.id

    return make


def _dead(world: World) -> int:
    with world.app.app_context():
        return db.session.query(Owed).filter(Owed.dead_at.is_not(None)).count()


def test_nothing_given_up_shows_nothing(shop_a: World) -> None:
    assert "Given up" not in shop_a.get("/logs").text
    assert shop_a.get("/logs?part=given").text == ""
    assert "Given up" not in shop_a.get("/").text


def test_each_says_what_of_which_order_why_since_when_and_how_often(
    shop_a: World, bury: Bury
) -> None:
    order = shop_a.order(1001)
    with shop_a.app.app_context():
        connection = db.session.query(Connection.id).scalar()
    shop_a.outbound(order, connection)
    with shop_a.app.app_context():
        outbound = db.session.query(OutboundOrder.id).scalar()
    bury("cancel", "outbound", outbound, dead_at=datetime(2026, 7, 1, 8, 30, tzinfo=UTC))
    page = shop_a.get("/logs").text
    for words in ("Cancel it at the warehouse", "Nobody answered.", "2026-07-01T08:30:00Z"):
        assert words in page
    assert "<s-table-cell>12</s-table-cell>" in page
    assert "/orders/1001?" in page
    assert "Try again: Cancel it at the warehouse, #1001" in page
    assert "Try all" not in page, "one needs no button for all"


def test_a_shipment_is_of_its_order(shop_a: World, bury: Bury) -> None:
    order = shop_a.order(1001)
    with shop_a.app.app_context():
        connection = db.session.query(Connection.id).scalar()
    shop_a.outbound(order, connection)
    with shop_a.app.app_context():
        outbound = db.session.query(OutboundOrder).one()
        shipment = Shipment(
            shop_id=outbound.shop_id,
            order_id=order,
            outbound_order_id=outbound.id,
            connection_id=connection,
            generation=1,
            number="S-1",
            told_version=1,
            state="shipped",
            seen_at=datetime.now(UTC),
        )
        db.session.add(shipment)
        db.session.commit()
        number = shipment.id
    bury("fulfil", "shipment", number)
    page = shop_a.get("/logs?part=given").text
    assert "Fulfil in Shopify" in page
    assert "#1001" in page


def test_a_return_is_of_its_order(shop_a: World, bury: Bury) -> None:
    order = shop_a.order(1001)
    with shop_a.app.app_context():
        found = db.session.get_one(Order, order)
        coming = Return(
            shop_id=found.shop_id,
            order_id=order,
            connection_id=db.session.query(Connection.id).scalar(),
            generation=1,
            gid="gid://shopify/Return/1",
            external_id="gid://shopify/Return/1",
            status="OPEN",
            seen_at=datetime.now(UTC),
        )
        db.session.add(coming)
        db.session.commit()
        number = coming.id
    bury("announce", "return", number)
    page = shop_a.get("/logs?part=given").text
    assert "Announce a return to the warehouse" in page
    assert "#1001" in page


def test_a_job_is_called_by_its_name_in_the_pages_language(shop_a: World, bury: Bury) -> None:
    name = shop_a.ask("POST", "/api/jobs/reconcile/run").json["run"]
    bury("run", "run", "gone")
    with shop_a.app.app_context():
        db.session.query(Owed).filter_by(subject_id=name).update({"dead_at": datetime.now(UTC)})
        db.session.commit()
    page = shop_a.get("/logs?part=given&locale=it").text
    for words in ("Riconcilia", "Processo", "Riprova", "Riprova tutti i 2"):
        assert words in page
    page = shop_a.get("/logs?part=given").text
    assert "Reconcile" in page
    assert "Try all 2 again" in page


def test_home_leads_to_it_once(shop_a: World, bury: Bury) -> None:
    order = shop_a.order(1001, tag_state="error", reason="gave-up")
    assert "Gave up 1" in shop_a.get("/").text
    bury("send", "order", order)
    page = shop_a.get("/").text
    assert "Given up 1" in page
    assert "#given-up" in page
    assert "Gave up 1" not in page


def test_home_of_a_shop_without_orders_says_so_too(shop_a: World, bury: Bury) -> None:
    bury("register", "connection", "1")
    assert "Given up 1" in shop_a.get("/").text


def test_fifty_are_shown_at_a_time(shop_a: World, bury: Bury) -> None:
    now = datetime.now(UTC)
    for number in range(60):
        bury(
            "run", "run", f"{number}", last_error=f"Why {number}.", dead_at=now - timedelta(number)
        )
    page = shop_a.get("/logs").text
    assert "Why 49." in page
    assert "Why 50." not in page
    following = page.partition('data-next="')[2].partition('"')[0].replace("&amp;", "&")
    assert "given=" in following
    page = shop_a.get(following).text
    assert "Why 49." not in page
    assert "Why 59." in page
    assert "haspreviouspage" in page


def test_another_shops_are_neither_shown_nor_taken_up(shop_a: World, bury: Bury) -> None:
    shop_a.install(SHOP_B)
    other = bury("run", "run", "1", SHOP_B, last_error="Of B.")
    assert "Of B." not in shop_a.get("/logs").text
    assert shop_a.ask("POST", AGAIN, json={"ids": [other]}).json["queued"] == 0
    assert shop_a.ask("POST", AGAIN, json={"all": True}).json["queued"] == 0
    assert _dead(shop_a) == 1


def test_one_is_taken_up_and_the_log_names_who_asked(shop_a: World, bury: Bury) -> None:
    order = shop_a.order(1001)
    mine, other = bury("look_up", "order", order), bury("register", "connection", "1")
    answer = shop_a.ask("POST", AGAIN, json={"ids": [mine]})
    assert (answer.status_code, answer.json["queued"]) == (202, 1)
    with shop_a.app.app_context():
        owed = db.session.get_one(Owed, mine)
        assert (owed.dead_at, owed.attempts, owed.last_error) == (None, 0, "Nobody answered.")
        assert db.session.get_one(Owed, other).dead_at is not None
        line = db.session.query(LogLine).filter_by(event="taken_up").one()
        assert (line.actor, line.order_name) == ("42", "#1001")
        assert db.session.get_one(Run, answer.json["run"]).started_by == "42"
    assert "Ripreso: Ricerca presso il magazzino." in shop_a.get("/logs?locale=it").text


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"ids": []},
        {"ids": "1"},
        {"ids": ["1"]},
        {"ids": [True]},
        {"ids": [0]},
        {"ids": [2**63]},
        {"ids": [1.5]},
        {"all": "no-sync"},
        {"all": False},
        {"all": True, "ids": [1]},
    ],
)
def test_nonsense_is_refused_with_a_sentence(shop_a: World, bury: Bury, body: object) -> None:
    bury("register", "connection", "1")
    answer = shop_a.ask("POST", AGAIN, json=body)
    assert answer.status_code == 422
    assert answer.json["error"].endswith(".")
    assert _dead(shop_a) == 1


def test_one_is_dismissed_and_its_order_stays_as_it_is(shop_a: World, bury: Bury) -> None:
    order = shop_a.order(1001, tag_state="error", reason="gave-up")
    gone, kept = bury("tag", "order", order), bury("alert", "alert", 7)
    assert "Dismiss: Write the tag, #1001" in shop_a.get("/logs").text
    answer = shop_a.ask("POST", "/api/given-up/dismiss", json={"ids": [gone]})
    assert (answer.status_code, answer.json) == (200, {"dismissed": 1})
    assert shop_a.ask("POST", "/api/given-up/dismiss", json={"ids": [gone]}).status_code == 404
    with shop_a.app.app_context():
        dead = db.select(Owed.id).where(Owed.dead_at.is_not(None))
        assert db.session.scalars(dead).all() == [kept]
        line = db.session.query(LogLine).filter_by(event="dismissed").one()
        assert (line.message, line.actor) == ("Dismissed: Write the tag.", "42")
        assert db.session.get_one(Order, order).tag_state == "error"


def test_nobody_dismisses_what_another_shop_gave_up(shop_a: World, bury: Bury) -> None:
    shop_a.install(SHOP_B)
    other = bury("alert", "alert", 8, SHOP_B)
    assert shop_a.ask("POST", "/api/given-up/dismiss", json={"ids": [other]}).status_code == 404
    assert _dead(shop_a) == 1
