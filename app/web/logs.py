"""Logs: every event, as a page, as a tail, as a file; what was given up; the WMS's own lines."""

import re
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from app.db import session
from app.errors import Rejected, TryLater, Uncertain
from app.models import LogLine, Order, OutboundOrder
from app.sync import wms_log
from app.web.answers import answer
from app.web.banners import banner_for
from app.web.current import shop
from app.web.given_up import given_up
from app.web.log_export import download
from app.web.log_list import Filter
from app.web.log_search import READ_AT_ONCE, find_lines
from app.web.log_tail import lines_after, newest
from app.web.log_words import line_text
from app.web.paging import Cursor
from app.web.parts import page
from app.web.sentences import said
from app.web.setup_api import find_connection
from app.web.words import JOBS

blueprint = Blueprint("logs", __name__)
AFTER = "X-Log-After"
_PARTS = {"rows": "parts/log_rows.html", "given": "parts/given_up.html"}
_TEXT = re.compile(r"[\x21-\x7e]{0,512}")
_NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)


@blueprint.get("/logs")
def index() -> ResponseReturnValue:
    """A page of the log lines that a filter finds."""
    part = request.args.get("part")
    if part == "tail":
        return _tail()
    if part == "given":
        return page("logs.html", _PARTS, **given_up(shop()))
    wanted = Filter.of_request()
    found = find_lines(shop(), wanted, Cursor.read(request.args.get("cursor")))
    return page(
        "logs.html",
        _PARTS,
        wanted=wanted,
        page=found.page,
        read_to=found.read_to,
        read_at_once=READ_AT_ONCE,
        after=newest(shop()),
        kinds=list(JOBS),
        windows=_windows(),
        warning=banner_for(find_connection()),
        **given_up(shop()),
        **_shown(found.page.rows),
    )


def _tail() -> Response:
    """The rows of the lines since ``after``; a header says what to go on after."""
    given = request.args.get("after", "")
    tail = lines_after(shop(), Filter.of_request(), int(given) if _NUMBER.fullmatch(given) else 0)
    rows = render_template("parts/log_lines.html", lines=tail.lines, **_shown(tail.lines))
    response = make_response(rows)
    response.headers[AFTER] = str(tail.after)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/logs/export.csv", defaults={"form": "csv"})
@blueprint.get("/logs/export.json", defaults={"form": "json"})
def export(form: str) -> ResponseReturnValue:
    """Every line that a filter finds, as a file."""
    return download(shop(), Filter.of_request(), form)


@blueprint.get("/logs/<job_id>/wms")
def wms_lines(job_id: str) -> ResponseReturnValue:
    """The WMS's own lines of one of this shop's jobs: the one page that asks the warehouse."""
    cursor = request.args.get("cursor", "")
    if not (_TEXT.fullmatch(cursor) and _TEXT.fullmatch(job_id)):
        return answer(404, _("There is no such job in this shop."))
    values: dict[str, Any] = {"job_id": job_id}
    try:
        found = wms_log.lines(shop(), job_id, cursor)
        values.update(found=found, names=_names([line.external_id for line in found.items]))
    except (TryLater, Uncertain):
        values["failure"] = _("The WMS didn't answer. Our lines are complete.")
    except Rejected as refusal:
        if refusal.code == "unknown-job":
            return answer(404, refusal.message, refusal.code)
        values["failure"] = said(refusal.message)
    return render_template("parts/wms_lines.html", **values)


def _shown(lines: list[LogLine]) -> dict[str, Any]:
    """What the rows of lines are made of."""
    return {"gids": _numbers(lines), "line_text": line_text}


def _numbers(lines: list[LogLine]) -> dict[int, str]:
    """The order number in Shopify of each line about an order."""
    wanted = {line.order_id for line in lines if line.order_id is not None}
    query = select(Order.id, Order.gid).where(Order.shop_id == shop().id, Order.id.in_(wanted))
    gids = {row.id: row.gid.rpartition("/")[2] for row in session().execute(query)}
    return {line.id: gids[line.order_id] for line in lines if line.order_id in gids}


def _names(external_ids: list[str | None]) -> dict[str, str]:
    """The names of the orders that the WMS knows by these ids."""
    query = select(OutboundOrder.external_id, Order.name).join(OutboundOrder.order)
    query = query.where(
        OutboundOrder.shop_id == shop().id, OutboundOrder.external_id.in_(set(external_ids))
    )
    return {row.external_id: row.name for row in session().execute(query) if row.name}


def _windows() -> list[tuple[str, str]]:
    return [
        ("24h", _("Last 24 hours")),
        ("7d", _("Last 7 days")),
        ("30d", _("Last 30 days")),
        ("all", _("All")),
    ]
