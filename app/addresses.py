"""Whether the addresses among the settings can be what they are meant to be."""

import re
from contextlib import closing
from urllib.parse import SplitResult, urlsplit

import redis
from sqlalchemy import make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError

_DATABASE_NUMBER = re.compile(r"/?\d*/?")
_NO_DATABASE = (
    "DATABASE_URL must lead to PostgreSQL or SQLite, such as postgresql://user:password@host/tagdock"
    " or sqlite:////srv/tagdock.db; percent-encode signs such as @ and / in the password."
)
_NO_REDIS = (
    "REDIS_URL must be an address of Redis, such as redis://127.0.0.1:6379/0;"
    " percent-encode signs such as @, / and # in its password."
)
_HOST = re.compile(r"\w([\w.-]*\w)?|[0-9a-f:.]*:[0-9a-f:.]*", re.IGNORECASE)


def is_site(text: str, schemes: tuple[str, ...]) -> bool:
    """Whether it is a scheme, a host and perhaps a port, and nothing else."""
    parts = _split(text)
    return parts is not None and parts.scheme in schemes and parts.path == "" and _is_bare(text)


def is_page(text: str, schemes: tuple[str, ...]) -> bool:
    """The same, with or without a path."""
    parts = _split(text)
    return parts is not None and parts.scheme in schemes and _is_bare(text)


def is_redis(text: str) -> bool:
    """Whether Redis's client can make a connection of it, to a numbered database if to any."""
    parts = _split(text)
    if parts is None or parts.scheme not in ("redis", "rediss") or parts.fragment:
        return False
    return _DATABASE_NUMBER.fullmatch(parts.path) is not None and _is_understood(text)


def is_database(text: str) -> bool:
    """Whether it leads to PostgreSQL by way of psycopg, or to a file of SQLite's."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        return False
    if url.drivername == "sqlite":
        return bool(url.database) and not _names_server(url)
    return url.drivername == "postgresql+psycopg" and _is_server(url)


def checks(database_url: str, redis_url: str) -> tuple[tuple[bool, str], ...]:
    """What must hold of the two settings, each with the sentence for when it does not."""
    return (
        (is_database(database_url), _NO_DATABASE),
        (is_redis(redis_url), _NO_REDIS),
    )


def _split(text: str) -> SplitResult | None:
    """The parts of an address with a host and, if it has one, a port that can be."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    sound = port != 0 and not parts.netloc.endswith(":") and _HOST.fullmatch(parts.hostname or "")
    return parts if sound else None


def _is_bare(text: str) -> bool:
    return not set(text) & set("?#@")


def _is_understood(text: str) -> bool:
    """Whether the client knows every option; it does not connect yet."""
    try:
        with closing(redis.ConnectionPool.from_url(text)) as pool:
            pool.make_connection()
    except (ValueError, TypeError, redis.RedisError):
        return False
    return True


def _names_server(url: URL) -> bool:
    return bool(url.host or url.port or url.username)


def _is_server(url: URL) -> bool:
    """Whether host and port can be; a host with an @ is the end of a password."""
    return "@" not in (url.host or "") and (url.port is None or 0 < url.port < 65536)
