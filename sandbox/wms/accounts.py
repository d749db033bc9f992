"""The customers of the warehouse and the ways in that their shops have."""

import secrets
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sandbox.wms.book import Book
from sandbox.wms.callbacks import Endpoint
from sandbox.wms.feeds import Feed
from sandbox.wms.idempotency import Answers
from sandbox.wms.jobs import Jobs
from sandbox.wms.ledger import Ledger, now
from sandbox.wms.returns import Return
from sandbox.wms.settings import Settings
from sandbox.wms.shipments import Shipment
from sandbox.wms.stock import Stock

TECHNOLOGIES = ("Shopify via Tagdock", "Another shop system")
FEEDS = ("shipments", "inventory", "returns", "cancellations")


def new_token() -> str:
    """A fresh authorization token."""
    return f"wms_{secrets.token_urlsafe(24)}"


def new_epoch() -> str:
    """A fresh mark for cursors; those with another one have expired."""
    return secrets.token_hex(4)


@dataclass
class Connector:
    """One shop's way in. Connectors of the same account share its orders, jobs and keys."""

    label: str
    technology: str
    account: str
    id: str = field(default_factory=lambda: uuid.uuid4().hex[:12])
    token: str = field(default_factory=new_token)
    enabled: bool = True
    automatic: bool = True
    endpoint: Endpoint | None = None
    created_at: str = field(default_factory=now)


@dataclass
class Account:
    """A customer of the warehouse; ``lock`` guards everything in it.

    ``tell(type, data)`` sends a callback to its connectors. ``origin()`` is the address the
    warehouse is reached at. ``numbers`` counts shipments, over all accounts.
    """

    name: str
    lock: Any
    book: Book
    jobs: Jobs
    ledger: Ledger
    settings: Callable[[], Settings]
    tell: Callable[[str, dict[str, Any]], None]
    origin: Callable[[], str]
    numbers: Iterator[int]
    stock: Stock
    answers: Answers = field(default_factory=Answers)
    shipments: dict[str, Shipment] = field(default_factory=dict)
    returns: dict[str, Return] = field(default_factory=dict)
    feeds: dict[str, Feed] = field(default_factory=lambda: {name: Feed() for name in FEEDS})
    epoch: str = field(default_factory=new_epoch)

    def note(self, kind: str, **fields: Any) -> None:
        """Write into the ledger what was done in this account."""
        self.ledger.append(kind, account=self.name, **fields)
