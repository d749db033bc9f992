"""Orders as the drift report compares them: their tags, and the fulfillments that stand."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.drift import Fulfilled, ShopSide
from app.domain.shipments import Tracking
from app.shopify.client import Shopify
from app.shopify.pages import FULFILLMENT_LINES, all_of
from app.shopify.reading import moment

MOST = 10


def read_sides(client: Shopify, ids: Sequence[str]) -> dict[str, ShopSide]:
    """Each of at most ten orders by its id, without those that the search index doesn't bring."""
    if not ids:
        return {}
    numbers = " OR ".join(f"id:{each.rpartition('/')[2]}" for each in ids[:MOST])
    variables = {"search": f"status:any AND ({numbers})"}
    nodes = client.execute("compare_orders", variables)["orders"]["nodes"]
    return {node["id"]: _side(client, node) for node in nodes}


def _side(client: Shopify, node: Mapping[str, Any]) -> ShopSide:
    lines = {made["id"]: all_of(client, made, FULFILLMENT_LINES) for made in node["fulfillments"]}
    ordered = {
        line["lineItem"]["id"]: int(line["lineItem"]["quantity"])
        for each in lines.values()
        for line in each
    }
    standing = [made for made in node["fulfillments"] if made["status"] != "CANCELLED"]
    return ShopSide(
        tags=tuple(node["tags"]),
        updated_at=moment(node["updatedAt"]),
        fulfillments=tuple(_fulfilled(made, lines[made["id"]]) for made in standing),
        ordered=ordered,
    )


def _fulfilled(made: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> Fulfilled:
    units: dict[str, int] = {}
    for line in lines:
        name = line["lineItem"]["id"]
        units[name] = units.get(name, 0) + int(line["quantity"] or 0)
    return Fulfilled(made["id"], units, _tracking(made["trackingInfo"]))


def _tracking(infos: Sequence[Mapping[str, Any]]) -> Tracking:
    return Tracking(
        company=next((info["company"] for info in infos if info["company"]), ""),
        numbers=tuple(info["number"] for info in infos if info["number"]),
        urls=tuple(info["url"] for info in infos if info["url"]),
    )
