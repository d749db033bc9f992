"""A running Tagdock among its stand-ins: each part its own process, each with its own log."""

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

import requests
from redis import Redis

from sandbox.demo.settings import app_environment
from sandbox.services import ProcessFailed, Server, free_port, launch, redis, stop
from sandbox.services.process import tail, wait_ready

ROOT = Path(__file__).resolve().parents[2]
_WORKERS = "rq:workers"  # where RQ keeps the names of workers that listen
Say = Callable[[str, str, float], None]


@dataclass(slots=True)
class Part:
    """One process of the world."""

    name: str
    process: "subprocess.Popen[bytes]"
    log: Path
    began: float


@dataclass(slots=True)
class World:
    """Starts the parts in order, watches them, stops them in reverse.

    ``folder`` takes the database and the logs. ``database_url`` empty means SQLite in that folder.
    ``say(name, address, seconds)`` hears of each part as it becomes ready. After ``start`` the
    addresses are in ``app_url``, ``shopify_url``, ``wms_url`` and ``redis_url``.
    """

    folder: Path
    database_url: str = ""
    wms_options: tuple[str, ...] = ()
    say: Say = lambda _name, _address, _seconds: None
    app_url: str = ""
    shopify_url: str = ""
    wms_url: str = ""
    environment: dict[str, str] = field(default_factory=dict)
    parts: dict[str, Part] = field(default_factory=dict)
    redis: Server | None = None

    def start(self) -> None:
        """Bring everything up; raises ProcessFailed with the log of what did not come up."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.app_url, self.shopify_url, self.wms_url = _addresses(3)
        self.environment = app_environment(
            app_url=self.app_url,
            database_url=self.database_url or f"sqlite:///{self.folder / 'tagdock.db'}",
            redis_url=self._start_redis(),
            shopify_url=self.shopify_url,
        )
        self._launch_stand_ins()
        self._migrate()
        for name, address in (("shopify", self.shopify_url), ("wms", self.wms_url)):
            self._await(name, partial(_answers, address), address)
        self._launch_web()
        self.start_ticker()
        self.start_worker()
        self._await_web()

    @property
    def redis_url(self) -> str:
        """Where Redis is."""
        return self.environment["REDIS_URL"]

    def start_web(self) -> None:
        """Start the web process and wait until it answers."""
        self._launch_web()
        self._await_web()

    def _launch_web(self) -> None:
        port = self.app_url.rsplit(":", 1)[1]
        server = ("-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", port)
        self._launch("web", *server, "wsgi:app")

    def _await_web(self) -> None:
        self._await("web", partial(_answers, self.app_url), self.app_url)

    def start_worker(self, name: str = "worker") -> None:
        """Start one more worker and wait until it listens; give each its own name."""
        with Redis.from_url(self.redis_url) as client:
            before = client.smembers(_WORKERS)
            self._launch(name, "worker.py", "work")
            self._await(name, lambda: bool(client.smembers(_WORKERS) - before))

    def start_ticker(self) -> None:
        """Start the ticker."""
        self._launch("ticker", "worker.py", "tick")
        self.say("ticker", "", 0.0)

    def check(self) -> None:
        """Raise ProcessFailed, with the log's end, if a part has ended by itself."""
        for part in self.parts.values():
            status = part.process.poll()
            if status is not None:
                raise ProcessFailed(f"{part.name} ended with status {status}.\n{tail(part.log)}")

    def stop(self) -> None:
        """Ask every part to end, last started first, and wait; nothing is left running."""
        running = [part for part in reversed(self.parts.values()) if part.process.poll() is None]
        for part in running:
            part.process.terminate()
        for part in running:
            stop(part.process)
        self.parts.clear()
        if self.redis is not None:
            self.redis.stop()

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _launch_stand_ins(self) -> None:
        shopify, wms = (address.rsplit(":", 1)[1] for address in (self.shopify_url, self.wms_url))
        where = ("--app-url", self.app_url, "--app-dir", str(ROOT))
        self._launch("shopify", "-m", "sandbox", "shopify", "--port", shopify, *where)
        self._launch("wms", "-m", "sandbox", "wms", "--port", wms, *self.wms_options)

    def _start_redis(self) -> str:
        began = time.monotonic()
        self.redis = redis()
        self.say("redis", self.redis.url, time.monotonic() - began)
        return self.redis.url

    def _migrate(self) -> None:
        began, log = time.monotonic(), self.folder / "migrate.log"
        with log.open("wb") as output:
            done = subprocess.run(
                [sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade"],
                env=self.environment,
                cwd=ROOT,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            )
        if done.returncode:
            raise ProcessFailed(f"The migrations ended with status {done.returncode}.\n{tail(log)}")
        self.say("database", "migrated", time.monotonic() - began)

    def _launch(self, name: str, *command: str) -> None:
        log = self.folder / f"{name}.log"
        process = launch([sys.executable, *command], log=log, env=self.environment, cwd=ROOT)
        self.parts[name] = Part(name, process, log, time.monotonic())

    def _await(self, name: str, ready: Callable[[], bool], address: str = "") -> None:
        part = self.parts[name]
        wait_ready(part.process, name, part.log, ready, seconds=180)
        self.say(name, address, time.monotonic() - part.began)


def _addresses(count: int) -> list[str]:
    """That many different loopback addresses nobody listens on."""
    ports: set[int] = set()
    while len(ports) < count:
        ports.add(free_port())
    return [f"http://127.0.0.1:{port}" for port in ports]


def _answers(address: str) -> bool:
    try:
        return requests.get(f"{address}/healthz", timeout=2).ok
    except requests.RequestException:
        return False
