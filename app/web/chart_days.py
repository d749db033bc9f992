"""Chart 1: what became of orders in the last fourteen days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from babel.dates import format_date
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from app.models import Shop
from app.sync import tallies
from app.web.chart import WIDTH, Bar, share, short, top

DAYS = 14
_BASE = 160.0
# Where two bars share a day their numbers stand upright, which takes more room above.
_TALLEST, _TALLEST_OF_TWO, _SIGN = 108.0, 92.0, 6.5
_SLOT = (WIDTH - 12) / DAYS


@dataclass(frozen=True, slots=True)
class Day:
    """A day's numbers."""

    day: date
    sent: int
    errors: int
    shipped: int

    @property
    def total(self) -> int:
        """All that happened."""
        return self.sent + self.errors + self.shipped

    @property
    def label(self) -> str:
        """The day in words: 21 Nov."""
        return format_date(self.day, "d MMM", locale=get_locale())


@dataclass(frozen=True, slots=True)
class Column:
    """A day's bars. ``month`` stands under the first day of each month; numbers may stand
    ``upright``, read from below."""

    middle: float
    day: int
    month: str
    upright: bool
    sent: Bar
    errors: Bar
    shipped: Bar


def days_of(shop: Shop) -> list[Day]:
    """The shop's last fourteen days, today last."""
    today = tallies.day_of(shop, datetime.now(UTC))
    days = [today - timedelta(days=ago) for ago in range(DAYS - 1, -1, -1)]
    numbers = tallies.by_day(shop, days[0])
    kinds = (tallies.SENT, tallies.ERROR, tallies.SHIPPED)
    return [Day(day, *(numbers.get((day, kind), 0) for kind in kinds)) for day in days]


def columns_of(days: Sequence[Day]) -> list[Column]:
    """Where the bars of the days stand: errors upon what was sent, what was shipped beside it."""
    most = top([max(day.sent + day.errors, day.shipped) for day in days])
    two = any(day.shipped for day in days)
    return [_column(place, day, most, two=two) for place, day in enumerate(days)]


def _column(place: int, day: Day, most: int, *, two: bool) -> Column:
    left = 6 + place * _SLOT
    width, tallest = (9.0, _TALLEST_OF_TWO) if two else (14.0, _TALLEST)
    begin = left + (_SLOT - (2 * width + 1 if two else width)) / 2
    sent, errors, shipped = (
        share(number, most, tallest) for number in (day.sent, day.errors, day.shipped)
    )
    above = len(short(day.sent)) * _SIGN + 3 if two else 10
    return Column(
        middle=round(left + _SLOT / 2, 1),
        day=day.day.day,
        month=_month(day.day) if place == 0 or day.day.day == 1 else "",
        upright=two,
        sent=_bar(begin, width, _BASE, sent, day.sent, lift=sent + errors),
        errors=_bar(begin, width, _BASE - sent, errors, day.errors, lift=errors + above),
        shipped=_bar(begin + width + 1, width, _BASE, shipped, day.shipped, lift=shipped),
    )


def _bar(x: float, width: float, base: float, height: float, number: int, *, lift: float) -> Bar:
    """A bar that stands on ``base``; its number stands ``lift`` above that."""
    return Bar(
        x=round(x, 1),
        y=round(base - height, 1),
        width=width,
        height=height,
        number=number,
        text_x=round(x + width / 2, 1),
        text_y=round(base - lift - 3, 1),
    )


def _month(day: date) -> str:
    return format_date(day, "MMM", locale=get_locale())


def finding(days: Sequence[Day]) -> str:
    """What the chart shows, in a sentence or two."""
    sent, errors = sum(day.sent for day in days), sum(day.errors for day in days)
    shipped = sum(day.shipped for day in days)
    sentences = [_what_was_sent(days, sent, errors)]
    if shipped:
        sentences.append(ngettext("%(num)d was shipped.", "%(num)d were shipped.", shipped))
    return " ".join(sentences)


def _what_was_sent(days: Sequence[Day], sent: int, errors: int) -> str:
    if not sent and not errors:
        return _("No order was sent in these days.")
    best = max(days, key=lambda day: day.sent)
    sentences = [
        ngettext("%(num)d order was sent", "%(num)d orders were sent", sent)
        + (_(", most on %(day)s (%(most)s).", day=best.label, most=best.sent) if sent else "."),
        ngettext("%(num)d was refused.", "%(num)d were refused.", errors)
        if errors
        else _("None was refused."),
    ]
    return " ".join(sentences)
