"""The warehouse's orders by external id: what arrives, what is a repetition, what is refused."""

import itertools
from collections.abc import Callable
from typing import Any

from sandbox.wms import documents
from sandbox.wms.arrivals import Arrivals
from sandbox.wms.capabilities import need
from sandbox.wms.documents import Document
from sandbox.wms.judgement import judge
from sandbox.wms.ledger import Ledger
from sandbox.wms.orders import OPEN_STATES, Order, open_state
from sandbox.wms.problems import Problem
from sandbox.wms.results import result, status
from sandbox.wms.revisions import check_new, is_known
from sandbox.wms.settings import Settings
from sandbox.wms.stock import Stock


class Book:
    """All orders of one account. Not locked: whoever calls holds the account's lock.

    ``changed`` is called with an order after every change the apps asked for.
    """

    def __init__(
        self,
        account: str,
        ledger: Ledger,
        settings: Callable[[], Settings],
        stock: Stock,
        changed: Callable[[Order], None],
    ) -> None:
        self.account = account
        self._stock, self._changed = stock, changed
        self.orders: dict[str, Order] = {}
        self.arrivals = Arrivals()
        self._ledger = ledger
        self._settings = settings
        self._refused: dict[str, dict[str, Any]] = {}
        self._numbers = itertools.count(1)

    def arrive(self, raw: Any, job_id: str) -> None:
        """An order was received into a job; by-ref answers ``received`` from now on."""
        external_id, revision = documents.identity(raw)
        if external_id is not None and revision is not None:
            self.arrivals.add(external_id, revision, job_id)

    def apply(self, raw: Any, job_id: str) -> dict[str, Any]:
        """Judge one order and take it in. Returns its result for the batch; raises nothing."""
        external_id, revision = documents.identity(raw)
        try:
            found = self._apply(raw, job_id)
        except Problem as problem:
            found = self._refuse(external_id, revision, problem, job_id)
        if external_id is not None:
            self._leave(external_id, job_id)
        return found

    def by_reference(self, external_id: str) -> dict[str, Any] | None:
        """The answer to *by-ref*; None for an order that was never received."""
        order, arrival = self.orders.get(external_id), self.arrivals.newest(external_id)
        if arrival:
            return arrival.reference(order)
        if order:
            return order.reference()
        return self._refused.get(external_id)

    def refused(self) -> list[dict[str, Any]]:
        """Orders none of whose revisions was accepted, as *by-ref* shows them, oldest first."""
        return list(self._refused.values())

    def note_cancelled(self, order: Order, outcome: str) -> None:
        """Write a cancellation into the ledger; the stock follows."""
        self._ledger.append(
            "cancelled",
            account=self.account,
            external_id=order.external_id,
            revision=order.revision,
            outcome=outcome,
            lines=dict(order.cancelled),
        )
        self._changed(order)

    def note_changed(self, order: Order, kind: str, reason: str | None) -> None:
        """Write a hold, a release or another shipping time into the ledger; the stock follows."""
        self._ledger.append(
            kind,
            account=self.account,
            external_id=order.external_id,
            revision=order.revision,
            wms_id=order.wms_id,
            state=order.state,
            ship_by=order.ship_by,
            reason=reason,
        )
        self._changed(order)

    def _apply(self, raw: Any, job_id: str) -> dict[str, Any]:
        document = documents.read(raw)
        order = self.orders.get(document.external_id)
        digest = documents.content_hash(raw)
        if order and is_known(self._settings(), order, document.revision, digest):
            self._write_down("duplicate", document.revision, order, digest, job_id)
            return result(order, document.revision, "duplicate")
        if order:
            self._check_changeable(order)
        if document.hold:
            need(self._settings(), "hold")
        check_new(self._settings(), raw, document, self._refused.get(document.external_id))
        issues = judge(document, self._settings(), self._stock)
        return self._accept(document, order, digest, issues, job_id)

    def _check_changeable(self, order: Order) -> None:
        need(self._settings(), "order_update")
        started = any(shipment.live for shipment in order.shipments)
        if started or order.state not in (*OPEN_STATES, "cancelled"):
            words = "packed in part" if order.state in OPEN_STATES else order.state
            raise Problem(409, "too-late", f"The order is already {words}. Call the warehouse.")

    def _accept(
        self,
        document: Document,
        known: Order | None,
        digest: str,
        issues: list[dict[str, Any]],
        job_id: str,
    ) -> dict[str, Any]:
        order = known or self._new(document)
        order.revision, order.document, order.content_hash = document.revision, document, digest
        order.issues, order.job_id, order.ship_by = issues, job_id, document.ship_by
        order.cancelled, order.closed_up_to = {}, 0
        order.hold_reason = order.hold_reason if document.hold else None
        order.state = "on_hold" if document.hold else open_state(order)
        self.orders[order.external_id] = order
        self._refused.pop(order.external_id, None)
        self._write_down("applied", document.revision, order, digest, job_id)
        self._changed(order)
        found = result(order, document.revision, status(known, issues))
        return found | ({"problem": issues[0]} if issues else {})

    def _new(self, document: Document) -> Order:
        return Order(document.external_id, f"W-{next(self._numbers):05}", document)

    def _write_down(self, kind: str, revision: int, order: Order, digest: str, job_id: str) -> None:
        self._ledger.append(
            kind,
            account=self.account,
            external_id=order.external_id,
            revision=revision,
            wms_id=order.wms_id,
            content_hash=digest,
            job_id=job_id,
            units=sum(order.quantity(line.line_id) for line in order.document.lines),
        )

    def _refuse(
        self, external_id: str | None, revision: int | None, problem: Problem, job_id: str
    ) -> dict[str, Any]:
        self._ledger.append(
            "rejected",
            account=self.account,
            external_id=external_id,
            revision=revision,
            code=problem.code,
            job_id=job_id,
        )
        if external_id is not None and revision is not None and external_id not in self.orders:
            self._refused[external_id] = {
                "external_id": external_id,
                "revision": revision,
                "wms_id": None,
                "state": "rejected",
                "job_id": job_id,
                "issues": [problem.body()],
            }
        return {
            "external_id": external_id,
            "revision": revision,
            "status": "rejected",
            "wms_id": None,
            "problem": problem.body(),
        }

    def _leave(self, external_id: str, job_id: str) -> None:
        actions = self.arrivals.leave(external_id, job_id)
        for action in actions if external_id in self.orders else ():
            self._try(external_id, action)

    def _try(self, external_id: str, action: Callable[[], Any]) -> None:
        try:
            action()
        except Problem as problem:
            self._ledger.append(
                "change_refused",
                account=self.account,
                external_id=external_id,
                code=problem.code,
                detail=problem.detail,
            )
