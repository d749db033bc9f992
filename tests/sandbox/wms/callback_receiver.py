"""An app that takes callbacks, verifies them and remembers what came."""

import base64
from collections.abc import Callable
from typing import Any

from flask import Flask, request
from standardwebhooks import Webhook
from warehouse import Client

SECRET = "whsec_" + base64.b64encode(b"a secret of twenty-four b").decode()


class Receiver:
    """Its callbacks in ``got`` as (id, body); ``statuses`` are its next answers."""

    def __init__(self) -> None:
        self.url = ""
        self.got: list[tuple[str, Any]] = []
        self.statuses: list[int] = []
        self.before: Callable[[], None] = lambda: None
        self.app = Flask("receiver")
        self.app.post("/wms/callbacks/1")(self.receive)

    def receive(self) -> tuple[str, int]:
        """Take one callback."""
        value = Webhook(SECRET).verify(request.get_data(), dict(request.headers))
        self.before()
        self.got.append((request.headers["webhook-id"], value))
        return "", self.statuses.pop(0) if self.statuses else 204


def subscribe(client: Client, receiver: Receiver, *events: str) -> None:
    """Set the receiver as the callbacks' address, for some types or all."""
    body = {"url": receiver.url, "secret": SECRET, "events": list(events)}
    assert client.ask("PUT", "/callbacks", json=body).status_code == 200
