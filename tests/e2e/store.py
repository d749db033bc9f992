"""A store whose staff a test plays: what they have, what the warehouse got, what was written."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from redis import Redis

from sandbox.demo.client import SHOP, Client
from sandbox.demo.world import World
from sandbox.services import stop

STATE_TAGS = {"wms-no-sync", "wms-syncing", "wms-synced", "wms-error"}
_POLL_SECONDS = 0.05
_AT_WORK = """
SELECT 1 FROM owed WHERE dead_at IS NULL AND due_at < datetime('now', '+1 minute')
UNION ALL SELECT 1 FROM inbox WHERE done_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Placed:
    """An order of the store."""

    gid: str
    name: str

    @property
    def number(self) -> str:
        """What its addresses end with."""
        return self.gid.rsplit("/", 1)[1]


@dataclass(slots=True)
class Store:
    """The one store of a running world, and what happens around it."""

    world: World
    client: Client
    connector: dict[str, Any] = field(default_factory=dict)
    began: int = 0

    # --- Beginning --------------------------------------------------------------------------------

    def begin_again(self) -> None:
        """Make the store, the warehouse and the app as they were before anybody installed it."""
        self.client.wms("POST", "/reset")
        self.client.shopify("POST", "/reset", {"seed": "none"})
        self.client.shopify("PUT", "/settings", {"throttle": False, "webhooks": True})
        # Of the store that was, some may still be on their way to the app.
        self.until(self._is_told, "the last webhook and callback")
        self.until(self._empty_the_app, "idle workers")
        self._count_calls_anew()
        # Workers may have been at it until then.
        self.client.wms("POST", "/reset")
        self.client.wms("PUT", "/settings", {"job_seconds": 0.3})
        self.began = self.client.shopify("POST", "/ledger/mark")["seq"]

    def install(self) -> None:
        """Install the app, as Shopify does when a merchant agrees."""
        self.client.shopify("POST", f"/{SHOP}/install")

    def new_connector(self) -> dict[str, Any]:
        """Make a connector at the warehouse: ``app_url`` and ``token`` are what a person copies."""
        wanted = {"label": "Acme", "account": "ACME"}
        self.connector = dict(self.client.wms("POST", "/connectors", wanted))
        return self.connector

    def connect(self, *, automatic: bool = False) -> None:
        """Install the app and connect it without a browser."""
        self.install()
        self.client.open_app()
        connector = self.new_connector()
        wanted = {"label": "Acme WMS", "automatic": automatic}
        wanted |= {"app_url": connector["app_url"], "token": connector["token"]}
        self.client.app("PUT", "/api/connection", wanted)
        verdict = self.client.app("POST", "/api/connection/test")
        assert verdict["ok"], verdict

    # --- Doing ------------------------------------------------------------------------------------

    def place(self, count: int = 1, **wishes: Any) -> list[Placed]:
        """Customers order: ``wishes`` as the Shopify stand-in describes an order."""
        body = {"lines": [{"sku": "MUG-330", "quantity": 1}], "count": count, **wishes}
        made = self.client.shopify("POST", f"/{SHOP}/orders", body)
        return [Placed(*pair) for pair in zip(made["ids"], made["names"], strict=True)]

    def warehouse(self, **settings: Any) -> None:
        """Change how the warehouse behaves."""
        self.client.wms("PUT", "/settings", settings)

    def warehouse_fails(self, *rules: dict[str, Any]) -> None:
        """Let the warehouse's API fail."""
        self.client.wms("PUT", "/faults", list(rules))

    def finish_jobs(self) -> None:
        """Let the warehouse finish what it works on."""
        self.client.wms("POST", "/jobs/release")

    def stop_app(self) -> None:
        """End the app's web process."""
        stop(self.world.parts["web"].process)

    def start_app(self) -> None:
        """Start the app's web process again."""
        self.world.start_web()

    # --- Looking ----------------------------------------------------------------------------------

    def tags(self, order: Placed) -> list[str]:
        """An order's tags."""
        return list(self.client.shopify("GET", f"/{SHOP}/orders/{order.number}")["tags"])

    def tag_writes(self) -> list[dict[str, Any]]:
        """Every change of tags since the beginning, whoever made it."""
        path = f"/ledger?kind=tags&shop={SHOP}&after={self.began}"
        return list(self.client.shopify("GET", path))

    def in_shopify(self, order: Placed) -> dict[str, Any]:
        """An order as Shopify has it."""
        return dict(self.client.shopify("GET", f"/{SHOP}/orders/{order.number}"))

    def reference(self, order: Placed) -> str:
        """What the warehouse knows an order by, its only part."""
        return str(self.in_shopify(order)["fulfillment_orders"][0]["id"])

    def batches(self) -> list[list[str]]:
        """The orders that each request to the warehouse held."""
        requests = self.client.wms("GET", "/ledger?kind=request")
        return [
            [external_id for external_id, _ in request["orders"]]
            for request in requests
            if request["path"].endswith("/orders/batch")
        ]

    def applied(self) -> list[tuple[str, int]]:
        """Every order and revision that the warehouse took in."""
        found = self.client.wms("GET", "/ledger?kind=applied")
        return [(entry["external_id"], entry["revision"]) for entry in found]

    def until(self, condition: Callable[[], Any], what: str, seconds: float = 90.0) -> None:
        """Wait for a condition."""
        end = time.monotonic() + seconds
        while not condition():
            self.world.check()
            assert time.monotonic() < end, f"waited {seconds:.0f} s for {what}"
            time.sleep(_POLL_SECONDS)

    def finish(self, run: str) -> None:
        """Wait until a run of a job is over."""
        path = f"/api/runs/{run}"
        self.until(lambda: self.client.app("GET", path)["state"] == "done", f"run {run}")

    def until_tagged(self, orders: list[Placed], tag: str, seconds: float = 90.0) -> None:
        """Wait until each order carries this state tag and no other."""

        def tagged() -> bool:
            found = self.client.shopify("GET", f"/{SHOP}/orders")
            by_gid = {one["id"]: set(one["tags"]) & STATE_TAGS for one in found}
            return all(by_gid[order.gid] == {tag} for order in orders)

        self.until(tagged, f"{tag} on {len(orders)} orders", seconds)

    def until_at_rest(self) -> None:
        """Wait until everything is told and the app has acted on it: looked at twice, for what the
        app ends after the first look at the others may have given them something to tell."""

        def at_rest() -> bool:
            return self._is_told() and not self.rows(_AT_WORK)

        self.until(lambda: at_rest() and at_rest(), "everybody at rest")

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What the app's database answers to a query."""
        with closing(self._database()) as database:
            return database.execute(query).fetchall()

    def write(self, statement: str, *values: str) -> None:
        """Change the app's database by hand, for what takes too long to come about by itself."""
        with closing(self._database()) as database, database:
            database.execute(statement, values)

    def _is_told(self) -> bool:
        """Whether neither Shopify nor the warehouse is telling the app anything."""
        both = (self.client.shopify("GET", "/quiet"), self.client.wms("GET", "/quiet"))
        return all(each["quiet"] for each in both)

    def _empty_the_app(self) -> bool:
        """Forget all that the app knows, unless a worker is at work; none can begin meanwhile."""
        with closing(self._database()) as database, database:
            database.execute("BEGIN IMMEDIATE")
            if database.execute("SELECT 1 FROM owed WHERE lease_token IS NOT NULL").fetchone():
                return False
            found = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            for (table,) in found.fetchall():
                if table not in ("alembic_version", "sqlite_sequence"):
                    database.execute(f'DELETE FROM "{table}"')
        return True

    def _count_calls_anew(self) -> None:
        """Let the store that comes call as often as any other, although it has the number of the
        one that was."""
        with Redis.from_url(self.world.redis_url) as counts:
            for pattern in ("LIMITS:*", "shopify-bucket:*"):
                for key in counts.scan_iter(pattern):
                    counts.delete(key)

    def _database(self) -> sqlite3.Connection:
        return sqlite3.connect(self.database_file, timeout=30.0)

    @property
    def database_file(self) -> str:
        """Where the app's database is."""
        return self.world.environment["DATABASE_URL"].removeprefix("sqlite:///")
