"""Orders are found by their tracking numbers, and the list shows the first one."""

import html
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import event

from app.db import db
from app.models import Connection, OrderTerm, OutboundOrder
from app.sync import shipping
from app.wms import feeds
from tests.web.conftest import World
from tests.web.signing import SHOP_A, SHOP_B


def _order(world: World, number: int, shop: str = SHOP_A) -> str:
    """An order at the warehouse; returns the warehouse's reference to it."""
    with world.app.app_context():
        connection = db.session.query(Connection.id).filter(Connection.shop.has(domain=shop))
        found = connection.scalar()
    order = world.order(number, shop)
    world.outbound(order, found, external_id=f"{shop}/{number}", fulfillment_order=str(number))
    return f"{shop}/{number}"


def _told(world: World, external_id: str, *numbers: str, **values: Any) -> None:
    """The warehouse tells of a shipment with these parcels."""
    packages = [
        {"carrier": {"code": "dhl"}, "tracking_number": number, "tracking_url": f"https://t/{n}"}
        for n, number in enumerate(numbers)
    ]
    line = {"line_id": "gid://shopify/LineItem/1", "quantity": 1}
    known = {"id": "S-1", "version": 1, "external_id": external_id, "state": "shipped"}
    told = feeds.Shipment.model_validate({**known, "packages": packages, "lines": [line], **values})
    with world.app.app_context():
        outbound = db.session.query(OutboundOrder).filter_by(external_id=external_id).one()
        connection = db.session.get_one(Connection, outbound.connection_id)
        shipping.take(connection, told)
        db.session.commit()


def _found(world: World, text: str, shop: str = SHOP_A) -> list[str]:
    page = world.get(f"/orders?{urlencode({'q': text})}", shop=shop)
    return re.findall(r'id="order-(\d+)"', page.text)


def _cell(world: World) -> str:
    page = html.unescape(world.get("/orders?part=rows").text)
    found = re.search(r'data-live="tracking">(.*?)</s-table-cell>', page, re.DOTALL)
    assert found is not None
    return found[1]


def test_a_tracking_number_finds_its_order(shop_a: World) -> None:
    _told(shop_a, _order(shop_a, 1001), "1Z 999 AA1", "DP-7")
    _order(shop_a, 1002)
    for text in ("1Z 999 AA1", "1z999aa1", "1Z99", "dp-7"):
        assert _found(shop_a, text) == ["1001"], text
    for text in ("999", "DP-8"):
        assert _found(shop_a, text) == [], text


def test_a_corrected_number_and_the_one_before_it_both_find_it(shop_a: World) -> None:
    reference = _order(shop_a, 1001)
    _told(shop_a, reference, "OLD-1")
    _told(shop_a, reference, "NEW-1", version=2)
    assert _found(shop_a, "OLD-1") == _found(shop_a, "NEW-1") == ["1001"]
    assert "NEW-1" in _cell(shop_a)
    assert "OLD-1" not in _cell(shop_a)


def test_a_number_finds_nothing_in_another_shop(shop_a: World) -> None:
    shop_a.install(SHOP_B)
    shop_a.connect(SHOP_B)
    _told(shop_a, _order(shop_a, 1001, SHOP_B), "DP-7")
    assert _found(shop_a, "DP-7") == []
    assert _found(shop_a, "DP-7", SHOP_B) == ["1001"]


def test_the_list_shows_the_first_number_and_how_many_more(shop_a: World) -> None:
    reference = _order(shop_a, 1001)
    assert _cell(shop_a) == ""
    _told(shop_a, reference)
    assert _cell(shop_a) == "", "packed without a number yet"
    _told(shop_a, reference, "DP-1", "DP-2", version=2)
    assert '<a href="https://t/0" target="_blank" rel="noopener noreferrer">' in _cell(shop_a)
    assert "<bdi>DP-1</bdi>" in _cell(shop_a)
    assert ">+1<" in _cell(shop_a)
    _told(shop_a, reference, "DP-1", "DP-2", version=3, state="cancelled")
    assert _cell(shop_a) == ""


def test_a_number_without_a_web_address_is_no_link(shop_a: World) -> None:
    package = {"tracking_number": "<b>1", "tracking_url": "javascript:alert(1)"}
    _told(shop_a, _order(shop_a, 1001), packages=[package])
    assert "<a " not in _cell(shop_a)
    assert "<bdi>&lt;b&gt;1</bdi>" in shop_a.get("/orders").text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_neither_the_search_nor_the_column_goes_through_all_shipments(shop_a: World) -> None:
    for number in (1001, 1002):
        _told(shop_a, _order(shop_a, number), f"DP-{number}", id=f"S-{number}")
    statements: list[tuple[str, Any]] = []
    with shop_a.app.app_context():

        def note(_c: Any, _k: Any, statement: str, values: Any, *_: Any) -> None:
            statements.append((statement, values))

        event.listen(db.engine, "before_cursor_execute", note)
        assert _found(shop_a, "DP-1001") == ["1001"]
        event.remove(db.engine, "before_cursor_execute", note)
        asked = [each for each in statements if each[0].startswith(("SELECT", "WITH"))]
        assert sum("FROM shipments" in statement for statement, _ in asked) == 1
        for statement, values in asked:
            with db.engine.connect() as connection:
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
                steps = [row[3] for row in plan]
            assert not [s for s in steps if re.match(r"SCAN (orders|order_terms|shipments)", s)]


def test_numbers_known_before_are_found_after_the_upgrade(shop_a: World) -> None:
    _told(shop_a, _order(shop_a, 1001), "1Z 999", "DP-7")
    with shop_a.app.app_context():
        db.session.query(OrderTerm).delete()
        db.session.commit()
        db.session.remove()
        downgrade(revision="0026")
        upgrade()
        terms = db.session.scalars(db.select(OrderTerm.term)).all()
        assert sorted(terms) == ["1z 999", "1z999", "dp-7"]
        db.session.remove()
    assert _found(shop_a, "1Z999") == ["1001"]
