"""What the log's page and its downloads are asked for, and which lines that means."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import request
from sqlalchemy import ColumnElement, Select, literal_column, select

from app.models import LogLine, Shop
from app.sync.runs import IDLE
from app.web.order_list import clean
from app.web.words import JOBS, LEVELS

WINDOWS = {"24h": 24, "7d": 7 * 24, "30d": 30 * 24, "all": 0}
DEFAULT_WINDOW = "24h"
# What counts from this level up. Written out, so that the indexes of just these lines are used.
_FROM_LEVEL: dict[str, ColumnElement[bool]] = {
    "warning": literal_column("log_lines.level <> 'info'"),
    "error": literal_column("log_lines.level = 'error'"),
}
_OF_A_RUN: ColumnElement[bool] = literal_column("log_lines.kind <> ''")


@dataclass(frozen=True, slots=True)
class Filter:
    """What the page's address asks for; empty parts ask for nothing.

    ``idle``: also runs that did nothing. ``now``: the moment that the window ends with.
    """

    now: datetime
    level: str = ""
    job: str = ""
    window: str = DEFAULT_WINDOW
    search: str = ""
    idle: bool = False

    @classmethod
    def of_request(cls) -> "Filter":
        """Read the address; what makes no sense is left out."""
        level, job = request.args.get("level", ""), request.args.get("job", "")
        window = request.args.get("window", "")
        return cls(
            now=datetime.now(UTC),
            level=level if level in LEVELS else "",
            job=job if job in JOBS else "",
            window=window if window in WINDOWS else DEFAULT_WINDOW,
            search=clean(request.args.get("q", "")),
            idle=_wants_idle(),
        )

    @property
    def any(self) -> bool:
        """Whether anything but the window is filtered."""
        return bool(self.level or self.job or self.search)

    @property
    def since(self) -> datetime | None:
        """The moment that the window begins with; None when it has no beginning."""
        hours = WINDOWS[self.window]
        return self.now - timedelta(hours=hours) if hours else None

    def as_args(self, **changes: str) -> dict[str, str]:
        """The parts of an address that mean this filter, with some changed."""
        args = {
            "level": self.level,
            "job": self.job,
            "window": "" if self.window == DEFAULT_WINDOW else self.window,
            "q": self.search,
            "runs": "all" if self.idle else "",
        }
        return args | changes


def _wants_idle() -> bool:
    """The form has a box for hiding them; one that is not ticked is missing from its address."""
    unticked = "form" in request.args and "hide" not in request.args
    return unticked or request.args.get("runs") == "all"


def in_any_order(shop: Shop) -> ColumnElement[bool]:
    """The condition that a line is a shop's, for a query that has a better one to find it by:
    SQLite would else go through all of the shop's lines, because they are in order."""
    return LogLine.shop_id + 0 == shop.id


def lines_of(shop: Shop, wanted: Filter, mine: ColumnElement[bool] | None = None) -> Select[Any]:
    """The lines that a filter means, but for its search. ``mine``: that they are the shop's."""
    query = select(LogLine).where(LogLine.shop_id == shop.id if mine is None else mine)
    if wanted.since is not None:
        query = query.where(LogLine.at >= wanted.since)
    if wanted.level in _FROM_LEVEL:
        query = query.where(_FROM_LEVEL[wanted.level])
    if wanted.job:
        query = query.where(_OF_A_RUN, LogLine.kind == wanted.job)
    if not wanted.idle:
        query = query.where(LogLine.code != IDLE)
    return query
