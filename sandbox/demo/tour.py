"""What the demo does in its world: install, connect, send three orders, follow their tags."""

import itertools
import time
from collections.abc import Callable
from typing import Any

from sandbox.demo.choice import plain
from sandbox.demo.client import SHOP, Client
from sandbox.demo.journey import Journey, state_tags
from sandbox.demo.report import say

ORDERS = 3
SECONDS = 60.0


class Tour:
    """Walks through the world with a client; ``check`` raises when a part of it has died."""

    def __init__(self, client: Client, check: Callable[[], None]) -> None:
        self._client = client
        self._check = check

    def take(self) -> list[Journey]:
        """Do all of it; returns each sent order's journey, finished or out of time."""
        self._install()
        self._connect()
        return self._send(self._plain_orders())

    def _install(self) -> None:
        say(f"Installing the app in {SHOP}.")
        self._client.shopify("POST", f"/{SHOP}/install")
        self._client.open_app()

    def _connect(self) -> None:
        connector = self._client.wms("POST", "/connectors", _CONNECTOR)
        say(f"Connecting it to the WMS as {_CONNECTOR['label']}.")
        wanted = {
            "label": _CONNECTOR["label"],
            "app_url": connector["app_url"],
            "token": connector["token"],
            "automatic": False,
        }
        self._client.app("PUT", "/api/connection", wanted)
        self._client.app("POST", "/api/connection/test")

    def _plain_orders(self) -> list[dict[str, Any]]:
        orders = self._client.shopify("GET", f"/{SHOP}/orders")
        found = (order for order in orders if plain(self._whole(order)))
        return list(itertools.islice(found, ORDERS))

    def _whole(self, order: dict[str, Any]) -> dict[str, Any]:
        number = order["id"].rsplit("/", 1)[1]
        return dict(self._client.shopify("GET", f"/{SHOP}/orders/{number}"))

    def _send(self, orders: list[dict[str, Any]]) -> list[Journey]:
        mark = self._client.shopify("POST", "/ledger/mark")["seq"]
        clicked = time.time()
        journeys = [
            Journey(order["id"], order["name"], [state_tags(order["tags"])], clicked)
            for order in orders
        ]
        say(f"Sending {', '.join(item.name for item in journeys)} as the button does.")
        ids = [item.order for item in journeys]
        self._client.app("POST", "/api/orders/send", {"ids": ids})
        self._follow(journeys, mark)
        for item in journeys:
            self._ask(item)
        return journeys

    def _follow(self, journeys: list[Journey], mark: int) -> None:
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline and not all(item.over for item in journeys):
            self._check()
            written = self._client.shopify("GET", f"/ledger?kind=tags&shop={SHOP}&after={mark}")
            for item in journeys:
                item.follow(written)
            time.sleep(0.1)

    def _ask(self, journey: Journey) -> None:
        """Add what the app knows of the order: its job, and its reason if there is one."""
        told = self._client.app("GET", f"/api/orders/status?id={journey.order}")
        journey.job = told.get("job") or ""
        unmet = [gate["message"] for gate in told.get("gates") or () if not gate["ok"]]
        journey.message = " ".join([told.get("message") or "", *unmet]).strip()


_CONNECTOR = {"label": "Demo shop", "technology": "Shopify via Tagdock", "account": "ACME"}
