"""Puts the table of a run into docs/benchmarks.md."""

import os
import platform
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from bench.figure import Line, markdown

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"
BEGIN, END = "<!-- figures: written by `make bench ARGS=--write` -->", "<!-- end of figures -->"


def write(lines: Iterable[Line], database: str) -> None:
    """Replace what stands between the page's two marks."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    table = f"{BEGIN}\n{markdown(lines)}\n\n{_where(database)}\n{END}"
    PAGE.write_text(f"{before}{table}{after}", encoding="utf-8")


def _where(database: str) -> str:
    day = datetime.now(UTC).date().isoformat()
    python = platform.python_version()
    return f"{day}, {os.cpu_count()} cores, Python {python}, {database}, everything on one machine."
