"""Real Redis and PostgreSQL servers for development and tests, with nothing to install first.

``redis()`` and ``postgres()`` return a running `Server`: the one whose address is in the
environment, else one started from PATH, else one started from the programs that `make install`
unpacked.
"""

from sandbox.services.binaries import MissingBinary
from sandbox.services.postgres_server import postgres
from sandbox.services.process import ProcessFailed, free_port, launch, stop
from sandbox.services.redis_server import redis
from sandbox.services.server import Server

__all__ = [
    "MissingBinary",
    "ProcessFailed",
    "Server",
    "free_port",
    "launch",
    "postgres",
    "redis",
    "stop",
]
