"""A running reference WMS and a client of one connector, each answer judged by the contract."""

import time
import uuid
from collections.abc import Callable
from typing import Any

import requests

from sandbox.serve import Server
from tests.contract import Contract

DEADLINE = 60.0


def until(holds: Callable[[], Any]) -> Any:
    """What ``holds`` returns as soon as it is true; fails after a minute."""
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        if found := holds():
            return found
        time.sleep(0.005)
    raise AssertionError("it did not happen in time")


def external(number: int) -> str:
    """The external id the documents of these tests have."""
    return f"gid://shopify/FulfillmentOrder/{number}"


def line(number: int = 1, **changes: Any) -> dict[str, Any]:
    """An order line."""
    found = {
        "line_id": f"gid://shopify/LineItem/{number}",
        "sku": f"TS-{number}",
        "inventory_item_id": "gid://shopify/InventoryItem/7",
        "name": "T-shirt",
        "quantity": 3,
        "order_line_quantity": 5,
        "unit_price": {"amount": "19.90", "currency": "EUR"},
        "discount": None,
        "tax": {"amount": "3.59", "currency": "EUR"},
        "parent": None,
    }
    return found | changes


def order(number: int = 1, revision: int = 1, **changes: Any) -> dict[str, Any]:
    """A well-formed order document."""
    address = {"name": "Zoë Ålund", "address1": "Via Roma 1", "city": "Milano"}
    found = {
        "external_id": external(number),
        "revision": revision,
        "order_ref": f"gid://shopify/Order/{number}",
        "number": f"#{1000 + number}",
        "placed_at": "2026-11-20T10:00:00Z",
        "warehouse": "WH",
        "method": "delivery",
        "shipping_method": {"code": "express", "title": "Express"},
        "payment": {"kind": "prepaid", "paid": True, "gateway": "shopify_payments"},
        "defaults": {"payment_terms": "30 days"},
        "hold": False,
        "ship_by": None,
        "note": "Ring twice",
        "customer": {"name": "Zoë Ålund", "email": "zoe@example.com", "phone": None},
        "ship_to": address | {"zip": "20100", "country_code": "IT"},
        "bill_to": None,
        "order_totals": {"total": {"amount": "59.70", "currency": "EUR"}},
        "lines": [line()],
        "metadata": {"gift": "yes"},
    }
    return found | changes


class Warehouse:
    """The running server, by its control API."""

    def __init__(self, server: Server) -> None:
        self.url = server.url
        self.http = requests.Session()

    def connector(self, **wanted: Any) -> "Client":
        """A new connector and a client of it."""
        made = self.http.post(f"{self.url}/sandbox/connectors", json=wanted or {"label": "Shop"})
        assert made.status_code == 201
        return Client(self, made.json())

    def settings(self, **changes: Any) -> None:
        """Change settings."""
        assert self.http.put(f"{self.url}/sandbox/settings", json=changes).ok

    def fault(self, where: str, do: str, value: Any = None, times: int | None = 1) -> None:
        """Put one fault in force."""
        rule = {"where": where, "do": do, "value": value, "times": times}
        assert self.http.put(f"{self.url}/sandbox/faults", json=[rule]).ok

    def ledger(self, kind: str = "", after: int = 0) -> Any:
        """Entries of the ledger."""
        query = {"kind": kind, "after": str(after)}
        return self.http.get(f"{self.url}/sandbox/ledger", params=query).json()

    def applied(self) -> list[tuple[str, int]]:
        """Every order revision taken in, in order."""
        return [(entry["external_id"], entry["revision"]) for entry in self.ledger("applied")]

    def orders(self) -> Any:
        """The orders as they stand."""
        return self.http.get(f"{self.url}/sandbox/orders").json()

    def is_quiet(self) -> bool:
        """Whether nothing is under way."""
        return bool(self.http.get(f"{self.url}/sandbox/quiet", timeout=DEADLINE).json()["quiet"])

    def post(self, path: str, **body: Any) -> Any:
        """Call a verb of the control API."""
        return self.http.post(f"{self.url}/sandbox/{path}", json=body).json()

    def put(self, path: str, **body: Any) -> requests.Response:
        """Set something through the control API."""
        return self.http.put(f"{self.url}/sandbox/{path}", json=body)


class Client:
    """What an app does with a connector. Every answer must keep to the contract."""

    contract = Contract()

    def __init__(self, warehouse: Warehouse, made: dict[str, Any]) -> None:
        self.id, self.token, self.base = made["id"], made["token"], made["app_url"] + "/v1"
        self.http = warehouse.http

    def ask(self, method: str, path: str, *, checked: bool = True, **options: Any) -> Any:
        """One request with the token; the answer."""
        headers = {"Authorization": f"Bearer {self.token}"} | options.pop("headers", {})
        answer = self.http.request(
            method, self.base + path, headers=headers, timeout=DEADLINE, **options
        )
        if checked:
            self.contract.check(answer)
        return answer

    def send(self, *orders: Any, key: str = "", **options: Any) -> Any:
        """Post a batch under a key of its own or the one given."""
        headers = {"Idempotency-Key": key or str(uuid.uuid4())}
        body = {"orders": list(orders)}
        return self.ask("POST", "/orders/batch", json=body, headers=headers, **options)

    def results(self, *orders: Any) -> Any:
        """Send and wait for the results, whatever the mode."""
        answer = self.send(*orders).json()
        return answer.get("results") or self.finished(answer["job"]["id"])["results"]

    def finished(self, job_id: str) -> Any:
        """The job once it has ended."""
        return until(lambda: (job := self.job(job_id))["status"] not in OPEN and job)

    def job(self, job_id: str) -> Any:
        """The job as it stands."""
        return self.ask("GET", f"/jobs/{job_id}").json()

    def by_reference(self, number: int = 1) -> Any:
        """The order as the API shows it."""
        return self.ask("GET", "/orders/by-ref", params={"external_id": external(number)})

    def cancel(self, number: int = 1, revision: int = 1, **more: Any) -> Any:
        """Ask for a cancellation."""
        body = {"external_id": external(number), "revision": revision, "initiator": "seller"}
        return self.ask("POST", "/orders/cancel", json=body | more)

    def change(self, verb: str, number: int = 1, **more: Any) -> Any:
        """Hold, release or sla."""
        return self.ask("POST", f"/orders/{verb}", json={"external_id": external(number)} | more)


OPEN = ("queued", "running")
