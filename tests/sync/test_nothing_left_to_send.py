"""An order that the warehouse has as it is waits for nothing, whatever it waited for before."""

from app.domain import rules
from tests.sync.test_fulfil import parcel
from tests.sync.warehouse_hand import at_warehouse, to_shipment
from tests.world import World


def _sent(world: World, *, automatic: bool = False) -> tuple[str, str]:
    """An order that a person sent; automatic processes are off. Its gid, and the warehouse's
    reference to it."""
    world.connect(automatic=automatic)
    gid = world.order(lines=[{"sku": "MUG-WHITE", "quantity": 3}])
    world.settle()
    world.send(gid)
    world.settle()
    (outbound,) = world.row(gid)["outbound"]
    return gid, outbound["external_id"]


def _edit(world: World, gid: str, note: str) -> None:
    world.change(gid, "edit", note=note)
    world.settle()


def _status(world: World, gid: str) -> dict[str, object]:
    found: dict[str, object] = world.api("GET", f"/api/orders/status?id={gid}")
    return found


def _closed(world: World, gid: str) -> list[str]:
    gates = _status(world, gid)["gates"]
    assert isinstance(gates, list)
    return [gate["gate"] for gate in gates if gate["keeps"]]


def test_an_order_sent_by_hand_waits_for_no_switch(shop: World) -> None:
    gid, external_id = _sent(shop)
    assert _closed(shop, gid) == []
    assert _status(shop, gid)["settled"]
    done = at_warehouse(shop, "ship", external_id, packages=[parcel("DP-1")])
    shop.settle()
    assert "left the warehouse" in str(_status(shop, gid)["settled"])
    for shipment in done["shipments"]:
        to_shipment(shop, shipment["id"], "deliver")
    shop.settle()
    assert "delivered" in str(_status(shop, gid)["settled"])
    assert _closed(shop, gid) == []


def test_an_edit_waits_until_it_is_taken_back(shop: World) -> None:
    gid, _ = _sent(shop)
    _edit(shop, gid, "Leave it at the door")
    assert (shop.row(gid)["reason"], _closed(shop, gid)) == ("automatic", ["automatic"])
    assert _status(shop, gid)["settled"] is None
    _edit(shop, gid, "")
    assert (shop.row(gid)["reason"], _closed(shop, gid)) == ("", [])


def test_an_edit_that_came_too_late_is_never_sent(shop: World) -> None:
    """Nobody sent it in time; once all is shipped the warehouse could only refuse it."""
    gid, external_id = _sent(shop)
    _edit(shop, gid, "Leave it at the door")
    at_warehouse(shop, "ship", external_id, packages=[parcel("DP-1")])
    shop.settle()
    assert _closed(shop, gid) == []
    shop.api("PUT", "/api/connection", automatic=True)
    _edit(shop, gid, "Leave it with the porter")
    row = shop.row(gid)
    assert (row["reason"], shop.state_tags(gid)) == ("", ["wms-synced"])
    assert [revision for _, revision in shop.applied()] == [1]


def test_the_engine_and_the_pages_read_the_same_verdicts(shop: World) -> None:
    gid, _ = _sent(shop)
    gates = _status(shop, gid)["gates"]
    assert isinstance(gates, list)
    assert [gate["gate"] for gate in gates] == [gate.name for gate in rules.GATES]
    assert all(gate["ok"] for gate in gates)
