"""Runs a Flask app in threads on a loopback port, with connections that clients may keep open.

Werkzeug's own development server closes every connection; stand-ins that are called thousands of
times in a test, by clients that pool connections as they would in production, need better.
"""

import io
import socket
import socketserver
import sys
import threading
from collections.abc import Callable, Iterable
from http.server import BaseHTTPRequestHandler
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from flask import Flask, request

DROP = "sandbox.drop"


def drop_connection() -> str:
    """Close the connection of the current request without an answer, as a failing network does.

    Returns an empty body for the view to return; it is never sent.
    """
    drop = request.environ.get(DROP)
    if drop is not None:
        drop()
    return ""


class Server:
    """A running app: ``url`` to reach it, ``stop()`` to end it; also a context manager."""

    def __init__(self, app: Flask, host: str, port: int) -> None:
        self.app = app
        self._http = _ThreadedServer((host, port), _Handler)
        self._http.app = app
        self.port = int(self._http.server_address[1])
        self.url = f"http://{host}:{self.port}"
        app.config.setdefault("ORIGIN", self.url)
        self._thread = threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Stop listening, end open connections, and what the app registered under ``on_stop``."""
        self._http.shutdown()
        self._http.server_close()
        self._http.end_connections()
        self._thread.join()
        for end in self.app.extensions.get("on_stop", ()):
            end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def serve(app: Flask, port: int = 0, host: str = "127.0.0.1") -> Server:
    """Start an app on a port (0: any free one) and return the running server."""
    return Server(app, host, port)


class _ThreadedServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128
    app: Flask

    def __init__(self, *args: Any) -> None:
        self._open: dict[socket.socket, threading.Thread] = {}
        self._guard = threading.Lock()
        super().__init__(*args)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer on a thread of its own, which is known from the start: the end waits for it."""
        given = (request, client_address)
        thread = threading.Thread(target=self.process_request_thread, args=given, daemon=True)
        with self._guard:
            self._open[request] = thread
        thread.start()

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self._guard:
                self._open.pop(request, None)

    def end_connections(self) -> None:
        """Shut every open connection and wait for its thread."""
        with self._guard:
            open_now = list(self._open.items())
        for connection, _ in open_now:
            _shut(connection)
        for _, thread in open_now:
            thread.join(timeout=5)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that went away; print anything else."""
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 1 << 16
    server: _ThreadedServer

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):
            return self._run
        raise AttributeError(name)

    def log_message(self, *_: object) -> None:
        """Stay quiet; the ledgers say what was asked."""

    def finish(self) -> None:
        """Close both directions, also when a client went away before its answer was out."""
        try:
            super().finish()
        finally:
            self.rfile.close()

    def _run(self) -> None:
        self._dropped = False
        result: list[Any] = []

        def start_response(
            status: str, headers: list[tuple[str, str]], _failure: Any = None, /
        ) -> Callable[[bytes], object]:
            result[:] = [status, headers]
            return self.wfile.write

        body = self.server.app(self._environ(), start_response)
        try:
            self._answer(result[0], result[1], body)
        finally:
            if hasattr(body, "close"):
                body.close()

    def _answer(self, status: str, headers: list[Any], body: Iterable[bytes]) -> None:
        if self._dropped:
            self.close_connection = True
            _shut(self.connection)
            return
        chunked = self._head(status, headers)
        for part in body:
            self._part(part, chunked)
        if chunked:
            self.wfile.write(b"0\r\n\r\n")
        self.wfile.flush()

    def _part(self, part: bytes, chunked: bool) -> None:
        if self.command == "HEAD" or not part:
            return
        self.wfile.write(b"%x\r\n%b\r\n" % (len(part), part) if chunked else part)
        if chunked:
            self.wfile.flush()

    def _head(self, status: str, headers: list[Any]) -> bool:
        code, _, reason = status.partition(" ")
        self.send_response_only(int(code), reason)
        for name, value in headers:
            self.send_header(name, value)
        names = {name.lower() for name, _ in headers}
        chunked = "content-length" not in names and code not in ("204", "304")
        if chunked:
            self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        return chunked and self.command != "HEAD"

    def _drop(self) -> None:
        self._dropped = True

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = []
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        while self.rfile.readline().strip():
            continue
        return b"".join(parts)

    def _environ(self) -> dict[str, Any]:
        url = urlsplit(self.path)
        body = self._body()
        environ: dict[str, Any] = {
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote(url.path, "latin-1"),
            "QUERY_STRING": url.query,
            "REQUEST_URI": self.path,
            "SERVER_NAME": self.server.server_address[0],
            "SERVER_PORT": str(self.server.server_address[1]),
            "SERVER_PROTOCOL": self.request_version,
            "REMOTE_ADDR": self.client_address[0],
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.input_terminated": True,
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            DROP: self._drop,
        }
        for name, value in self.headers.items():
            environ["HTTP_" + name.upper().replace("-", "_")] = value
        environ["CONTENT_TYPE"] = self.headers.get("Content-Type", "")
        environ["CONTENT_LENGTH"] = str(len(body))
        return environ


def _shut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
