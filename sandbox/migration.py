"""``python -m sandbox migration "create things"``: write the next numbered migration.

The models are compared with a database that has every migration so far, made for the occasion.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from sandbox.demo.settings import app_environment

ROOT = Path(__file__).resolve().parents[1]
VERSIONS = ROOT / "migrations" / "versions"


def main(arguments: list[str]) -> int:
    """Write it; returns the exit status."""
    purpose = " ".join(arguments).strip()
    if not re.fullmatch(r"[A-Za-z][A-Za-z ]+ [A-Za-z0-9 ]+", purpose):
        print('Say what it does, verb first: make migration m="create things"', file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        environment = app_environment(
            app_url="http://127.0.0.1:5000",
            database_url=f"sqlite:///{folder}/tagdock.db",
            redis_url="redis://127.0.0.1:6379/0",
            shopify_url="http://127.0.0.1:4010",
        )
        revision = ("revision", "--autogenerate", "--rev-id", next_number(), "-m", purpose)
        return _flask(environment, "upgrade") or _flask(environment, *revision)


def next_number() -> str:
    """The number after the highest there is, in four digits."""
    numbers = [int(file.name[:4]) for file in VERSIONS.glob("[0-9][0-9][0-9][0-9]_*.py")]
    return f"{max(numbers, default=0) + 1:04}"


def _flask(environment: dict[str, str], *words: str) -> int:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "db", *words]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
