"""Keeps a small process beside this one that ends what this one leaves behind."""

import atexit
import contextlib
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

_PROGRAM = Path(__file__).with_name("reaper.py")


class Reaper:
    """Tells `reaper.py` which process groups to end; started with the first of them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None

    def add(self, group: int, ending: signal.Signals) -> None:
        """Have a process group ended, by that signal first, when this process is gone."""
        self._write(f"+ {group} {int(ending)}\n")

    def forget(self, group: int) -> None:
        """Leave a process group alone: it has ended."""
        self._write(f"- {group}\n")

    def _write(self, line: str) -> None:
        with self._lock:
            pipe = (self._process or self._start()).stdin
            assert pipe is not None
            pipe.write(line)
            pipe.flush()

    def _start(self) -> "subprocess.Popen[str]":
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(_PROGRAM)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,  # or whoever reads our output would wait for it too
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
            cwd="/",
        )
        atexit.register(self._let_go, self._process, os.getpid())
        return self._process

    def _let_go(self, process: "subprocess.Popen[str]", starter: int) -> None:
        if os.getpid() == starter and process.stdin is not None:  # not in a fork that ends
            process.stdin.close()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=1)  # at once if nothing was left behind


REAPER = Reaper()
