"""A vendor who checks the reference WMS: a warehouse with whatever defects, and hands in it."""

from typing import Any

import requests

from app.wms.conformance.options import Options
from app.wms.conformance.report import FAILED, Verdict
from app.wms.conformance.run import run
from sandbox.serve import Server

SKU, ACCOUNT = "MUG-WHITE", "CHECK"
STOCK = [{"sku": SKU, "on_hand": 5000}, {"sku": "TS-BLUE-M", "on_hand": 5}]


class Vendor:
    """Runs the checks against a reference WMS, and does at the warehouse what they ask for."""

    def __init__(self, server: Server) -> None:
        self.url = server.url
        self.http = requests.Session()
        self.http.trust_env = False
        self.asked: list[str] = []
        self.connector: dict[str, Any] = {}

    def begin(self, **settings: Any) -> None:
        """Begin from nothing, with a connector and something in stock."""
        quick = {"mode": "async", "job_seconds": 0.0, "retry_seconds": 0.05}
        self.call("POST", "reset")
        self.call("PUT", "settings", quick | settings)
        wanted = {"label": "Check", "account": ACCOUNT}
        self.connector = self.call("POST", "connectors", wanted)
        self.call("PUT", f"stock?account={ACCOUNT}", STOCK)
        self.asked = []

    def check(self, **options: Any) -> list[Verdict]:
        """The verdicts, in order."""
        given = {"sku": SKU, "wait": 60.0, "patience": 60.0, "timeout": 60.0}
        place = {"url": self.connector["app_url"], "token": self.connector["token"]}
        return list(run(Options(**{**place, **given, **options}), self.do))

    def expired_cursor(self) -> str:
        """A cursor of the shipments that is good no more."""
        headers = {"Authorization": f"Bearer {self.connector['token']}"}
        url = f"{self.connector['app_url']}/v1/shipments"
        cursor = self.http.get(url, headers=headers, timeout=60).json()["next_cursor"]
        self.call("POST", "cursors/expire")
        return str(cursor)

    def do(self, what: str) -> None:
        """Do what is asked for."""
        self.asked.append(what)
        number = what.partition("order ")[2].partition(" ")[0]
        ids = {order["number"]: order["external_id"] for order in self.orders()}
        deed = {"external_id": ids.get(number), "account": ACCOUNT}
        if what.startswith("Count"):
            self.call("PUT", f"stock?account={ACCOUNT}", [{"sku": SKU, "adjust": 1}])
        elif what.startswith("Correct"):
            known = self.call("GET", f"shipments?external_id={deed['external_id']}")
            package = {"carrier": {"code": "demopost"}, "tracking_number": "DP-2"}
            self.call("POST", f"shipments/{known[0]['id']}/track", {"packages": [package]})
        else:
            self.call("POST", f"orders/{what.partition(' ')[0].lower()}", deed)

    def orders(self) -> list[dict[str, Any]]:
        """The orders as they stand."""
        return list(self.call("GET", "orders"))

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Use the control API."""
        answer = self.http.request(method, f"{self.url}/sandbox/{path}", json=body, timeout=60)
        assert answer.ok, f"{path}: {answer.text}"
        return answer.json()


def numbers(verdicts: list[Verdict], outcome: str = FAILED) -> list[int]:
    """Which checks ended so."""
    return [verdict.number for verdict in verdicts if verdict.outcome == outcome]
