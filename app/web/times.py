"""Times as people read them: in the shop's zone, in the page's language."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime, format_timedelta
from babel.numbers import format_decimal
from flask import Flask, g
from flask_babel import get_locale
from markupsafe import Markup, escape

from app.web.current import shop


def register(app: Flask) -> None:
    """Give the templates ``time``, ``moment`` and ``took``."""
    app.jinja_env.filters.update(time=time, moment=moment, took=took, written_time=written_time)


def zone() -> ZoneInfo:
    """The shop's time zone; UTC when it names none we know, and on pages of no shop."""
    return shop().zone if "shop" in g else ZoneInfo("UTC")


def moment(at: datetime, *, seconds: bool = False) -> str:
    """A moment in words: 21 Nov 10:42, with the year when it is another."""
    local = at.astimezone(zone())
    year = "" if local.year == datetime.now(zone()).year else " y"
    pattern = f"d MMM{year} HH:mm{':ss' if seconds else ''}"
    return format_datetime(local, pattern, locale=get_locale())


def clock(at: datetime) -> str:
    """The time of day: 10:42."""
    return format_datetime(at.astimezone(zone()), "HH:mm", locale=get_locale())


def is_today(at: datetime) -> bool:
    """Whether a moment is of this day in the shop's zone."""
    return at.astimezone(zone()).date() == datetime.now(zone()).date()


def time(at: datetime | None, *, seconds: bool = False) -> Markup:
    """A ``<time>`` element; nothing when there is no time."""
    if at is None:
        return Markup("")
    exact = at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return Markup('<time datetime="{}">{}</time>').format(exact, moment(at, seconds=seconds))


def written_time(text: str) -> Markup:
    """A ``<time>`` element of a time that another system wrote; its own text if it is none."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return escape(text)
    return time(at if at.tzinfo else at.replace(tzinfo=UTC), seconds=True)


def took(begun: datetime, ended: datetime | None) -> str:
    """How long something took; empty while it goes on."""
    if ended is None:
        return ""
    seconds = max(0.0, (ended - begun).total_seconds())
    if seconds < 10:
        return f"{format_decimal(seconds, format='0.0', locale=get_locale())} s"
    return format_timedelta(
        ended - begun, granularity="second", format="narrow", locale=get_locale()
    )
