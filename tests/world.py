"""A whole world for tests in one process: the app behind HTTP, both stand-ins, real Redis.

Jobs are done by calling the drain itself, so that a test decides when work happens.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import requests
from cryptography.fernet import Fernet
from flask import Flask
from redis import Redis

from app import create_app
from app.config import Config
from app.db import db, session
from app.models import LogLine, Order, Owed, Shop
from app.sync import drain, endings, schedule
from sandbox.serve import Server
from sandbox.shopify import create_app as create_shopify
from sandbox.wms import create_app as create_wms

ROOT = Path(__file__).resolve().parent.parent
KEY, SECRET = "tagdock-sandbox-key", "tagdock-sandbox-secret-of-32-bytes-or-more"
SHOP, OTHER_SHOP = "tagdock-demo.myshopify.com", "second-shop.myshopify.com"
PATIENCE = 100.0


def config_for(**values: Any) -> Config:
    """Complete settings of a sandbox deployment, with some of them given."""
    given = {
        "app_url": "http://127.0.0.1:1",
        "secret_key": "a secret key for tests, long enough",
        "shopify_api_key": KEY,
        "shopify_api_secret": SECRET,
        "encryption_keys": (Fernet.generate_key().decode(),),
        "tagdock_env": "sandbox",
        "wms_allowed_hosts": frozenset({"127.0.0.1"}),
    }
    return Config(**{**given, **values})


class Api:
    """Plain HTTP with JSON, for the stand-ins' control APIs and the app's own."""

    def __init__(self, base: str) -> None:
        self.base = base
        self._http = requests.Session()
        self._http.trust_env = False

    def call(self, method: str, path: str, **kwargs: Any) -> requests.Response:
        """Send a request and return the answer, whatever it is."""
        return self._http.request(method, self.base + path, timeout=PATIENCE, **kwargs)

    def ask(self, method: str, path: str, **body: Any) -> Any:
        """Send JSON, expect success, return the answer's JSON."""
        answer = self.call(method, path, json=body or None)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text[:400]}"
        return answer.json() if answer.content else None

    def close(self) -> None:
        """Close the connections."""
        self._http.close()


class World:
    """The app, its shop and its warehouse."""

    def __init__(self, app: Flask, app_url: str, shopify: Api, wms: Api) -> None:
        self.app, self.shopify, self.wms = app, shopify, wms
        self.http = Api(app_url)
        self.connector: dict[str, Any] = {}

    # --- Setting up -----------------------------------------------------------------------------

    def install(self, shop: str = SHOP, **granted: Any) -> None:
        """Install the app as a merchant does: grant the scopes (``scopes``: other ones than the
        app asks for), open its home page."""
        self.shopify.ask("POST", f"/sandbox/{shop}/install", **granted)
        page = self.http.call("GET", "/", params={"shop": shop, "id_token": self.id_token(shop)})
        assert page.status_code == 200, page.text[:500]

    def id_token(self, shop: str = SHOP) -> str:
        """A fresh ID token as the admin gives it to the app's frame."""
        return str(self.shopify.ask("POST", f"/sandbox/{shop}/id-token", user="7")["token"])

    def connect(self, *, automatic: bool = False, shop: str = SHOP, account: str = "ACME") -> None:
        """Make a connector at the warehouse and connect the shop to it."""
        self.connector = self.wms.ask("POST", "/sandbox/connectors", label="Test", account=account)
        self.api(
            "PUT",
            "/api/connection",
            shop=shop,
            label="Warehouse",
            app_url=self.connector["app_url"],
            token=self.connector["token"],
            automatic=automatic,
        )
        verdict = self.api("POST", "/api/connection/test", shop=shop)
        assert verdict["ok"], verdict
        self.settle()

    def api(self, method: str, path: str, *, shop: str = SHOP, **body: Any) -> Any:
        """Call the app's API as staff of a shop and expect success."""
        answer = self.api_answer(method, path, shop=shop, **body)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text[:400]}"
        return answer.json() if answer.content else None

    def api_answer(
        self, method: str, path: str, *, shop: str = SHOP, **body: Any
    ) -> requests.Response:
        """Call the app's API as staff of a shop; return the answer, whatever it is."""
        headers = {"Authorization": f"Bearer {self.id_token(shop)}"}
        return self.http.call(method, path, json=body or None, headers=headers)

    def choose(self, **settings: Any) -> None:
        """Change settings as the merchant does."""
        version = self.api("GET", "/api/settings")["version"]
        self.api("PUT", "/api/settings", version=version, **settings)

    # --- Doing ------------------------------------------------------------------------------------

    def send(self, *gids: str, shop: str = SHOP) -> dict[str, Any]:
        """Click Send to WMS on some orders."""
        return dict(self.api("POST", "/api/orders/send", shop=shop, ids=list(gids)))

    def order(self, **wishes: Any) -> str:
        """Place an order in the shop; returns its gid."""
        shop = wishes.pop("shop", SHOP)
        body = {"lines": [{"sku": "MUG-WHITE", "quantity": 1}], "paid": True, **wishes}
        return str(self.shopify.ask("POST", f"/sandbox/{shop}/orders", **body)["ids"][0])

    def change(self, gid: str, what: str, *, shop: str = SHOP, **body: Any) -> Any:
        """Do something to an order in the shop's admin: edit, pay, cancel, tags, move…"""
        return self.shopify.ask("POST", f"/sandbox/{shop}/orders/{number(gid)}/{what}", **body)

    def drain(self) -> None:
        """Do once everything that is due now, for every shop."""
        with self.app.app_context():
            for (shop_id,) in session().query(Shop.id).order_by(Shop.id).all():
                drain.drain(shop_id, 15.0)

    def settle(self, *, patience: float = PATIENCE) -> None:
        """Work until the world is at rest: nothing owed soon, no webhook or callback under way."""

        def at_rest() -> bool:
            self.drain()
            sides = (self.wms, self.shopify)
            quiet = all(side.ask("GET", "/sandbox/quiet")["quiet"] for side in sides)
            return quiet and not self.owed_soon()

        self.until(at_rest, "the world at rest", patience=patience)

    def owed_soon(self) -> list[tuple[str, str]]:
        """What is owed within the next half minute."""
        with self.app.app_context():
            from app.db import database_now

            soon = database_now() + timedelta(seconds=30)
            rows = session().query(Owed).filter(Owed.dead_at.is_(None), Owed.due_at < soon)
            found = [(row.effect, row.last_error) for row in rows]
            session().rollback()
            return found

    def until(self, condition: Callable[[], Any], what: str, *, patience: float = PATIENCE) -> Any:
        """Wait for a condition; returns its value."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            value = condition()
            if value:
                return value
            time.sleep(0.02)
        raise AssertionError(f"Waited {patience} s for {what}. Owed: {self.owed_soon()}")

    def warehouse_fails(self, *rules: dict[str, Any]) -> None:
        """Set the warehouse's fault switches; none at all mends everything."""
        answer = self.wms.call("PUT", "/sandbox/faults", json=list(rules))
        assert answer.ok, answer.text

    def shopify_fails(self, *rules: dict[str, Any]) -> None:
        """Set Shopify's fault switches; none at all mends everything."""
        answer = self.shopify.call("PUT", "/sandbox/faults", json={"rules": list(rules)})
        assert answer.ok, answer.text

    def tick(self) -> None:
        """Let the ticker look at the schedule, and at sends that are over."""
        with self.app.app_context():
            schedule.start_due()
            endings.tell()

    # --- Looking ----------------------------------------------------------------------------------

    def tags(self, gid: str, *, shop: str = SHOP) -> list[str]:
        """The order's tags at Shopify."""
        return list(self.shopify.ask("GET", f"/sandbox/{shop}/orders/{number(gid)}")["tags"])

    def shopify_order(self, gid: str, *, shop: str = SHOP) -> dict[str, Any]:
        """The whole order as Shopify has it."""
        return dict(self.shopify.ask("GET", f"/sandbox/{shop}/orders/{number(gid)}"))

    def state_tags(self, gid: str) -> list[str]:
        """The order's state tags at Shopify."""
        return [tag for tag in self.tags(gid) if tag.lower().startswith("wms-")]

    def row(self, gid: str, *, shop: str = SHOP) -> dict[str, Any]:
        """What Tagdock keeps of an order, and of its outbound orders."""
        with self.app.app_context():
            order = (
                session()
                .query(Order)
                .join(Shop)
                .filter(Shop.domain == shop, Order.gid == gid)
                .one()
            )
            found = _columns(order)
            found["outbound"] = [_columns(outbound) for outbound in order.outbound_orders]
            session().rollback()
            return found

    def log(self, event: str = "") -> list[str]:
        """What the shops' logs say, all of it or of one kind of event, the oldest first."""
        with self.app.app_context():
            query = session().query(LogLine).order_by(LogLine.id)
            lines = query.filter_by(event=event) if event else query
            found = [line.message for line in lines]
            session().rollback()
            return found

    def locations(self) -> dict[str, str]:
        """The ids of the shop's locations by name."""
        rows = self.shopify.ask("GET", f"/sandbox/{SHOP}/locations")
        return {row["name"]: row["id"] for row in rows}

    def applied(self) -> list[tuple[str, int]]:
        """Every (external_id, revision) the warehouse has applied, in order."""
        entries = self.wms.ask("GET", "/sandbox/ledger?kind=applied")
        return [(entry["external_id"], entry["revision"]) for entry in _entries(entries)]

    def batches(self) -> list[dict[str, Any]]:
        """Every batch request the warehouse has seen."""
        entries = _entries(self.wms.ask("GET", "/sandbox/ledger?kind=request"))
        return [entry for entry in entries if entry["path"].endswith("/orders/batch")]

    def graphql(self, after: int = 0) -> list[dict[str, Any]]:
        """Every GraphQL request Shopify has seen since a mark."""
        path = f"/sandbox/ledger?kind=graphql&after={after}"
        return _entries(self.shopify.ask("GET", path))

    def mark(self) -> int:
        """A point in Shopify's ledger to count from."""
        return int(self.shopify.ask("POST", "/sandbox/ledger/mark")["seq"])

    def orders(self, shop: str = SHOP) -> list[dict[str, Any]]:
        """The shop's orders at Shopify."""
        return list(self.shopify.ask("GET", f"/sandbox/{shop}/orders"))


def number(gid: str) -> str:
    """The numeric end of a gid."""
    return gid.rsplit("/", 1)[1]


def _entries(answer: Any) -> list[dict[str, Any]]:
    return list(answer["entries"] if isinstance(answer, dict) else answer)


def _columns(row: Any) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}


@contextmanager
def open_world(
    database_url: str, redis_url: str, *, seed: str = "none", mode: str = "async", **wms: Any
) -> Iterator[World]:
    """Start a world on a migrated, empty database; everything in it is gone afterwards."""
    with Redis.from_url(redis_url) as connection:
        connection.flushall()
    shopify_app = create_shopify("http://127.0.0.1:1", ROOT, seed=seed, webhook_speed=60.0)
    wms_app = create_wms(mode=mode, **{"job_seconds": 0.05, **wms})
    shopify, warehouse = Server(shopify_app, "127.0.0.1", 0), Server(wms_app, "127.0.0.1", 0)
    app = create_app(
        config_for(
            database_url=database_url,
            redis_url=redis_url,
            shopify_origin=shopify.url,
            shopify_cdn=f"{shopify.url}/cdn",
        )
    )
    server = Server(app, "127.0.0.1", 0)
    _tell_addresses(app, shopify_app, server.url)
    world = World(app, server.url, Api(shopify.url), Api(warehouse.url))
    try:
        yield world
    finally:
        _close(world, [shopify, warehouse, server])


def _tell_addresses(app: Flask, shopify_app: Flask, url: str) -> None:
    """Say where the app listens, now that its port is known."""
    object.__setattr__(app.config["TAGDOCK"], "app_url", url)
    shopify_app.config["WORLD"].app.url = url


def _close(world: World, servers: list[Server]) -> None:
    """End whoever may still call the app, then the app, then its database connections."""
    for api in (world.http, world.shopify, world.wms):
        api.close()
    for server in servers:
        server.stop()
    with world.app.app_context():
        session().remove()
        db.engine.dispose()
