"""What has been logged since a page was shown."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, or_, select

from app.db import session
from app.models import LogLine, Shop
from app.web.log_list import Filter
from app.web.log_search import matching

# As many as the page keeps.
MOST = 200
# A line's number is given before its transaction commits: one may show up after a higher one has
# been seen. So the last numbers are asked for again for some seconds; the page knows its lines.
_OVERLAP = 500
_OVERLAP_TIME = timedelta(seconds=15)
# After a long pause only the newest of what came in between is looked through.
_FURTHEST = 5_000


@dataclass(frozen=True, slots=True)
class Tail:
    """The new lines, newest first, and the number to go on after."""

    lines: list[LogLine]
    after: int


def newest(shop: Shop) -> int:
    """The number of a shop's last line; 0 when it has none."""
    return session().scalar(select(func.max(LogLine.id)).where(LogLine.shop_id == shop.id)) or 0


def lines_after(shop: Shop, wanted: Filter, after: int) -> Tail:
    """A shop's lines with a higher number than ``after``, as far as a filter wants them."""
    last = newest(shop)
    start = max(after, _floor(shop))
    recent = wanted.now - _OVERLAP_TIME
    query = matching(shop, wanted).where(
        LogLine.id > start - _OVERLAP,
        or_(LogLine.id > start, LogLine.at >= recent),
    )
    lines = session().scalars(query.order_by(LogLine.id.desc()).limit(MOST)).all()
    return Tail(sorted(lines, key=lambda line: (line.at, line.id), reverse=True), max(last, after))


def _floor(shop: Shop) -> int:
    """The number before the shop's last few thousand lines."""
    numbers = select(LogLine.id).where(LogLine.shop_id == shop.id).order_by(LogLine.id.desc())
    return session().scalar(numbers.offset(_FURTHEST).limit(1)) or 0
