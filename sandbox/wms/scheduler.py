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
        self._busy, self._outdated = False, False

    def after(self, seconds: float, action: Action) -> None:
        """Run ``action`` in ``seconds`` from now, unless it is asked for by one that was running
        when everything was forgotten."""
        with self._changed:
            if self._outdated and threading.current_thread() is self._thread:
                return
            entry = (time.monotonic() + seconds, next(self._order), action)
            heapq.heappush(self._due, entry)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()
            self._changed.notify()

    def clear(self) -> None:
        """Forget everything that is not running yet, and what that which is running would begin."""
        with self._changed:
            self._due.clear()
            self._outdated = self._busy
            self._changed.notify()

    def is_quiet(self, seconds: float) -> bool:
        """Whether nothing is running, nor due within some seconds."""
        with self._changed:
            soon = bool(self._due) and self._due[0][0] - time.monotonic() <= seconds
            return not (self._busy or soon)

    def _run(self) -> None:
        while (action := self._next()) is not None:
            try:
                action()
            except Exception:  # noqa: BLE001 - one bad action must not stop the others
                traceback.print_exc()

    def _next(self) -> Action | None:
        with self._changed:
            self._busy, self._outdated = False, False
            while self._due:
                wait = self._due[0][0] - time.monotonic()
                if wait <= 0:
                    self._busy = True
                    return heapq.heappop(self._due)[2]
                self._changed.wait(wait)
            self._thread = None
            return None
