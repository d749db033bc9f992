"""The whole state: shops, settings, faults, ledger, tokens, and the one lock around them."""

import threading
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import urllib3

from sandbox.shopify.app_config import AppConfig
from sandbox.shopify.bucket import Bucket
from sandbox.shopify.faults import Faults
from sandbox.shopify.ledger import Ledger
from sandbox.shopify.shop import Shop
from sandbox.shopify.timers import Timers
from sandbox.shopify.tokens import TokenStore


@dataclass(slots=True)
class Settings:
    """What tests may turn; every value can be changed while running."""

    throttle: bool = True
    restore_rate: float = 100
    capacity: float = 2000
    webhooks: bool = True
    webhook_speed: float = 60.0
    webhook_jitter: float = 0.03
    search_lag: float = 0.5
    routing_seconds: float = 0.2
    job_seconds: float = 0.1
    token_seconds: int = 3600
    personal_data: bool = True
    stale_without_field: bool = False
    marketplace_app: bool = False

    def change(self, values: dict[str, Any]) -> None:
        """Set some values; raise ValueError naming the ones that do not exist, and set none."""
        unknown = set(values) - {field.name for field in fields(self)}
        if unknown:
            raise ValueError(f"No such setting: {', '.join(sorted(unknown))}.")
        for name, value in values.items():
            setattr(self, name, type(getattr(self, name))(value))


class World:
    """All a running stand-in knows. Hold ``lock`` to read or change shops, never across HTTP."""

    def __init__(self, app_url: str, app_dir: str | Path, defaults: Settings) -> None:
        self.app = AppConfig(app_url, Path(app_dir))
        self._defaults = {field.name: getattr(defaults, field.name) for field in fields(defaults)}
        self.lock = threading.RLock()
        self.ledger = Ledger()
        self.timers = Timers()
        self.http = urllib3.PoolManager(maxsize=8)
        self.clear()

    def clear(self) -> None:
        """Forget shops, tokens, faults and what is still to happen; the ledger stays."""
        with self.lock:
            self.timers.forget()
            self.settings = Settings(**self._defaults)
            self.faults = Faults()
            self.shops: dict[str, Shop] = {}
            self.tokens = TokenStore()
            self.deliveries: dict[str, Any] = {}
            self.codes: dict[str, tuple[str, frozenset[str]]] = {}
            self._buckets: dict[str, Bucket] = {}

    def add_shop(self, shop: Shop) -> Shop:
        """Open a shop."""
        self.shops[shop.domain] = shop
        return shop

    def shop(self, name: str) -> Shop | None:
        """Return a shop by its domain or handle."""
        return self.shops.get(name) or self.shops.get(f"{name}.myshopify.com")

    def bucket(self, shop: Shop) -> Bucket:
        """Return the app's bucket of points at a shop."""
        with self.lock:
            if shop.domain not in self._buckets:
                settings = self.settings
                self._buckets[shop.domain] = Bucket(settings.capacity, settings.restore_rate)
            return self._buckets[shop.domain]

    def change_settings(self, values: dict[str, Any]) -> None:
        """Change settings; new bucket sizes start with full buckets."""
        with self.lock:
            self.settings.change(values)
            if {"capacity", "restore_rate"} & set(values):
                self._buckets.clear()

    def stop(self) -> None:
        """End the background threads and close connections."""
        self.timers.stop()
        self.http.clear()
