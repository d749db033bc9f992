"""Home: is all well, what needs a person."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app.sync.schedule import JOBS
from app.web import chart, chart_days, chart_waiting, drift_list, tally
from app.web.banners import banner_for
from app.web.budget import budget_of
from app.web.current import shop
from app.web.parts import page
from app.web.setup import STEPS, reached
from app.web.setup_api import find_connection

blueprint = Blueprint("home", __name__)
PARTS = {
    "counts": "parts/counts.html",
    "charts": "parts/charts.html",
    "jobs": "parts/jobs.html",
    "connection": "parts/connection.html",
    "budget": "parts/budget.html",
}
Values = dict[str, Any]


@blueprint.get("/")
def show() -> ResponseReturnValue:
    """Setup, the connection, orders by state and reason, two charts, the jobs. A part that is
    asked for alone costs only its own queries."""
    asked = request.args.get("part", "")
    wanted = [_VALUES[asked]] if asked in _VALUES else [*_VALUES.values(), _around]
    values: Values = {}
    for part in wanted:
        values |= part()
    return page("home.html", PARTS, **values)


def _around() -> Values:
    connection = find_connection()
    return {
        "warning": banner_for(connection),
        "steps": STEPS,
        "step": reached(connection),
        "shop": shop(),
    }


def _counts() -> Values:
    connection = find_connection()
    return {"tally": tally.count(shop(), automatic=bool(connection and connection.automatic))}


def _charts() -> Values:
    days, ages = chart_days.days_of(shop()), chart_waiting.ages_of(shop())
    return {
        "drawn": any(day.total for day in days) or any(age.total for age in ages),
        "size": (chart.WIDTH, chart.HEIGHT),
        "days": days,
        "columns": chart_days.columns_of(days),
        "days_finding": chart_days.finding(days),
        "ages": ages,
        "bars": chart_waiting.bars_of(ages),
        "ages_finding": chart_waiting.finding(ages),
    }


def _jobs() -> Values:
    names = tuple(job.name for job in JOBS)
    return {
        "scheduled": tally.jobs(shop(), names),
        "drifts": sum(drift_list.counts(shop()).values()),
    }


def _connection() -> Values:
    return {"connection": find_connection()}


def _budget() -> Values:
    return {"budget": budget_of(shop())}


_VALUES: dict[str, Callable[[], Values]] = {
    "counts": _counts,
    "charts": _charts,
    "jobs": _jobs,
    "connection": _connection,
    "budget": _budget,
}
