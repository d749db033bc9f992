"""``python -m bench [FIGURE …] [--database sqlite|postgresql] [--write]``."""

import argparse
import importlib
import sys
import time

from bench import page
from bench.deployment import TookTooLong
from bench.figure import Line, missed, plain
from sandbox.demo.client import StepFailed
from sandbox.services import MissingBinary, ProcessFailed

FIGURES = ("points", "engine", "click", "drain", "fulfil", "stock")


def main(arguments: list[str]) -> int:
    """Measure the figures asked for, all by default; returns 1 when a target is missed."""
    chosen = _options(arguments)
    began, lines = time.monotonic(), []
    for name in chosen.figure or FIGURES:
        lines += _measure(name, chosen.database)
    print(f"\n{plain(lines)}\n\n{time.monotonic() - began:.0f} s in all.")
    if chosen.write:
        page.write(lines, chosen.database)
    return 1 if missed(lines) else 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure a whole Tagdock.")
    parser.add_argument("figure", nargs="*", metavar="FIGURE", help=", ".join(FIGURES))
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--write", action="store_true", help="put the table into the docs")
    chosen = parser.parse_args(arguments)
    unknown = set(chosen.figure) - set(FIGURES)
    if unknown:
        parser.error(f"There is no figure {', '.join(unknown)}; there are {', '.join(FIGURES)}.")
    return chosen


def _measure(name: str, database: str) -> list[Line]:
    """A figure's lines; one that says why when it could not be taken."""
    print(f"Measuring {name} …", flush=True)
    began = time.monotonic()
    try:
        lines: list[Line] = importlib.import_module(f"bench.{name}").measure(database)
    except (ProcessFailed, MissingBinary, StepFailed, TookTooLong, TimeoutError) as error:
        print(f"  {error}", file=sys.stderr)
        lines = [Line(name, "not taken", str(error).splitlines()[0], met=False)]
    print(f"  {time.monotonic() - began:.0f} s", flush=True)
    return lines


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
