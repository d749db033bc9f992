"""Begins one of the app's processes as an operator does."""

import subprocess
import sys

from sandbox.demo.settings import app_environment
from tests.world import PATIENCE, ROOT

WEB = ("-c", "import wsgi")
Ended = subprocess.CompletedProcess[str]


def begin_process(
    command: tuple[str, ...], database_url: str, redis_url: str, **more: str
) -> Ended:
    """Run Python with ``command``, in the app's environment and ``more``, until it ends."""
    environment = app_environment(
        app_url="http://127.0.0.1:1",
        database_url=database_url,
        redis_url=redis_url,
        shopify_url="http://127.0.0.1:1",
    )
    return subprocess.run(
        [sys.executable, *command],
        env={**environment, **more, "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
