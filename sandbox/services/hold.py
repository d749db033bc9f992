"""Keep one server up on the command line: prints its address, ends with Ctrl-C or SIGTERM."""

import argparse
import signal
from collections.abc import Callable
from types import FrameType

from sandbox.services.postgres_server import postgres
from sandbox.services.redis_server import redis
from sandbox.services.server import Server


def hold_redis(arguments: list[str]) -> int:
    """``python -m sandbox redis [--port N] [--wheel]``."""
    return _hold("redis", redis, arguments)


def hold_postgres(arguments: list[str]) -> int:
    """``python -m sandbox postgres [--port N] [--wheel]``."""
    return _hold("postgres", postgres, arguments)


def _hold(name: str, start: Callable[..., Server], arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog=f"python -m sandbox {name}")
    parser.add_argument("--port", type=int, default=0, help="0, the default, takes a free one")
    parser.add_argument("--wheel", action="store_true", help="do not use the programs on PATH")
    chosen = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, _interrupt)
    with start(port=chosen.port, from_environment=False, from_path=not chosen.wheel) as server:
        print(f"ready {server.url}", flush=True)
        try:
            signal.pause()
        except KeyboardInterrupt:
            return 0
    return 0


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
