"""A web address that takes alerts: keeps what was posted, and answers what it is told to."""

import json
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, request

from sandbox.serve import Server


@dataclass(slots=True)
class Posted:
    """One request."""

    headers: dict[str, str]
    body: bytes
    path: str

    @property
    def document(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass(slots=True)
class Receiver:
    """``answer`` is the status of the next answers, ``headers`` go with them."""

    answer: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    posts: list[Posted] = field(default_factory=list)
    server: Server | None = None

    def start(self) -> None:
        """Listen on a free port."""
        app = Flask("receiver")
        app.add_url_rule("/<path:path>", view_func=self._take, methods=["POST", "GET"])
        self.server = Server(app, "127.0.0.1", 0)

    def stop(self) -> None:
        """Listen no more."""
        if self.server is not None:
            self.server.stop()

    @property
    def url(self) -> str:
        """Where to post, with a secret in it as chat services give them."""
        assert self.server is not None
        return f"{self.server.url}/hooks/T0?key=in-the-address-77"

    def _take(self, path: str) -> Response:
        given = {name.lower(): value for name, value in request.headers.items()}
        self.posts.append(Posted(given, request.get_data(), request.full_path))
        return Response(status=self.answer, headers=self.headers)
