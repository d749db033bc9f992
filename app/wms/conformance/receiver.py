"""Listens for callbacks while the checks run."""

import base64
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from app.errors import Rejected
from app.wms.callbacks import CallbackEvent, verify

_LONGEST = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Delivery:
    """A callback as it came, whoever sent it."""

    headers: Mapping[str, str]
    raw: bytes
    at: datetime

    @property
    def id(self) -> str:
        """What the sender calls it, empty where it doesn't."""
        return self.headers.get("webhook-id", "")

    def event(self, secret: str) -> CallbackEvent:
        """What it says. Raises Rejected for one that ``secret`` did not sign."""
        return verify(self.raw, self.headers, [secret], self.at)

    def names(self, text: str) -> bool:
        """Whether it is about something, signed or not."""
        return text.encode() in self.raw


class CannotListen(Exception):
    """Nothing can listen where it was asked to; the message says why, and what to do."""


class Receiver:
    """An HTTP server that takes callbacks, or refuses them while ``refusing``.

    A context manager. Raises CannotListen for an address or a port that can't be had.
    """

    def __init__(self, listen: str, url: str = "") -> None:
        host, _, port = listen.rpartition(":")
        self.secret = f"whsec_{base64.b64encode(secrets.token_bytes(24)).decode()}"
        self.got: list[Delivery] = []
        self.refusing = False
        try:
            self._server = ThreadingHTTPServer((host, int(port)), self._handler())
        except OSError as error:
            raise CannotListen(
                f"Nothing can listen on {listen}: {error.strerror}. Give --listen an address of"
                " this machine and a free port."
            ) from None
        self._server.daemon_threads = True
        self.url = url or f"http://{host}:{self._server.server_address[1]}/callbacks"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def about(self, text: str) -> list[Delivery]:
        """The callbacks so far that name something."""
        return [delivery for delivery in list(self.got) if delivery.names(text)]

    def events(self, deliveries: list[Delivery]) -> tuple[list[CallbackEvent], str]:
        """Those that are signed as they must be, and what is wrong with the last other one."""
        found, trouble = [], ""
        for delivery in deliveries:
            try:
                found.append(delivery.event(self.secret))
            except Rejected as rejected:
                trouble = rejected.message
        return found, trouble

    def _take(self, headers: Mapping[str, str], raw: bytes) -> int:
        self.got.append(Delivery(headers, raw, datetime.now(UTC)))
        return 503 if self.refusing else 204

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        take = self._take

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                size = min(int(self.headers.get("Content-Length") or 0), _LONGEST)
                headers = {name.lower(): text for name, text in self.headers.items()}
                self.send_response(take(headers, self.rfile.read(size)))
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Stay quiet; the checks say what came."""

        return Handler
