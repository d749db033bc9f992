"""Callbacks to the app, signed as Standard Webhooks, retried until a 2xx or the last try."""

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import requests
from standardwebhooks import Webhook

from sandbox.wms.ledger import Ledger, now
from sandbox.wms.scheduler import Scheduler

RETRY_WAITS = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
TIMEOUT = 5.0
TYPES = (
    "job.finished",
    "order.state_changed",
    "order.cancelled",
    "shipment.updated",
    "inventory.changed",
    "return.updated",
)


@dataclass(frozen=True)
class Endpoint:
    """Where an app wants its callbacks; no events named means all of them."""

    url: str
    secret: str
    events: tuple[str, ...] = ()

    def wants(self, event: str) -> bool:
        """Whether callbacks of this type go there."""
        return not self.events or event in self.events


@dataclass
class Message:
    """One callback. Its id stays the same over all tries, as Standard Webhooks asks."""

    connector: str
    endpoint: Endpoint
    type: str
    body: str
    data: dict[str, Any]
    id: str = field(default_factory=lambda: f"msg_{uuid.uuid4().hex}")


def compose(connector: str, endpoint: Endpoint, event: str, data: dict[str, Any]) -> Message:
    """A callback ready to be sent: ``{type, timestamp, data}``."""
    body = json.dumps({"type": event, "timestamp": now(), "data": data}, separators=(",", ":"))
    return Message(connector, endpoint, event, body, data)


class Courier:
    """Delivers messages one after the other on its own thread."""

    def __init__(self, ledger: Callable[[], Ledger]) -> None:
        self._ledger = ledger
        self._scheduler = Scheduler("wms-callbacks")

    def send(self, message: Message, copies: int = 1) -> None:
        """Deliver soon, ``copies`` times (a fault: the same id again and again)."""
        for _ in range(copies):
            self._scheduler.after(0, lambda: self.deliver(message))

    def clear(self) -> None:
        """Forget what is still to be delivered."""
        self._scheduler.clear()

    def deliver(self, message: Message, tries: int = 0) -> None:
        """Try once, now; what fails is tried again later."""
        status = _post(message)
        self._ledger().append(
            "callback",
            connector=message.connector,
            type=message.type,
            id=message.id,
            attempt=tries + 1,
            status=status,
            data=message.data,
        )
        if _failed(status) and tries < len(RETRY_WAITS):
            self._scheduler.after(RETRY_WAITS[tries], lambda: self.deliver(message, tries + 1))


def _failed(status: int | None) -> bool:
    return status is None or (status != 410 and not 200 <= status < 300)


def _post(message: Message) -> int | None:
    moment = datetime.now(UTC)
    signature = Webhook(message.endpoint.secret).sign(message.id, moment, message.body)
    headers = {
        "content-type": "application/json",
        "user-agent": "Reference-WMS/1.0",
        "webhook-id": message.id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": signature,
    }
    with requests.Session() as session:
        session.trust_env = False
        try:
            answer = session.post(
                message.endpoint.url,
                data=message.body.encode(),
                headers=headers,
                timeout=TIMEOUT,
                allow_redirects=False,
            )
        except requests.RequestException:
            return None
        return answer.status_code
