"""One order as either side has it, and what the log says of it."""

from typing import Any

from sandbox.demo.client import SHOP
from tests.faults.campaign import Campaign


def in_shopify(campaign: Campaign, gid: str) -> dict[str, Any]:
    """The order as Shopify has it."""
    return dict(campaign.client.shopify("GET", f"/{SHOP}/orders/{gid.rsplit('/', 1)[1]}"))


def only_part(campaign: Campaign, gid: str) -> dict[str, Any]:
    """Its only fulfillment order."""
    (found,) = in_shopify(campaign, gid)["fulfillment_orders"]
    return dict(found)


def in_warehouse(campaign: Campaign, gid: str) -> dict[str, Any]:
    """The order as the warehouse has it."""
    (found,) = [one for one in campaign.client.wms("GET", "/orders") if one["order_ref"] == gid]
    return dict(found)


def in_admin(campaign: Campaign, gid: str, deed: str, **body: Any) -> None:
    """Do something to an order in Shopify's admin."""
    campaign.client.shopify("POST", f"/{SHOP}/orders/{gid.rsplit('/', 1)[1]}/{deed}", body)


def at_warehouse(campaign: Campaign, gid: str, verb: str, **body: Any) -> None:
    """Let the warehouse do something to an order."""
    wanted = {"external_id": in_warehouse(campaign, gid)["external_id"], **body}
    campaign.client.wms("POST", f"/orders/{verb}", wanted)


def log_of(campaign: Campaign, gid: str, event: str) -> list[str]:
    """What the log says of an order about one kind of event, the oldest first."""
    query = (
        "SELECT l.message FROM log_lines l JOIN orders o ON o.id = l.order_id"
        " WHERE o.gid = :gid AND l.event = :event ORDER BY l.id"
    )
    return [row["message"] for row in campaign.books.rows(query, gid=gid, event=event)]
