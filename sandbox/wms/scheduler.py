"""Does things later, one at a time, on a thread that lives only while something is due."""

import heapq
import itertools
import threading
import time
import traceback
from collections.abc import Callable

Action = Callable[[], None]


class Scheduler:
    """Runs actions in order of their time; equal times keep the order they were given in."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._changed = threading.Condition()
        self._due: list[tuple[float, int, Action]] = []
        self._order = itertools.count()
        self._thread: threading.Thread | None = None

    def after(self, seconds: float, action: Action) -> None:
        """Run ``action`` in ``seconds`` from now."""
        with self._changed:
            entry = (time.monotonic() + seconds, next(self._order), action)
            heapq.heappush(self._due, entry)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()
            self._changed.notify()

    def clear(self) -> None:
        """Forget everything that is not running yet."""
        with self._changed:
            self._due.clear()
            self._changed.notify()

    def _run(self) -> None:
        while (action := self._next()) is not None:
            try:
                action()
            except Exception:  # noqa: BLE001 - one bad action must not stop the others
                traceback.print_exc()

    def _next(self) -> Action | None:
        with self._changed:
            while self._due:
                wait = self._due[0][0] - time.monotonic()
                if wait <= 0:
                    return heapq.heappop(self._due)[2]
                self._changed.wait(wait)
            self._thread = None
            return None
