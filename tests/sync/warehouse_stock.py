"""What stock there is on both sides, counted and looked at."""

from typing import Any

from app.db import database_now, session
from app.models import Connection, Run, Shop
from app.shopify.tokens import SCOPES
from app.sync import stock, stock_feed
from app.sync.engine import atomically
from app.sync.preferences import Saved
from app.wms.feeds import FeedPage
from tests.world import PATIENCE, SHOP, World


def scopes() -> list[str]:
    """Every permission that Tagdock asks for, and the one for stock."""
    return [*SCOPES, "write_inventory"]


def count(world: World, *rows: dict[str, Any]) -> None:
    """Count some SKUs at the warehouse, all or none, and wait until it has told us."""
    mark = int(world.wms.ask("POST", "/sandbox/ledger/mark")["seq"])
    answer = world.wms.call("PUT", "/sandbox/stock", json=list(rows))
    assert answer.ok, answer.text
    faults = world.wms.ask("GET", "/sandbox/faults")
    if any(rule["do"] == "no_callback" for rule in faults):
        return
    # It calls for a hundred rows at most.
    wanted = min(answer.json()["changed"], 100)

    def called() -> bool:
        entries = world.wms.ask("GET", f"/sandbox/ledger?kind=callback&after={mark}")
        return sum(each["type"] == "inventory.changed" for each in entries) >= wanted

    world.until(called, "the callbacks of a count")


def product(world: World, sku: str, **wishes: Any) -> None:
    """Sell something in the shop."""
    body = {"title": sku.title(), "sku": sku, "price": "5.00", **wishes}
    world.shopify.ask("POST", f"/sandbox/{SHOP}/products", **body)


def stocked(world: World, sku: str, available: int, location: str = "") -> None:
    """A merchant's hand on a quantity in Shopify."""
    place = location or next(iter(world.locations()))
    row = {"sku": sku, "location": place, "available": available}
    world.shopify.ask("PUT", f"/sandbox/{SHOP}/inventory", levels=[row])


def take_page(
    world: World, *lines: dict[str, Any], fresh: bool = False, more: bool = False
) -> bool:
    """Take a page of the warehouse's stock in; True: all is to be read from the beginning."""
    with world.app.app_context():
        connection = session().query(Connection).one()
        page = FeedPage(items=list(lines), has_more=more)
        found = stock_feed.take(connection, page, fresh=fresh, asked_at=database_now())
        session().commit()
        return bool(found[stock_feed.ANEW])


def levels(world: World, sku: str) -> dict[str, dict[str, Any]]:
    """A SKU's levels in Shopify by location."""
    rows = world.shopify.ask("GET", f"/sandbox/{SHOP}/inventory?sku={sku}")
    return {row["location"]: row for row in rows}


def level(world: World, sku: str, location: str = "") -> int | None:
    """What is available of a SKU in Shopify; None where it is not stocked."""
    row = levels(world, sku).get(location or next(iter(world.locations())))
    return row["available"] if row and row["active"] else None


def with_stock(world: World, *, granted: bool = True) -> World:
    """Install and connect: both locations have a warehouse of their own."""
    world.install(scopes=scopes() if granted else list(SCOPES))
    world.connect(automatic=True)
    places = world.locations()
    world.choose(locations={places["Milano"]: "WH", places["Roma"]: "WH-2"})
    world.settle()
    return world


def with_cups_and_jars(world: World) -> World:
    """Install, connect and have stock set: seven of each in Shopify, nine cups and seven jars at
    the warehouse."""
    found = with_stock(world)
    for sku in ("CUP", "JAR"):
        product(found, sku, available=7)
    count(found, {"sku": "CUP", "on_hand": 9}, {"sku": "JAR", "on_hand": 7})
    switch_on(found)
    return found


def switch_on(world: World) -> None:
    """Compare the stock, and have it set."""
    compare(world)
    confirm(world)
    world.settle()


def there(world: World, sku: str, warehouse: str = "WH") -> int:
    """What the warehouse has available of a SKU."""
    rows = world.wms.ask("GET", "/sandbox/stock")
    levels = next(row["levels"] for row in rows if row["sku"] == sku)
    return int(next(each["available"] for each in levels if each["warehouse"] == warehouse))


def run_job(world: World, *, patience: float = PATIENCE) -> dict[str, Any]:
    """Press Run now; returns what the run has counted."""
    run = world.api("POST", "/api/jobs/update_inventory/run")["run"]
    world.settle(patience=patience)
    with world.app.app_context():
        row = session().get_one(Run, run)
        assert row.finished_at is not None
        return dict(row.counts) | {"message": row.message}


def sets(world: World, after: int = 0) -> list[dict[str, Any]]:
    """The calls that set quantities in Shopify since a mark."""
    return [each for each in world.graphql(after) if each["operation"] == "SetQuantities"]


def compare(world: World, *, patience: float = PATIENCE) -> stock.Preview:
    """Compare the stock, and see what setting it would change."""

    def begin() -> None:
        stock.begin_preview(_shop(), "7")

    with world.app.app_context():
        atomically(begin)
    world.settle(patience=patience)
    return seen(world)


def seen(world: World) -> stock.Preview:
    """What setting the stock would change, as far as is known."""
    with world.app.app_context():
        return atomically(lambda: stock.preview_state(_shop()))


def confirm(world: World) -> None:
    """Switch stock on."""

    def work() -> None:
        shop = _shop()
        saved = stock.confirm(shop, "7", shop.settings_version)
        assert saved == Saved()

    with world.app.app_context():
        atomically(work)


def _shop() -> Shop:
    return session().query(Shop).filter_by(domain=SHOP).one()
