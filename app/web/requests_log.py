"""Structured logs: a JSON line a request, one correlation id through all of it, no secrets."""

import logging
import re
import sys
import time
import uuid
from typing import Any

import structlog
from flask import Flask, Response, g, request
from structlog.types import EventDict, Processor, WrappedLogger

HEADER = "X-Request-Id"
REMOVED = "[removed]"
_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_SECRET_KEY = re.compile(
    r"token|secret|password|authorization|hmac|cookie|signature", re.IGNORECASE
)
_SECRET_TEXT = re.compile(
    r"shp[a-z]{2,4}_[0-9A-Za-z_-]+"  # Shopify's tokens and secrets
    r"|eyJ[0-9A-Za-z_-]+\.[0-9A-Za-z_-]+\.[0-9A-Za-z_-]*"  # an ID token
    r"|(?<=Bearer )\S+"
    r"|(?<=id_token=)[^&\s\"']+"
    r"|(?<=code=)[^&\s\"']+"
    r"|(?<=hmac=)[^&\s\"']+"
    r"|(?<=://)[^/@\s:]*:[^/@\s]*(?=@)",  # name and password in an address
    re.IGNORECASE,
)
_QUIET = frozenset({"health.alive", "health.ready", "health.metrics", "static"})


def register(app: Flask) -> None:
    """Configure logging once a process, and log each request."""
    configure()
    app.before_request(_begin)
    app.after_request(_end)


def correlation_id() -> str:
    """The id that this request's log lines carry."""
    return str(g.get("correlation_id", ""))


def configure() -> None:
    """Send structlog's and the standard library's logs to stdout as JSON; may be repeated."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    final: list[Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        without_secrets,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=False,
    )
    formatter = structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=final)
    root = logging.getLogger()
    if not any(isinstance(handler, _Stdout) for handler in root.handlers):
        root.addHandler(_Stdout())
        root.setLevel(logging.INFO)
    for handler in root.handlers:
        if isinstance(handler, _Stdout):
            handler.setFormatter(formatter)


class _Stdout(logging.StreamHandler[Any]):
    """Writes to whatever ``sys.stdout`` is at the moment."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> Any:
        return sys.stdout


def without_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Take out everything that is, or looks like, a token, a secret or a signature."""
    return {key: _cleaned(key, value) for key, value in event.items()}


def _cleaned(key: str, value: Any) -> Any:
    if _SECRET_KEY.search(key):
        return REMOVED
    if isinstance(value, str):
        return _SECRET_TEXT.sub(REMOVED, value)
    if isinstance(value, dict):
        return {str(name): _cleaned(str(name), inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned("", inner) for inner in value]
    return value


def _begin() -> None:
    given = request.headers.get(HEADER, "")
    g.correlation_id = given if _ID.fullmatch(given) else uuid.uuid4().hex
    g.began = time.monotonic()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(correlation_id=g.correlation_id)


def _end(response: Response) -> Response:
    response.headers[HEADER] = correlation_id()
    if request.endpoint not in _QUIET:
        structlog.get_logger().info(
            "request",
            method=request.method,
            path=request.path,
            status=response.status_code,
            milliseconds=round((time.monotonic() - g.began) * 1000),
        )
    return response
