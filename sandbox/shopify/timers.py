"""Things to do later, in one thread; and a pool of workers for things that take long."""

import heapq
import itertools
import logging
import queue
import threading
import time
from collections.abc import Callable

Deed = Callable[[], None]


class Timers:
    """Runs functions at their time, on worker threads; ``waiting`` counts what is still to come or
    under way."""

    def __init__(self, workers: int = 8) -> None:
        self._heap: list[tuple[float, int, int, Deed]] = []
        self._order, self._era = itertools.count(), 0
        self._doing = threading.local()
        self._coming, self._running = 0, 0
        self._changed = threading.Condition()
        self._ready: queue.SimpleQueue[tuple[int, Deed] | None] = queue.SimpleQueue()
        self._stopped = False
        self._workers = workers
        self._threads: list[threading.Thread] = []

    def after(self, seconds: float, deed: Deed) -> None:
        """Run a function some seconds from now; nothing happens once stopped, nor for a deed that
        began before all was forgotten."""
        with self._changed:
            if self._stopped or getattr(self._doing, "era", self._era) != self._era:
                return
            self._start()
            due = time.monotonic() + seconds
            heapq.heappush(self._heap, (due, next(self._order), self._era, deed))
            self._coming += 1
            self._changed.notify_all()

    @property
    def waiting(self) -> int:
        """How many functions are to run or running."""
        with self._changed:
            return self._coming + self._running

    def forget(self) -> None:
        """Drop everything that has not begun; what has begun is waited for all the same, but not
        what it would begin."""
        with self._changed:
            self._era += 1
            self._heap.clear()
            self._coming = 0

    def stop(self) -> None:
        """End the threads; what is running finishes."""
        with self._changed:
            self._stopped = True
            self._heap.clear()
            self._changed.notify_all()
        for _ in range(self._workers):
            self._ready.put(None)
        for thread in self._threads:
            thread.join(timeout=6)

    def _start(self) -> None:
        if self._threads:
            return
        loops = [self._watch, *[self._work] * self._workers]
        self._threads = [threading.Thread(target=loop, daemon=True) for loop in loops]
        for thread in self._threads:
            thread.start()

    def _watch(self) -> None:
        while True:
            with self._changed:
                if self._stopped:
                    return
                wait = self._heap[0][0] - time.monotonic() if self._heap else None
                if wait is None or wait > 0:
                    self._changed.wait(wait)
                    continue
                _, _, era, deed = heapq.heappop(self._heap)
            self._ready.put((era, deed))

    def _work(self) -> None:
        while (item := self._ready.get()) is not None:
            era, deed = item
            if self._begin(era):
                self._do(deed)

    def _begin(self, era: int) -> bool:
        with self._changed:
            self._doing.era = era
            if era != self._era:
                return False
            self._coming -= 1
            self._running += 1
            return True

    def _do(self, deed: Deed) -> None:
        try:
            deed()
        except Exception:
            logging.getLogger(__name__).exception("A timed deed of the sandbox failed.")
        finally:
            with self._changed:
                self._running -= 1
