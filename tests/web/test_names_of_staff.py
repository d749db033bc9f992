"""Whoever did something is called by name wherever that is told, as soon as the name is known."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from app.db import db
from app.models import LogLine, Run, Shop, StaffMember
from tests.web.conftest import World
from tests.web.signing import SHOP_A, SHOP_B
from tests.web.test_log_page import write_lines

NAME = "Anna <b>&nbsp;Bianchi"
SHOWN = "Anna &lt;b&gt;&amp;nbsp;Bianchi"
Known = Callable[..., None]


@pytest.fixture
def known(shop_a: World) -> Known:
    """Makes a person known by name."""

    def make(name: str = NAME, user: str = "42", shop: str = SHOP_A, days: float = 0) -> None:
        with shop_a.app.app_context():
            shop_id = db.session.query(Shop.id).filter_by(domain=shop).scalar()
            asked = datetime.now(UTC) - timedelta(days=days)
            db.session.add(StaffMember(shop_id=shop_id, user_id=user, name=name, asked_at=asked))
            db.session.commit()

    return make


def _job_by(world: World, who: str) -> None:
    with world.app.app_context():
        shop_id = db.session.query(Shop.id).filter_by(domain=SHOP_A).scalar()
        run = Run(id="r", shop_id=shop_id, kind="reconcile", started_by=who, counts={})
        run.started_at = run.finished_at = datetime.now(UTC)
        db.session.add(run)
        db.session.commit()


def test_every_page_that_says_who_says_the_name(shop_a: World, known: Known) -> None:
    order = shop_a.order(1001)
    write_lines(shop_a, actor="42", order_id=order, order_name="#1001")
    _job_by(shop_a, "42")
    shop_a.ask("PUT", "/api/settings", json={"version": 0, "retention_days": 30})
    paths = ("/logs", "/orders/1001", "/", "/settings", "/settings/automation")
    for path in paths:
        assert "Staff 42" in shop_a.get(path).text, path
    known()
    for path in paths:
        page = shop_a.get(path).text
        assert SHOWN in page, path
        assert "Staff 42" not in page, path


def test_files_say_the_name_too(shop_a: World, known: Known) -> None:
    write_lines(shop_a, actor="42")
    known("=Anna Bianchi")
    assert "'=Anna Bianchi" in shop_a.get("/logs/export.csv").text
    assert '"who": "=Anna Bianchi"' in shop_a.get("/logs/export.json").text


def test_the_live_tail_says_the_name(shop_a: World, known: Known) -> None:
    known()
    write_lines(shop_a, actor="42")
    assert SHOWN in shop_a.get("/logs?part=tail&after=0").text


def test_the_second_of_two_is_told_the_name(shop_a: World, known: Known) -> None:
    known("Anna Bianchi")
    shop_a.ask("PUT", "/api/settings", json={"version": 0, "retention_days": 30})
    answer = shop_a.ask("PUT", "/api/settings", json={"version": 0, "retention_days": 60})
    assert re.match("Anna Bianchi changed this (at|on) ", answer.json["error"])


def test_a_name_is_of_one_shop(shop_a: World, known: Known) -> None:
    shop_a.install(SHOP_B)
    known("Of B", shop=SHOP_B)
    write_lines(shop_a, actor="42")
    page = shop_a.get("/logs").text
    assert "Of B" not in page
    assert "Staff 42" in page


def test_the_support_bundle_names_nobody(shop_a: World, known: Known) -> None:
    known("Anna Bianchi")
    order = shop_a.order(1001)
    write_lines(shop_a, actor="42", order_id=order)
    bundle = shop_a.get("/orders/1001/bundle").text
    assert '"actor": "42"' in bundle
    assert "Anna" not in bundle


def test_names_are_looked_up_once_a_page(shop_a: World, known: Known) -> None:
    known()
    write_lines(shop_a, 50, actor="42")
    asked: list[str] = []

    def listen(*arguments: object) -> None:
        asked.append(str(arguments[2]))

    with shop_a.app.app_context():
        db.event.listen(db.engine, "before_cursor_execute", listen)
        try:
            assert shop_a.get("/logs").text.count(SHOWN) >= 49
        finally:
            db.event.remove(db.engine, "before_cursor_execute", listen)
    names = [each for each in asked if each.startswith("SELECT staff_members.name")]
    assert len(names) == 1


@pytest.mark.parametrize(
    ("name", "days", "asks"),
    [("Anna", 29, False), ("Anna", 31, True), ("", 0, False), ("", 0.1, True)],
)
def test_a_page_has_its_reader_introduced_when_it_is_time(
    shop_a: World, known: Known, name: str, days: float, asks: bool
) -> None:
    assert "/me.js" in shop_a.get("/").text
    known(name, days=days)
    for path in ("/", "/orders", "/logs", "/settings/connection", "/setup"):
        assert ("/me.js" in shop_a.get(path).text) is asks, path
    assert "/me.js" not in shop_a.get("/?part=counts").text


def test_without_shopify_nothing_fails(shop_a: World) -> None:
    answer = shop_a.ask("POST", "/api/me")
    assert (answer.status_code, answer.json) == (200, {"name": None})
    with shop_a.app.app_context():
        assert db.session.query(LogLine).filter_by(level="error").count() == 0


def test_the_scripts_of_settings_stay_light(shop_a: World) -> None:
    size = 0
    for name in ("tagdock.js", "settings.js", "me.js"):
        with shop_a.client.get(f"/static/{name}") as answer:
            size += len(answer.data)
    assert size <= 15_000
