"""Tables as CSV that a spreadsheet shows and never calculates."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from flask import Response, stream_with_context

# A spreadsheet takes a cell that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def download(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """Answer with rows as a file called ``name``, streamed."""
    response = Response(
        stream_with_context(lines(header, rows)), content_type="text/csv; charset=utf-8"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def lines(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Each row as a line of CSV, the header first."""
    yield _line(header)
    for row in rows:
        yield _line([harmless(str(cell)) for cell in row])


def harmless(cell: str) -> str:
    """A cell that no spreadsheet calculates: an apostrophe makes it text."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) else cell


def _line(cells: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()
