"""Start processes that leave nothing behind, and tell why when one dies."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

_LEASH = Path(__file__).with_name("leash.py")
_POLL_SECONDS = 0.02


class ProcessFailed(Exception):
    """A process ended, or was not ready in time; the message holds the end of its log."""


@dataclass(slots=True)
class Server:
    """A running server: its address, and its process when it was started here."""

    url: str
    process: subprocess.Popen[bytes] | None = None
    home: Path | None = None
    ending: signal.Signals = signal.SIGTERM

    @property
    def port(self) -> int:
        """The port in the address."""
        return int(self.url.split("//", 1)[1].split("@")[-1].split("/")[0].rsplit(":", 1)[1])

    def stop(self) -> None:
        """End the process and remove its data. A server that was found running is left alone."""
        if self.process is not None:
            stop(self.process, self.ending)
        if self.home is not None:
            shutil.rmtree(self.home, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.stop()


def free_port() -> int:
    """A loopback port that nothing listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def launch(
    command: Sequence[str | Path],
    *,
    log: Path,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    user: str = "",
    death: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start a command whose output goes to ``log`` and that ends when this process does.

    It has its own session, so that Ctrl-C reaches only the starter, which then stops its processes
    in order. ``death`` is what it gets when the starter dies without doing so. Start it from a
    thread that lives as long as the process should: on Linux the thread counts as the starter.
    """
    words = [str(word) for word in command]
    leash = [sys.executable, "-I", "-S", str(_LEASH), str(os.getpid()), str(int(death)), user]
    with log.open("ab") as output:
        return subprocess.Popen(
            [*leash, *words],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(env) if env is not None else None,
            cwd=cwd,
            start_new_session=True,
        )


def wait_ready(
    process: subprocess.Popen[bytes],
    name: str,
    log: Path,
    ready: Callable[[], bool],
    seconds: float = 30.0,
) -> None:
    """Return once ``ready()`` holds; raise ProcessFailed if the process ends or takes too long."""
    deadline = time.monotonic() + seconds
    while not ready():
        status = process.poll()
        if status is not None:
            raise ProcessFailed(f"{name} ended with status {status}.\n{tail(log)}")
        if time.monotonic() > deadline:
            stop(process)
            raise ProcessFailed(f"{name} was not ready after {seconds:.0f} s.\n{tail(log)}")
        time.sleep(_POLL_SECONDS)


def stop(
    process: subprocess.Popen[bytes],
    ending: signal.Signals = signal.SIGTERM,
    seconds: float = 10.0,
) -> None:
    """Ask a process of `launch` to end, then end it and everything it started by force."""
    if process.poll() is None:
        process.send_signal(ending)
        try:
            process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            _kill_session(process)
    process.wait()


def _kill_session(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def tail(log: Path, lines: int = 15) -> str:
    """The end of a log file, with its name, as shown to a person."""
    text = log.read_text(errors="replace").splitlines() if log.exists() else []
    return "\n".join([f"The end of {log}:", *(f"  {line}" for line in text[-lines:])])


def new_home(kind: str) -> Path:
    """An empty temporary folder for a server; removes those of starters that died."""
    parent = Path(tempfile.gettempdir())
    for old in parent.glob(f"tagdock-{kind}-*"):
        if not _alive(int(old.name.split("-")[2])):
            shutil.rmtree(old, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"tagdock-{kind}-{os.getpid()}-", dir=parent))


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
