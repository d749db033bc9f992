"""A tester's view of a running Shopify stand-in, and an app that keeps what it is sent."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import requests
from flask import Response, request

from sandbox.serve import Server
from sandbox.shopify.world import World

SHOP = "tagdock-demo.myshopify.com"
OTHER = "second-shop.myshopify.com"
SECRET = "a-client-secret-of-thirty-two-bytes-or-more"
GRAPHQL = "/admin/api/2026-10/graphql.json"

SCOPES = (
    "write_orders,write_merchant_managed_fulfillment_orders,"
    "read_locations,read_products,read_customers"
)
TOML = f"""
name = "Test"
application_url = "https://app.example.com"
[access_scopes]
scopes = "{SCOPES}"
optional_scopes = ["write_inventory"]
[auth]
redirect_urls = ["https://app.example.com/auth/callback"]
[webhooks]
api_version = "2026-10"
[[webhooks.subscriptions]]
topics = [
  "orders/create", "orders/updated", "orders/edited", "orders/paid", "orders/cancelled",
  "orders/delete", "orders/risk_assessment_changed", "products/update", "locations/create",
  "fulfillment_orders/order_routing_complete", "fulfillment_orders/moved",
  "fulfillment_orders/split", "fulfillment_orders/merged", "fulfillment_orders/placed_on_hold",
  "fulfillment_orders/hold_released", "fulfillment_orders/cancelled", "fulfillments/create",
  "fulfillments/update", "app/uninstalled", "app/scopes_update", "products/create",
  "locations/update", "locations/delete", "locations/activate", "locations/deactivate",
  "inventory_levels/update", "inventory_levels/connect", "refunds/create",
  "returns/request", "returns/approve", "returns/decline", "returns/process", "returns/close",
  "returns/reopen", "returns/cancel", "reverse_fulfillment_orders/dispose",
]
uri = "https://app.example.com/webhooks"
[[webhooks.subscriptions]]
compliance_topics = ["shop/redact", "customers/redact", "customers/data_request"]
uri = "/webhooks"
"""


@dataclass
class Received:
    """One webhook as it arrived."""

    headers: dict[str, str]
    body: bytes
    json: Any

    @property
    def topic(self) -> str:
        return self.headers["X-Shopify-Topic"]


@dataclass
class Inbox:
    """An app that keeps what it is sent; ``answers`` are the next statuses, then 200."""

    received: list[Received] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self) -> Response:
        with self.lock:
            headers = dict(request.headers)
            self.received.append(Received(headers, request.get_data(), request.get_json()))
            status = self.answers.pop(0) if self.answers else 200
        return Response("", status)

    def topics(self) -> list[str]:
        with self.lock:
            return [one.topic for one in self.received]

    def of(self, topic: str) -> list[Received]:
        with self.lock:
            return [one for one in self.received if one.topic == topic]


@dataclass
class Client:
    """An app's and a tester's view of a stand-in."""

    server: Server
    session: requests.Session
    inbox: Inbox
    token: str = ""

    @property
    def world(self) -> World:
        world: World = self.server.app.config["WORLD"]
        return world

    def control(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        """Call the control API and expect a status."""
        answer = self.session.request(method, f"{self.server.url}/sandbox/{path}", json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    def at_shop(self, method: str, path: str, shop: str = SHOP, **options: Any) -> Any:
        """Call an address of a shop."""
        headers = {"Host": shop, **options.pop("headers", {})}
        url = f"{self.server.url}{path}"
        return self.session.request(
            method, url, headers=headers, timeout=60, allow_redirects=False, **options
        )

    def raw(
        self, query: str, variables: Any = None, shop: str = SHOP, **headers: str
    ) -> requests.Response:
        """Send a GraphQL request and return the whole answer."""
        body = {"query": query, "variables": variables or {}}
        headers = {"X-Shopify-Access-Token": self.token} | headers
        answer: requests.Response = self.at_shop("POST", GRAPHQL, shop, json=body, headers=headers)
        return answer

    def graphql(self, document: str, /, **variables: Any) -> Any:
        """Send a GraphQL request and return the JSON."""
        answer = self.raw(document, variables)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def create(self, wait: bool = True, **spec: Any) -> str:
        """Create an order, wait until it is routed, and return its id."""
        ids = self.control("POST", f"{SHOP}/orders", spec, status=201)["ids"]
        if wait:
            self.quiet()
        return str(ids[0])

    def order(self, order: str) -> Any:
        """Return all about an order."""
        return self.control("GET", f"{SHOP}/orders/{order.rpartition('/')[2]}")

    def act(self, order: str, deed: str, status: int = 200, **body: Any) -> Any:
        """Do something to an order by hand."""
        path = f"{SHOP}/orders/{order.rpartition('/')[2]}/{deed}"
        return self.control("POST", path, body, status)

    def quiet(self) -> None:
        """Wait until nothing is under way."""
        until(lambda: self.control("GET", "quiet")["quiet"])

    def settings(self, **values: Any) -> None:
        self.control("PUT", "settings", values)

    def faults(self, *rules: dict[str, Any]) -> None:
        self.control("PUT", "faults", list(rules))

    def ledger(self, kind: str, after: int = 0) -> Any:
        return self.control("GET", f"ledger?kind={kind}&after={after}")


def until(true: Callable[[], Any], seconds: float = 60) -> None:
    """Wait until something is true, or fail."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.01)
