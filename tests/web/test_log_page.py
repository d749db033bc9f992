"""The log's page: filters, searches, paging, and the WMS's own lines."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from app.db import db
from app.models import LogLine, OrderTerm, Shop
from app.web import log_search
from tests.web.conftest import World
from tests.web.signing import SHOP_A, SHOP_B

Log = Callable[..., None]


@pytest.fixture
def log(shop_a: World) -> Log:
    """Writes lines into shop A's log, each a second older than the one before."""
    return lambda count=1, **values: write_lines(shop_a, count, **values)


def write_lines(world: World, count: int = 1, shop: str = SHOP_A, **values: object) -> None:
    """Write lines into a shop's log, each a second older than the one before."""
    with world.app.app_context():
        shop_id = db.session.query(Shop.id).filter_by(domain=shop).scalar()
        for number in range(count):
            known = {"level": "info", "event": "sent", "message": f"Line {number}.", "actor": ""}
            at = datetime.now(UTC) - timedelta(seconds=number)
            db.session.add(LogLine(shop_id=shop_id, **{"at": at, **known, **values}))
        db.session.commit()


def days_ago(days: float) -> datetime:
    """A moment so many days ago."""
    return datetime.now(UTC) - timedelta(days=days)


def test_logs_are_filtered(shop_a: World, log: Log) -> None:
    log(message="Refused 100%.", level="error", order_name="#1001", job_id="job-1")
    log(message="All well.")
    log(message="Almost.", level="warning")
    log(message="Long ago.", at=days_ago(3))
    for query, present, absent in (
        ("", ["Refused 100%.", "All well."], ["Long ago."]),
        ("window=7d", ["Long ago."], []),
        ("window=30d", ["Long ago."], []),
        ("window=all", ["Long ago."], []),
        ("window=nonsense", ["All well."], ["Long ago."]),
        ("level=error", ["Refused 100%."], ["All well.", "Almost."]),
        ("level=warning", ["Refused 100%.", "Almost."], ["All well."]),
        ("q=%231001", ["Refused 100%."], ["All well."]),
        ("q=1001", ["Refused 100%."], ["All well."]),
        ("q=job-1", ["Refused 100%."], ["All well."]),
        ("q=100%25", ["Refused 100%."], ["All well."]),
        ("q=%25%25", [], ["All well."]),
        ("q=long", [], ["Long ago."]),
        ("q=LONG&window=7d", ["Long ago."], ["All well."]),
        ("job=send", [], ["All well."]),
        ("q=%00", ["All well."], []),
    ):
        page = shop_a.get(f"/logs?{query}").text
        assert all(words in page for words in present), query
        assert not any(words in page for words in absent), query


def test_logs_filter_by_the_job_that_wrote_them(shop_a: World, log: Log) -> None:
    log(message="Of the run.", kind="reconcile")
    log(message="Of another.")
    page = shop_a.get("/logs?job=reconcile").text
    assert "Of the run." in page
    assert "Of another." not in page
    shop_a.ask("POST", "/api/jobs/reconcile/run")
    assert "Reconcile: started by hand." in shop_a.get("/logs?job=reconcile").text


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "Sync status: started by hand."),
        ("it", "Stato di sincronizzazione: avviato a mano."),
    ],
)
def test_who_starts_a_job_reads_its_name(shop_a: World, language: str, told: str) -> None:
    shop_a.ask("POST", "/api/jobs/sync_status/run")
    page = shop_a.get("/logs", headers={"Accept-Language": language}).text
    assert told in page


def test_a_job_is_found_by_the_start_of_its_id(shop_a: World, log: Log) -> None:
    log(message="Of the job.", job_id="7f3c9a12-0000-4000-8000-000000000001")
    log(message="Of another.", job_id="7f3d9a12-0000-4000-8000-000000000001")
    page = shop_a.get("/logs?q=7f3c9a12").text
    assert "Of the job." in page
    assert "Of another." not in page


@pytest.mark.parametrize("count", [1, 3])
def test_a_sku_leads_to_the_lines_of_its_orders(
    shop_a: World, log: Log, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    """Whether few orders have it or many."""
    monkeypatch.setattr(log_search, "_MANY", 3)
    orders = [shop_a.order(1001 + number) for number in range(count)]
    with shop_a.app.app_context():
        shop_id = db.session.query(Shop.id).filter_by(domain=SHOP_A).scalar()
        for order in orders:
            db.session.add(OrderTerm(shop_id=shop_id, term="ts-m", order_id=order))
        db.session.commit()
    log(message="About the shirt.", order_id=orders[-1])
    log(message="About a mug.")
    page = shop_a.get("/logs?q=TS-M").text
    assert "About the shirt." in page
    assert "About a mug." not in page


def test_runs_that_did_nothing_are_hidden_until_asked_for(shop_a: World, log: Log) -> None:
    idle = {"event": "ran", "kind": "sync_status", "code": "idle", "actor": "schedule"}
    log(message="Sync status: nothing to do.", **idle)
    log(event="ran", kind="import_orders", details={"counts": {"sent": 3}}, message="x")
    page = shop_a.get("/logs").text
    assert "Import orders: 3 sent" in page
    assert "Sync status: nothing to do" not in page
    assert re.search(r'<s-checkbox name="hide"[^>]* checked', page)
    for query in ("runs=all", "form=1&window=24h"):
        page = shop_a.get(f"/logs?{query}").text
        assert "Sync status: nothing to do" in page, query
        assert not re.search(r'<s-checkbox name="hide"[^>]* checked', page)
    assert "nothing to do" not in shop_a.get("/logs?form=1&hide=on").text


def test_words_are_looked_for_a_part_at_a_time(
    shop_a: World, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_search, "READ_AT_ONCE", 20)
    log(70)
    log(message="The needle.", at=days_ago(0.5))
    address, found = "/logs?q=needle", []
    for _ in range(5):
        page = shop_a.get(address).text
        found.append("The needle." in page)
        onward = re.search(r'href="(/logs\?cursor=[^"]+)">Read on', page)
        if onward is None:
            break
        assert "back to" in page
        address = onward[1].replace("&amp;", "&")
    assert found == [False, False, False, True]
    back = re.search(r'data-previous="([^"]+)"', page)
    assert back is not None
    assert shop_a.get(back[1].replace("&amp;", "&")).status_code == 200


def test_words_found_on_many_pages_are_paged_both_ways(
    shop_a: World, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_search, "READ_AT_ONCE", 90)
    log(150)
    seen, address = [], "/logs?q=line"
    while address:
        page = shop_a.get(address).text
        seen += re.findall(r"Line (\d+)\.", page)
        onward = re.search(r'data-next="([^"]+)"', page)
        address = onward[1].replace("&amp;", "&") if onward else ""
    assert [int(number) for number in seen] == list(range(150))
    back = re.search(r'data-previous="([^"]+)"', page)
    assert back is not None
    earlier = shop_a.get(back[1].replace("&amp;", "&")).text
    assert "Line 100." not in earlier
    assert re.findall(r"Line (\d+)\.", earlier)[-1] in ("89", "99")


def test_logs_are_paged_and_offer_the_wms_lines(shop_a: World, log: Log) -> None:
    log(60, job_id="job-1")
    page = shop_a.get("/logs").text
    assert page.count("<s-table-row ") == 50
    assert "hasnextpage" in page
    assert 'data-load="/logs/job-1/wms"' in page


def test_nothing_found_says_how_to_find_more(shop_a: World) -> None:
    page = shop_a.get("/logs?q=nothing-such").text
    assert "Nothing matches in this time." in page
    assert "window=all" in re.search(r'href="([^"]+)">Search all', page)[1]
    assert "Nothing matches." in shop_a.get("/logs?q=nothing-such&window=all").text
    with shop_a.app.app_context():
        db.session.execute(db.update(LogLine).values(at=days_ago(2)))
        db.session.commit()
    assert "Nothing happened in this time." in shop_a.get("/logs").text


def test_other_shops_lines_are_never_found(shop_a: World) -> None:
    shop_a.install(SHOP_B)
    order = shop_a.order(1001, SHOP_B)
    write_lines(
        shop_a, shop=SHOP_B, message="Theirs.", order_name="#1001", job_id="job-1", order_id=order
    )
    for query in ("", "q=%231001", "q=job-1", "q=Theirs", "part=tail&after=0"):
        assert "Theirs." not in shop_a.get(f"/logs?window=all&{query}").text, query
    assert "Theirs." not in shop_a.get("/logs/export.json?window=all").text


def test_wms_lines_that_do_not_come_are_said(shop_a: World) -> None:
    order = shop_a.order(1001)
    with shop_a.app.app_context():
        connection = db.session.execute(db.text("SELECT id FROM connections")).scalar_one()
    shop_a.outbound(order, connection, job_id="job-1")
    answer = shop_a.get("/logs/job-1/wms")
    assert answer.status_code == 200
    assert "The WMS didn&#39;t answer. Our lines are complete." in answer.text
    assert shop_a.get("/logs/another/wms").status_code == 404
