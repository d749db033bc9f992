"""Every store as operators see it, page by page, and the weeks they bill by."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import request
from sqlalchemy import ColumnElement, Select, and_, func, literal_column, not_, or_, select

from app.db import reading, session
from app.domain.weeks import Week
from app.models import Connection, LogLine, Order, Shop, StoreWeek
from app.models.connection import LOCKED, USABLE
from app.web.operator_weeks import asked_week, this_week
from app.web.order_list import clean

ROWS = 100
CONNECTED, NOT_CONNECTED, UNINSTALLED = "connected", "not_connected", "uninstalled"
STATES = (CONNECTED, NOT_CONNECTED, UNINSTALLED)
_DAYS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Filter:
    """What the page's address asks for; empty parts ask for nothing."""

    week: Week
    state: str = ""
    search: str = ""

    @classmethod
    def of_request(cls) -> "Filter":
        """Read the address; a state that makes no sense is left out. Raises Unreadable."""
        state = request.args.get("state", "")
        return cls(
            week=asked_week(),
            state=state if state in STATES else "",
            search=clean(request.args.get("q", "")),
        )

    def as_args(self) -> dict[str, str]:
        """The parts of an address that mean this filter."""
        given = {"week": self.week.name, "state": self.state, "q": self.search}
        return {name: text for name, text in given.items() if text}


@dataclass(frozen=True, slots=True)
class Store:
    """A store's integration. ``status`` is the connection's, empty where there is none; ``since``
    is when it began, or when the store came or left. ``orders`` are those of the chosen week."""

    domain: str
    name: str
    state: str
    status: str
    since: datetime
    last_order: datetime | None
    errors: int
    orders: int


@dataclass(frozen=True, slots=True)
class Stores:
    """A page of stores, and the domains to go on from; empty where there is nothing."""

    rows: list[Store]
    after: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class WeekTotal:
    """How many stores were active in a week, and with how many orders."""

    week: Week
    active: int = 0
    orders: int = 0


@dataclass(frozen=True, slots=True)
class Weeks:
    """Consecutive weeks, newest first, and the one to go on from."""

    rows: list[WeekTotal] = field(default_factory=list)
    older: Week | None = None


def list_stores(wanted: Filter) -> Stores:
    """The page of stores that the address asks for, by domain."""
    after, before = clean(request.args.get("after", "")), clean(request.args.get("before", ""))
    query = _stores(wanted)
    if before and not after:
        rows = _read(query.where(Shop.domain < before).order_by(Shop.domain.desc()))
        page, more = rows[:ROWS][::-1], len(rows) > ROWS
        return Stores(page, page[-1].domain if page else "", page[0].domain if more else "")
    rows = _read(query.where(Shop.domain > after).order_by(Shop.domain))
    page, more = rows[:ROWS], len(rows) > ROWS
    return Stores(page, page[-1].domain if more else "", page[0].domain if after and page else "")


def every_store(wanted: Filter) -> Iterator[Store]:
    """All stores that a filter finds, read in stretches."""
    after = ""
    while True:
        with reading():
            rows = _read(_stores(wanted).where(Shop.domain > after).order_by(Shop.domain))
        session().rollback()
        yield from rows
        if len(rows) <= ROWS:
            return
        after = rows[-1].domain


def _read(query: Select[*tuple[Any, ...]]) -> list[Store]:
    """Up to one row more than a page."""
    return [_store(row) for row in session().execute(query.limit(ROWS + 1))]


def _store(row: Any) -> Store:
    connected = row.connected and row.installed
    state = CONNECTED if connected else NOT_CONNECTED if row.installed else UNINSTALLED
    since = (row.status_since or row.installed_at) if row.installed else row.uninstalled_at
    return Store(
        domain=row.domain,
        name=row.name,
        state=state,
        status=_status(row),
        since=since or row.installed_at,
        last_order=row.last_order,
        errors=row.errors,
        orders=row.orders or 0,
    )


def _status(row: Any) -> str:
    if not row.has_token:
        return ""
    return row.status if row.token else LOCKED


def _stores(wanted: Filter) -> Select[*tuple[Any, ...]]:
    query = (
        select(
            *(Shop.domain, Shop.name, Shop.installed, Shop.installed_at, Shop.uninstalled_at),
            *(Connection.status, Connection.status_since, Connection.token),
            Connection.token.is_not(None).label("has_token"),
            _is_connected().label("connected"),
            _last_order().label("last_order"),
            _errors().label("errors"),
            _orders(wanted.week).label("orders"),
        )
        .select_from(Shop)
        .outerjoin(Connection, Connection.shop_id == Shop.id)
    )
    return query.where(*_conditions(wanted))


def _is_connected() -> ColumnElement[bool]:
    usable = Connection.status.in_(USABLE)
    return func.coalesce(and_(Connection.token.is_not(None), usable), False)


def _conditions(wanted: Filter) -> Iterator[ColumnElement[bool]]:
    states = {
        CONNECTED: and_(Shop.installed, _is_connected()),
        NOT_CONNECTED: and_(Shop.installed, not_(_is_connected())),
        UNINSTALLED: not_(Shop.installed),
    }
    if wanted.state:
        yield states[wanted.state]
    if wanted.search:
        places = (Shop.domain, Shop.name, Connection.label)
        yield or_(*(place.icontains(wanted.search, autoescape=True) for place in places))


def _last_order() -> ColumnElement[datetime | None]:
    newest = select(Order.placed_at).where(
        Order.shop_id == Shop.id, Order.placed_at.is_not(None), Order.deleted.is_(False)
    )
    return newest.order_by(Order.placed_at.desc()).limit(1).scalar_subquery()


def _errors() -> ColumnElement[int]:
    """Written out, for the index that holds errors alone."""
    is_error: ColumnElement[bool] = literal_column("log_lines.level = 'error'")
    recent = LogLine.at >= datetime.now(UTC) - _DAYS
    found = select(func.count(LogLine.id)).where(LogLine.shop_id == Shop.id, is_error, recent)
    return found.scalar_subquery()


def _orders(week: Week) -> ColumnElement[int]:
    found = select(StoreWeek.orders).where(
        StoreWeek.shop_id == Shop.id, StoreWeek.week == week.monday
    )
    return found.scalar_subquery()


def total_of(week: Week) -> WeekTotal:
    """One week's total, stores that were removed since included."""
    return _totals(week, week).get(week, WeekTotal(week))


def list_weeks(newest: Week, rows: int = ROWS) -> Weeks:
    """Weeks from ``newest`` back to the first one with an order; those without any are zero."""
    first_monday = session().scalar(select(func.min(StoreWeek.week)))
    first = Week(first_monday) if first_monday else newest
    oldest = max(newest.before(rows - 1), first)
    totals = _totals(oldest, newest)
    count = (newest.monday - oldest.monday).days // 7 + 1
    weeks = [newest.before(number) for number in range(count)]
    found = [totals.get(week, WeekTotal(week)) for week in weeks]
    return Weeks(found, oldest.before(1) if oldest > first else None)


def every_week() -> Iterator[WeekTotal]:
    """All weeks up to this one, newest first."""
    newest: Week | None = this_week()
    while newest is not None:
        found = list_weeks(newest)
        yield from found.rows
        newest = found.older


def _totals(oldest: Week, newest: Week) -> dict[Week, WeekTotal]:
    query = (
        select(StoreWeek.week, func.count(), func.sum(StoreWeek.orders))
        .where(StoreWeek.week.between(oldest.monday, newest.monday))
        .group_by(StoreWeek.week)
    )
    return {
        Week(monday): WeekTotal(Week(monday), active, int(orders))
        for monday, active, orders in session().execute(query)
    }
