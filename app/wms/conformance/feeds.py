"""Checks of the feeds: their pages and cursors."""

from collections.abc import Callable

from app.wms.conformance.desk import Desk
from app.wms.conformance.findings import Check, NotChecked, Wrong
from app.wms.conformance.pages import FEEDS as NAMES
from app.wms.conformance.pages import is_lacking, page, require

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
    """Whether a feed has two items; its cursor must lead from the first to the second."""
    first = page(desk, name, limit=1)
    if not first["has_more"]:
        return False
    second = page(desk, name, first["next_cursor"], limit=1)
    again = second["items"] == first["items"] or first["next_cursor"] == second["next_cursor"]
    if again and second["has_more"]:
        raise Wrong(
            f"The next_cursor of /{name} led to the same page again.",
            "Let next_cursor stand behind the page's last item.",
        )
    return True


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
