"""Shopify is told, once and where the merchant wishes that, that the warehouse is at work."""

import pytest

from app.db import session
from app.models import Shop
from tests.sync.test_holds_both_ways import asked, held, part, reference
from tests.sync.warehouse_hand import at_warehouse, by_hand
from tests.world import World


@pytest.fixture
def wishing(shop: World) -> World:
    """A shop that wants progress reported."""
    shop.choose(report_progress=True)
    shop.settle()
    return shop


def sent(world: World, **wishes: object) -> str:
    """An order that the warehouse has."""
    gid = world.order(**wishes)
    world.settle()
    return gid


def look(world: World) -> None:
    """Ask the warehouse how its orders stand."""
    world.api("POST", "/api/jobs/sync_status/run")
    world.settle()


def test_off_by_default(shop: World) -> None:
    gid = sent(shop)
    at_warehouse(shop, "pack", reference(shop, gid))
    shop.settle()
    assert asked(shop, "ReportProgress") == 0
    assert part(shop, gid)["status"] == "OPEN"


def test_picking_and_packing_are_one_report(wishing: World) -> None:
    gid = sent(wishing)
    look(wishing)
    assert part(wishing, gid)["status"] == "IN_PROGRESS"
    at_warehouse(wishing, "pack", reference(wishing, gid))
    wishing.settle()
    look(wishing)
    assert asked(wishing, "ReportProgress") == 1
    assert wishing.log("told_shopify") == ["Shopify knows: the warehouse is at work on it."]
    at_warehouse(wishing, "ship", reference(wishing, gid))
    wishing.settle()
    assert len(wishing.shopify_order(gid)["fulfillments"]) == 1
    assert len(wishing.applied()) == 1, "nothing is sent again"


@pytest.mark.parametrize("fault", ["drop_before", "drop_after"])
def test_a_lost_answer_is_repeated(wishing: World, fault: str) -> None:
    gid = sent(wishing)
    wishing.shopify_fails({"where": "graphql", "match": "ReportProgress", "do": fault, "times": 1})
    look(wishing)
    assert part(wishing, gid)["status"] == "IN_PROGRESS"
    assert wishing.row(gid)["outbound"][0]["progress"] == "told"


def test_an_app_of_the_app_store_is_told_once_that_it_may_not(wishing: World) -> None:
    wishing.shopify.ask("PUT", "/sandbox/settings", marketplace_app=True)
    first, second = sent(wishing), sent(wishing)
    look(wishing)
    look(wishing)
    assert asked(wishing, "ReportProgress") == 1
    (line,) = [text for text in wishing.log("settings") if text.startswith("Shopify lets")]
    assert line.endswith("Report progress was switched off.")
    with wishing.app.app_context():
        assert session().query(Shop).first().settings["report_progress"] is False
        session().rollback()
    assert {part(wishing, gid)["status"] for gid in (first, second)} == {"OPEN"}


def test_what_is_on_hold_is_not_in_progress(wishing: World) -> None:
    gid = sent(wishing)
    name = held(wishing, gid)
    assert asked(wishing, "ReportProgress") == 0
    by_hand(wishing, "release", name)
    wishing.settle()
    look(wishing)
    assert asked(wishing, "ReportProgress") == 1
    assert part(wishing, gid)["status"] == "IN_PROGRESS"
