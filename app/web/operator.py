"""What operators see: every store's integration, and the weeks they bill by. No Shopify here."""

from datetime import UTC, datetime

from babel.dates import format_date
from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from app.db import session
from app.domain.weeks import Week
from app.web import operator_door, operator_prepare, spreadsheet
from app.web.operator_list import (
    CONNECTED,
    NOT_CONNECTED,
    UNINSTALLED,
    Filter,
    Store,
    every_store,
    every_week,
    list_stores,
    list_weeks,
    total_of,
)
from app.web.operator_weeks import asked_week, this_week
from app.web.parts import page
from app.web.words import CONNECTION

blueprint = Blueprint("operator", __name__, url_prefix="/operator")
blueprint.register_blueprint(operator_door.blueprint)
blueprint.register_blueprint(operator_prepare.blueprint)
blueprint.before_request(operator_door.guard)
# As many weeks as a year may have.
_OFFERED = 53
_STORE_COLUMNS = (
    *("store", "name", "state", "connection", "since", "last_order"),
    *("errors_7_days", "week", "orders"),
)
_WEEK_COLUMNS = ("week", "from", "to", "active_integrations", "orders")


@blueprint.get("")
def stores() -> ResponseReturnValue:
    """A page of stores."""
    _read_only()
    wanted = Filter.of_request()
    return page(
        "operator.html",
        {},
        found=list_stores(wanted),
        wanted=wanted,
        total=total_of(wanted.week),
        weeks=_offered(wanted.week),
        states=_states(),
        status=_status,
        week_label=week_label,
    )


@blueprint.get("/stores.csv")
def stores_file() -> Response:
    """All stores that the filter finds."""
    wanted = Filter.of_request()
    rows = (_cells(store, wanted.week) for store in every_store(wanted))
    return spreadsheet.download(f"stores-{wanted.week.name}.csv", _STORE_COLUMNS, rows)


@blueprint.get("/weeks")
def weeks() -> ResponseReturnValue:
    """Active integrations week by week."""
    _read_only()
    now = this_week()
    newest = asked_week()
    return render_template(
        "operator_weeks.html", found=list_weeks(newest), now=now, newest=newest, span=_span
    )


@blueprint.get("/weeks.csv")
def weeks_file() -> Response:
    """All weeks."""
    _read_only()
    rows = [
        (each.week.name, each.week.monday, each.week.sunday, each.active, each.orders)
        for each in every_week()
    ]
    return spreadsheet.download("active-integrations.csv", _WEEK_COLUMNS, rows)


def week_label(week: Week) -> str:
    """A week in words: Week 47, 16 Nov – 22 Nov 2026."""
    return _("Week %(number)s, %(span)s", number=week.number, span=_span(week))


def _span(week: Week) -> str:
    first = format_date(week.monday, "d MMM", locale=get_locale())
    return f"{first} – {format_date(week.sunday, 'd MMM y', locale=get_locale())}"


def _read_only() -> None:
    """Take no write lock on SQLite."""
    session().connection(execution_options={"reading": True})


def _offered(chosen: Week) -> list[Week]:
    now = this_week()
    offered = [now.before(number) for number in range(_OFFERED)]
    return offered if chosen in offered else [*offered, chosen]


def _states() -> dict[str, str]:
    return {
        CONNECTED: _("Connected"),
        NOT_CONNECTED: _("Not connected"),
        UNINSTALLED: _("Uninstalled"),
    }


def _status(store: Store) -> tuple[str, str]:
    """A store's standing in words, and its tone."""
    badge = CONNECTION.get(store.status)
    if store.state == UNINSTALLED or badge is None:
        return _states()[store.state], "neutral"
    # The time stands beside it in the same cell.
    return str(badge.label).format(t="").strip(), badge.tone


def _cells(store: Store, week: Week) -> tuple[object, ...]:
    return (
        store.domain,
        store.name,
        store.state,
        store.status,
        _iso(store.since),
        _iso(store.last_order),
        store.errors,
        week.name,
        store.orders,
    )


def _iso(moment: datetime | None) -> str:
    if moment is None:
        return ""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
