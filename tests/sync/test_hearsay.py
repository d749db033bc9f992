"""What a webhook says is over: believed once Shopify itself has said so, and never lost."""

from typing import Any

import pytest

from app.db import session
from app.models import Order
from tests.sync.hearsay_hand import look_again, looks_owed, outcomes, standing, tell
from tests.world import SHOP, World, number

GONE = {"id": 1, "name": "A shop", "domain": SHOP, "myshopify_domain": SHOP}
SILENT = [{"where": where, "do": "status", "value": 503} for where in ("graphql", "token")]


def synced(world: World) -> str:
    """An order that the warehouse has."""
    gid = world.order()
    world.settle()
    assert world.state_tags(gid) == ["wms-synced"]
    return gid


def unheard(world: World, topic: str) -> None:
    """Let Shopify's own deliveries of a topic be lost."""
    world.shopify_fails({"where": "webhook", "match": topic, "do": "drop_before"})


def is_kept(world: World, gid: str) -> bool:
    """Whether the order is as it was: in the shop and in the warehouse."""
    row = world.row(gid)
    states = [outbound["state"] for outbound in row["outbound"]]
    return (row["deleted"], row["tag_state"], states) == (False, "synced", ["accepted"])


def is_deleted(world: World, gid: str) -> bool:
    """Whether the order counts as deleted, and was asked back from the warehouse."""
    row = world.row(gid)
    states = [outbound["state"] for outbound in row["outbound"]]
    told = (row["deleted"], row["tracked"], row["tag_state"])
    return (told, states) == ((True, False, "untracked"), ["cancelled"])


# --- Orders ---------------------------------------------------------------------------------------


def test_an_order_deleted_in_shopify_is_asked_back_from_the_warehouse(shop: World) -> None:
    gid = synced(shop)
    shop.change(gid, "delete")
    shop.settle()
    assert is_deleted(shop, gid)
    assert looks_owed(shop) == []


def test_a_deletion_is_not_lost_while_shopify_is_out(shop: World) -> None:
    gid = synced(shop)
    shop.shopify_fails(*SILENT)
    shop.change(gid, "delete")
    shop.until(lambda: shop.drain() or outcomes(shop, "orders/delete"), "the webhook")
    shop.drain()
    assert is_kept(shop, gid)
    shop.shopify_fails()
    look_again(shop)
    assert is_deleted(shop, gid)


def test_an_order_that_is_there_was_not_deleted(shop: World) -> None:
    gid = synced(shop)
    tell(shop, "orders/delete", id=int(number(gid)))
    shop.settle()
    assert looks_owed(shop) == ["check_deleted"]
    look_again(shop)
    assert looks_owed(shop) == []
    assert is_kept(shop, gid)


def test_an_order_that_shopify_shows_for_a_moment_longer_is_looked_at_again(shop: World) -> None:
    gid = synced(shop)
    tell(shop, "orders/delete", id=int(number(gid)))
    shop.settle()
    unheard(shop, "orders/delete")
    shop.change(gid, "delete")
    look_again(shop, 1)
    assert is_deleted(shop, gid)


def test_a_body_with_more_than_an_id_only_makes_us_read(shop: World) -> None:
    """Shopify does not show orders of more than 60 days either."""
    gid = synced(shop)
    unheard(shop, "orders/delete")
    shop.change(gid, "delete")
    tell(shop, "orders/delete", id=int(number(gid)), name="#1", line_items=[])
    look_again(shop)
    row = shop.row(gid)
    assert (row["deleted"], row["hidden"]) == (False, True)
    assert [outbound["state"] for outbound in row["outbound"]] == ["accepted"]


def test_an_order_that_shopify_shows_is_not_deleted_any_more(shop: World) -> None:
    gid = synced(shop)
    with shop.app.app_context():
        order = session().query(Order).filter_by(gid=gid).one()
        order.deleted, order.tracked, order.tag_state = True, False, "untracked"
        order.reason, order.message = "deleted", "Deleted in Shopify."
        session().commit()
    shop.change(gid, "tags", add=["vip"])
    shop.settle()
    assert is_kept(shop, gid)
    assert (shop.row(gid)["tracked"], shop.row(gid)["message"]) == (True, "")


# --- The app --------------------------------------------------------------------------------------


def test_an_uninstall_that_shopify_does_not_confirm_changes_nothing(shop: World) -> None:
    tell(shop, "app/uninstalled", **GONE)
    look_again(shop)
    assert (standing(shop), looks_owed(shop)) == ("installed", [])
    synced(shop)


@pytest.mark.parametrize("status", [402, 403, 404, 423, 429, 503])
def test_an_answer_that_says_neither_yes_nor_no_drops_nothing(shop: World, status: int) -> None:
    shop.shopify_fails({"where": "graphql", "do": "status", "value": status})
    tell(shop, "app/uninstalled", **GONE)
    shop.drain()
    assert (standing(shop), looks_owed(shop)) == ("installed", ["check_install"])
    shop.shopify_fails()
    look_again(shop)
    assert (standing(shop), looks_owed(shop)) == ("installed", [])


def test_an_uninstall_is_not_lost_while_shopify_is_out(shop: World) -> None:
    shop.shopify_fails(*SILENT)
    shop.shopify.ask("POST", f"/sandbox/{SHOP}/uninstall")
    shop.until(lambda: shop.drain() or outcomes(shop, "app/uninstalled"), "the webhook")
    shop.drain()
    assert standing(shop) == "installed"
    shop.shopify_fails()
    look_again(shop)
    assert standing(shop) == "left"


def test_a_refused_token_is_renewed_before_anything_is_believed(shop: World) -> None:
    shop.shopify.ask("DELETE", f"/sandbox/{SHOP}/tokens?refresh=0")
    tell(shop, "app/uninstalled", **GONE)
    look_again(shop)
    assert standing(shop) == "installed"
    synced(shop)


def test_a_refused_token_proves_nothing_while_a_new_one_can_not_be_asked_for(shop: World) -> None:
    shop.shopify.ask("DELETE", f"/sandbox/{SHOP}/tokens?refresh=0")
    shop.shopify_fails({"where": "token", "do": "status", "value": 503})
    tell(shop, "app/uninstalled", **GONE)
    shop.drain()
    assert (standing(shop), looks_owed(shop)) == ("installed", ["check_install"])


def test_a_token_that_works_for_a_moment_longer_is_tried_again(shop: World) -> None:
    tell(shop, "app/uninstalled", **GONE)
    shop.settle()
    assert (standing(shop), looks_owed(shop)) == ("installed", ["check_install"])
    unheard(shop, "app/uninstalled")
    shop.shopify.ask("POST", f"/sandbox/{SHOP}/uninstall")
    look_again(shop, 1)
    assert standing(shop) == "left"


# --- Removal --------------------------------------------------------------------------------------


def redact(world: World) -> Any:
    """Let Shopify ask for the shop's removal, and let it be looked into."""
    world.shopify.ask("POST", f"/sandbox/{SHOP}/redact")
    world.until(lambda: world.drain() or _has_redact(world), "the webhook")
    look_again(world)


def _has_redact(world: World) -> bool:
    return standing(world) == "gone" or bool(outcomes(world, "shop/redact"))


def test_a_shop_where_the_app_is_installed_is_not_removed(shop: World) -> None:
    gid = synced(shop)
    redact(shop)
    assert (standing(shop), outcomes(shop, "shop/redact")) == ("installed", ["installed"])
    assert is_kept(shop, gid)
    assert any("Nothing was removed" in line for line in shop.log("privacy"))


def test_a_shop_of_which_no_uninstall_was_heard_is_removed(shop: World) -> None:
    synced(shop)
    unheard(shop, "app/uninstalled")
    shop.shopify.ask("POST", f"/sandbox/{SHOP}/uninstall")
    shop.settle()
    assert standing(shop) == "installed"
    redact(shop)
    assert standing(shop) == "gone"
