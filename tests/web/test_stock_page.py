"""Settings, Stock: seen before it is set. And the lists of what would change and what is left."""

import csv
import io
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from app.db import db
from app.models import (
    CatalogueItem,
    Connection,
    Run,
    Shop,
    StockLevel,
    StockReading,
    WarehouseStock,
)
from tests.web.conftest import World
from tests.web.signing import SHOP_A, SHOP_B

MILANO, ROMA = "gid://shopify/Location/1", "gid://shopify/Location/2"
INFO = {
    "capabilities": {"inventory": True},
    "warehouses": [{"code": "WH", "name": "Milano"}, {"code": "WH-2", "name": "Roma"}],
}


@pytest.fixture
def known(shop_a: World) -> World:
    """A shop of two locations that may write inventory, connected to a WMS that tells its stock."""
    with shop_a.app.app_context():
        places = [
            {"id": gid, "name": name, "active": True}
            for gid, name in ((MILANO, "Milano"), (ROMA, "Roma"))
        ]
        scopes = "write_orders,write_inventory,read_inventory"
        settings = {"locations": {MILANO: "WH"}}
        changes = {"locations": places, "scopes": scopes, "settings": settings}
        db.session.query(Shop).update(changes)
        db.session.query(Connection).update({"info": INFO})
        db.session.commit()
    return shop_a


def level(world: World, sku: str, seen: int | None, wanted: int, **values: Any) -> None:
    """A quantity in Milano as it was compared."""
    with world.app.app_context():
        shop_id = db.session.query(Shop.id).filter_by(domain=SHOP_A).scalar()
        item = f"gid://shopify/InventoryItem/{sku}"
        db.session.add(CatalogueItem(shop_id=shop_id, item=item, sku=sku, name=sku.title()))
        db.session.add(
            StockLevel(
                shop_id=shop_id, item=item, location=MILANO, seen=seen, wanted=wanted, **values
            )
        )
        db.session.commit()


def line(world: World, sku: str, reason: str) -> None:
    """A line of the warehouse's that is left alone."""
    with world.app.app_context():
        connection = db.session.query(Connection).first()
        assert connection is not None
        db.session.add(
            WarehouseStock(
                shop_id=connection.shop_id,
                connection_id=connection.id,
                generation=connection.generation,
                sku=sku,
                warehouse="WH",
                available=3,
                reason=reason,
            )
        )
        db.session.commit()


def compared(world: World) -> None:
    with world.app.app_context():
        shop_id = db.session.query(Shop.id).filter_by(domain=SHOP_A).scalar()
        moment = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
        reading = StockReading(shop_id=shop_id, snapshot=1, complete=1, compared_at=moment)
        reading.counted = {}
        db.session.add(reading)
        db.session.commit()


def settings(world: World) -> dict[str, Any]:
    return dict(world.get("/api/settings").get_json())


def first_cells(page: str) -> list[str]:
    return re.findall(r"<s-table-row>\s*<s-table-cell><bdi>([^<]+)", page)


def test_nothing_is_set_before_it_was_compared(known: World) -> None:
    page = known.get("/settings/stock").text
    assert "Compare first: it reads both sides and sets nothing." in page
    assert "Turn on stock updates" not in page
    refused = known.ask("POST", "/api/stock/confirm", json={"version": 0})
    assert refused.status_code == 409
    assert settings(known)["update_inventory"] is False


def test_without_the_permission_it_says_how_to_grant_it(known: World) -> None:
    with known.app.app_context():
        db.session.query(Shop).update({"scopes": "write_orders"})
        db.session.commit()
    page = known.get("/settings/stock").text
    assert 'data-does="grant" data-scope="write_inventory"' in page
    assert re.search(r'data-post="/api/stock/compare"[^>]* disabled', page)
    assert "See and set quantities of stock" in known.get("/settings/access").text


def test_a_comparison_begins_once_and_shows_how_far_it_is(known: World) -> None:
    first = known.ask("POST", "/api/stock/compare")
    assert first.status_code == 202
    assert known.ask("POST", "/api/stock/compare").get_json() == first.get_json()
    assert "Reading the warehouse's stock." in known.get("/settings/stock?part=stock").text
    with known.app.app_context():
        assert db.session.query(Run).filter_by(kind="stock_preview").count() == 1


def test_the_difference_is_shown_and_then_confirmed(known: World) -> None:
    level(known, "MUG", 5, 7)
    level(known, "LAMP", 90, 2, unsent=1)
    level(known, "SAME", 4, 4)
    line(known, "SPOON", "sku-unknown")
    compared(known)
    page = known.get("/settings/stock").text
    assert "2 quantities would change</s-text>, 1 is equal, 1 is left alone." in page
    assert first_cells(page) == ["LAMP", "MUG"]
    assert "Not in Shopify 1" in page
    version = settings(known)["version"]
    assert known.ask("POST", "/api/stock/confirm", json={"version": version - 1}).status_code == 409
    assert known.ask("POST", "/api/stock/confirm", json={"version": version}).status_code == 200
    assert settings(known)["update_inventory"] is settings(known)["stock_confirmed"] is True
    assert 'data-post="/api/stock/off"' in known.get("/settings/stock").text
    assert known.ask("POST", "/api/stock/off").status_code == 200
    assert settings(known)["update_inventory"] is False


def test_other_locations_pause_it(known: World) -> None:
    level(known, "MUG", 5, 7)
    compared(known)
    known.ask("POST", "/api/stock/confirm", json={"version": settings(known)["version"]})
    changes = {"version": settings(known)["version"], "stock_locations": {"WH": ROMA}}
    assert known.ask("PUT", "/api/settings", json=changes).status_code == 200
    page = known.get("/settings/stock").text
    assert "Nothing is set until you have compared again and turned it on." in page
    assert ">Paused<" in page
    assert ">Paused<" in known.get("/settings").text


def test_each_warehouse_counts_for_the_location_that_orders_come_from(known: World) -> None:
    page = known.get("/settings/stock").text
    assert "As orders: Milano" in page
    assert "As orders: none" in page


def test_the_list_and_its_file(known: World) -> None:
    level(known, "MUG", None, 7)
    level(known, "LAMP", 90, 2, unsent=1)
    level(known, "GONE", 3, 0, reason="refused", message="GONE can't be set in Shopify. No.")
    line(known, "=SPOON", "sku-unknown")
    assert first_cells(known.get("/stock").text) == ["LAMP", "MUG"]
    assert "not stocked" in known.get("/stock").text
    left = known.get("/stock?show=sku-unknown").text
    assert first_cells(left) == ["=SPOON"]
    assert "Give the variant this SKU there." in left
    assert "GONE can&#39;t be set in Shopify." in known.get("/stock?show=refused").text
    rows = list(csv.reader(io.StringIO(known.get("/stock/export.csv").text)))
    assert rows[1] == ["LAMP", "Lamp", "Milano", "90", "3", "2", ""]
    spoon = list(csv.reader(io.StringIO(known.get("/stock/export.csv?show=sku-unknown").text)))[1]
    assert spoon[0] == "'=SPOON"


def test_pages_of_the_list_go_on_and_back(known: World) -> None:
    for number in range(60):
        level(known, f"SKU-{number:02}", 0, 100 - number)
    page = known.get("/stock").text
    following = re.search(r'data-next="([^"]+)"', page)
    assert following
    second = known.get(following[1].replace("&amp;", "&")).text
    assert first_cells(page) + first_cells(second) == [f"SKU-{number:02}" for number in range(60)]
    back = re.search(r'data-previous="([^"]+)"', second)
    assert back
    assert first_cells(known.get(back[1].replace("&amp;", "&")).text) == first_cells(page)


def test_no_other_shop_is_shown(known: World) -> None:
    level(known, "OURS", 5, 7)
    known.install(SHOP_B)
    assert "OURS" not in known.get("/stock", shop=SHOP_B).text
    assert "OURS" not in known.get("/stock/export.csv", shop=SHOP_B).text
