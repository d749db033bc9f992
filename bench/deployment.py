"""A whole running Tagdock to measure: every part a process of its own, a shop at rest in it."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, text

from sandbox.demo.client import SHOP, Client
from sandbox.demo.world import ROOT, World
from sandbox.services import Server, postgres

__all__ = ["ROOT", "Deployment", "TookTooLong", "deployment"]

CLICK = 250  # the most orders one click may send
_POLL_SECONDS = 0.1
_SYNCED = "wms-synced"
_UNDER_WAY = text("SELECT count(*) FROM owed WHERE dead_at IS NULL AND effect <> 'run'")


class Parts(World):
    """The demo's world with room for one more process."""

    def launch(self, name: str, *arguments: str) -> None:
        """Start a Python process in the app's environment, to be stopped with the rest."""
        self._launch(name, *arguments)


class TookTooLong(Exception):
    """The world did not come to rest; the message says what was left to do."""


@dataclass(slots=True)
class Deployment:
    """One shop, installed and connected, with hands on both sides."""

    world: Parts
    client: Client
    connector: dict[str, Any]
    engine: Engine

    def shopify(self, method: str, path: str, body: object = None) -> Any:
        """Call the Shopify stand-in's control API; ``{shop}`` in the path is our shop."""
        return self.client.shopify(method, path.format(shop=SHOP), body)

    def place(self, count: int) -> list[str]:
        """Place that many orders, of one to five lines in turn; returns their ids once they have
        entered Tagdock by webhook, are tagged *no-sync*, and all is at rest."""
        ids: list[str] = []
        for lines in range(1, 6):
            share = (count + 5 - lines) // 5
            body = {"lines": _lines(lines), "paid": True, "tags": ["vip"], "count": share}
            ids += self.shopify("POST", "/{shop}/orders", body)["ids"] if share else []
        self.rest()
        return ids

    def click(self, ids: list[str]) -> None:
        """Send orders as staff do with the button, as many at a time as one click allows."""
        for start in range(0, len(ids), CLICK):
            body = {"ids": ids[start : start + CLICK]}
            self.client.app("POST", "/api/orders/send", body)

    def mark(self) -> int:
        """Where the Shopify stand-in's ledger stands."""
        return int(self.shopify("POST", "/ledger/mark")["seq"])

    def ledger(self, kind: str, after: int) -> list[dict[str, Any]]:
        """The shop's ledger entries of a kind since a mark."""
        return list(self.shopify("GET", f"/ledger?kind={kind}&shop={SHOP}&after={after}"))

    def rest(self, patience: float = 120.0) -> None:
        """Wait until nothing is owed and no webhook is on its way, twice in a row."""
        self.until(lambda: self._resting() and self._resting(), "rest", patience)

    def all_synced(self, ids: list[str], after: int, patience: float = 240.0) -> float:
        """Wait until every order is tagged *synced*; returns when the last one was, since 1970."""
        times: dict[str, float] = {}

        def complete() -> bool:
            nonlocal after
            writes = self.ledger("tags", after)
            after = max([after, *(write["seq"] for write in writes)])
            times.update((write["order"], write["at"]) for write in writes if _is_synced(write))
            return times.keys() >= set(ids)

        self.until(complete, "every order synced", patience)
        return max(times.values())

    def until(self, condition: Callable[[], object], what: str, patience: float) -> None:
        """Poll a condition; raises TookTooLong, or ProcessFailed when a part has died."""
        end = time.monotonic() + patience
        while not condition():
            self.world.check()
            if time.monotonic() > end:
                raise TookTooLong(f"Waited {patience:.0f} s for {what}; {self.owed()} owed.")
            time.sleep(_POLL_SECONDS)

    def owed(self) -> int:
        """How many effects are owed, scheduled runs aside."""
        with self.engine.connect() as connection:
            return int(connection.execute(_UNDER_WAY).scalar_one())

    def _resting(self) -> bool:
        return bool(self.shopify("GET", "/quiet")["quiet"]) and not self.owed()


def _is_synced(write: dict[str, Any]) -> bool:
    """Whether a tag write left *synced* as the only state tag."""
    return [tag for tag in write["after"] if tag.startswith("wms-")] == [_SYNCED]


@contextmanager
def deployment(
    *, mode: str, database: str, job_seconds: float = 1.0, workers: int = 1
) -> Iterator[Deployment]:
    """Start a world with an empty shop, throttle off; everything is gone afterwards.

    ``mode`` is the WMS's, sync or async; ``database`` is sqlite or postgresql.
    """
    options = ("--mode", mode, "--job-seconds", str(job_seconds))
    with (
        tempfile.TemporaryDirectory() as folder,
        _database(database) as address,
        Parts(Path(folder), database_url=address, wms_options=options) as world,
        closing(_client(world)) as client,
    ):
        for number in range(1, workers):
            world.start_worker(f"worker-{number + 1}")
        opened = _opened(world, client)
        yield opened
        opened.engine.dispose()


@contextmanager
def _database(kind: str) -> Iterator[str]:
    server: Any = postgres(from_environment=False) if kind == "postgresql" else nullcontext()
    with server as running:
        address = running.url if isinstance(running, Server) else ""
        yield address.replace("postgresql://", "postgresql+psycopg://", 1)


def _client(world: World) -> Client:
    return Client(app_url=world.app_url, shopify_url=world.shopify_url, wms_url=world.wms_url)


def _opened(world: Parts, client: Client) -> Deployment:
    client.shopify("POST", "/reset", {"seed": "none"})
    client.shopify("PUT", "/settings", {"throttle": False})
    client.shopify("POST", f"/{SHOP}/install")
    client.open_app()
    connector = client.wms("POST", "/connectors", {"label": "Bench", "account": "ACME"})
    address = {name: connector[name] for name in ("app_url", "token")}
    client.app("PUT", "/api/connection", {"label": "Bench", "automatic": False, **address})
    client.app("POST", "/api/connection/test")
    engine = create_engine(world.environment["DATABASE_URL"])
    opened = Deployment(world, client, connector, engine)
    opened.rest()
    return opened


def _lines(count: int) -> list[dict[str, Any]]:
    return [
        {"sku": f"SKU-{line}", "title": f"Article {line}", "quantity": line, "price": "9.90"}
        for line in range(1, count + 1)
    ]
