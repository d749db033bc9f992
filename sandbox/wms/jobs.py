"""Jobs: orders received and worked off later, each with its queue log."""

import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sandbox.wms.book import Book
from sandbox.wms.ledger import now
from sandbox.wms.scheduler import Scheduler

STATUSES = ("queued", "running", "succeeded", "partial", "failed")
WORDS = {
    "created": ("info", "Created as {wms_id}, revision {revision}."),
    "created_with_issues": ("warning", "Created as {wms_id}, revision {revision}. {detail}"),
    "updated": ("info", "Updated {wms_id} to revision {revision}."),
    "duplicate": ("info", "Revision {revision} was known, nothing changed."),
    "rejected": ("error", "Refused revision {revision}. {detail}"),
}


@dataclass
class Job:
    """One batch of orders and what became of them. ``id`` is a UUID. Of a ``dead`` one nobody ever
    wrote down how far it came."""

    connector: str
    orders: list[Any]
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    created_at: str = field(default_factory=now)
    finished_at: str | None = None
    status: str = "queued"
    released: bool = False
    dead: bool = False
    results: list[dict[str, Any]] = field(default_factory=list)
    log: list[dict[str, Any]] = field(default_factory=list)

    def snapshot(self) -> dict[str, Any]:
        """The job as the API shows it."""
        results = [] if self.dead else list(self.results)
        return {
            "id": self.id,
            "status": self.status,
            "progress": {"done": len(results), "total": len(self.orders)},
            "results": results,
        }

    def counts(self) -> dict[str, int]:
        """How many orders came out how, in the order it first happened."""
        return dict(Counter(result["status"] for result in self.results))

    def note(self, level: str, message: str, external_id: str | None = None) -> None:
        """Add a line to the queue log."""
        line = {"seq": len(self.log) + 1, "time": now(), "level": level, "message": message}
        self.log.append(line | ({"external_id": external_id} if external_id else {}))


class Jobs:
    """The jobs of one account. The lock of the account guards jobs and book together."""

    def __init__(
        self,
        book: Book,
        scheduler: Scheduler,
        lock: Any,
        *,
        held: Callable[[Job], bool],
        dies: Callable[[Job], bool],
        finished: Callable[[Job], None],
    ) -> None:
        self.by_id: dict[str, Job] = {}
        self._book = book
        self._scheduler = scheduler
        self._lock = lock
        self._held = held
        self._dies = dies
        self._finished = finished

    def receive(self, connector: str, orders: list[Any]) -> Job:
        """Take a batch in; nothing is judged yet and *by-ref* answers ``received``."""
        job = Job(connector, orders)
        with self._lock:
            self.by_id[job.id] = job
            for raw in orders:
                self._book.arrive(raw, job.id)
            job.note("info", f"Orders received: {len(orders)}.")
        return job

    def run(self, job: Job, *, tell: bool = True) -> None:
        """Work a job off on the spot, held or not; ``tell`` off sends no callback."""
        job.released, job.dead = True, False
        self._start(job)
        while job.finished_at is None:
            self._work_off_one(job, tell)

    def schedule(self, job: Job, seconds: float) -> None:
        """Work a job off in the background within ``seconds``, its orders evenly spread."""
        pause = seconds / (len(job.orders) + 1)
        self._scheduler.after(pause, lambda: self._start(job))
        for step in range(len(job.orders)):
            self._scheduler.after(pause * (step + 2), lambda: self._step(job))

    def release(self, *, connector: str | None = None) -> list[str]:
        """Work off every unfinished job (of one connector) at once; returns their ids."""
        waiting = [
            job
            for job in list(self.by_id.values())
            if job.finished_at is None and connector in (None, job.connector)
        ]
        for job in waiting:
            job.released = True
            self._scheduler.after(0, partial(self.run, job))
        return [job.id for job in waiting]

    def _start(self, job: Job) -> None:
        with self._lock:
            if job.status == "queued":
                job.status = "running"
                job.note("info", "Started.")

    def _step(self, job: Job) -> None:
        job.dead = job.dead or (not job.released and self._dies(job))
        if job.finished_at is None and not job.dead and (job.released or not self._held(job)):
            self._work_off_one(job)

    def _work_off_one(self, job: Job, tell: bool = True) -> None:
        with self._lock:
            if len(job.results) < len(job.orders):
                self._apply(job, job.orders[len(job.results)])
            job.dead = not job.released and self._dies(job)
            worked_off = len(job.results) == len(job.orders) and not job.dead
            if worked_off and job.finished_at is None:
                self._finish(job, tell)

    def _apply(self, job: Job, raw: Any) -> None:
        result = self._book.apply(raw, job.id)
        job.results.append(result)
        level, words = WORDS[result["status"]]
        detail = result.get("problem", {}).get("detail", "")
        job.note(level, words.format(**result, detail=detail).strip(), result["external_id"])

    def _finish(self, job: Job, tell: bool) -> None:
        """End a job. Its callback is on its way before anybody can see that it has ended."""
        refused = sum(result["status"] == "rejected" for result in job.results)
        job.finished_at = now()
        job.status = _outcome(refused, len(job.results))
        job.note("info", f"Finished: {len(job.results) - refused} accepted, {refused} refused.")
        if tell:
            self._finished(job)


def _outcome(refused: int, total: int) -> str:
    if not refused:
        return "succeeded"
    return "failed" if refused == total else "partial"
