"""The shop's catalogue: every variant with its inventory item, a page at a time.

Variants are listed, not inventory items: it costs less (35 points for 250 of them, 57 with what is
available at a location; by inventory item 46 and 68), and what of it is no quantity can be read
with ``read_products``. Quantities need ``read_inventory``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.domain.skus import Item
from app.errors import Rejected
from app.shopify.client import Answer, Shopify
from app.shopify.documents import load
from app.shopify.pages import next_cursor

PAGE = 250
SCOPE_MISSING = "shopify-scope-missing"
# What Shopify calls the only variant of a product that has no options.
_ONLY = " - Default Title"


@dataclass(frozen=True, slots=True)
class VariantPage:
    """Some items; ``available`` says what there is of each at the location asked for, None where
    the item is not stocked. ``next_cursor`` is None on the last page."""

    items: tuple[Item, ...]
    available: Mapping[str, int | None] = field(default_factory=dict)
    next_cursor: str | None = None


def list_variants(
    client: Shopify, *, after: str | None, location: str = "", query: str | None = None
) -> VariantPage:
    """Return a page of the catalogue, by id; ``location`` (its id) adds quantities.

    Two variants may share an inventory item: then each brings it. Raises Rejected as
    ``shopify-scope-missing`` without the permission.
    """
    asked: dict[str, object] = {"query": query, "after": after, "first": PAGE}
    name = "list_variants_at" if location else "list_variants"
    variables = asked | {"location": location} if location else asked
    answer = client.run(load(name), variables)
    _require_all(answer)
    page = answer.data["productVariants"]
    return VariantPage(
        items=tuple(_item(node) for node in page["nodes"]),
        available=_available(page["nodes"]) if location else {},
        next_cursor=next_cursor(page),
    )


def _require_all(answer: Answer) -> None:
    """Shopify leaves out what the app has no permission for: no quantity is not none."""
    for problem in answer.problems:
        if problem.code == "ACCESS_DENIED":
            raise Rejected(SCOPE_MISSING, f"Tagdock may not read this: {problem.message}")


def _item(node: Mapping[str, Any]) -> Item:
    return Item(
        item=node["inventoryItem"]["id"],
        sku=node["sku"] or "",
        name=node["displayName"].removesuffix(_ONLY),
        variant=node["id"],
        product=node["product"]["id"],
        tracked=node["inventoryItem"]["tracked"],
        bundle=node["requiresComponents"],
    )


def _available(nodes: list[Mapping[str, Any]]) -> dict[str, int | None]:
    found = {}
    for node in nodes:
        level = node["inventoryItem"]["inventoryLevel"]
        found[node["inventoryItem"]["id"]] = level and level["quantities"][0]["quantity"]
    return found
