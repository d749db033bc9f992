"""What the warehouse refused and nobody wants any more is no error any more; what a person sends
again goes again."""

from app.db import session
from app.models import Connection
from app.sync import seller
from app.wms.cancellations import Cancellation
from tests.sync.test_customer_cancels import again_and_again, reference
from tests.sync.test_units_at_the_warehouse import split
from tests.sync.warehouse_hand import at_warehouse
from tests.world import World

SYNCED = ["wms-synced"]


def sent(world: World) -> str:
    """An order for three mugs that the warehouse has."""
    gid = world.order(lines=[{"sku": "MUG-WHITE", "quantity": 3}])
    world.settle()
    assert world.state_tags(gid) == SYNCED
    return gid


def note(world: World, gid: str, words: str) -> None:
    """The merchant writes a note on the order."""
    world.change(gid, "edit", note=words)
    world.settle()


def test_an_edit_that_came_too_late_is_undone(shop: World) -> None:
    gid = sent(shop)
    at_warehouse(shop, "pack", reference(shop, gid))
    shop.settle()
    note(shop, gid, "Leave it at the door")
    assert (shop.state_tags(gid), shop.row(gid)["reason"]) == (["wms-error"], "too-late")
    posted = len(shop.batches())
    note(shop, gid, "")
    assert (shop.state_tags(gid), shop.row(gid)["reason"]) == (SYNCED, "")
    again_and_again(shop)
    assert len(shop.batches()) == posted
    assert shop.state_tags(gid) == SYNCED


def test_a_later_edit_still_goes(shop: World) -> None:
    """A refusal that was taken back leaves the numbering and the order whole."""
    gid = sent(shop)
    shop.wms.ask("PUT", "/sandbox/settings", unknown_skus=["TSHIRT-BLUE-M"])
    shop.change(gid, "edit", lines=[{"sku": "TSHIRT-BLUE-M", "quantity": 1}])
    shop.settle()
    assert shop.state_tags(gid) == ["wms-error"]
    shop.change(gid, "edit", lines=[{"sku": "TSHIRT-BLUE-M", "quantity": 0}])
    shop.settle()
    assert shop.state_tags(gid) == SYNCED
    note(shop, gid, "Leave it at the door")
    assert shop.state_tags(gid) == SYNCED
    (there,) = shop.wms.ask("GET", "/sandbox/orders")
    assert there["revision"] == shop.row(gid)["outbound"][0]["confirmed_revision"] > 1


def test_a_move_that_came_too_late_is_undone(automatic: World) -> None:
    gid = sent(automatic)
    here, there = list(automatic.locations().values())[:2]
    automatic.choose(locations={here: "WH", there: None})
    at_warehouse(automatic, "pack", reference(automatic, gid))
    automatic.settle()
    for place, tags in ((there, ["wms-error"]), (here, SYNCED)):
        parts = automatic.shopify_order(gid)["fulfillment_orders"]
        part = next(part for part in parts if part["status"] == "OPEN")
        automatic.change(gid, "move", fulfillment_order=part["id"], location=place)
        automatic.settle()
        assert automatic.state_tags(gid) == tags
    assert automatic.row(gid)["reason"] == ""


def test_a_split_that_came_too_late_ends_when_all_was_shipped(shop: World) -> None:
    gid = sent(shop)
    at_warehouse(shop, "pack", reference(shop, gid))
    shop.settle()
    split(shop, gid, 1)
    assert shop.state_tags(gid) == ["wms-error"]
    at_warehouse(shop, "ship", reference(shop, gid))
    shop.settle()
    again_and_again(shop)
    order = shop.shopify_order(gid)
    assert order["displayFulfillmentStatus"] == "FULFILLED"
    assert (shop.state_tags(gid), shop.row(gid)["reason"]) == (SYNCED, "")


def test_what_was_cancelled_after_a_part_had_left_is_sent_again(shop: World) -> None:
    gid = sent(shop)
    external_id = reference(shop, gid)
    lines = [{"sku": "MUG-WHITE", "quantity": 1}]
    at_warehouse(shop, "ship", external_id, lines=lines)
    shop.settle()
    with shop.app.app_context():
        connection = session().query(Connection).one()
        told = Cancellation(id="c-1", external_id=external_id, initiator="seller")
        assert seller.take(connection, told) == seller.CANCELLED
        session().commit()
    shop.settle()
    assert "send it again" in shop.row(gid)["message"]
    shop.send(gid)
    shop.settle()
    assert len(shop.batches()) == 2
    assert shop.row(gid)["outbound"][0]["sent_revision"] == 2
    assert shop.row(gid)["reason"] == "too-late", "the warehouse has answered"
