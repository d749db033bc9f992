"""The operator's pages: who may see them, what they list, and the weeks that are billed by."""

import csv
import io
import re
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import text

from app.db import db
from app.domain.weeks import Week
from app.models import Connection, LogLine, Shop, StoreWeek
from app.web.operator_list import Filter, _stores
from tests.web.addresses import address
from tests.web.conftest import ACCESS_TOKEN, WMS_TOKEN, World
from tests.web.signing import SHOP_A, id_token

TOKEN = "an-operator-token-of-32-characters"
EVIL = '=HYPERLINK("http://evil")<script>alert(1)</script>'


@pytest.fixture(autouse=True)
def week(today: None) -> Week:
    """This week, which does not end before the test does."""
    return Week.of(datetime.now(UTC))


@pytest.fixture
def world(world_with: Callable[..., World]) -> World:
    """The app with the operator page on."""
    return world_with(operator_token=TOKEN)


def signed_in(world: World) -> FlaskClient:
    """A browser in which an operator signed in."""
    browser = world.client
    assert browser.post("/operator/sign-in", data={"token": TOKEN}).status_code == 303
    return browser


def store(world: World, domain: str, **values: Any) -> int:
    """A store that has, or had, installed the app; returns its row's id. ``status`` makes a
    connection, ``orders`` a count by weeks ago, ``errors`` log lines."""
    status, orders = values.pop("status", None), values.pop("orders", {})
    errors = values.pop("errors", 0)
    now = datetime.now(UTC)
    with world.app.app_context():
        shop = Shop(domain=domain, installed_at=now - timedelta(days=30), **values)
        db.session.add(shop)
        db.session.flush()
        if status:
            db.session.add(_connection(shop.id, status, now - timedelta(days=3)))
        for ago, count in orders.items():
            monday = Week.of(now).before(ago).monday
            db.session.add(StoreWeek(shop_id=shop.id, week=monday, orders=count))
        for number in range(errors):
            db.session.add(_error(shop.id, now - timedelta(hours=number)))
        db.session.commit()
        return shop.id


def _connection(shop_id: int, status: str, since: datetime) -> Connection:
    return Connection(
        id=str(uuid.uuid4()), shop_id=shop_id, token="t", status=status, status_since=since
    )


def _error(shop_id: int, at: datetime) -> LogLine:
    return LogLine(shop_id=shop_id, at=at, level="error", event="rejected", message="No.")


def listed(page: str) -> list[str]:
    """The stores of a page, in its order."""
    return re.findall(r"[\w-]+\.myshopify\.com(?=</bdi>)", page)


def table(answer: Any) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    return list(csv.DictReader(io.StringIO(answer.text)))


# --- The door ---------------------------------------------------------------------------------


def test_without_a_token_set_the_page_says_how_it_is_switched_on(
    world_with: Callable[..., World],
) -> None:
    off = world_with()
    for path in ("/operator", "/operator/weeks", "/operator/stores.csv"):
        answer = off.client.get(path)
        assert answer.status_code == 404
        assert "Set OPERATOR_TOKEN" in answer.text
    assert off.client.post("/operator/sign-in", data={"token": ""}).status_code == 404


def test_the_right_token_opens_the_page_and_sign_out_closes_it(world: World) -> None:
    store(world, "a.myshopify.com")
    browser = world.client
    assert browser.get("/operator").status_code == 401
    answer = browser.post("/operator/sign-in", data={"token": TOKEN})
    cookie = answer.headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Strict", "Path=/operator"} <= set(cookie.split("; "))
    assert TOKEN not in cookie
    assert listed(browser.get("/operator").text) == ["a.myshopify.com"]
    browser.post("/operator/sign-out")
    assert browser.get("/operator").status_code == 401


@pytest.mark.parametrize("asked", ["/operator", "/operator/weeks", "/operator?week=2026-W01&q=a"])
def test_signing_in_leads_on_to_what_was_asked_for(world: World, asked: str) -> None:
    page = world.client.get(asked, headers={"Accept": "text/html"}).text
    (goal,) = re.findall(r'name="next" value="([^"]*)"', page)
    wrong = world.client.post(
        "/operator/sign-in",
        data={"token": "wrong", "next": unescape(goal)},
        headers={"Accept": "text/html"},
    )
    assert f'name="next" value="{goal}"' in wrong.text
    answer = world.client.post("/operator/sign-in", data={"token": TOKEN, "next": unescape(goal)})
    assert (answer.status_code, answer.headers["Location"]) == (303, asked)


@pytest.mark.parametrize(
    "goal",
    [
        "//evil.example",
        "https://evil.example",
        "/operator.evil",
        "/operatorx",
        "/operator@evil.example",
        "/operator/\\evil",
        "/operator?\\",
        "/operator\r\nX: y",
        "/orders",
    ],
)
def test_signing_in_leads_nowhere_else(world: World, goal: str) -> None:
    answer = world.client.post("/operator/sign-in", data={"token": TOKEN, "next": goal})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/operator")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["start from the stores.", ">Stores</a>", "Its id in the log"]),
        ("it", ["riparti dai negozi.", ">Negozi</a>", "Il suo id nel registro"]),
    ],
)
def test_an_address_with_nothing_leads_back(world: World, language: str, words: list[str]) -> None:
    headers = {"Accept": "text/html", "Accept-Language": language}
    answer = signed_in(world).get("/operator/nothing", headers=headers)
    assert answer.status_code == 404
    assert 'href="/operator"' in answer.text
    assert all(each in answer.text for each in words)


def test_the_cookie_is_secure_where_the_app_is(world_with: Callable[..., World]) -> None:
    world = world_with(operator_token=TOKEN, app_url="https://tagdock.example.com")
    answer = world.client.post("/operator/sign-in", data={"token": TOKEN})
    assert "Secure" in answer.headers["Set-Cookie"].split("; ")


@pytest.mark.parametrize("wrong", ["", "wrong", TOKEN + "x", TOKEN.upper(), "é\x00", "x" * 9000])
def test_a_wrong_token_opens_nothing(world: World, wrong: str) -> None:
    store(world, "a.myshopify.com")
    browser = world.client
    answer = browser.post("/operator/sign-in", data={"token": wrong})
    assert answer.status_code == 401
    assert "Set-Cookie" not in answer.headers
    assert 'role="alert"' in answer.text
    assert browser.get("/operator").status_code == 401


def test_every_operator_address_asks_for_the_token(world: World) -> None:
    store(world, "a.myshopify.com")
    rules = [r for r in world.app.url_map.iter_rules() if r.rule.startswith("/operator")]
    assert len(rules) >= 9
    for rule in rules:
        if rule.endpoint.startswith("operator.door."):
            continue
        asked = address(rule, {"prepared_id": "1"})
        for method in {"GET", "POST"} & (rule.methods or set()):
            answer = world.client.open(asked, method=method)
            assert answer.status_code == 401, rule.rule
            assert "a.myshopify.com" not in answer.text


def test_a_merchants_session_opens_nothing(world: World) -> None:
    world.install()
    headers = {"Authorization": f"Bearer {id_token(SHOP_A)}"}
    assert world.client.get("/operator", headers=headers).status_code == 401


def test_a_script_sends_the_token_along(world: World) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    assert world.client.get("/operator/weeks.csv", headers=headers).status_code == 200
    wrong = {"Authorization": "Bearer wrong"}
    for given, sentence in ((wrong, "isn't the operator token"), ({}, "Authorization: Bearer")):
        answer = world.client.get("/operator/weeks.csv", headers={"Accept": "*/*", **given})
        assert (answer.status_code, answer.mimetype) == (401, "text/plain")
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert sentence in answer.text
    answer = world.client.get("/operator/weeks.csv", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.mimetype) == (401, "text/html")
    assert "<form" in answer.text


def test_only_a_refusal_says_when_to_come_again(world: World) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    for _ in range(20):
        answer = world.client.get("/operator/weeks.csv", headers=headers)
        assert (answer.status_code, answer.text[:4]) == (200, "week")
        assert "Retry-After" not in answer.headers
    answer = world.client.get("/operator/weeks.csv", headers=headers)
    assert (answer.status_code, answer.mimetype) == (429, "text/plain")
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert "Too many requests" in answer.text
    assert not [name for name, _ in answer.headers if name.endswith("-After") and name[0] == "X"]


def test_a_session_ends_after_a_working_day(world: World) -> None:
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        cookie = signed_in(world).get_cookie("tagdock_operator", path="/operator")
        assert cookie is not None
        for hours, status in ((11, 200), (2, 401)):
            clock.shift(timedelta(hours=hours))
            browser = world.client
            browser.set_cookie("tagdock_operator", cookie.value, path="/operator")
            assert browser.get("/operator").status_code == status


def test_a_new_token_or_a_tampered_cookie_signs_out(
    world_with: Callable[..., World], world: World
) -> None:
    cookie = signed_in(world).get_cookie("tagdock_operator", path="/operator")
    assert cookie is not None
    other = world_with(operator_token="another-token-of-the-operator").client
    for value in (cookie.value, f"{cookie.value}x", "", "x.y.z"):
        other.set_cookie("tagdock_operator", value, path="/operator")
        assert other.get("/operator").status_code == 401
    browser = world.client
    browser.set_cookie("tagdock_operator", cookie.value, path="/operator")
    assert browser.get("/operator").status_code == 200


def test_guessing_is_slowed_down(world: World) -> None:
    browser = world.client
    answers = [browser.post("/operator/sign-in", data={"token": str(n)}) for n in range(20)]
    assert {answer.status_code for answer in answers} == {401}
    answer = browser.post("/operator/sign-in", data={"token": TOKEN})
    assert answer.status_code == 429
    assert "Too many" in answer.text
    headers = {"Authorization": f"Bearer {TOKEN}"}
    assert browser.get("/operator", headers=headers).status_code == 429


def test_a_form_of_another_site_does_nothing(world: World) -> None:
    browser = signed_in(world)
    for path in ("/operator/prepared", "/operator/sign-in", "/operator/prepared/1/withdraw"):
        answer = browser.post(path, headers={"Origin": "https://evil.example.com"})
        assert answer.status_code == 403, path
    own = {"Origin": "http://127.0.0.1:5000"}
    assert browser.post("/operator/prepared", headers=own).status_code == 422


def test_the_pages_are_plain_and_closed(world: World) -> None:
    browser = signed_in(world)
    for path in ("/operator", "/operator/weeks", "/operator/prepared"):
        answer = browser.get(path)
        assert "<script" not in answer.text
        assert "<s-" not in answer.text
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["Cache-Control"] == "private, no-store"


def test_no_secret_is_on_any_page(world: World) -> None:
    world.install()
    world.connect()
    browser = signed_in(world)
    for path in ("", "/weeks", "/prepared", "/stores.csv", "/weeks.csv"):
        page = browser.get(f"/operator{path}").text
        assert not any(secret in page for secret in (TOKEN, WMS_TOKEN, ACCESS_TOKEN))


# --- The stores -------------------------------------------------------------------------------


def test_a_store_shows_how_its_integration_stands(world: World) -> None:
    store(world, "a.myshopify.com", name="Acme", status="established", orders={0: 12}, errors=3)
    world.order(1001, "a.myshopify.com", placed_at=datetime(2026, 3, 4, 5, 6, tzinfo=UTC))
    page = signed_in(world).get("/operator").text
    assert "<caption>" in page
    for words in ("Acme", "a.myshopify.com", "Connection established"):
        assert words in page
    assert 'datetime="2026-03-04T05:06:00Z"' in page
    assert re.search(r'data-label="Errors 7 d" class="number bad">3<', page)
    assert re.search(r'data-label="Orders a week" class="number">12<', page)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("established", "Connection established"),
        ("refused", "Token refused"),
        ("unreachable", "Unreachable since"),
        ("unusable", "No usable answer since"),
        ("never_tested", "Never tested"),
        ("other_account", "Another warehouse account"),
        (None, "Not connected"),
    ],
)
def test_the_words_are_those_of_the_other_pages(
    world: World, status: str | None, words: str
) -> None:
    store(world, "a.myshopify.com", status=status)
    page = signed_in(world).get("/operator").text
    assert re.search(rf'<span class="badge \w+">{words}</span> <time', page)


def test_an_uninstalled_store_and_a_dropped_token_say_so(world: World) -> None:
    gone = datetime(2026, 2, 3, tzinfo=UTC)
    store(world, "gone.myshopify.com", installed=False, uninstalled_at=gone, status="established")
    store(world, "off.myshopify.com", status="never_tested")
    with world.app.app_context():
        shop = db.session.query(Shop).filter_by(domain="off.myshopify.com").one()
        db.session.query(Connection).filter_by(shop_id=shop.id).update({"token": None})
        db.session.commit()
    page = signed_in(world).get("/operator").text
    assert re.search(r'>Uninstalled</span> <time datetime="2026-02-03', page)
    assert ">Not connected</span>" in page


def test_filters_find_by_state_and_by_text(world: World) -> None:
    store(world, "a.myshopify.com", name="Olio Bianchi", status="established")
    store(world, "b.myshopify.com", status="unreachable")
    store(world, "c.myshopify.com", status="refused")
    store(world, "d.myshopify.com")
    store(world, "e.myshopify.com", installed=False, status="established")
    browser = signed_in(world)
    for query, letters in (
        ("state=connected", "ab"),
        ("state=not_connected", "cd"),
        ("state=uninstalled", "e"),
        ("state=nonsense", "abcde"),
        ("q=bianchi", "a"),
        ("q=c.my", "c"),
        ("q=%25", ""),
        ("q=bianchi&state=uninstalled", ""),
    ):
        found = listed(browser.get(f"/operator?{query}").text)
        assert [domain[0] for domain in found] == list(letters), query
        rows = table(browser.get(f"/operator/stores.csv?{query}"))
        assert [row["store"][0] for row in rows] == list(letters), query
    assert "Clear filters" in browser.get("/operator?q=nothing").text


def test_no_store_yet_leads_to_preparing_one(world: World) -> None:
    page = signed_in(world).get("/operator").text
    assert "No store has installed the app yet." in page
    assert "/operator/prepared" in page


def test_the_chosen_week_decides_which_orders_are_counted(world: World, week: Week) -> None:
    store(world, "a.myshopify.com", orders={0: 5, 2: 7})
    browser = signed_in(world)
    for ago, orders in ((0, 5), (1, 0), (2, 7)):
        chosen = week.before(ago).name
        page = browser.get(f"/operator?week={chosen}").text
        assert f'<option value="{chosen}" selected>' in page
        assert re.search(rf'data-label="Orders a week" class="number">{orders}<', page)
        assert f"{int(bool(orders))} active integration" in page
    assert f'<option value="{week.name}" selected>' in browser.get("/operator?week=").text


@pytest.mark.parametrize("path", ["/operator", "/operator/stores.csv", "/operator/weeks"])
@pytest.mark.parametrize("kind", ["text/html", "text/plain"])
def test_a_week_that_is_none_is_refused(world: World, week: Week, path: str, kind: str) -> None:
    browser = signed_in(world)
    for nonsense in ("2026-W99", "foo", "1999-W01", "2026-W1", week.before(-1).name):
        answer = browser.get(f"{path}?week={nonsense}", headers={"Accept": kind})
        assert (answer.status_code, answer.mimetype) == (400, kind), nonsense
        assert f"Write it as {week.name}" in answer.text


def test_a_week_of_long_ago_stays_chosen(world: World, week: Week) -> None:
    long_ago = week.before(80).name
    page = signed_in(world).get(f"/operator?week={long_ago}").text
    assert f'<option value="{long_ago}" selected>' in page


def test_a_hundred_stores_a_page_forth_and_back(world: World) -> None:
    domains = [f"store-{number:03}.myshopify.com" for number in range(230)]
    with world.app.app_context():
        now = datetime.now(UTC)
        db.session.add_all([Shop(domain=domain, installed_at=now) for domain in domains])
        db.session.commit()
    browser = signed_in(world)
    pages, at = [], "/operator"
    while at:
        page = browser.get(at).text
        pages.append(listed(page))
        at = _link(page, "next")
        back = _link(page, "prev")
    assert [len(rows) for rows in pages] == [100, 100, 30]
    assert [domain for rows in pages for domain in rows] == domains
    page = browser.get(back).text
    assert listed(page) == pages[1]
    page = browser.get(_link(page, "prev")).text
    assert listed(page) == pages[0]
    assert _link(page, "prev") == ""
    assert _link(page, "next")
    assert [row["store"] for row in table(browser.get("/operator/stores.csv"))] == domains
    assert listed(browser.get("/operator?before=aaa").text) == []


def _link(page: str, rel: str) -> str:
    found = re.search(rf'rel="{rel}" href="([^"]+)"', page)
    return found[1].replace("&amp;", "&") if found else ""


def test_text_of_a_store_is_text_and_never_a_formula(world: World, week: Week) -> None:
    store(world, "a.myshopify.com", name=EVIL)
    browser = signed_in(world)
    page = browser.get(f"/operator?q={'%3Cscript%3E'}").text
    assert "<script" not in page
    answer = browser.get("/operator/stores.csv")
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert f'filename="stores-{week.name}.csv"' in answer.headers["Content-Disposition"]
    assert [row["name"] for row in table(answer)] == [f"'{EVIL}"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_list_reads_indexes_alone(world: World, week: Week) -> None:
    """A store's errors, last order and week are each found by an index, whatever else there is.
    PostgreSQL scans small tables whatever indexes there are."""
    with world.app.app_context():
        query = _stores(Filter(week)).order_by(Shop.domain).limit(101)
        kind = db.engine.dialect
        sql = str(query.compile(dialect=kind, compile_kwargs={"literal_binds": True}))
        plan = [row.detail for row in db.session.execute(text(f"EXPLAIN QUERY PLAN {sql}"))]
    for table_name, index in (
        ("log_lines", "ix_log_lines_errors"),
        ("orders", "ix_orders_shop_id_placed_at"),
        ("store_weeks", "store_weeks"),
    ):
        uses = [step for step in plan if table_name in step]
        assert uses, table_name
        assert all(step.startswith("SEARCH") and index in step for step in uses), plan
    assert not [step for step in plan if "TEMP B-TREE" in step]


# --- The weeks --------------------------------------------------------------------------------


def test_weeks_without_an_order_are_counted_as_zero(world: World, week: Week) -> None:
    store(world, "a.myshopify.com", orders={0: 5, 3: 1})
    store(world, "b.myshopify.com", orders={3: 10})
    browser = signed_in(world)
    page = browser.get("/operator/weeks").text
    assert "<caption>" in page
    assert re.findall(r"\d{4}-W\d\d(?=</a>)", page) == [week.before(n).name for n in range(4)]
    rows = table(browser.get("/operator/weeks.csv"))
    assert [(row["active_integrations"], row["orders"]) for row in rows] == [
        ("1", "5"),
        ("0", "0"),
        ("0", "0"),
        ("2", "11"),
    ]
    assert rows[0]["from"] == week.monday.isoformat()
    assert rows[0]["to"] == week.sunday.isoformat()


def test_a_store_that_was_removed_stays_in_the_count(world: World) -> None:
    shop_id = store(world, "a.myshopify.com", orders={1: 4})
    with world.app.app_context():
        db.session.delete(db.session.get_one(Shop, shop_id))
        db.session.commit()
    rows = table(signed_in(world).get("/operator/weeks.csv"))
    assert rows[1]["active_integrations"] == "1"
    assert rows[1]["orders"] == "4"


def test_two_years_of_weeks_are_two_pages(world: World) -> None:
    store(world, "a.myshopify.com", orders={0: 1, 130: 1})
    browser = signed_in(world)
    page = browser.get("/operator/weeks").text
    assert page.count("</a></th>") == 100
    page = browser.get(_link(page, "next")).text
    assert page.count("</a></th>") == 31
    assert _link(page, "next") == ""
    assert len(table(browser.get("/operator/weeks.csv"))) == 131


def test_the_pages_speak_italian(world: World) -> None:
    store(world, "a.myshopify.com", status="established")
    browser = signed_in(world)
    page = browser.get("/operator", headers={"Accept-Language": "it"}).text
    assert '<html lang="it" dir="ltr">' in page
    assert "Collegato da" in page
    assert "Connessione stabilita" in page
