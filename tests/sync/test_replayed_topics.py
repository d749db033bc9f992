"""Only a webhook's body is signed: under another topic it makes us read, and nothing is lost."""

import tomllib
from typing import Any

from app.db import session
from app.models import LogLine, Owed, Revision
from tests.sync.hearsay_hand import look_again, looks_owed, recorded, replay, standing
from tests.world import ROOT, SHOP, World, number

_TWO = [{"sku": "MUG-WHITE", "quantity": 1}, {"sku": "MUG-BLUE", "quantity": 1}]
# Of these two an own body replayed does what it did before, by right.
_BY_RIGHT = {"customers/redact", "customers/data_request"}
_OF_ORDER = ("gid", "deleted", "hidden", "taken_out", "returned", "tag_state", "facts", "reason")
_OF_OUTBOUND = ("state", "cancel_wanted", "wms_state", "archived", "sent_revision", "lines")


def all_topics() -> list[str]:
    """Every topic of ``shopify.app.toml``."""
    asked = tomllib.loads((ROOT / "shopify.app.toml").read_text("utf-8"))["webhooks"]
    named = (
        [*each.get("topics", []), *each.get("compliance_topics", [])]
        for each in asked["subscriptions"]
    )
    return [topic for several in named for topic in several]


def change_orders(world: World) -> None:
    """Let Shopify tell of all that can happen to an order."""
    changed = world.order()
    world.settle()
    for what, body in (
        ("tags", {"add": ["vip"]}),
        ("edit", {"lines": [{"sku": "MUG-BLUE", "quantity": 1}]}),
        ("risk", {}),
        ("hold", {"reason": "OTHER"}),
        ("release", {}),
    ):
        world.change(changed, what, **body)
    unpaid = world.order(paid=False)
    later = world.order(fulfill_at="2090-01-01T00:00:00Z")
    world.settle()
    world.change(later, "reschedule", fulfill_at="2091-01-01T00:00:00Z")
    world.change(later, "ready")
    world.change(later, "fulfil")
    world.change(later, "cancel-fulfillment")
    world.change(unpaid, "pay")
    world.change(unpaid, "cancel")


def change_parts(world: World) -> None:
    """Let Shopify tell of parts that are moved, split and merged."""
    gid = world.order(lines=_TWO)
    world.settle()
    here, there = list(world.locations().values())[:2]
    part = world.shopify_order(gid)["fulfillment_orders"][0]
    world.change(gid, "split", fulfillment_order=part["id"])
    world.change(gid, "merge")
    at = world.shopify_order(gid)["fulfillment_orders"][-1]["location"]
    world.change(gid, "move", location=there if at["id"] == here else here)
    gone = world.order()
    world.settle()
    world.change(gone, "delete")


def change_shop(world: World) -> None:
    """Let Shopify tell of goods, places, scopes, customers and an uninstall."""
    ask, base = world.shopify.ask, f"/sandbox/{SHOP}"
    ask("POST", f"{base}/products/MUG-BLUE", sku="MUG-BLUE-2")
    place = ask("POST", f"{base}/locations", name="Cellar")["number"]
    ask("POST", f"{base}/locations/{place}/rename", name="Vault")
    ask("POST", f"{base}/locations/{place}/deactivate")
    ask("POST", f"{base}/locations/{place}/delete")
    ask("POST", f"{base}/scopes", grant=["write_returns"])
    world.settle()
    ask("POST", f"{base}/uninstall")
    world.until(lambda: world.drain() or standing(world) == "left", "the uninstall")
    world.install()
    world.settle()


def ask_for_privacy(world: World, gid: str) -> None:
    """Let Shopify ask about a customer's orders, and for the removal of a shop that is there."""
    stranger = [7]
    for deed, orders in (("redact", stranger), ("data_request", [int(number(gid))])):
        world.shopify.ask("POST", f"/sandbox/{SHOP}/customers/{deed}", orders=orders)
    world.shopify.ask("POST", f"/sandbox/{SHOP}/redact")
    look_again(world)


def everything(world: World, gids: list[str]) -> dict[str, Any]:
    """What must not be lost: the shop, its orders, what the warehouse has, what is kept."""
    with world.app.app_context():
        revisions = session().query(
            Revision.outbound_order_id, Revision.revision, Revision.document
        )
        kept = sorted((row[0], row[1], str(row[2])) for row in revisions)
        dead = session().query(Owed).filter(Owed.dead_at.is_not(None)).count()
        errors = session().query(LogLine).filter_by(level="error").count()
        session().rollback()
    rows = {gid: world.row(gid) for gid in gids}
    return {
        "shop": standing(world),
        "orders": [[row[name] for name in _OF_ORDER] for row in rows.values()],
        "outbound": [
            [each[name] for name in _OF_OUTBOUND]
            for row in rows.values()
            for each in row["outbound"]
        ],
        "tags": [world.tags(gid) for gid in gids],
        "applied": world.applied(),
        "kept": kept,
        "dead": dead,
        "errors": errors,
    }


def test_no_signed_body_does_harm_under_another_topic(shop: World) -> None:
    plain, held = shop.order(), shop.order(lines=_TWO)
    shop.settle()
    change_orders(shop)
    change_parts(shop)
    change_shop(shop)
    ask_for_privacy(shop, plain)
    fresh = shop.order()
    shop.settle()
    bodies, topics = recorded(shop), all_topics()
    assert set(topics) <= set(bodies), set(topics) - set(bodies)
    before = everything(shop, [plain, held, fresh])
    assert before["shop"] == "installed"
    for topic in topics:
        for other in topics:
            if topic != other or topic not in _BY_RIGHT:
                replay(shop, bodies[other], topic)
    look_again(shop)
    assert looks_owed(shop) == []
    assert everything(shop, [plain, held, fresh]) == before
