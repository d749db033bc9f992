"""Keeps the words that an order is found by: its name without ``#``, its SKUs, and the numbers its
parcels are tracked by."""

from collections.abc import Iterable
from functools import cache
from typing import cast

from sqlalchemy import Executable, Table, bindparam, delete

from app import together
from app.db import dialect, insert_into
from app.models import Order, OrderTerm
from app.models.order_term import LONGEST_TERM

_table = cast("Table", OrderTerm.__table__)
_FORGET = delete(_table).where(
    _table.c.order_id == bindparam("of_order"), _table.c.term == bindparam("gone")
)


def term_of(text: str) -> str:
    """A word as the index keeps it, and as a search must ask for it."""
    return text.strip().casefold()[:LONGEST_TERM]


def terms_of(order: Order) -> frozenset[str]:
    """The terms that are kept of an order since its last read; none while it was never read."""
    return _terms(order) if order.facts else frozenset()


def keep_terms(order: Order, before: frozenset[str]) -> None:
    """Bring an order's terms up to date, ``before`` being those of its last read. The caller
    commits."""
    now = _terms(order)
    _add(order.shop_id, order.id, now - before)
    for term in sorted(before - now):
        together.add(_FORGET, {"of_order": order.id, "gone": term})


def keep_numbers(shop_id: int, order_id: int, numbers: Iterable[str]) -> None:
    """Let an order be found by its tracking numbers, with and without their spaces. One that was
    corrected still finds it: a buyer may have been told the old one. The caller commits."""
    words = {word for number in numbers for word in (number, "".join(number.split()))}
    _add(shop_id, order_id, set(map(term_of, words)) - {""})


def _add(shop_id: int, order_id: int, terms: Iterable[str]) -> None:
    for term in sorted(terms):
        row = {"shop_id": shop_id, "term": term, "order_id": order_id}
        together.add(_keep(dialect()), row)


def _terms(order: Order) -> frozenset[str]:
    skus = [line.get("sku", "") for line in order.facts.get("lines", [])]
    return frozenset(map(term_of, (order.name.removeprefix("#"), *skus))) - {""}


@cache
def _keep(kind: str) -> Executable:
    """The statement that keeps a term, put together once."""
    return insert_into(_table, kind).on_conflict_do_nothing()
