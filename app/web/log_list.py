"""Which log lines a filter finds."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import request
from sqlalchemy import ColumnElement, or_, select

from app.db import session
from app.models import LogLine, Run, Shop
from app.web.order_list import clean
from app.web.paging import Cursor, Page, page_of
from app.web.words import JOBS, LEVELS

WINDOWS = {"1h": 1, "24h": 24, "7d": 7 * 24, "30d": 30 * 24, "all": 0}
DEFAULT_WINDOW = "24h"
# What counts from this level up.
_FROM_LEVEL = {"warning": ("warning", "error"), "error": ("error",)}


@dataclass(frozen=True, slots=True)
class Filter:
    """What the page's address asks for; empty parts ask for nothing."""

    level: str = ""
    job: str = ""
    window: str = DEFAULT_WINDOW
    search: str = ""

    @classmethod
    def of_request(cls) -> "Filter":
        """Read the address; what makes no sense is left out."""
        level, job = request.args.get("level", ""), request.args.get("job", "")
        window = request.args.get("window", "")
        return cls(
            level=level if level in LEVELS else "",
            job=job if job in JOBS else "",
            window=window if window in WINDOWS else DEFAULT_WINDOW,
            search=clean(request.args.get("q", "")),
        )

    @property
    def any(self) -> bool:
        """Whether anything but the window is filtered."""
        return bool(self.level or self.job or self.search)

    def as_args(self) -> dict[str, str]:
        """The parts of an address that mean this filter."""
        window = "" if self.window == DEFAULT_WINDOW else self.window
        return {"level": self.level, "job": self.job, "window": window, "q": self.search}


def list_lines(shop: Shop, wanted: Filter, cursor: Cursor | None) -> Page[LogLine]:
    """A page of a shop's log, newest first."""
    query = select(LogLine).where(LogLine.shop_id == shop.id)
    if hours := WINDOWS[wanted.window]:
        query = query.where(LogLine.at >= datetime.now(UTC) - timedelta(hours=hours))
    if wanted.level in _FROM_LEVEL:
        query = query.where(LogLine.level.in_(_FROM_LEVEL[wanted.level]))
    if wanted.job:
        runs = select(Run.id).where(Run.shop_id == shop.id, Run.kind == wanted.job)
        query = query.where(LogLine.run_id.in_(runs.scalar_subquery()))
    if wanted.search:
        query = query.where(_found_by(wanted.search))
    return page_of(query, (LogLine.at, LogLine.id), cursor)  # type: ignore[arg-type]


def order_lines(shop: Shop, order_id: int, most: int) -> list[LogLine]:
    """An order's newest log lines, newest first; one more than ``most`` if there are more."""
    query = select(LogLine).where(LogLine.shop_id == shop.id, LogLine.order_id == order_id)
    return list(session().scalars(query.order_by(LogLine.id.desc()).limit(most + 1)))


def _found_by(text: str) -> ColumnElement[bool]:
    """By an order's name, the start of a job's id, or words of the message."""
    return or_(
        LogLine.order_name.in_((text, f"#{text}")),
        LogLine.job_id.startswith(text, autoescape=True),
        LogLine.message.icontains(text, autoescape=True),
    )
