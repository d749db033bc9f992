"""Find a Chromium for the browser tests, or install Debian's where that is possible.

``python -m sandbox browser`` does so and says in one line what it found. It never fails: without a
browser those tests count as skipped.
"""

import os
import shutil
import subprocess
from pathlib import Path

# Started with these a browser needs no display, no account of its own and no network but ours.
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
_ADVICE = (
    "No Chromium found: browser tests will be skipped. To run them: install chromium from your"
    " system's packages (Debian and Ubuntu: apt-get install chromium)."
)


def find_chromium() -> Path | None:
    """The program of an installed Chromium or Chrome, if there is one."""
    on_path = (shutil.which(name) for name in _NAMES)
    installed = (name for name in _APPLICATIONS if Path(name).exists())
    found = next((name for name in (*on_path, *installed) if name), None)
    return Path(found) if found else None


def main(_arguments: list[str]) -> int:
    """Make sure of a browser as far as possible; always returns 0."""
    if find_chromium() is None and _may_install():
        print("Installing Chromium for the browser tests …", flush=True)
        _install()
    print(f"Browser tests use {found}." if (found := find_chromium()) else _ADVICE, flush=True)
    return 0


def _may_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def _install() -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (
        ("update", "-qq"),
        ("install", "-qq", "-y", "--no-install-recommends", "chromium"),
    ):
        subprocess.run(["apt-get", *words], env=environment, stdout=subprocess.DEVNULL, check=False)
