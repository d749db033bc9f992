"""A Redis server on a free loopback port, without persistence."""

import os
import socket
from pathlib import Path

from sandbox.services.binaries import find_redis
from sandbox.services.process import free_port, launch, wait_ready
from sandbox.services.server import Server, new_home


def redis(*, port: int = 0, from_environment: bool = True, from_path: bool = True) -> Server:
    """A running Redis; ``port`` 0 takes a free one. Use as a context manager or call ``stop()``.

    ``from_environment`` and ``from_path`` False skip $REDIS_URL and the programs on PATH.
    """
    given = os.environ.get("REDIS_URL") if from_environment else None
    if given:
        return Server(given)
    return _start(find_redis(from_path=from_path), port or free_port())


def _start(program: Path, port: int) -> Server:
    home = new_home("redis")
    log = home / "redis.log"
    process = launch(
        [program, "--port", str(port), "--bind", "127.0.0.1", "--dir", home, "--save", ""],
        log=log,
    )
    server = Server(f"redis://127.0.0.1:{port}/0", process, home)
    try:
        wait_ready(process, "Redis", log, lambda: _answers(port))
    except BaseException:
        server.stop()
        raise
    return server


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False
