"""Changes of stock, written into the ledger and announced by webhook."""

from collections.abc import Iterator
from contextlib import contextmanager

from sandbox.shopify import payloads, stock
from sandbox.shopify.shop import Shop
from sandbox.shopify.values import Node, iso, now
from sandbox.shopify.webhooks import publish
from sandbox.shopify.world import World


@contextmanager
def changing(
    world: World, shop: Shop, level: Node, source: str, *, silent: bool = False
) -> Iterator[dict[str, int]]:
    """Give a level's kept quantities to change; what differs afterwards is logged and announced.

    ``source`` is ``app``, ``admin`` or the id of an order. ``silent`` sends no webhook.
    """
    before = stock.quantities(level)
    yield level["_quantities"]
    after = stock.quantities(level)
    if after == before:
        return
    level["updatedAt"] = iso(now())
    changed = [name for name in stock.NAMES if before[name] != after[name]]
    world.ledger.add(
        "inventory",
        shop=shop.domain,
        item=level["item"]["id"],
        sku=level["item"]["sku"],
        location=level["location"]["id"],
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
        source=source,
    )
    if not silent:
        announce(world, shop, level, "inventory_levels/update")


def announce(world: World, shop: Shop, level: Node, topic: str) -> None:
    """Fire an ``inventory_levels/…`` webhook."""
    publish(world, shop, topic, payloads.inventory_level(level))
