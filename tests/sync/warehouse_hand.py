"""What people in the warehouse do, and waiting until the warehouse has told us."""

from typing import Any

from tests.world import World


def at_warehouse(world: World, verb: str, external_id: str, **body: Any) -> Any:
    """Let the warehouse do something to an order, and tell us."""
    done = world.wms.ask("POST", f"/sandbox/orders/{verb}", external_id=external_id, **body)
    for item in done.get("shipments", [done]):
        _told(world, item)
    return done


def to_shipment(world: World, number: str, verb: str, **body: Any) -> Any:
    """Let the warehouse do something to a shipment, and tell us."""
    done = world.wms.ask("POST", f"/sandbox/shipments/{number}/{verb}", **body)
    _told(world, done)
    return done


def by_hand(world: World, verb: str, external_id: str, **body: Any) -> Any:
    """Let the warehouse hold, release or hurry an order, and tell us."""
    mark = int(world.wms.ask("POST", "/sandbox/ledger/mark")["seq"])
    done = world.wms.ask("POST", f"/sandbox/orders/{verb}", external_id=external_id, **body)

    def called() -> bool:
        entries = world.wms.ask("GET", f"/sandbox/ledger?kind=callback&after={mark}")
        found = entries["entries"] if isinstance(entries, dict) else entries
        return any(each["data"].get("external_id") == external_id for each in found)

    world.until(called, f"the callback about {external_id}")
    return done


def _told(world: World, item: dict[str, Any]) -> None:
    """Wait for the callback, unless the warehouse is to keep quiet."""
    if any(rule["do"] == "no_callback" for rule in world.wms.ask("GET", "/sandbox/faults")):
        return

    def called() -> bool:
        entries = world.wms.ask("GET", "/sandbox/ledger?kind=callback")
        wanted = (item["id"], item.get("version"))
        return wanted in [(e["data"].get("id"), e["data"].get("version")) for e in entries]

    world.until(called, f"the callback of {item['id']}")
