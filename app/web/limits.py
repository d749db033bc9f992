"""A generous limit on the staff and setup APIs, per shop. It never fails a request."""

from contextlib import AbstractContextManager
from typing import Any

from flask import Flask, current_app, g, request
from flask_limiter import Limiter

from app.config import Config

CALLS = "1200 per minute"
# A test calls the merchant's warehouse: a script must not make us hammer somebody's server.
TESTS = "30 per minute"
# Tries of the operator's token.
TRIES = "20 per minute"
_PATIENCE: dict[str, Any] = {"socket_connect_timeout": 0.25, "socket_timeout": 0.25}


def register(app: Flask) -> None:
    """Count calls in Redis; in this process's memory while Redis is away."""
    config: Config = app.config["TAGDOCK"]
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
        key_prefix="tagdock",
    )
    app.extensions["tagdock_limiter"] = limiter


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
