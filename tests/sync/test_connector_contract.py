"""What Tagdock and the reference WMS say to each other is what the OpenAPI document says.

Every request that Tagdock really makes, every answer and every callback is held against it.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, Response, request
from warehouse_hand import at_warehouse, to_shipment

import tests.world as worlds
from app.shopify.tokens import SCOPES
from tests.contract import Contract
from tests.world import SHOP, World, number

CONTRACT = Contract()


class Overheard:
    """What was said, judged as it is said; ``said`` counts it by operation."""

    def __init__(self) -> None:
        self.said: Counter[str] = Counter()
        self.faults: list[str] = []
        self.bodies: dict[str, list[Any]] = {}

    def at_the_wms(self, answer: Response) -> Response:
        """Judge a request of the connector API and its answer."""
        path = request.path.partition("/v1")[2]
        operation = CONTRACT.operation(request.method, path) if path else None
        if path and operation is None:
            self.faults.append(f"{request.method} {path} is none of the contract's")
        if operation:
            self._judge(operation["operationId"], lambda: self._check(operation, answer))
        return answer

    def at_the_app(self, answer: Response) -> Response:
        """Judge a callback and its answer."""
        if request.path.startswith("/wms/callbacks/"):
            body = request.get_json()
            self._judge(f"callback {body['type']}", lambda: CONTRACT.check_callback(body))
            described = CONTRACT.document["webhooks"]["callback"]["post"]
            needed = {each["name"] for each in described["parameters"]}
            known = {name.lower() for name in request.headers.keys()}  # noqa: SIM118
            known_status = str(answer.status_code) in described["responses"]
            if not needed <= known or not known_status:
                self.faults.append(f"callback: {sorted(needed - known)}, {answer.status_code}")
        return answer

    def _check(self, operation: Any, answer: Response) -> None:
        body, headers = request.get_data(), dict(request.headers)
        CONTRACT.check_request(operation, request.full_path, headers, body)
        media = answer.headers["Content-Type"].split(";")[0]
        CONTRACT.check_answer(operation, answer.status_code, media, answer.get_json())
        self.bodies.setdefault(operation["operationId"], []).append(request.get_json(silent=True))

    def _judge(self, name: str, judge: Callable[[], None]) -> None:
        self.said[name] += 1
        try:
            judge()
        except Exception as fault:  # noqa: BLE001 - whatever is wrong is told at the end
            self.faults.append(f"{name}: {fault}")


@pytest.fixture
def overheard(monkeypatch: pytest.MonkeyPatch) -> Overheard:
    """Listens to the warehouse and to the app of the world that is opened next."""
    found = Overheard()

    def listening(make: Callable[..., Flask], listen: Any) -> Callable[..., Flask]:
        def made(*given: Any, **more: Any) -> Flask:
            app = make(*given, **more)
            app.after_request(listen)
            return app

        return made

    monkeypatch.setattr(worlds, "create_wms", listening(worlds.create_wms, found.at_the_wms))
    monkeypatch.setattr(worlds, "create_app", listening(worlds.create_app, found.at_the_app))
    return found


def test_seeded_orders_and_all_that_is_said_of_them(
    overheard: Overheard, make_world: Callable[..., World]
) -> None:
    world = make_world(seed="demo")
    world.install()
    world.connect()
    gids = [order["id"] for order in world.orders()]
    world.send(*gids)
    world.settle()
    documents = [order for body in overheard.bodies["sendOrders"] for order in body["orders"]]
    assert len(documents) > 10
    assert len({order["method"] for order in documents}) > 1
    assert overheard.faults == []


def test_the_life_of_an_order(overheard: Overheard, make_world: Callable[..., World]) -> None:
    world = make_world()
    world.install()
    world.connect(automatic=True)
    world.wms.call("PUT", "/sandbox/stock", json=[{"sku": "MUG-WHITE", "on_hand": 90}])
    first, second, third = (world.order() for _ in range(3))
    world.settle()
    hurried = world.order(routed=False)
    world.change(hurried, "route")
    world.settle()
    world.change(hurried, "deadline", fulfill_by="2026-12-02T10:00:00Z")
    world.change(hurried, "risk", recommendation="ACCEPT")
    world.change(first, "edit", note="Another note")
    world.change(second, "hold", reason="OTHER")
    world.settle()
    world.change(second, "release")
    world.settle()
    parcel = at_warehouse(world, "ship", external_id(world, first))["shipments"][0]
    to_shipment(world, parcel["id"], "deliver")
    world.wms.ask("POST", "/sandbox/orders/hold", external_id=external_id(world, second))
    at_warehouse(world, "cancel", external_id(world, second), reason="Broken")
    world.change(third, "cancel")
    for job in ("sync_status", "export_shipped_orders", "cancellations", "reconcile"):
        world.api("POST", f"/api/jobs/{job}/run")
    world.settle()
    assert overheard.faults == []
    wanted = {"connection", "sendOrders", "holdOrder", "releaseOrder", "setShipBy", "cancelOrder"}
    wanted |= {"job", "shipments", "cancellations", "setCallbacks", "callback order.state_changed"}
    wanted |= {"callback job.finished", "callback shipment.updated", "callback order.cancelled"}
    assert wanted <= set(overheard.said), wanted - set(overheard.said)


def test_refusals(overheard: Overheard, make_world: Callable[..., World]) -> None:
    world = make_world()
    world.install()
    world.connect(automatic=True)
    gid = world.order(lines=[{"sku": "UNKNOWN-1", "quantity": 1}])
    sent = world.order()
    world.settle()
    at_warehouse(world, "pack", external_id(world, sent))
    world.change(sent, "cancel")
    world.settle()
    world.wms.ask("POST", "/sandbox/cursors/expire")
    world.api("POST", "/api/jobs/export_shipped_orders/run")
    world.settle()
    path = f"/sandbox/connectors/{world.connector['id']}/rotate-token"
    world.wms.ask("POST", path)
    world.api("POST", "/api/connection/test")
    assert overheard.faults == []
    assert world.row(gid)["outbound"]


def test_returns_and_stock(overheard: Overheard, make_world: Callable[..., World]) -> None:
    world = make_world(mode="sync")
    world.install(scopes=[*SCOPES, "write_returns"])
    world.connect(automatic=True)
    counted = world.wms.call("PUT", "/sandbox/stock", json=[{"sku": "MUG-WHITE", "on_hand": 90}])
    assert counted.ok
    gid = world.order()
    world.settle()
    at_warehouse(world, "ship", external_id(world, gid))
    world.settle()
    opened = f"/sandbox/{SHOP}/returns"
    world.shopify.ask("POST", opened, order=number(gid))
    world.settle()
    world.settle()
    (coming,) = world.wms.ask("GET", "/sandbox/returns")
    world.wms.ask("POST", "/sandbox/returns/receive", external_id=coming["external_id"])
    world.until(lambda: "callback return.updated" in overheard.said, "the callback of a return")
    world.settle()
    assert overheard.faults == []
    wanted = {"announceReturn", "returns", "callback return.updated", "callback inventory.changed"}
    assert wanted <= set(overheard.said), wanted - set(overheard.said)


def external_id(world: World, gid: str) -> str:
    return str(world.row(gid)["outbound"][0]["external_id"])
