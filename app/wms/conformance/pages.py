"""Reads the feeds of the WMS under test, page by page."""

from typing import Any

from app.wms.conformance.desk import Desk
from app.wms.conformance.findings import NotChecked, Wrong, insist_on_fields

FEEDS = ("shipments", "inventory", "returns", "cancellations")
MOST_PAGES, LARGEST = 500, 200
# No capability tells whether these are there: their answer does.
_UNTOLD = ("cancellations",)
Item = dict[str, Any]
_PAGE = {"items": list, "next_cursor": str, "has_more": bool}
_SHAPES: dict[str, dict[str, Any]] = {
    "shipments": {"id": str, "version": int, "external_id": str, "state": str, "lines": list},
    "inventory": {
        "sku": str,
        "warehouse": str,
        "on_hand": int,
        "available": int,
        "incoming": int,
        "version": int,
        "as_of": str | None,
    },
    "returns": {"external_id": str, "version": int, "state": str, "lines": list},
    "cancellations": {"id": str, "external_id": str, "initiator": str, "at": str},
}


def is_lacking(desk: Desk, name: str) -> bool:
    """Whether the WMS says by its answer that it lacks a feed that no capability tells of: 501.
    Raises Wrong where that is not said as any refusal is."""
    if name not in _UNTOLD or desk.wire.ask("GET", f"/{name}").status != 501:
        return False
    desk.wire.refuses("GET", f"/{name}", 501)
    return True


def require(desk: Desk, name: str) -> None:
    """Raise NotChecked where the WMS lacks a feed that no capability tells of."""
    if is_lacking(desk, name):
        raise NotChecked(f"The WMS answers GET /{name} with 501: it lacks it.")


def page(desk: Desk, name: str, cursor: str = "", limit: int = LARGEST) -> Item:
    """A page of a feed, its items of the contract's shape. Raises Wrong."""
    params = {"limit": str(limit)} | ({"cursor": cursor} if cursor else {})
    found: Item = desk.wire.expect("GET", f"/{name}", 200, params=params).body
    insist_on_fields(f"GET /{name}", found, _PAGE)
    for item in found["items"]:
        insist_on_fields(f"An item of /{name}", item, _SHAPES[name])
    if len(found["items"]) > limit:
        raise Wrong(
            f"limit={limit} brought {len(found['items'])} items.", "Give at most `limit` items."
        )
    return found


def walk(desk: Desk, name: str, cursor: str = "") -> tuple[list[Item], str]:
    """All items behind a cursor, and the cursor behind them. Raises Wrong where it never ends."""
    items: list[Item] = []
    for _ in range(MOST_PAGES):
        found = page(desk, name, cursor)
        items += found["items"]
        if not found["has_more"]:
            return items, str(found["next_cursor"])
        if found["next_cursor"] in ("", cursor):
            break
        cursor = found["next_cursor"]
    raise Wrong(
        f"GET /{name} has more and more, but its cursor doesn't go on.",
        "Let next_cursor stand behind the page's last item, and has_more end.",
    )


def end_of(desk: Desk, name: str) -> str:
    """The cursor behind everything that a feed has now."""
    return walk(desk, name)[1]
