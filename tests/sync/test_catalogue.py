"""The catalogue is read from Shopify, whole and by what changed, and its SKUs are looked at."""

from collections.abc import Callable

import pytest

from app.db import database_now, session
from app.domain.states import Effect
from app.errors import Rejected
from app.models import (
    Catalogue,
    CatalogueItem,
    Owed,
    Run,
    Shop,
    SkuFinding,
    StockLevel,
)
from app.shopify.tokens import SCOPES
from app.sync import catalogue, runs
from app.sync.engine import atomically
from app.sync.owing import STAFF, owe
from app.sync.stock_state import SCAN
from sandbox.shopify.seed_data import PRODUCTS
from tests.world import SHOP, World

SEEDED = {sku for _, sku, _ in PRODUCTS}


def sells(world: World, title: str, sku: str | None, **about) -> dict:
    return world.shopify.ask("POST", f"/sandbox/{SHOP}/products", title=title, sku=sku, **about)


def renames(world: World, sku: str, to: str | None) -> None:
    world.shopify.ask("POST", f"/sandbox/{SHOP}/products/{sku}", sku=to)


def tells(world: World, *skus: str) -> None:
    """The warehouse has some of these SKUs."""
    lines = [{"sku": sku, "on_hand": 5} for sku in skus]
    answer = world.wms.call("PUT", "/sandbox/stock", json=lines)
    assert answer.ok, answer.text


def scan(world: World, *, by: str = "7") -> str:
    with world.app.app_context():
        shop_id = session().query(Shop.id).filter_by(domain=SHOP).scalar()
        run = runs.begin(shop_id, SCAN, by).id
        owe(shop_id, ("run", run), Effect.RUN, lane=STAFF)
        session().commit()
    world.settle()
    return run


def look(world: World) -> None:
    """The time that changes are gathered for is over."""
    with world.app.app_context():
        session().query(Owed).filter_by(effect=Effect.CATALOGUE).update({"due_at": database_now()})
        session().commit()
    world.settle()


def findings(world: World) -> set[tuple[str, str]]:
    with world.app.app_context():
        found = {(row.kind, row.sku or row.name) for row in session().query(SkuFinding)}
        session().rollback()
        return {(kind, what) for kind, what in found if what not in SEEDED}


def known(world: World) -> dict[str, str]:
    with world.app.app_context():
        found = {row.sku: row.name for row in session().query(CatalogueItem)}
        session().rollback()
        return {sku: name for sku, name in found.items() if sku not in SEEDED}


def fill(world: World) -> None:
    """A product of every kind, and a warehouse that has told of four SKUs."""
    sells(world, "Mug", "MUG")
    sells(world, "Sample", None)
    sells(world, "Cup, blue", "CUP")
    sells(world, "Cup, red", "CUP")
    sells(world, "Shirt", "ts-m")
    sells(world, "Voucher", "GIFT", tracked=False)
    sells(world, "Box of mugs", "BOX", bundle=True)
    sells(world, "Lamp", "LAMP")
    world.settle()
    tells(world, "MUG", "CUP", "TS-M", "OLD-1")


@pytest.fixture
def shelves(world: World) -> World:
    """A shop with a product of every kind."""
    fill(world)
    return world


def test_a_scan_finds_every_kind(shelves: World) -> None:
    scan(shelves)
    assert findings(shelves) == {
        ("no_sku", "Sample"),
        ("duplicate", "CUP"),
        ("looks_alike", "ts-m"),
        ("untracked", "GIFT"),
        ("bundle", "BOX"),
        ("not_at_warehouse", "LAMP"),
        ("not_in_shopify", "OLD-1"),
    }
    assert known(shelves)["MUG"] == "Mug"


def test_what_a_scan_does_not_find_is_gone(shelves: World) -> None:
    scan(shelves)
    with shelves.app.app_context():
        state = session().query(Catalogue).one()
        ghost = CatalogueItem(shop_id=state.shop_id, item="gid://x/1", sku="GHOST", scan=state.scan)
        session().add(ghost)
        session().commit()
    assert "GHOST" in known(shelves)
    scan(shelves)
    assert "GHOST" not in known(shelves)
    assert "MUG" in known(shelves)


def test_a_scan_goes_on_where_it_stopped(shelves: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.shopify.catalogue.PAGE", 3)
    shelves.shopify_fails({"where": "graphql", "do": "drop_after", "value": 1, "times": 2})
    run = scan(shelves)
    assert len(known(shelves)) == 7
    with shelves.app.app_context():
        assert session().get_one(Run, run).counts == {"read": 8 + len(SEEDED)}
        session().rollback()


def test_two_scans_at_once_lose_nothing(shelves: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.shopify.catalogue.PAGE", 3)
    with shelves.app.app_context():
        shop = session().query(Shop).filter_by(domain=SHOP).one()
        session().expunge(shop)
        cursors = ["", ""]
        going = [0, 1]
        while going:
            for number in list(going):
                page = catalogue.read_page(shop, cursors[number])
                cursors[number] = atomically(lambda page=page: catalogue.take_page(shop.id, page))
                if not cursors[number]:
                    going.remove(number)
    assert len(known(shelves)) == 7


def test_a_changed_product_is_looked_at_when_others_have_followed(shelves: World) -> None:
    scan(shelves)
    mark = shelves.mark()
    renames(shelves, "LAMP", "OLD-1")
    renames(shelves, "ts-m", "TS-M")
    shelves.settle()
    assert ("not_at_warehouse", "LAMP") in findings(shelves)
    assert not [each for each in shelves.graphql(mark) if "Variants" in str(each)]
    look(shelves)
    left = findings(shelves)
    assert not {kind for kind, _ in left} & {"not_at_warehouse", "not_in_shopify", "looks_alike"}
    assert len([each for each in shelves.graphql(mark) if "ListVariants" in str(each)]) == 1


def test_nothing_is_missing_until_the_warehouse_tells_of_its_stock(world: World) -> None:
    sells(world, "Mug", "MUG")
    sells(world, "Cup", "CUP")
    scan(world)
    assert findings(world) == set()
    tells(world, "MUG")
    scan(world)
    assert findings(world) == {("not_at_warehouse", "CUP")}
    tells(world, "CUP", "SPOON")
    scan(world)
    assert findings(world) == {("not_in_shopify", "SPOON")}


def test_products_that_change_before_a_scan_cost_nothing(world: World) -> None:
    mark = world.mark()
    sells(world, "Mug", "MUG")
    renames(world, "MUG", "MUG-2")
    world.settle()
    with world.app.app_context():
        assert session().query(Owed).filter_by(effect=Effect.CATALOGUE).count() == 0
        session().rollback()
    assert not [each for each in world.graphql(mark) if "ListVariants" in str(each)]


def test_the_daily_scan_waits_until_somebody_has_asked_for_one(world: World) -> None:
    sells(world, "Mug", "MUG")
    scan(world, by=runs.SCHEDULE)
    assert known(world) == {}
    scan(world)
    sells(world, "Cup", "CUP")
    scan(world, by=runs.SCHEDULE)
    assert set(known(world)) == {"MUG", "CUP"}


def test_what_is_available_is_kept_of_what_the_warehouse_tells(
    make_world: Callable[..., World],
) -> None:
    world = make_world()
    world.install(scopes=[*SCOPES, "write_inventory"])
    world.connect()
    fill(world)
    level = {"sku": "MUG", "location": "Milano", "available": 7}
    world.shopify.ask("PUT", f"/sandbox/{SHOP}/inventory", levels=[level], silent=True)
    scan(world)
    read_at(world, "Milano")
    with world.app.app_context():
        of_item = StockLevel.item == CatalogueItem.item
        rows = session().query(CatalogueItem.sku, StockLevel.seen).join(StockLevel, of_item)
        found = {row.sku: row.seen for row in rows}
        session().rollback()
    assert found["MUG"] == 7
    assert "LAMP" not in found


def test_quantities_need_a_permission(shelves: World) -> None:
    with pytest.raises(Rejected, match="read_inventory") as refusal:
        read_at(shelves, "Milano")
    assert refusal.value.code == "shopify-scope-missing"


def test_a_scan_ends_when_the_warehouse_does_not_answer(shelves: World) -> None:
    shelves.warehouse_fails({"where": "inventory", "do": "status", "value": 503})
    run = scan(shelves)
    with shelves.app.app_context():
        assert session().get_one(Run, run).outcome == "done"
        session().rollback()
    assert ("duplicate", "CUP") in findings(shelves)


def read_at(world: World, place: str) -> None:
    location = world.locations()[place]
    with world.app.app_context():
        shop = session().query(Shop).filter_by(domain=SHOP).one()
        session().expunge(shop)
        try:
            page = catalogue.read_page(shop, "", location)
            assert atomically(lambda: catalogue.take_page(shop.id, page)) == ""
        finally:
            session().rollback()
