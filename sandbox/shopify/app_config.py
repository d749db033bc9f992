"""What Shopify knows of the app: its ``shopify.app.toml``, client id and secret."""

import os
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

CLIENT_ID = "tagdock-sandbox-key"
CLIENT_SECRET = "tagdock-sandbox-secret-of-32-bytes-or-more"
DEFAULT_SCOPES = (
    "write_orders,write_merchant_managed_fulfillment_orders,write_fulfillments,read_locations,"
    "read_products,read_customers"
)


@dataclass(frozen=True, slots=True)
class Subscription:
    """One topic of the app and where it is delivered."""

    topic: str
    url: str
    include_fields: tuple[str, ...] = ()


class AppConfig:
    """The app's configuration file, read again whenever it changes."""

    def __init__(self, app_url: str, app_dir: Path) -> None:
        self.url, self.directory = app_url.rstrip("/"), app_dir
        self.client_id = os.environ.get("SHOPIFY_API_KEY") or CLIENT_ID
        self._read: tuple[int, dict[str, Any]] = (0, {})
        self.client_secret = os.environ.get("SHOPIFY_API_SECRET") or CLIENT_SECRET

    @property
    def toml(self) -> dict[str, Any]:
        """The parsed file; empty when the app has none yet."""
        path = self.directory / "shopify.app.toml"
        changed = path.stat().st_mtime_ns if path.exists() else 0
        if changed != self._read[0]:
            self._read = (changed, tomllib.loads(path.read_text("utf-8")) if changed else {})
        return self._read[1]

    @property
    def name(self) -> str:
        """The app's name as merchants see it."""
        return str(self.toml.get("name") or "App")

    @property
    def handle(self) -> str:
        """What names the app in the admin's addresses: the file's ``handle``, else of its name."""
        return str(self.toml.get("handle") or re.sub(r"[^a-z0-9]+", "-", self.name.lower()))

    @property
    def scopes(self) -> frozenset[str]:
        """The scopes a merchant grants when installing."""
        text = self.toml.get("access_scopes", {}).get("scopes") or DEFAULT_SCOPES
        return split_scopes(text)

    @property
    def optional_scopes(self) -> frozenset[str]:
        """The scopes the app may ask for later."""
        return frozenset(self.toml.get("access_scopes", {}).get("optional_scopes") or ())

    @property
    def redirect_urls(self) -> tuple[str, ...]:
        """Where the authorization page may send a merchant back to, on the running app."""
        urls = self.toml.get("auth", {}).get("redirect_urls") or ()
        return tuple(self.local(url) for url in urls)

    @property
    def api_version(self) -> str:
        """The API version webhooks are written in."""
        return str(self.toml.get("webhooks", {}).get("api_version") or "2026-10")

    def subscriptions(self) -> list[Subscription]:
        """Return every subscribed topic, compliance topics included."""
        declared = self.toml.get("webhooks", {}).get("subscriptions") or ()
        return [
            Subscription(topic, self.local(one["uri"]), tuple(one.get("include_fields") or ()))
            for one in declared
            for topic in (*one.get("topics", ()), *one.get("compliance_topics", ()))
        ]

    def local(self, uri: str) -> str:
        """Return an address of the file on the running app, never anywhere else."""
        parts = urlsplit(uri)
        return f"{self.url}{parts.path or '/'}"


def split_scopes(text: str) -> frozenset[str]:
    """Read a comma-separated list of scopes."""
    return frozenset(part.strip() for part in text.split(",") if part.strip())


def with_implied(scopes: frozenset[str]) -> frozenset[str]:
    """Add the reading scope that each writing scope includes."""
    reads = {"read_" + scope.removeprefix("write_") for scope in scopes if scope[:6] == "write_"}
    return scopes | reads
