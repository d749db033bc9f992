"""A shop at work in a fleet: places orders, strikes faults, and compares all books at the end."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from app.shopify.tokens import SCOPES
from sandbox.demo.client import SHOP, Client
from tests.faults import proof
from tests.faults.books import Books
from tests.faults.fleet import Fleet
from tests.faults.proof import SETTLED, STATE_TAGS

SKU = "MUG-WHITE"
# Every order is settled within this many seconds of the fault.
LIMIT = 90.0
_POLL_SECONDS = 0.05


@dataclass(slots=True)
class Placed:
    """An order of the campaign, with the merchant's own tags."""

    gid: str
    tags: tuple[str, ...]
    placed_at: float


@dataclass(slots=True)
class Campaign:
    """One shop, its warehouse and the orders placed so far. Of those in ``cancelled``, Shopify does
    not ask any more for all that the warehouse was sent."""

    fleet: Fleet
    books: Books
    client: Client
    orders: dict[str, Placed] = field(default_factory=dict)
    faults: list[float] = field(default_factory=list)
    connector: dict[str, Any] = field(default_factory=dict)
    notes: Counter[str] = field(default_factory=Counter)
    cancelled: set[str] = field(default_factory=set)

    # --- Doing ----------------------------------------------------------------------------------

    def open_shop(self) -> None:
        """Install the app, connect it and switch automatic processes on."""
        self.client.shopify("POST", "/reset", {"seed": "none"})
        self.client.shopify("PUT", "/settings", {"throttle": False, "webhook_speed": 200})
        scopes = [*SCOPES, "write_inventory", "write_returns"]
        self.client.shopify("POST", f"/{SHOP}/install", {"scopes": scopes})
        self.client.wms("PUT", "/settings", {"job_seconds": 0.4})
        self.client.open_app()
        wanted = {"label": "Faults", "account": "ACME"}
        self.connector = self.client.wms("POST", "/connectors", wanted)
        self.connect()

    def connect(self, *, automatic: bool = True, through: str = "") -> None:
        """Connect the shop to its warehouse, perhaps ``through`` another address."""
        app_url = self.connector["app_url"]
        wanted = {
            "label": "Warehouse",
            "app_url": app_url.replace(self.fleet.wms_url, through or self.fleet.wms_url),
            "token": self.connector["token"],
            "automatic": automatic,
        }
        self.client.app("PUT", "/api/connection", wanted)
        verdict = self.client.app("POST", "/api/connection/test")
        assert verdict["ok"], verdict

    def place(self, count: int, *, quantity: int = 0) -> list[str]:
        """Place orders, each with a tag of the merchant's own, of some ``quantity`` or another."""
        gids = []
        for _ in range(count):
            tags = (f"gift-{len(self.orders)}", "vip")
            body = {
                "lines": [{"sku": SKU, "quantity": quantity or 1 + len(self.orders) % 3}],
                "paid": True,
                "tags": list(tags),
            }
            gid = self.client.shopify("POST", f"/{SHOP}/orders", body)["ids"][0]
            self.orders[gid] = Placed(gid, tags, time.time())
            gids.append(gid)
        return gids

    def edit(self, gid: str, quantity: int) -> None:
        """Change how much of its one product an order is for, as a merchant does."""
        lines = [{"sku": SKU, "quantity": quantity}]
        self.client.shopify("POST", f"/{SHOP}/orders/{_number(gid)}/edit", {"lines": lines})

    def struck(self) -> None:
        """Note that a fault has struck now."""
        self.faults.append(time.time())

    def wms_fault(self, do: str, where: str = "batch", **more: Any) -> None:
        """Let the warehouse's API fail."""
        self.client.wms("PUT", "/faults", [{"where": where, "do": do, "times": 1, **more}])

    def shopify_fault(self, do: str, match: str, **more: Any) -> None:
        """Let Shopify's API fail on the next document of that name."""
        rule = {"where": "graphql", "match": match, "do": do, "times": 1, **more}
        self.client.shopify("PUT", "/faults", [rule])

    def make_whole(self) -> None:
        """Start whatever an earlier test has left dead."""
        fleet = self.fleet
        if not any(name.startswith("worker") for name in fleet.parts):
            fleet.launch_worker()
        if not any(name.startswith("ticker") for name in fleet.parts):
            fleet.launch_ticker()
        if "web" not in fleet.parts:
            fleet.launch_web()
            fleet.wait_for_web()

    def no_faults(self) -> None:
        """Let both sides be well."""
        self.client.wms("PUT", "/faults", [])
        self.client.shopify("PUT", "/faults", [])

    # --- Waiting --------------------------------------------------------------------------------

    def until(self, condition: Callable[[], Any], what: str, patience: float = 120.0) -> Any:
        """Poll a condition; returns its value. Fails with what is owed when it takes too long."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            value = condition()
            if value:
                return value
            time.sleep(_POLL_SECONDS)
        owed = self.books.owed()
        raise AssertionError(f"Waited {patience:.0f} s for {what}. Now: {value}. Owed: {owed}")

    def until_taken(self, side: Callable[..., Any]) -> None:
        """Wait until the one fault put in force has met its request."""
        self.until(lambda: all(rule["times"] == 0 for rule in side("GET", "/faults")), "the fault")

    def at_rest(self) -> bool:
        """Whether nothing is owed, and no webhook or callback is on its way."""
        sides = (self.client.shopify, self.client.wms)
        quiet = all(side("GET", "/quiet")["quiet"] for side in sides)
        return quiet and not self.unsettled() and not self.books.owed()

    def unsettled(self) -> dict[str, list[str]]:
        """The state tags of orders that carry anything but exactly *synced*."""
        found = {}
        for order in self.client.shopify("GET", f"/{SHOP}/orders"):
            state = sorted(STATE_TAGS & set(order["tags"]))
            if state != [SETTLED]:
                found[order["name"]] = state
        return found

    def settle(self) -> None:
        """Wait until all is at rest, at most the limit since the last fault or the last order."""
        moments = [*self.faults[-1:], *(placed.placed_at for placed in self.orders.values())]
        patience = max(LIMIT / 2, max(moments, default=time.time()) + LIMIT - time.time())
        self.until(self.at_rest, f"rest; not settled: {self.unsettled()}", patience)

    # --- Looking --------------------------------------------------------------------------------

    def tag_writes(self, after: int = 0) -> list[dict[str, Any]]:
        """Every change of an order's tags at Shopify."""
        return list(self.client.shopify("GET", f"/ledger?kind=tags&after={after}"))

    def mark(self) -> int:
        """Where Shopify's ledger stands."""
        return int(self.client.shopify("POST", "/ledger/mark")["seq"])

    def batches(self) -> list[dict[str, Any]]:
        """Every batch request the warehouse has answered or dropped."""
        requests = self.client.wms("GET", "/ledger?kind=request")
        return [entry for entry in requests if entry["path"].endswith("/orders/batch")]

    def settling_times(self) -> dict[str, float]:
        """For each order, the seconds from the last fault before it settled until it did."""
        times = {}
        for write in self.tag_writes():
            if STATE_TAGS & set(write["after"]) == {SETTLED}:
                placed_at = self.orders[write["order"]].placed_at
                before = [fault for fault in self.faults if fault < write["at"]]
                times[write["order"]] = write["at"] - max([placed_at, *before])
        return times

    # --- The proof ------------------------------------------------------------------------------

    def prove(self) -> None:
        """Settle, then hold the ledgers of both sides and the database together."""
        self.settle()
        tags = {gid: placed.tags for gid, placed in self.orders.items()}
        proof.tags_are_right(self.client, tags)
        asked_for = {gid: own for gid, own in tags.items() if gid not in self.cancelled}
        proof.warehouse_is_right(self.client, asked_for)
        proof.database_is_right(self.books, tags)
        self.fleet.check()
        assert max(self.settling_times().values()) <= LIMIT


def _number(gid: str) -> str:
    return gid.rsplit("/", 1)[1]
