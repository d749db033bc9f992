"""Checks of the feeds: their pages and cursors."""

from collections.abc import Callable

from app.wms.conformance.desk import Desk
from app.wms.conformance.findings import Check, NotChecked, Wrong
from app.wms.conformance.pages import FEEDS as NAMES
from app.wms.conformance.pages import MOST_PAGES, Item, is_lacking, page, require

# The fields that tell an item of a feed from the others, as far as it has them.
_NAMING = ("id", "sku", "inventory_item_id", "warehouse", "external_id")
_LOOKS = 3
_NEEDS = {"inventory": "inventory", "returns": "returns"}


def _pages(name: str) -> Callable[[Desk], None]:
    def check(desk: Desk) -> None:
        _capable(desk, name)
        first = page(desk, name, limit=1)
        if first["next_cursor"]:
            page(desk, name, first["next_cursor"], limit=1)
        page(desk, name)

    return check


def _goes_on(desk: Desk) -> None:
    tried = [name for name in _offered(desk) if _moves(desk, name)]
    if not tried:
        raise NotChecked("No feed has two items. Run again when there is stock in one.")


def _moves(desk: Desk, name: str) -> bool:
    """Whether a feed has two items; read one by one, they must be the same two. One that changes
    meanwhile goes to its end, so that it is looked at again."""
    for _ in range(_LOOKS):
        wanted, found = _first_two(desk, name, 2), _first_two(desk, name, 1)
        if len(wanted) < 2:
            return False
        if found == wanted:
            return True
    raise Wrong(
        f"/{name} begins with {_named(wanted)}; one by one it gave {_named(found)}.",
        "Let next_cursor stand right behind the page's last item.",
    )


def _first_two(desk: Desk, name: str, limit: int) -> list[str]:
    """What the first two items of a feed are called, read in pages of so many."""
    found: list[str] = []
    cursor = ""
    for _ in range(MOST_PAGES):
        read = page(desk, name, cursor, limit=limit)
        found += [_name(item) for item in read["items"]]
        cursor = read["next_cursor"]
        if len(found) > 1 or not read["has_more"]:
            break
    return found[:2]


def _name(item: Item) -> str:
    known = (str(item[field]) for field in _NAMING if item.get(field) is not None)
    return " ".join(known)


def _named(names: list[str]) -> str:
    return " and ".join(names) or "nothing"


def _unknown_cursor(desk: Desk) -> None:
    for name in _offered(desk):
        params = {"cursor": "tagdock-no-cursor"}
        desk.wire.refuses("GET", f"/{name}", 400, 410, 422, params=params)


def _expired_cursor(desk: Desk) -> None:
    cursor = desk.options.expired_cursor
    if not cursor:
        raise NotChecked(
            "Let a cursor of /shipments expire and run again with --expired-cursor CURSOR."
        )
    desk.wire.refuses("GET", "/shipments", 410, params={"cursor": cursor})


def _unknown_order(desk: Desk) -> None:
    desk.capable("returns")
    line = {"line_id": "line-1", "sku": desk.options.sku, "quantity": 1, "reason": "Test"}
    body = {
        "external_id": desk.external_id("return-never"),
        "order_external_id": desk.external_id("never"),
        "lines": [line],
    }
    desk.wire.refuses("POST", "/returns", 404, 422, json=body)


def _offered(desk: Desk) -> list[str]:
    """The feeds that the WMS has."""
    can = desk.info["capabilities"]
    lacking = [name for name, need in _NEEDS.items() if not can.get(need)]
    return [name for name in NAMES if name not in lacking and not is_lacking(desk, name)]


def _capable(desk: Desk, name: str) -> None:
    if name in _NEEDS:
        desk.capable(_NEEDS[name])
    require(desk, name)


FEEDS = (
    Check(36, "GET /shipments gives pages", _pages("shipments")),
    Check(37, "GET /inventory gives pages", _pages("inventory")),
    Check(38, "GET /returns gives pages", _pages("returns")),
    Check(39, "GET /cancellations gives pages", _pages("cancellations")),
    Check(40, "A feed's cursor goes on where its page ended", _goes_on),
    Check(41, "A cursor that was never given is refused", _unknown_cursor),
    Check(42, "An expired cursor is refused: 410", _expired_cursor),
    Check(43, "A return for an order never received is refused: 404", _unknown_order),
)
