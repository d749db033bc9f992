"""What checks share: the WMS under test, the orders sent there, and what earlier checks found."""

import json
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from app.wms.conformance.documents import document, line
from app.wms.conformance.findings import NotChecked, Wrong, insist
from app.wms.conformance.options import Options
from app.wms.conformance.receiver import Receiver
from app.wms.conformance.wire import Answer, Wire

_JOB_SECONDS = 120.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.02, 1.0
FINISHED = ("succeeded", "partial", "failed")
Order = dict[str, Any]
BY_HAND = "It takes a hand at the warehouse: run again with --wait 300 and do what is asked."
ACCEPTED = ("created", "created_with_issues")


@dataclass(slots=True)
class Desk:
    """The WMS under test. ``say`` tells whoever looks on what to do at the warehouse."""

    options: Options
    wire: Wire
    say: Callable[[str], None]
    info: dict[str, Any] = field(default_factory=dict)
    run: str = field(default_factory=lambda: uuid.uuid4().hex[:12])
    sent: set[str] = field(default_factory=set)
    shipped: set[str] = field(default_factory=set)
    found: dict[str, Any] = field(default_factory=dict)
    receiver: Receiver | None = None

    def capable(self, *names: str) -> None:
        """Leave a check out that needs what the WMS says it lacks."""
        offered = self.info.get("capabilities") or {}
        lacking = [name for name in names if not offered.get(name)]
        if lacking:
            raise NotChecked(f"The WMS says that it lacks {', '.join(lacking)}.")

    def order(self, number: str, revision: int = 1, **more: Any) -> Order:
        """A document for the WMS, marked as a test in its number and note."""
        return document(self.run, self.warehouse(), number, revision, [self.line(2)]) | more

    def external_id(self, number: str) -> str:
        """The external id of a test order."""
        return str(self.order(number)["external_id"])

    def name(self, number: str) -> str:
        """The number that staff see."""
        return str(self.order(number)["number"])

    def line(self, quantity: int, sku: str = "", number: int = 1) -> Order:
        """A line of a document."""
        return line(sku or self.options.sku, quantity, number)

    def warehouse(self) -> str:
        """The default warehouse's code."""
        rows = self.info.get("warehouses") or [{"code": "", "default": True}]
        return str(next((row for row in rows if row.get("default")), rows[0])["code"])

    def create(self, number: str, **more: Any) -> Order:
        """Send a new order and insist that it is taken; returns its result."""
        order = self.order(number, **more)
        result = self.send(order)[order["external_id"]]
        if result.get("status") not in ACCEPTED:
            problem = result.get("problem") or {}
            raise Wrong(
                f"A new order was {result.get('status')}:"
                f" {problem.get('detail') or problem.get('code')}",
                "Name an article that you have by --sku, or accept the order.",
            )
        return result

    def create_once(self, number: str) -> str:
        """Make sure that a test order was sent; returns its external id."""
        if self.external_id(number) not in self.sent:
            self.create(number)
        return self.external_id(number)

    def send(self, *orders: Order) -> dict[str, Order]:
        """Send a batch and wait for its results; returns them by external id."""
        answer = self.post(orders, str(uuid.uuid4()))
        found = answer.body.get("results")
        if answer.status == 202:
            found = self.job(job_of(answer))["results"]
        return {row["external_id"]: row for row in _results(found, orders)}

    def post(self, orders: tuple[Order, ...], key: str) -> Answer:
        """Post a batch under a key."""
        self.sent |= {str(order["external_id"]) for order in orders}
        body = json.dumps({"orders": list(orders)}, sort_keys=True).encode()
        headers = {"Idempotency-Key": key}
        return self.wire.expect("POST", "/orders/batch", 200, 202, data=body, headers=headers)

    def status(self, order: Order) -> Any:
        """Send one order; returns the status of its result."""
        return self.send(order)[order["external_id"]].get("status")

    def insist_on_status(self, order: Order, *wanted: str) -> None:
        """Send one order and insist on one of these results."""
        insist("The result's status", self.status(order), *wanted)

    def job(self, job_id: str) -> dict[str, Any]:
        """Wait until a job is finished."""

        def finished() -> dict[str, Any] | None:
            job: dict[str, Any] = self.wire.expect("GET", f"/jobs/{job_id}", 200).body
            return job if job.get("status") in FINISHED else None

        found: dict[str, Any] | None = until(finished, _JOB_SECONDS)
        if found is None:
            raise Wrong(
                f"The job {job_id} is not finished after {_JOB_SECONDS:.0f} seconds.",
                "Finish jobs, or say succeeded, partial or failed.",
            )
        return found

    def reference(self, number: str) -> dict[str, Any]:
        """What the WMS knows of a test order."""
        params = {"external_id": self.external_id(number)}
        found: dict[str, Any] = self.wire.expect("GET", "/orders/by-ref", 200, params=params).body
        return found

    def cancellation(self, number: str, revision: int = 9, **more: Any) -> dict[str, Any]:
        """A request that cancels a test order, by default whatever revision it has."""
        request = {"external_id": self.external_id(number), "revision": revision}
        return request | {"initiator": "seller", "reason": "Test"} | more

    def at_the_warehouse(self, what: str) -> None:
        """Ask whoever looks on to do something there. Raises NotChecked where nobody does."""
        if not self.options.wait:
            raise NotChecked(BY_HAND)
        self.say(what)

    def wait_for(self, look: Callable[[], Any], what: str, mend: str) -> Any:
        """What ``look`` returns once it returns something. Raises Wrong when nothing comes."""
        found = until(look, self.options.wait)
        if not found:
            raise Wrong(f"{what} within {self.options.wait:.0f} seconds.", mend)
        return found


def until(look: Callable[[], Any], seconds: float) -> Any:
    """What ``look`` returns as soon as it is something; None when the time is over."""
    end, pause = time.monotonic() + seconds, _FIRST_PAUSE
    while not (found := look()):
        if time.monotonic() > end:
            return None
        time.sleep(pause)
        pause = min(pause * 1.5, _LONGEST_PAUSE)
    return found


def job_of(answer: Answer) -> str:
    """The id of the job that a batch became. Raises Wrong where none is named."""
    job = answer.body.get("job")
    if not isinstance(job, dict) or not isinstance(job.get("id"), str) or not job["id"]:
        raise Wrong("The answer to the batch names no job.", 'Give "job": {"id": …}.')
    return str(job["id"])


def _results(found: Any, orders: tuple[Order, ...]) -> list[Order]:
    rows = [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []
    wanted = [(order["external_id"], order["revision"]) for order in orders]
    got = [(row.get("external_id"), row.get("revision")) for row in rows]
    if sorted(map(str, got)) != sorted(map(str, wanted)):
        raise Wrong(
            f"The results are about {got}, sent were {wanted}.",
            "Give one result for each order, with the external_id and revision it was sent with.",
        )
    return rows
