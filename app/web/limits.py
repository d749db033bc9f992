"""A generous limit on the staff and setup APIs, per shop. It never fails a request."""

from contextlib import AbstractContextManager
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, current_app, g, request
from flask_limiter import HeaderNames, Limiter

from app.config import Config

CALLS = "1200 per minute"
# A test calls the merchant's warehouse: a script must not make us hammer somebody's server.
TESTS = "30 per minute"
# Tries of the operator's token.
TRIES = "20 per minute"
_AFTER = "X-RateLimit-After"
_PATIENCE: dict[str, Any] = {"socket_connect_timeout": 0.25, "socket_timeout": 0.25}


def register(app: Flask) -> None:
    """Count calls in Redis; in this process's memory while Redis is away."""
    config: Config = app.config["TAGDOCK"]
    # What is put there first sees an answer last.
    app.after_request(_say_when)
    limiter = Limiter(
        _whose,
        app=app,
        application_limits=[CALLS],
        application_limits_exempt_when=_unlimited,
        storage_uri=config.redis_url,
        storage_options=_PATIENCE,
        in_memory_fallback=[CALLS],
        swallow_errors=True,
        headers_enabled=True,
        header_name_mapping={HeaderNames.RETRY_AFTER: _AFTER},
        key_prefix="tagdock",
    )
    app.extensions["tagdock_limiter"] = limiter


def _say_when(response: Response) -> Response:
    """Say when to come again where a request was refused, and nowhere else."""
    seconds = response.headers.pop(_AFTER, "")
    if response.status_code == HTTPStatus.TOO_MANY_REQUESTS and seconds:
        response.headers["Retry-After"] = seconds
    return response


def testing() -> AbstractContextManager[object]:
    """Count a call of the merchant's warehouse; raises 429 when there were too many."""
    limiter: Limiter = current_app.extensions["tagdock_limiter"]
    return limiter.limit(TESTS, key_func=_whose)


def signing_in() -> AbstractContextManager[object]:
    """Count a try of the operator's token, per address, whatever it is tried on; raises 429 when
    there were too many."""
    limiter: Limiter = current_app.extensions["tagdock_limiter"]
    return limiter.shared_limit(
        TRIES, scope="operator", key_func=lambda: request.remote_addr or "nobody"
    )


def _whose() -> str:
    return str(g.get("shop_id", "nobody"))


def _unlimited() -> bool:
    return not request.path.startswith("/api/")
