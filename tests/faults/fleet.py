"""Every process of a Tagdock deployment, to be killed, frozen and started again while it works."""

import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sandbox.demo.world import World
from sandbox.services import Server, free_port, redis

# Seconds that a part may take to end what it has in hand.
_ENDS_WITHIN = 60.0


@dataclass(slots=True)
class Fleet(World):
    """The demo's world with a Redis of its own and with hands on its processes.

    ``frozen`` names the parts that are stopped; ``caught`` those stopped to meet their fate next.
    """

    redis_port: int = 0
    frozen: set[str] = field(default_factory=set)
    caught: list[str] = field(default_factory=list)
    _dead_parents: list[int] = field(default_factory=list)

    def _start_redis(self) -> str:
        self.redis_port = self.redis_port or free_port()
        self.redis = redis(port=self.redis_port, from_environment=False)
        return self.redis.url

    # --- Workers --------------------------------------------------------------------------------

    def launch_worker(self, name: str = "worker") -> None:
        """Start a worker without waiting until it listens."""
        self._launch(name, "worker.py", "work")

    def launch_ticker(self, name: str = "ticker") -> None:
        """Start one more ticker."""
        self._launch(name, "worker.py", "tick")

    def launch_web(self) -> None:
        """Start the web process without waiting until it answers."""
        self._launch_web()

    def wait_for_web(self) -> None:
        """Return once the web process answers."""
        self._await_web()

    def kill(self, name: str) -> None:
        """Kill a part and everything it has forked, as a machine does that loses its power."""
        part = self.parts.pop(name)
        self.frozen.discard(name)
        relatives = [pid for pid in family(part.process.pid) if pid != part.process.pid]
        _signal(part.process.pid, signal.SIGKILL)
        part.process.wait()
        for pid in {*relatives, *family(part.process.pid)}:
            _signal(pid, signal.SIGKILL)

    def hears(self, name: str) -> bool:
        """Whether a part listens for SIGTERM: one that has just begun is ended by it at once."""
        status = Path(f"/proc/{self.parts[name].process.pid}/status").read_text()
        caught = next(line for line in status.splitlines() if line.startswith("SigCgt:"))
        return bool(int(caught.split()[1], 16) >> (signal.SIGTERM - 1) & 1)

    def ask_to_end(self, name: str, *, with_forks: bool = False) -> int:
        """Ask a part to end by SIGTERM, perhaps all it has forked too, as systemd does; returns its
        exit code once it has."""
        part = self.parts.pop(name)
        for pid in family(part.process.pid) if with_forks else [part.process.pid]:
            _signal(pid, signal.SIGTERM)
        return part.process.wait(timeout=_ENDS_WITHIN)

    def kill_parent(self, name: str) -> None:
        """Kill a worker, but not the job it has forked: that goes on without it."""
        part = self.parts.pop(name)
        _signal(part.process.pid, signal.SIGKILL)
        part.process.wait()
        self._dead_parents.append(part.process.pid)

    def orphans(self) -> list[int]:
        """Jobs that go on without their worker."""
        return [pid for leader in self._dead_parents for pid in family(leader)]

    def kill_forks(self, name: str) -> None:
        """Kill what a worker has forked, as a kernel does that is out of memory."""
        own = self.parts[name].process.pid
        for pid in family(own):
            if pid != own:
                _signal(pid, signal.SIGKILL)

    def freeze(self, name: str) -> None:
        """Stop a part and its forks in their tracks."""
        self.frozen.add(name)
        self._tell(name, signal.SIGSTOP)

    def thaw(self, name: str) -> None:
        """Let a frozen part go on as if no time had passed."""
        self.frozen.discard(name)
        self._tell(name, signal.SIGCONT)

    def _tell(self, name: str, what: signal.Signals) -> None:
        for pid in family(self.parts[name].process.pid):
            _signal(pid, what)

    def busy(self) -> list[str]:
        """The workers that have a job in hand, frozen ones left out."""
        names = [name for name in self.parts if name.startswith("worker")]
        return [
            name
            for name in names
            if name not in self.frozen and len(family(self.parts[name].process.pid)) > 1
        ]

    # --- Redis ----------------------------------------------------------------------------------

    def kill_redis(self) -> None:
        """Kill Redis; it keeps nothing."""
        server = self._running_redis()
        server.ending = signal.SIGKILL
        server.stop()

    def start_redis(self) -> None:
        """Start an empty Redis where the old one was."""
        self._start_redis()

    def signal_redis(self, what: signal.Signals) -> None:
        """Freeze (SIGSTOP) or thaw (SIGCONT) Redis."""
        process = self._running_redis().process
        assert process is not None
        process.send_signal(what)

    def _running_redis(self) -> Server:
        assert self.redis is not None
        return self.redis

    # --- The end --------------------------------------------------------------------------------

    def end(self) -> None:
        """Kill every part at once; nothing of a world that is over has to be saved."""
        for name in list(self.parts):
            self.kill(name)
        for pid in self.orphans():
            _signal(pid, signal.SIGKILL)
        if self.redis is not None:
            self.signal_redis(signal.SIGCONT)
            self.redis.stop()


def family(leader: int) -> list[int]:
    """The processes of a session: whoever a part has forked is in it, also orphans."""
    return [pid for pid, session in _sessions() if session == leader]


def _sessions() -> Iterator[tuple[int, int]]:
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[0] != "Z":
            yield int(folder.name), int(fields[3])


def _signal(pid: int, what: signal.Signals) -> None:
    try:
        os.kill(pid, what)
    except ProcessLookupError:
        return
