"""Point 8: stock follows orders and staff, and the apps hear of every change."""

from typing import Any

from sandbox.wms.accounts import Account
from sandbox.wms.capabilities import offered
from sandbox.wms.feeds import Feed
from sandbox.wms.judgement import shortages
from sandbox.wms.orders import Order, open_state
from sandbox.wms.problems import Problem
from sandbox.wms.quantities import to_come
from sandbox.wms.stock import Bin, Level

Item = dict[str, Any]
# Callbacks for one deed, at most; a count of the whole warehouse comes by the feed.
BURST = 100


def follow(account: Account, order: Order) -> None:
    """Let the stock follow a change of an order."""
    account.stock.follow(order)
    publish(account)


def forget(account: Account, external_id: str) -> None:
    """Let go what a lost order was promised."""
    account.stock.forget(external_id)
    publish(account)


def count(account: Account, rows: list[Item]) -> int:
    """Set or adjust rows of stock, all or none; returns how many changed.

    A row is ``{sku, warehouse, on_hand or adjust, incoming?, inventory_item_id?}``. Raises Problem
    422 naming the first wrong one.
    """
    for place, (on_hand, incoming) in _counted(account, rows).items():
        account.stock.count(place, on_hand, incoming)
    for row in rows:
        account.stock.identify(row["sku"], row.get("inventory_item_id"))
    account.note("counted", rows=len(rows), skus=[row["sku"] for row in rows[:BURST]])
    return publish(account)


def publish(account: Account) -> int:
    """Show what changed in the feed, call the apps, let orders go on; returns how many rows."""
    items = account.stock.changed()
    can = offered(account.settings())
    for place, item in enumerate(items):
        shown = _show(account, item)
        if can["inventory"] and place < BURST:
            account.tell("inventory.changed", shown)
    if items:
        restock(account)
    return len(items)


def replace(account: Account) -> int:
    """Go on with another database, which numbers versions and the feed's rows from the beginning.
    Nobody is called; returns how many rows there are."""
    account.feeds["inventory"] = Feed()
    items = account.stock.renumbered()
    for item in items:
        _show(account, item)
    return len(items)


def _show(account: Account, item: Item) -> Item:
    """Put a row into the feed, as the apps may see it."""
    keys = offered(account.settings())["inventory_keys"]
    shown = item if "inventory_item_id" in keys else _by_sku(item)
    account.feeds["inventory"].put(f"{item['sku']}\n{item['warehouse']}", shown)
    return shown


def restock(account: Account) -> None:
    """Let orders go on whose missing goods have come, those that came first first."""
    for order in [account.book.orders[key] for key in list(account.stock.waiting)]:
        if shortages(order.document, to_come(order), account.settings(), account.stock):
            continue
        order.issues = []
        moved = order.state == "awaiting_stock"
        if moved:
            order.state = open_state(order)
        account.book.note_changed(order, "restocked", None)
        if moved:
            account.tell("order.state_changed", order.reference())


def _counted(account: Account, rows: list[Item]) -> dict[Bin, tuple[int, int]]:
    """What lies in each bin and is on its way there once all rows are followed."""
    counted: dict[Bin, tuple[int, int]] = {}
    known = {item["code"]: item["default"] for item in account.settings().warehouses}
    default = next((code for code, is_default in known.items() if is_default), "")
    for row in rows:
        place = Bin(row["sku"], row.get("warehouse") or default)
        if place.warehouse not in known:
            detail = f"{place.sku}: there is no warehouse {place.warehouse}."
            raise Problem(422, "warehouse-unknown", detail)
        level = account.stock.levels.get(place, Level())
        before = counted.get(place, (level.on_hand, level.incoming))
        counted[place] = (_on_hand(account, place, row, before[0]), row.get("incoming", before[1]))
    return counted


def _on_hand(account: Account, place: Bin, row: Item, before: int) -> int:
    units = row.get("on_hand", before) + row.get("adjust", 0)
    packed = account.stock.packed(place)
    if units < packed:
        there = f"{packed} stand packed" if packed else "nothing is there"
        raise Problem(
            422,
            "invalid",
            f"{place.sku}: {units} cannot be in {place.warehouse}, {there}.",
        )
    return int(units)


def _by_sku(item: Item) -> Item:
    return {key: value for key, value in item.items() if key != "inventory_item_id"}
