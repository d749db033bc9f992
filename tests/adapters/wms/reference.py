"""The reference WMS as a test holds it: its control API, and orders to send there."""

import time
import uuid

import requests


class Reference:
    """A running reference WMS and its control API."""

    def __init__(self, server):
        self.url = server.url
        self.http = requests.Session()
        self.http.trust_env = False
        self.connector = self.call("POST", "connectors", {"label": "Shop", "account": "ACME"})

    def call(self, method, path, document=None):
        answer = self.http.request(method, f"{self.url}/sandbox/{path}", json=document, timeout=60)
        answer.raise_for_status()
        return answer.json()

    def faults(self, where, do, value=None, times=1):
        self.call("PUT", "faults", [{"where": where, "do": do, "value": value, "times": times}])

    def applied(self):
        entries = self.call("GET", "ledger?kind=applied")
        return [(entry["external_id"], entry["revision"]) for entry in entries]

    def requests(self):
        return self.call("GET", "ledger?kind=request")


def document(number, revision=1, sku="TS-BLUE-M", quantity=2):
    return {
        "external_id": f"gid://shopify/FulfillmentOrder/{number}",
        "revision": revision,
        "order_ref": f"gid://shopify/Order/{number}",
        "number": f"#{number}",
        "placed_at": "2026-11-20T10:00:00Z",
        "warehouse": "WH",
        "method": "delivery",
        "customer": {"name": "Zoë Ångström"},
        "lines": [
            {"line_id": f"gid://shopify/LineItem/{number}", "sku": sku, "quantity": quantity}
        ],
    }


def reference_of(number):
    return f"gid://shopify/FulfillmentOrder/{number}"


def key():
    return str(uuid.uuid4())


def until(check, seconds=60.0):
    deadline = time.monotonic() + seconds
    while not (found := check()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)
    return found


def finished(api, job_id):
    return until(lambda: (job := api.job(job_id)).finished and job)
