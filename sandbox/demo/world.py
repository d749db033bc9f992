"""A running Tagdock among its stand-ins: each part its own process, each with its own log."""

import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import requests

from sandbox.demo.settings import app_environment
from sandbox.services import ProcessFailed, free_port, launch, redis, stop
from sandbox.services.process import Server, tail, wait_ready

ROOT = Path(__file__).resolve().parents[2]
Say = Callable[[str, str, float], None]


@dataclass(slots=True)
class Part:
    """One process of the world."""

    name: str
    process: "subprocess.Popen[bytes]"
    log: Path


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
        self.app_url = f"http://127.0.0.1:{free_port()}"
        self._start_stand_ins()
        self.environment = app_environment(
            app_url=self.app_url,
            database_url=self.database_url or f"sqlite:///{self.folder / 'tagdock.db'}",
            redis_url=self._start_redis(),
            shopify_url=self.shopify_url,
        )
        self._migrate()
        self.start_web()
        self.start_worker()
        self.start_ticker()

    @property
    def redis_url(self) -> str:
        """Where Redis is."""
        return self.environment["REDIS_URL"]

    def start_web(self) -> None:
        """Start the web process and wait until it answers."""
        port = self.app_url.rsplit(":", 1)[1]
        server = ("-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", port)
        self._app_part("web", (*server, "wsgi:app"), self._web_answers, self.app_url)

    def start_worker(self, name: str = "worker") -> None:
        """Start one more worker; give each its own name."""
        self._app_part(name, ("worker.py", "work"), lambda: True)

    def start_ticker(self) -> None:
        """Start the ticker."""
        self._app_part("ticker", ("worker.py", "tick"), lambda: True)

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

    def _start_stand_ins(self) -> None:
        where = ("--app-url", self.app_url, "--app-dir", str(ROOT))
        self.shopify_url = self._stand_in("shopify", where)
        self.wms_url = self._stand_in("wms", self.wms_options)

    def _stand_in(self, name: str, options: tuple[str, ...]) -> str:
        command = ("-m", "sandbox", name, "--port", "0", *options)
        self._part(name, command, lambda log: bool(_announced(log)))
        return _announced(self.parts[name].log)

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

    def _app_part(
        self, name: str, command: tuple[str, ...], ready: Callable[[], bool], address: str = ""
    ) -> None:
        self._part(name, command, lambda _log: ready(), address)

    def _part(
        self, name: str, command: tuple[str, ...], ready: Callable[[Path], bool], address: str = ""
    ) -> None:
        began, log = time.monotonic(), self.folder / f"{name}.log"
        process = launch(
            [sys.executable, *command], log=log, env=self.environment or None, cwd=ROOT
        )
        self.parts[name] = Part(name, process, log)
        wait_ready(process, name, log, lambda: ready(log), seconds=60)
        self.say(name, address or _announced(log), time.monotonic() - began)

    def _web_answers(self) -> bool:
        try:
            return requests.get(f"{self.app_url}/healthz", timeout=2).ok
        except requests.RequestException:
            return False


def _announced(log: Path) -> str:
    """The address in a stand-in's ``ready`` line, once it is there."""
    found = re.search(r"^ready (http\S+)", log.read_text(errors="replace"), re.MULTILINE)
    return found[1] if found else ""
