"""Everything the reference WMS knows, in memory: accounts, connectors, settings, ledger, faults."""

import itertools
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

from sandbox.wms import inventory, misreadings
from sandbox.wms.accounts import Account, Connector, new_epoch
from sandbox.wms.book import Book
from sandbox.wms.callbacks import Courier, Message, compose
from sandbox.wms.faults import Faults
from sandbox.wms.jobs import Job, Jobs
from sandbox.wms.ledger import Ledger
from sandbox.wms.problems import Problem
from sandbox.wms.scheduler import Scheduler
from sandbox.wms.settings import Settings
from sandbox.wms.stock import Stock

DUPLICATES = 5
LATE, KEPT_BACK, AT_ONCE = 2.0, 5.0, 0.2  # seconds


class World:
    """The one object behind API, control API and pages."""

    def __init__(self, settings: Settings, origin: Callable[[], str]) -> None:
        self._first_settings = settings
        self._origin = origin
        self._scheduler = Scheduler("wms-jobs")
        self.courier = Courier(lambda: self.ledger)
        self.reset()

    def reset(self) -> None:
        """Begin again from nothing: no connectors, no orders, settings as at the start."""
        self.stop()
        self.settings = self._first_settings
        self.ledger = Ledger()
        self.faults = Faults()
        self.connectors: dict[str, Connector] = {}
        self.accounts: dict[str, Account] = {}
        self.epoch = new_epoch()
        self._shipments = itertools.count(1)

    def stop(self) -> None:
        """Forget the work still to come."""
        self._scheduler.clear()
        self.courier.clear()

    @property
    def quiet(self) -> bool:
        """Whether no job is being worked off and no callback is under way, nor any moment now."""
        return self._scheduler.is_quiet(AT_ONCE) and self.courier.is_quiet(AT_ONCE)

    def add_connector(self, label: str, technology: str, account: str) -> Connector:
        """A new connector with a token of its own. Raises Problem 422."""
        for name, value in (("label", label), ("technology", technology), ("account", account)):
            if not isinstance(value, str) or not value.strip():
                raise Problem(422, "invalid", f"{name} must not be empty.")
        connector = Connector(label.strip(), technology, account.strip())
        self.connectors[connector.id] = connector
        self.account(connector)
        return connector

    def connector(self, connector_id: str) -> Connector:
        """The connector of that id. Raises Problem 404."""
        try:
            return self.connectors[connector_id]
        except KeyError:
            raise Problem(404, "invalid", f"There is no connector {connector_id}.") from None

    def account(self, connector: Connector) -> Account:
        """The account a connector belongs to; made when its first connector is."""
        if connector.account not in self.accounts:
            self.accounts[connector.account] = self._new_account(connector.account)
        return self.accounts[connector.account]

    def change_settings(self, changes: Any) -> None:
        """Set some settings; jobs no longer held go on. Raises Problem 422."""
        held, self.settings = self.settings.hold_jobs, self.settings.changed(changes)
        if held and not self.settings.hold_jobs:
            self.release()
        if "out_of_stock_skus" in changes:
            self._restock()

    def release(self) -> list[str]:
        """Finish every waiting job now, unless its connector works by hand only."""
        return [
            job_id
            for connector in list(self.connectors.values())
            if connector.automatic
            for job_id in self.account(connector).jobs.release(connector=connector.id)
        ]

    def finish_message(self, job: Job) -> Message | None:
        """The ``job.finished`` callback of a job, if its connector wants one."""
        connector = self.connectors.get(job.connector)
        if connector is None or not connector.endpoint:
            return None
        if not connector.endpoint.wants("job.finished"):
            return None
        return compose(connector.id, connector.endpoint, "job.finished", {"job_id": job.id})

    def announce(self, account: str, event: str, data: dict[str, Any]) -> None:
        """Send a callback to every connector of an account that wants it."""
        for connector in list(self.connectors.values()):
            endpoint = connector.endpoint
            if connector.account == account and endpoint and endpoint.wants(event):
                self._send(compose(connector.id, endpoint, event, data))

    def _restock(self) -> None:
        for account in list(self.accounts.values()):
            with account.lock:
                inventory.restock(account)

    def _new_account(self, name: str) -> Account:
        lock, stock = threading.RLock(), Stock()
        book = Book(
            name,
            self.ledger,
            lambda: self.settings,
            stock,
            lambda order: inventory.follow(self.accounts[name], order),
        )
        return Account(
            name=name,
            lock=lock,
            book=book,
            jobs=Jobs(
                book,
                self._scheduler,
                lock,
                held=self._held,
                dies=self._dies,
                finished=self._told,
            ),
            ledger=self.ledger,
            settings=lambda: self.settings,
            tell=partial(self.announce, name),
            origin=self._origin,
            numbers=self._shipments,
            stock=stock,
        )

    def _held(self, job: Job) -> bool:
        connector = self.connectors.get(job.connector)
        return self.settings.hold_jobs or (connector is not None and not connector.automatic)

    def _dies(self, job: Job) -> bool:
        most = self.settings.jobs_die_after
        return most is not None and len(job.results) >= most

    def _told(self, job: Job) -> None:
        message = self.finish_message(job)
        if message:
            self._send(message)

    def _send(self, message: Message) -> None:
        if misreadings.callback(self.settings, message) is None:
            return
        fault = self.faults.take_delivery(message.type, message.connector) or {}
        do, value = fault.get("do"), fault.get("value")
        if do == "late_callback":
            self.courier.send(message, after=float(value or LATE))
        elif do == "reorder_callback":
            self.courier.keep_back(message, float(value or KEPT_BACK))
        elif do != "no_callback":
            copies = int(value or DUPLICATES) if do == "duplicate_callback" else 1
            self.courier.send(message, copies)
