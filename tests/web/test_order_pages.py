"""The list of orders and the page of one."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from app.db import db
from app.models import LogLine, Order, Shop
from tests.web.conftest import World
from tests.web.signing import SHOP_A


def _names(page: str) -> list[str]:
    return re.findall(r'id="order-(\d+)"', page)


def _log(world: World, count: int = 1, **values: object) -> None:
    with world.app.app_context():
        shop_id = db.session.query(Shop.id).filter_by(domain=SHOP_A).scalar()
        for number in range(count):
            known = {"level": "info", "event": "sent", "message": f"Line {number}.", "actor": ""}
            at = datetime.now(UTC) - timedelta(seconds=number)
            db.session.add(LogLine(shop_id=shop_id, **{"at": at, **known, **values}))
        db.session.commit()


def test_orders_are_filtered_by_state_reason_and_search(shop_a: World) -> None:
    with shop_a.app.app_context():
        connection = db.session.execute(db.text("SELECT id FROM connections")).scalar_one()
    line = {"id": "1", "name": "Tee", "sku": "TS-ÄÖ-M", "gift_card": False}
    facts = {"lines": [{**line, "requires_shipping": True}]}
    first = shop_a.order(1001, facts=facts)
    shop_a.outbound(first, connection, job_id="7f3c0000-aaaa")
    shop_a.order(1002, tag_state="error", reason="sku")
    shop_a.order(2001, tag_state="synced", name="100%_#2001")
    assert _names(shop_a.get("/orders").text) == ["2001", "1002", "1001"]
    for query, found in (
        ("state=error", ["1002"]),
        ("state=nonsense", ["2001", "1002", "1001"]),
        ("reason=sku", ["1002"]),
        ("q=%231001", ["1001"]),
        ("q=1002", ["1002"]),
        ("q=100", ["2001", "1002", "1001"]),
        ("q=100%25", ["2001"]),
        ("q=7f3c", ["1001"]),
        ("q=ts-", ["1001"]),
        ("q=TS-%C3%84", ["1001"]),
        ("q=S-", []),
        ("q=%25", []),
        ("q=%00", ["2001", "1002", "1001"]),
        ("q=nothing", []),
    ):
        assert _names(shop_a.get(f"/orders?{query}").text) == found, query
    assert "Nothing matches." in shop_a.get("/orders?q=nothing").text
    assert 'value="nothing"' in shop_a.get("/orders?q=nothing").text


def test_waiting_orders_can_all_be_sent(shop_a: World) -> None:
    for number in range(3):
        shop_a.order(1001 + number)
    assert "Send all 3" in shop_a.get("/orders?state=no_sync").text
    assert "Send all" not in shop_a.get("/orders").text


def test_orders_are_paged_by_cursor_there_and_back(shop_a: World) -> None:
    begun = datetime.now(UTC)
    with shop_a.app.app_context():
        shop_id = db.session.query(Shop.id).filter_by(domain=SHOP_A).scalar()
        for number in range(1, 121):
            dated = begun - timedelta(minutes=number // 3) if number <= 70 else None
            db.session.add(
                Order(
                    shop_id=shop_id,
                    gid=f"gid://shopify/Order/{number}",
                    placed_at=dated,
                    first_seen_at=begun,
                )
            )
        db.session.commit()
    pages, address = [], "/orders?"
    while address:
        text = shop_a.get(address).text
        pages.append(_names(text))
        following = re.search(r'data-next="([^"]+)"', text)
        address = following[1].replace("&amp;", "&") if following else ""
        previous = re.search(r'data-previous="([^"]+)"', text)
        if previous:
            before = shop_a.get(previous[1].replace("&amp;", "&")).text
            assert _names(before) == pages[-2]
    assert [len(page) for page in pages] == [50, 50, 20]
    assert len({name for page in pages for name in page}) == 120


@pytest.mark.parametrize(
    "cursor", ["x", "%00", "W10", "WzEsMl0", "A" * 2000, "e30", "WzAsIngiLDFd"]
)
def test_a_cursor_we_never_wrote_begins_at_the_beginning(shop_a: World, cursor: str) -> None:
    shop_a.order(1001)
    assert _names(shop_a.get(f"/orders?cursor={cursor}").text) == ["1001"]
    assert shop_a.get(f"/logs?cursor={cursor}").status_code == 200


def test_an_order_says_why_and_what_happened(shop_a: World) -> None:
    order = shop_a.order(1001, tag_state="error", reason="sku-unknown", message="It says: no.")
    with shop_a.app.app_context():
        connection = db.session.execute(db.text("SELECT id FROM connections")).scalar_one()
    shop_a.outbound(order, connection, job_id="7f3c-job", wms_id="W-9", state="rejected")
    _log(shop_a, order_id=order, order_name="#1001", level="error", message="Refused.", actor="42")
    page = shop_a.get("/orders/1001").text
    for words in (
        "Why isn't this order syncing?",
        "SKU unknown",
        "It says: no.",
        "WH-1",
        "7f3c-job",
        "W-9",
        "Refused.",
        "Staff 42",
        "Send to WMS",
    ):
        assert words in page, words
    assert "Update sync status" not in page
    shop_a.order(1002, tag_state="syncing")
    assert "Update sync status" in shop_a.get("/orders/1002").text


def test_what_is_on_its_way_is_not_called_blocked(shop_a: World) -> None:
    shop_a.order(1001, tag_state="syncing", tracked=False)
    shop_a.order(1002, tag_state="synced", reason="tracked", tracked=False)
    assert 'type="x-circle"' not in shop_a.get("/orders/1001").text
    assert 'type="x-circle"' in shop_a.get("/orders/1002").text


@pytest.mark.parametrize("number", ["404", "9999999999999999999"])
def test_an_order_never_seen_can_be_sent(shop_a: World, number: str) -> None:
    answer = shop_a.get(f"/orders/{number}")
    assert answer.status_code == 404
    assert "We haven't seen this order" in answer.text
    assert "Send to WMS" in answer.text


@pytest.mark.parametrize("number", ["x", "1001%00", "-1", "1" * 60, "²", "%F0%9F%98%80"])
def test_what_is_no_order_number_is_404(shop_a: World, number: str) -> None:
    assert shop_a.get(f"/orders/{number}").status_code == 404


def test_fifty_orders_stay_light(shop_a: World) -> None:
    for number in range(50):
        shop_a.order(1001 + number, message="A sentence of the usual length.", reason="sku")
    page = shop_a.get("/orders?host=YWRtaW4uc2hvcGlmeS5jb20vc3RvcmUvc2hvcC1h")
    assert len(page.data) <= 60_000
    assert _size(shop_a, "tagdock.js", "lists.js", "orders.js", "me.js") <= 15 * 1024
    assert _size(shop_a, "tagdock.css") <= 6_000


def _size(shop: World, *names: str) -> int:
    """How many bytes these static files are together."""
    size = 0
    for name in names:
        with shop.client.get(f"/static/{name}") as answer:
            size += len(answer.data)
    return size
