"""Callbacks to the app, signed as Standard Webhooks, retried until a 2xx or the last try."""

import json
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

import requests
from standardwebhooks import Webhook

from sandbox.wms.ledger import Ledger, now
from sandbox.wms.scheduler import Scheduler

# After the first wait each is twice the one before, up to the longest.
RETRIES, LONGEST_WAIT = 7, 30.0
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


def _new_id() -> str:
    return f"msg_{uuid.uuid4().hex}"


@dataclass
class Message:
    """One callback. Its id stays the same over all tries, as Standard Webhooks asks.

    A defect may send it unsigned, only once, or under another id each time.
    """

    connector: str
    endpoint: Endpoint
    type: str
    body: str
    data: dict[str, Any]
    id: str = field(default_factory=_new_id)
    signed: bool = True
    persistent: bool = True
    keeps_id: bool = True
    first_wait: float = 0.5


def compose(connector: str, endpoint: Endpoint, event: str, data: dict[str, Any]) -> Message:
    """A callback ready to be sent: ``{type, timestamp, data}``."""
    body = json.dumps({"type": event, "timestamp": now(), "data": data}, separators=(",", ":"))
    return Message(connector, endpoint, event, body, data)


class Courier:
    """Delivers messages one after the other on its own thread."""

    def __init__(self, ledger: Callable[[], Ledger]) -> None:
        self._ledger = ledger
        self._scheduler = Scheduler("wms-callbacks")
        self._lock = threading.Lock()
        self._kept: list[Message] = []

    def send(self, message: Message, copies: int = 1, after: float = 0) -> None:
        """Deliver soon, or ``after`` seconds; ``copies`` times (a fault: the same id again).

        What was kept back goes after it, the newest first.
        """
        for _ in range(copies):
            self._scheduler.after(after, lambda: self.deliver(message))
        with self._lock:
            kept = [other for other in self._kept if other.connector == message.connector]
            self._kept = [other for other in self._kept if other not in kept]
        for other in reversed(kept):
            self._scheduler.after(after, partial(self.deliver, other))

    def keep_back(self, message: Message, seconds: float) -> None:
        """Deliver only after the next message to that connector, at the latest in ``seconds``."""
        with self._lock:
            self._kept.append(message)
        self._scheduler.after(seconds, lambda: self._let_go(message))

    def clear(self) -> None:
        """Forget what is still to be delivered."""
        self._scheduler.clear()
        with self._lock:
            self._kept.clear()

    def is_quiet(self, seconds: float) -> bool:
        """Whether no callback is under way, nor due within some seconds."""
        return self._scheduler.is_quiet(seconds)

    def _let_go(self, message: Message) -> None:
        with self._lock:
            if message not in self._kept:
                return
            self._kept.remove(message)
        self.deliver(message)

    def deliver(self, message: Message, tries: int = 0) -> None:
        """Try once, now; what fails is tried again later. The ledger is the one of the beginning:
        a reset may come in between."""
        ledger, status = self._ledger(), _post(message)
        ledger.append(
            "callback",
            connector=message.connector,
            type=message.type,
            id=message.id,
            attempt=tries + 1,
            status=status,
            data=message.data,
        )
        if _failed(status) and message.persistent and tries < RETRIES:
            message.id = message.id if message.keeps_id else _new_id()
            wait = min(message.first_wait * 2**tries, LONGEST_WAIT)
            self._scheduler.after(wait, lambda: self.deliver(message, tries + 1))


def _failed(status: int | None) -> bool:
    return status is None or (status != 410 and not 200 <= status < 300)


def _post(message: Message) -> int | None:
    moment = datetime.now(UTC)
    signature = Webhook(message.endpoint.secret).sign(message.id, moment, message.body)
    headers = {"content-type": "application/json", "user-agent": "Reference-WMS/1.0"}
    if message.signed:
        headers |= {
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
