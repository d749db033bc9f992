"""Start processes that leave nothing behind, and tell why when one dies."""

import contextlib
import os
import pwd
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from random import SystemRandom

from sandbox.services.reaping import REAPER

_POLL_SECONDS = 0.02
_PORTS_GIVEN = Path("/proc/sys/net/ipv4/ip_local_port_range")


class ProcessFailed(Exception):
    """A process ended, or was not ready in time; the message holds the end of its log."""


def free_port() -> int:
    """A loopback port that nothing listens on at the moment, and that the system gives to nobody
    who asks for any port: so it is still free when a process begins, or comes back after a while.
    """
    draw, ports = SystemRandom(), _ports_of_ones_choice()
    while _is_taken(port := draw.choice(ports)):
        continue
    return port


def _ports_of_ones_choice() -> range:
    """Well-known ports and those that browsers refuse (the last is 10080) are left out."""
    try:
        first_given = int(_PORTS_GIVEN.read_text().split()[0])
    except OSError:  # only Linux says; elsewhere they begin at 49152
        first_given = 49_152
    ports = range(10_100, min(first_given, 32_001))
    return ports if len(ports) > 1_000 else range(10_100, 32_001)


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def launch(
    command: Sequence[str | Path],
    *,
    log: Path,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    user: str = "",
    ending: signal.Signals = signal.SIGTERM,
) -> "subprocess.Popen[bytes]":
    """Start a command whose output goes to ``log`` and that ends when this process does.

    It has its own session, so that Ctrl-C reaches only the starter, which then stops its processes
    in order. ``ending`` is what it gets when the starter goes without doing so. ``user`` is the
    account it runs as, empty for the same.
    """
    account = pwd.getpwnam(user) if user else None
    with log.open("ab") as output:
        process = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(env) if env is not None else None,
            cwd=cwd,
            start_new_session=True,
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
        )
    REAPER.add(process.pid, ending)
    return process


def wait_ready(
    process: "subprocess.Popen[bytes]",
    name: str,
    log: Path,
    ready: Callable[[], bool],
    seconds: float = 60.0,
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
    process: "subprocess.Popen[bytes]",
    ending: signal.Signals = signal.SIGTERM,
    seconds: float = 10.0,
) -> None:
    """Ask a process of `launch` to end; then end by force whatever is left of it."""
    if process.poll() is None:
        process.send_signal(ending)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=seconds)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    REAPER.forget(process.pid)


def tail(log: Path, lines: int = 15) -> str:
    """The end of a log file, with its name, as shown to a person."""
    text = log.read_text(errors="replace").splitlines() if log.exists() else []
    return "\n".join([f"The end of {log}:", *(f"  {line}" for line in text[-lines:])])
