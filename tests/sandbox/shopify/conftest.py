"""A running Shopify stand-in, and an app that receives its webhooks."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from flask import Flask
from shopify_stand_in import SECRET, SHOP, TOML, Client, Inbox

from sandbox.serve import Server, serve
from sandbox.shopify import create_app


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Inbox]]:
    """One stand-in and one app for the session; each test resets them."""
    inbox, app = Inbox(), Flask("inbox")
    app.add_url_rule("/webhooks", view_func=inbox.take, methods=["POST"])
    folder: Path = tmp_path_factory.mktemp("app")
    (folder / "shopify.app.toml").write_text(TOML, "utf-8")
    with serve(app) as receiver, serve(create_app(receiver.url, folder, seed="none")) as server:
        server.app.config["WORLD"].app.client_secret = SECRET
        yield server, inbox


@pytest.fixture
def client(running: tuple[Server, Inbox]) -> Iterator[Client]:
    """The stand-in with two empty shops, the app installed on the first, a fixed token, no lag."""
    server, inbox = running
    with requests.Session() as session:
        client = Client(server, session, inbox)
        client.control("POST", "reset", {"seed": "none"})
        client.settings(search_lag=0, routing_seconds=0.01, webhook_jitter=0)
        client.control("POST", f"{SHOP}/install")
        client.token = client.control("POST", f"{SHOP}/tokens")["access_token"]
        inbox.received.clear()
        inbox.answers.clear()
        yield client
        client.quiet()
