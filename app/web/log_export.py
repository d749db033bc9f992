"""The log as a file, streamed: a file of a million lines takes no more memory than a short one.

Each stretch of lines is read in a transaction of its own, so that a slow download holds nothing up.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

from flask import Response, stream_with_context

from app.db import reading, session
from app.models import LogLine, Shop
from app.web import spreadsheet
from app.web.actors import actor_label
from app.web.log_list import Filter
from app.web.log_search import KEYS, matching
from app.web.log_tail import newest
from app.web.log_words import line_text
from app.web.paging import Cursor, beyond

FIELDS = ("time", "level", "event", "order", "job_id", "run", "who", "code", "message")
_AT_ONCE = 1_000
Row = dict[str, str]


def download(shop: Shop, wanted: Filter, form: str) -> Response:
    """The lines of a filter as a file: ``form`` is csv or json. Its name names its range."""
    writers = {"csv": (_csv, "text/csv"), "json": (_json, "application/json")}
    write, content_type = writers[form]
    rows = _rows(shop, wanted)
    response = Response(
        stream_with_context(write(wanted, rows)), content_type=f"{content_type}; charset=utf-8"
    )
    name = f"{file_name(wanted)}.{form}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def file_name(wanted: Filter) -> str:
    """What the file is called: what is in it, from when to when (UTC)."""
    since = wanted.since
    parts = ["log", wanted.level, wanted.job, _minute(since) if since else "all"]
    return "-".join([*(part for part in parts if part), _minute(wanted.now)])


def _minute(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%MZ")


def _rows(shop: Shop, wanted: Filter) -> Iterator[Row]:
    """Every line, newest first, as far as there are any at this moment."""
    query = matching(shop, wanted).where(LogLine.id <= newest(shop))
    query = query.order_by(LogLine.at.desc(), LogLine.id.desc()).limit(_AT_ONCE)
    cursor: Cursor | None = None
    while True:
        stretch = query if cursor is None else query.where(beyond(KEYS, cursor))
        session().rollback()
        with reading():
            lines = session().scalars(stretch).all()
        rows = [_row(line) for line in lines]
        cursor = Cursor(False, lines[-1].at, lines[-1].id) if lines else None
        session().rollback()  # while they are being sent, nothing is open
        yield from rows
        if len(rows) < _AT_ONCE:
            return


def _row(line: LogLine) -> Row:
    at = line.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    who = actor_label(line.actor) if line.actor else ""
    values = (at, line.level, line.event, line.order_name, line.job_id, line.kind, who)
    return dict(zip(FIELDS, (*values, line.code, line_text(line)), strict=True))


def _csv(_wanted: Filter, rows: Iterator[Row]) -> Iterator[str]:
    return spreadsheet.lines(FIELDS, ([row[name] for name in FIELDS] for row in rows))


def _json(wanted: Filter, rows: Iterator[Row]) -> Iterator[str]:
    """One object: the range first, then what was filtered by, then the lines."""
    since = wanted.since.isoformat() if wanted.since else None
    span = {"from": since, "to": wanted.now.isoformat()}
    chosen = {name: text for name, text in wanted.as_args(q="").items() if text}
    yield f'{{"range": {json.dumps(span)}, "filter": {json.dumps(chosen)}, "lines": ['
    for number, row in enumerate(rows):
        yield f"{',' if number else ''}\n{json.dumps(row, ensure_ascii=False)}"
    yield "\n]}\n"
