"""What nobody told of is found once a day, and what changed while stock was not set at once."""

from datetime import timedelta
from typing import Any

import pytest

from app.db import database_now, session
from app.domain.states import Effect
from app.models import CatalogueItem, Connection, Owed, Run, Shop, StockReading, WarehouseStock
from app.sync import runs, stock, stock_match, stock_runs, stock_set
from app.sync.owing import BULK, owe
from app.sync.stock_state import SCAN
from tests.sync.drift_hand import without_webhooks
from tests.sync.warehouse_stock import (
    compare,
    confirm,
    count,
    level,
    product,
    run_job,
    seen,
    sets,
    stocked,
    switch_on,
    with_cups_and_jars,
)
from tests.world import SHOP, World

QUIET = {"where": "callback", "do": "no_callback", "times": None}
OTHER_PLACES = "Stock is not set any more: warehouses count for other locations now."


@pytest.fixture
def shop(make_world: Any) -> World:
    """A shop that sets its stock: nine cups, seven jars."""
    return with_cups_and_jars(make_world(mode="sync"))


def a_day_passes(world: World) -> None:
    """The chore of every day runs, as the schedule starts it."""
    world.settle()
    begin_day(world)
    world.settle()


def begin_day(world: World) -> None:
    """The schedule starts the chore of every day."""
    with world.app.app_context():
        shop_id = session().query(Shop.id).filter_by(domain=SHOP).scalar()
        run = runs.begin(shop_id, SCAN, runs.SCHEDULE)
        owe(shop_id, ("run", run.id), Effect.RUN, lane=BULK)
        session().commit()


def compared_at(world: World) -> Any:
    """When people saw a comparison last."""
    with world.app.app_context():
        found = session().query(StockReading.compared_at).scalar()
        session().rollback()
        return found


def earlier(world: World) -> None:
    """The comparison that people saw was some days ago."""
    with world.app.app_context():
        session().query(StockReading).update({"compared_at": database_now() - timedelta(days=3)})
        session().commit()


def test_a_merchants_own_edit_is_put_right_within_a_day(shop: World) -> None:
    without_webhooks(shop)
    stocked(shop, "CUP", 4)
    stocked(shop, "JAR", 30)
    run_job(shop)
    assert (level(shop, "CUP"), level(shop, "JAR")) == (4, 30), "nothing tells of it"
    before, mark = compared_at(shop), shop.mark()
    a_day_passes(shop)
    assert (level(shop, "CUP"), level(shop, "JAR")) == (9, 7)
    assert shop.log("stock_set")[-1] == "Stock set in Shopify: CUP 4 → 9, JAR 30 → 7."
    assert len(sets(shop, mark)) == 1
    assert shop.log("stock_changed") == [
        "CUP was changed in Shopify from 9 to 4 meanwhile. It was set to 9.",
        "JAR was changed in Shopify from 7 to 30 meanwhile. It was set to 7.",
    ]
    assert compared_at(shop) == before, "nobody has looked at it"


def test_a_person_takes_the_daily_comparison_over(shop: World) -> None:
    with shop.app.app_context():
        found, connection = session().query(Shop).one(), session().query(Connection).one()
        begun = stock_runs.begin_comparison(found, connection, runs.SCHEDULE).id
        assert not stock.preview_state(found).running, "the page has nothing to wait for"
        assert stock.begin_preview(found, "7").id == begun
        assert stock.preview_state(found).running
        assert stock_runs.begin_comparison(found, connection, runs.SCHEDULE).id == begun
        session().commit()
    before = compared_at(shop)
    shop.settle()
    assert (seen(shop).running, compared_at(shop) > before) == (False, True)


def test_many_edits_are_told_in_few_lines(shop: World) -> None:
    skus = [f"TEA-{number}" for number in range(8)]
    for sku in skus:
        product(shop, sku, available=3)
    count(shop, *({"sku": sku, "on_hand": 3} for sku in skus))
    switch_on(shop)
    without_webhooks(shop)
    for sku in skus:
        stocked(shop, sku, 1)
    a_day_passes(shop)
    told = shop.log("stock_changed")
    assert len(told) == 6
    assert told[-1] == "3 more quantities were changed in Shopify meanwhile. They were set, too."


def test_what_it_costs(shop: World) -> None:
    """A page of variants with what is available, and no reading of single levels."""
    mark = shop.mark()
    a_day_passes(shop)
    asked = [each["operation"] for each in shop.graphql(mark)]
    assert set(asked) <= {"ListVariants", "ListVariantsAt"}
    assert asked.count("ListVariantsAt") == 1


def test_a_count_that_no_cursor_leads_to_is_found_within_a_day(shop: World) -> None:
    shop.warehouse_fails(QUIET)
    count(shop, {"sku": "CUP", "on_hand": 12})
    shop.wms.ask("POST", "/sandbox/stock/replace")
    run_job(shop)
    assert level(shop, "CUP") == 9
    a_day_passes(shop)
    assert level(shop, "CUP") == 12


def test_a_day_without_stock_is_a_scan(shop: World) -> None:
    shop.choose(update_inventory=False)
    stocked(shop, "CUP", 4)
    mark = shop.mark()
    a_day_passes(shop)
    assert level(shop, "CUP") == 4
    assert "ListVariantsAt" not in [each["operation"] for each in shop.graphql(mark)]


def test_an_edit_while_it_was_off_is_put_right_when_it_is_on(shop: World) -> None:
    earlier(shop)
    shop.choose(update_inventory=False)
    without_webhooks(shop)
    stocked(shop, "CUP", 4)
    shop.settle()
    shop.choose(update_inventory=True)
    shop.settle()
    assert level(shop, "CUP") == 9
    with shop.app.app_context():
        assert not session().query(Run).filter_by(finished_at=None).count()
        session().rollback()


def test_switched_off_while_it_is_set(shop: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left of a look that takes its time is not set any more."""
    monkeypatch.setattr(stock_set.inventory, "MOST", 1)
    done = stock_set._set

    def switch_off(*given: Any) -> None:
        done(*given)
        with shop.app.app_context():
            shop.choose(update_inventory=False)

    monkeypatch.setattr(stock_set, "_set", switch_off)
    count(shop, {"sku": "CUP", "on_hand": 20}, {"sku": "JAR", "on_hand": 20})
    shop.settle()
    assert sorted([level(shop, "CUP") or 0, level(shop, "JAR") or 0]) in ([7, 20], [9, 20])
    monkeypatch.undo()
    shop.choose(update_inventory=True)
    shop.settle()
    assert (level(shop, "CUP"), level(shop, "JAR")) == (20, 20)


def deactivate(world: World, name: str, deed: str = "deactivate") -> None:
    """A location of the shop's closes, or opens again."""
    places = world.locations()
    number = places[name].rsplit("/", 1)[1]
    other = next(place for known, place in places.items() if known != name)
    body = {"destination": other} if deed == "deactivate" else {}
    world.shopify.ask("POST", f"/sandbox/{SHOP}/locations/{number}/{deed}", **body)
    world.settle()


def test_a_location_that_closes_and_opens_again(shop: World) -> None:
    count(shop, {"sku": "CUP", "on_hand": 5, "warehouse": "WH-2"})
    shop.settle()
    assert level(shop, "CUP", "Roma") == 5
    deactivate(shop, "Roma")
    count(shop, {"sku": "CUP", "on_hand": 6, "warehouse": "WH-2"}, {"sku": "CUP", "on_hand": 8})
    shop.settle()
    assert level(shop, "CUP", "Milano") == 8, "the others go on"
    assert seen(shop).left_out["no-location"] == 1
    deactivate(shop, "Roma", "activate")
    run_job(shop)
    assert (level(shop, "CUP", "Roma"), level(shop, "CUP", "Milano")) == (6, 8)


def test_a_location_that_a_warehouse_counts_for_all_at_once(shop: World) -> None:
    """Two locations had the same warehouse, so that it counted for none; one of them closes."""
    places = shop.locations()
    shop.choose(locations={places["Milano"]: "WH", places["Roma"]: "WH"})
    switch_on(shop)
    stocked(shop, "CUP", 2)
    deactivate(shop, "Roma")
    count(shop, {"sku": "CUP", "on_hand": 11})
    shop.settle()
    assert level(shop, "CUP") == 2, "nobody has seen what that would change"
    assert shop.log("stock")[-1].startswith(OTHER_PLACES)
    assert seen(shop).compared_at is None
    compare(shop)
    assert level(shop, "CUP") == 2, "having seen it is no yes"
    confirm(shop)
    shop.settle()
    assert level(shop, "CUP") == 11


def test_another_default_warehouse(shop: World) -> None:
    """Where no location was mapped, the default warehouse counts for the only one."""
    deactivate(shop, "Roma")
    shop.choose(locations={})
    switch_on(shop)
    assert level(shop, "CUP") == 9
    with shop.app.app_context():
        session().query(Connection).update({"default_warehouse": "WH-2"})
        session().query(WarehouseStock).update({"due": True})
        session().commit()
    count(shop, {"sku": "CUP", "on_hand": 5, "warehouse": "WH-2"})
    shop.settle()
    assert level(shop, "CUP") == 9
    assert any(line.startswith(OTHER_PLACES) for line in shop.log("stock"))


def test_a_location_that_is_given_to_another_warehouse_meanwhile(shop: World) -> None:
    """Lines are on their way when the merchant changes which warehouse a location belongs to."""
    places = shop.locations()
    shop.warehouse_fails({"where": "inventory", "do": "delay", "value": 0.3, "times": 1})
    count(shop, {"sku": "CUP", "on_hand": 50})
    shop.choose(locations={places["Milano"]: "WH-2", places["Roma"]: "WH"})
    shop.settle()
    assert (level(shop, "CUP", "Milano"), level(shop, "CUP", "Roma")) == (9, 7)
    count(shop, {"sku": "CUP", "on_hand": 3, "warehouse": "WH-2"})
    switch_on(shop)
    assert (level(shop, "CUP", "Milano"), level(shop, "CUP", "Roma")) == (3, 50)


def test_lines_are_matched_by_the_settings_of_the_moment(shop: World) -> None:
    """A worker has loaded the shop, then the merchant maps its locations otherwise."""
    places = shop.locations()
    with shop.app.app_context():
        known = session().query(Shop).one()
        session().expunge(known)
        session().rollback()
        shop.choose(locations={places["Milano"]: "WH-2", places["Roma"]: "WH"})
        assert stock_match.match(known, session().query(Connection).one())
        session().commit()
        found = session().query(WarehouseStock).filter_by(sku="CUP").one()
        assert (found.location, found.due) == (places["Roma"], False)
        session().rollback()


def test_a_renamed_sku_takes_its_stock_along(shop: World) -> None:
    product(shop, "POT", available=1)
    count(shop, {"sku": "BOWL", "on_hand": 33})
    switch_on(shop)
    assert (seen(shop).left_out, level(shop, "POT")) == ({"sku-unknown": 1}, 1)
    renamed(shop, "POT", "BOWL")
    assert (level(shop, "BOWL"), seen(shop).left_out) == (33, {})
    renamed(shop, "CUP", "MUG")
    assert level(shop, "MUG") == 9, "it stays as it is"
    assert seen(shop).left_out == {"sku-unknown": 1, "not-told": 1}


def renamed(world: World, sku: str, to: str) -> None:
    """The merchant gives a variant another SKU; the time that changes are gathered for is over."""
    world.shopify.ask("POST", f"/sandbox/{SHOP}/products/{sku}", sku=to)
    world.settle()
    with world.app.app_context():
        session().query(Owed).filter_by(effect=Effect.CATALOGUE).update({"due_at": database_now()})
        session().commit()
    world.settle()


def planted(world: World, sku: str) -> None:
    """A variant that was there at the last scan, and is deleted in Shopify by now."""
    with world.app.app_context():
        known = session().query(CatalogueItem).filter_by(sku="CUP").one()
        gone = {"item": "gid://shopify/InventoryItem/999", "sku": sku, "scan": known.scan}
        session().add(CatalogueItem(shop_id=known.shop_id, **gone))
        session().query(WarehouseStock).filter_by(sku=sku).update({"due": True})
        session().commit()


def test_a_twin_that_is_deleted_leaves_its_sku_to_the_other(shop: World) -> None:
    planted(shop, "CUP")
    run_job(shop)
    assert seen(shop).left_out == {"duplicate-sku": 1, "not-told": 1}
    shop.choose(update_inventory=False)
    a_day_passes(shop)
    shop.choose(update_inventory=True)
    count(shop, {"sku": "JAR", "on_hand": 8})
    shop.settle()
    assert (level(shop, "CUP"), seen(shop).left_out) == (9, {})


def test_a_product_that_is_deleted_is_missed(shop: World) -> None:
    count(shop, {"sku": "GHOST", "on_hand": 3})
    shop.settle()
    planted(shop, "GHOST")
    shop.choose(update_inventory=False)
    shop.settle()
    with shop.app.app_context():
        gone = {"target": "gid://shopify/InventoryItem/999", "location": "x", "reason": ""}
        session().query(WarehouseStock).filter_by(sku="GHOST").update(gone | {"due": False})
        session().commit()
    a_day_passes(shop)
    shop.choose(update_inventory=True)
    shop.settle()
    assert seen(shop).left_out == {"sku-unknown": 1}


def test_a_comparison_that_was_cut_off_shows_nothing(shop: World) -> None:
    """The token is refused while it is compared: nobody has seen anything."""
    shop.choose(update_inventory=False)
    with shop.app.app_context():
        session().query(StockReading).update({"compared_at": None})
        session().query(Connection).update({"status": "other_account"})
        run = runs.begin(session().query(Shop.id).scalar(), "stock_preview", "7")
        run.cursor = '{"phase": "judging"}'
        connection = session().query(Connection.id).scalar()
        owe(run.shop_id, ("connection", connection), Effect.STOCK)
        session().commit()
    shop.settle()
    found = seen(shop)
    assert (found.compared_at, found.running) == (None, False)
    assert found.failed.startswith("The app URL now leads to another warehouse account.")
    with shop.app.app_context():
        session().query(Connection).update({"status": "established"})
        session().commit()
    assert compare(shop).compared_at is not None
