"""Chart 2: how long the orders that wait have been waiting."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from sqlalchemy import ColumnElement, case, func, select, text

from app.db import database_now, session
from app.domain.tags import TagState
from app.models import Order, Shop
from app.web.chart import Bar, share, top

Text = Any  # a lazily translated string
AGES: tuple[tuple[Text, timedelta | None], ...] = (
    ("< 15 min", timedelta(minutes=15)),
    ("< 1 h", timedelta(hours=1)),
    ("< 4 h", timedelta(hours=4)),
    ("< 24 h", timedelta(hours=24)),
    (lazy_gettext("older"), None),
)
_LEFT, _LONGEST, _ROW, _THICK = 76.0, 196.0, 32.0, 20.0


@dataclass(frozen=True, slots=True)
class Age:
    """The orders of an age that wait."""

    label: Text
    to_send: int
    syncing: int

    @property
    def total(self) -> int:
        """All that wait."""
        return self.to_send + self.syncing


def ages_of(shop: Shop) -> list[Age]:
    """The shop's orders To send and Syncing by age, the youngest first. An order that was never
    read counts from when it was first heard of."""
    known = _count(shop, Order.placed_at, Order.placed_at.is_not(None))
    unread = _count(shop, Order.first_seen_at, Order.placed_at.is_(None))

    def number(state: str, age: int) -> int:
        return known.get((state, age), 0) + unread.get((state, age), 0)

    return [
        Age(label, number(TagState.NO_SYNC, age), number(TagState.SYNCING, age))
        for age, (label, _limit) in enumerate(AGES)
    ]


def _count(shop: Shop, moment: Any, belongs: ColumnElement[bool]) -> dict[tuple[str, int], int]:
    now = database_now()
    whens = [(moment > now - limit, age) for age, (_label, limit) in enumerate(AGES) if limit]
    age = case(*whens, else_=len(AGES) - 1).label("age_group")
    waiting = Order.tag_state.in_((TagState.NO_SYNC, TagState.SYNCING))
    query = select(Order.tag_state, age, func.count()).where(
        Order.shop_id == shop.id, waiting, belongs
    )
    rows = session().execute(query.group_by(Order.tag_state, text("age_group")))
    return {(state, place): number for state, place, number in rows}


def bars_of(ages: Sequence[Age]) -> list[Bar]:
    """Where the bars of the ages lie, one below the other."""
    most = top([age.total for age in ages])
    return [_bar(place, age, most) for place, age in enumerate(ages)]


def _bar(place: int, age: Age, most: int) -> Bar:
    y, length = 12 + place * _ROW, share(age.total, most, _LONGEST)
    return Bar(
        x=_LEFT,
        y=y,
        width=length,
        height=_THICK,
        number=age.total,
        text_x=round(_LEFT + length + 6, 1),
        text_y=y + 15,
    )


def finding(ages: Sequence[Age]) -> str:
    """What the chart shows, in a sentence or two."""
    total, old = sum(age.total for age in ages), ages[-1].total
    if not total:
        return _("No order waits.")
    waiting = ngettext("%(num)d order waits.", "%(num)d orders wait.", total)
    if not old:
        return f"{waiting} {_('None for longer than a day.')}"
    long = ngettext("%(num)d for longer than a day.", "%(num)d of them for longer than a day.", old)
    return f"{waiting} {long}"
