"""Finding orders: by filter or by what a person types, by an index, never in another shop."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from app.db import db
from app.domain.facts import Facts, LineFacts
from app.models import Batch, BatchMember, Order, OrderTerm, OutboundOrder, Shop
from app.sync.order_terms import keep_terms, terms_of
from tests.web.conftest import World
from tests.web.signing import SHOP_A, SHOP_B

LONG = "L" * 300
LAUNCH = datetime(2026, 11, 20, 9, tzinfo=UTC)


def _names(page: str) -> list[str]:
    return re.findall(r'id="order-(\d+)"', page)


def _found(world: World, query: str) -> list[str]:
    return _names(world.get(f"/orders?{query}").text)


def _facts(*skus: str) -> dict[str, Any]:
    lines = [
        LineFacts(id=str(n), name="Tee", sku=sku, gift_card=False, requires_shipping=True)
        for n, sku in enumerate(skus)
    ]
    return Facts(lines=lines).to_json()


def _connection(world: World) -> str:
    with world.app.app_context():
        return str(db.session.execute(db.text("SELECT min(id) FROM connections")).scalar_one())


def _batch(world: World, order: int, job_id: str) -> None:
    with world.app.app_context():
        outbound = db.session.query(OutboundOrder).filter_by(order_id=order).one()
        db.session.add(
            Batch(
                id=f"batch-{job_id}",
                shop_id=outbound.shop_id,
                connection_id=outbound.connection_id,
                generation=1,
                body=b"{}",
                job_id=job_id,
                created_at=datetime.now(UTC),
                members=[BatchMember(outbound_order_id=outbound.id, revision=1)],
            )
        )
        db.session.commit()


def test_an_order_is_found_by_its_skus_whatever_the_case(shop_a: World) -> None:
    shop_a.order(1001, facts=_facts("TS-ÄÖ-M", "MUG"))
    shop_a.order(1002, facts=_facts("MUG-330", LONG))
    for query, found in (
        ("q=mug", ["1002", "1001"]),
        ("q=MUG-330", ["1002"]),
        ("q=ts-%C3%A4%C3%B6-m", ["1001"]),
        ("q=TS-%C3%84", ["1001"]),
        ("q=LLLL", ["1002"]),
        (f"q={LONG}", ["1002"]),
        ("q=UG", []),
        ("q=m%25", []),
        ("q=m_g", []),
    ):
        assert _found(shop_a, query) == found, query


def test_an_order_is_found_by_every_id_it_goes_by(shop_a: World) -> None:
    first = shop_a.order(1001)
    part = "gid://shopify/FulfillmentOrder/7007"
    shop_a.outbound(
        first,
        _connection(shop_a),
        fulfillment_order=part,
        external_id=f"{part}#2",
        job_id="7f3c0000-aaaa",
        wms_id="W-00042",
    )
    _batch(shop_a, first, "5e5e-earlier")
    shop_a.order(1002)
    for text in (
        *("7f3c", "7f3c0000-aaaa", "5e5e", "W-00042", "W-000", "7007"),
        *("gid://shopify/FulfillmentOrder/7007", "gid://shopify/FulfillmentOrder/7007%232"),
        *("gid://shopify/Order/1001", "1001", "%231001"),
    ):
        assert _found(shop_a, f"q={text}") == ["1001"], text
    for text in ("f3c", "700", "gid://shopify/FulfillmentOrder/1001", "gid://shopify/Order/7007"):
        assert _found(shop_a, f"q={text}") == [], text


def test_orders_are_filtered_by_warehouse(shop_a: World) -> None:
    connection = _connection(shop_a)
    for number, code in ((1001, "WH-1"), (1002, "WH-2"), (1003, "<b>&")):
        shop_a.outbound(shop_a.order(number), connection, warehouse=code)
    old = shop_a.order(1004)
    shop_a.outbound(old, connection, warehouse="OLD", archived=True)
    assert _found(shop_a, "warehouse=WH-1") == ["1001"]
    assert _found(shop_a, "warehouse=%3Cb%3E%26") == ["1003"]
    assert _found(shop_a, "warehouse=OLD") == []
    assert _found(shop_a, "warehouse=WH-1&state=error") == []
    assert 'value="WH-2"' in shop_a.get("/orders").text


def test_days_are_the_shops_own_and_both_included(shop_a: World) -> None:
    """In Rome the 1st of July begins at 22:00 UTC of the 30th of June."""
    for number, hour in ((1001, 21), (1002, 22)):
        shop_a.order(number, placed_at=datetime(2026, 6, 30, hour, 30, tzinfo=UTC))
    shop_a.order(1003, placed_at=datetime(2026, 7, 2, 21, 59, tzinfo=UTC))
    shop_a.order(1004, placed_at=None)
    for query, found in (
        ("from=2026-07-01", ["1003", "1002"]),
        ("to=2026-06-30", ["1001"]),
        ("from=2026-07-01&to=2026-07-01", ["1002"]),
        ("from=2026-07-02&to=2026-07-02", ["1003"]),
        ("from=2026-08-01&to=2026-07-01", []),
        ("from=nonsense&to=0001-01-01", ["1003", "1002", "1001", "1004"]),
    ):
        assert _found(shop_a, query) == found, query
    assert 'value="2026-07-01"' in shop_a.get("/orders?from=2026-07-01").text


def test_filters_stay_in_the_links_to_other_pages(shop_a: World) -> None:
    connection = _connection(shop_a)
    for number in range(1, 61):
        order = shop_a.order(number, facts=_facts("MUG"))
        shop_a.outbound(order, connection, external_id=str(number))
    query = "state=no_sync&warehouse=WH-1&from=2020-01-01&to=2090-01-01&q=mug"
    page = shop_a.get(f"/orders?{query}").text
    following = re.search(r'data-next="([^"]+)"', page)
    assert following is not None
    for part in query.split("&"):
        assert part in following[1].replace("&amp;", "&")
    assert len(_names(shop_a.get(following[1].replace("&amp;", "&")).text)) == 10


def test_only_all_that_wait_can_be_sent_at_once(shop_a: World) -> None:
    """*Send all* sends every order that waits, so it is not offered for a part of them."""
    shop_a.order(1001, reason="sku")
    shop_a.order(1002)
    assert "Send all 2" in shop_a.get("/orders?state=no_sync").text
    for query in ("", "?state=no_sync&reason=sku", "?state=no_sync&q=1001", "?state=error"):
        assert "Send all" not in shop_a.get(f"/orders{query}").text


def test_more_than_ten_thousand_are_not_counted(shop_a: World) -> None:
    begun = datetime.now(UTC)
    with shop_a.app.app_context():
        shop_id = db.session.query(Shop.id).filter_by(domain=SHOP_A).scalar()
        rows = [
            {
                "shop_id": shop_id,
                "gid": f"gid://shopify/Order/{number}",
                "first_seen_at": begun,
                "tag_state": "no_sync",
            }
            for number in range(1, 10_003)
        ]
        db.session.execute(db.insert(Order), rows)
        db.session.commit()
    assert "Send all 10,000+" in shop_a.get("/orders?state=no_sync").text


def test_rows_that_a_page_shows_are_told_of_whatever_the_filter(shop_a: World) -> None:
    """Else a row that was sent meanwhile would go on saying that it is to be sent."""
    shop_a.order(1001, tag_state="synced")
    shop_a.order(1002)
    part = shop_a.get("/orders?state=no_sync&part=rows&shown=1001,1002,77,x,%F0%9F%98%80").text
    assert _names(part) == ["1002", "1001"]
    assert "Synced" in part


def test_rows_that_move_up_from_the_next_page_are_not_new(shop_a: World) -> None:
    """When orders that a page shows have left its filter, others take their places behind it."""
    for number in range(1001, 1061):
        shop_a.order(number, placed_at=LAUNCH)
    shown = _found(shop_a, "state=no_sync")
    assert shown == [str(number) for number in range(1060, 1010, -1)]
    with shop_a.app.app_context():
        sent = [f"gid://shopify/Order/{number}" for number in (*range(1011, 1021), 1060)]
        db.session.execute(db.update(Order).where(Order.gid.in_(sent)).values(tag_state="synced"))
        db.session.commit()
    shop_a.order(1061, placed_at=LAUNCH)
    shop_a.order(1062, placed_at=LAUNCH + timedelta(seconds=1))
    told = _found(shop_a, f"state=no_sync&part=rows&shown={','.join(shown)}")
    assert sorted(told) == sorted([*shown, "1061", "1062"])


def test_nothing_is_found_in_another_shop(shop_a: World) -> None:
    shop_a.install(SHOP_B)
    theirs = shop_a.connect(SHOP_B)
    order = shop_a.order(1001, SHOP_B, facts=_facts("MUG"))
    shop_a.outbound(order, theirs, job_id="7f3c", wms_id="W-1", warehouse="WH-B")
    _batch(shop_a, order, "5e5e")
    number = f"gid://shopify/FulfillmentOrder/{order}"
    for text in ("MUG", "1001", "7f3c", "W-1", "5e5e", number, "gid://shopify/Order/1001"):
        assert _found(shop_a, f"q={text}") == [], text
    page = shop_a.get("/orders?part=rows&shown=1001").text
    assert _names(page) == []
    assert "WH-B" not in page


def test_terms_follow_the_order(shop_a: World) -> None:
    number = shop_a.order(1001, facts=_facts("MUG", "PLATE"))
    with shop_a.app.app_context():
        order = db.session.get_one(Order, number)
        before = terms_of(order)
        order.name, order.facts = "#A-7", _facts("mug", "BOWL", "")
        keep_terms(order, before)
        db.session.commit()
        terms = db.session.scalars(db.select(OrderTerm.term).order_by(OrderTerm.term)).all()
        assert terms == ["a-7", "bowl", "mug"]
        db.session.delete(db.session.get_one(Order, number))
        db.session.commit()
        assert db.session.query(OrderTerm).count() == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "query",
    [
        "",
        "state=error",
        "reason=sku",
        "q=mug",
        "q=7f3c",
        "q=1001",
        "from=2026-01-01&to=2026-12-31",
        "warehouse=WH-1",
    ],
)
def test_no_search_goes_through_all_orders(shop_a: World, query: str) -> None:
    """Every statement of the page names an index: SQLite says so of its own plans, while PostgreSQL
    scans small tables whatever indexes there are."""
    with shop_a.app.app_context():
        statements: list[tuple[str, Any]] = []

        def note(_c: Any, _k: Any, statement: str, values: Any, *_: Any) -> None:
            statements.append((statement, values))

        event.listen(db.engine, "before_cursor_execute", note)
        shop_a.get(f"/orders?{query}")
        event.remove(db.engine, "before_cursor_execute", note)
        scans = []
        for statement, values in statements:
            if not statement.startswith(("SELECT", "WITH")):
                continue
            with db.engine.connect() as connection:
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
                scans += [
                    (row[3], statement)
                    for row in plan
                    if re.match(r"SCAN (orders|outbound_orders|batch|order_terms)", row[3])
                ]
        assert scans == []
