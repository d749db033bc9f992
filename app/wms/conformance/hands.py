"""Checks of what somebody has to do at the warehouse meanwhile (``--wait``)."""

from collections import Counter
from typing import Any

from app.wms.conformance.callbacks import registered, signed
from app.wms.conformance.desk import BY_HAND, Desk, until
from app.wms.conformance.findings import Check, NotChecked, Wrong, insist, insist_on_fields
from app.wms.conformance.pages import Item, end_of, require, walk

_LATE = "Give a row its place in the feed when it is committed, behind every cursor given before."


def _shipment(desk: Desk) -> None:
    order = desk.name("20")
    does = "Pack" if desk.info["capabilities"].get("packed_event") else "Ship"
    task = f"{does} all of order {order} at the warehouse."
    if desk.options.wait:
        desk.create_once("20")
        desk.found["cursor"] = end_of(desk, "shipments")
    desk.at_the_warehouse(task)
    desk.shipped.add(desk.external_id("20"))
    item = desk.wait_for(
        lambda: _item(desk, "shipments", "20", desk.found["cursor"]),
        f"/shipments showed nothing of {order} behind a cursor given before,",
        _LATE,
    )
    desk.found["shipment"] = item
    told: Counter[str] = Counter()
    for line in item["lines"]:
        insist_on_fields("A line of the shipment", line, {"line_id": str, "quantity": int})
        # A line may come in parts, such as one for each lot.
        told[line["line_id"]] += line["quantity"]
    insist("What the shipment holds by line_id", dict(told), {"line-1": 2})


def _too_late(desk: Desk) -> None:
    desk.capable("cancel")
    _shipped(desk)
    body = desk.cancellation("20")
    insist("The code", desk.wire.refuses("POST", "/orders/cancel", 409, json=body), "too-late")


def _next_version(desk: Desk) -> None:
    known = _shipped(desk)
    order = desk.name("20")
    does = "Ship" if known["state"] == "packed" else "Correct the tracking number of"
    desk.at_the_warehouse(f"{does} order {order} at the warehouse.")
    item = desk.wait_for(
        lambda: _changed(desk, known),
        f"/shipments did not show the change of {known['id']}",
        _LATE,
    )
    desk.found["shipment"] = item
    if item["version"] <= known["version"]:
        raise Wrong(
            f"{known['id']} changed, but its version is {item['version']} as before.",
            "Let version rise with every change: only a higher one is applied.",
        )


def _told(desk: Desk) -> None:
    receiver, known = registered(desk), _shipped(desk)
    came = until(lambda: receiver.about(known["external_id"]), desk.options.patience)
    if not came:
        raise Wrong(
            f"No shipment.updated came within {desk.options.patience:.0f} seconds.",
            "Post shipment.updated with the feed's item whenever one changes.",
        )
    deliveries = receiver.about(known["external_id"])
    event = signed(receiver, deliveries, "shipment.updated")
    insist("The external_id in its data", event.data.get("external_id"), known["external_id"])


def _returned(desk: Desk) -> None:
    desk.capable("returns")
    if _shipped(desk)["state"] == "packed":
        raise NotChecked("Nothing was shipped.")
    line = {"line_id": "line-1", "sku": desk.options.sku, "quantity": 1, "reason": "Test"}
    names = {"external_id": desk.external_id("return"), "order_external_id": desk.external_id("20")}
    cursor = end_of(desk, "returns")
    body = names | {"lines": [line]}
    first, again = (desk.wire.expect("POST", "/returns", 200, json=body).body for _ in range(2))
    insist("The version, announced again,", again.get("version"), first.get("version"))
    other = names | {"lines": [line | {"quantity": 2}]}
    desk.wire.refuses("POST", "/returns", 409, 422, json=other)
    if not _item(desk, "returns", "return", cursor):
        raise Wrong("/returns doesn't show the return.", "Show it from its announcement on.")


def _cancelled(desk: Desk) -> None:
    require(desk, "cancellations")
    order = desk.name("21")
    if desk.options.wait:
        desk.create_once("21")
        desk.found["cursor"] = end_of(desk, "cancellations")
    desk.at_the_warehouse(f"Cancel order {order} at the warehouse, as its staff.")
    item = desk.wait_for(
        lambda: _item(desk, "cancellations", "21", desk.found["cursor"]),
        f"/cancellations showed nothing of {order}",
        "Show what the warehouse cancels by itself.",
    )
    insist("The initiator", item["initiator"], "seller")


def _stock(desk: Desk) -> None:
    desk.capable("inventory")
    sku = desk.options.sku
    before, cursor = walk(desk, "inventory")
    desk.at_the_warehouse(f"Count one more of {sku} at the warehouse.")
    rows = desk.wait_for(
        lambda: [row for row in walk(desk, "inventory", cursor)[0] if row["sku"] == sku],
        f"/inventory showed no change of {sku}",
        _LATE,
    )
    row = rows[-1]
    known = [old["version"] for old in before if _place(old) == _place(row)]
    if known and row["version"] <= max(known):
        raise Wrong(f"The version is {row['version']} as before.", "Let it rise with every change.")
    for now in walk(desk, "inventory")[0]:
        same = (_place(now), now["version"]) == (_place(row), row["version"])
        if same and _values(now) != _values(row):
            raise Wrong(
                f"The change says {_values(row)}, the whole stock {_values(now)}.",
                "Give absolute values everywhere, never differences.",
            )


def _item(desk: Desk, feed: str, number: str, cursor: str) -> Item | None:
    """The newest item of a feed about a test order."""
    wanted = desk.external_id(number)
    items = [item for item in walk(desk, feed, cursor)[0] if item["external_id"] == wanted]
    return items[-1] if items else None


def _changed(desk: Desk, known: Item) -> Item | None:
    items = walk(desk, "shipments", desk.found["cursor"])[0]
    own = [item for item in items if item["id"] == known["id"] and item != known]
    return own[-1] if own else None


def _shipped(desk: Desk) -> Item:
    if "shipment" not in desk.found:
        raise NotChecked("Nothing was shipped." if desk.options.wait else BY_HAND)
    found: Item = desk.found["shipment"]
    return found


def _place(row: Item) -> tuple[Any, Any]:
    return row["sku"], row["warehouse"]


def _values(row: Item) -> str:
    return f"on_hand {row.get('on_hand')}, available {row['available']}"


HANDS = (
    Check(47, "What is packed or shipped comes by the feed", _shipment),
    Check(48, "What is packed can't be cancelled: 409 too-late", _too_late),
    Check(49, "A shipment that changes comes again with a higher version", _next_version),
    Check(50, "shipment.updated is posted, rightly signed", _told),
    Check(51, "Shipped units are announced as a return, once however often", _returned),
    Check(52, "What the warehouse cancels by itself comes by the feed", _cancelled),
    Check(53, "Stock that changes comes by the feed, in absolute values", _stock),
)
