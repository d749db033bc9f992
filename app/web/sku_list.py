"""What the SKU doctor found, as a filter finds it: a page of it, all of it, how much of each."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import request
from sqlalchemy import Select, func, select, union

from app.db import reading, session
from app.domain.skus import Kind, alike
from app.models import Shop, SkuFinding
from app.web.key_paging import Key, KeyCursor, after_row, page_behind, rows_behind
from app.web.order_filter import clean
from app.web.paging import Page

_LAST = "\U0010ffff"
_AT_ONCE = 1_000
_KEYS = (Key(SkuFinding.__table__.c.sku), Key(SkuFinding.__table__.c.id))
_KINDS = (str, int)
_COLUMNS = ("kind", "name", "variant", "product", "warehouse", "other", "sku", "id")


@dataclass(frozen=True, slots=True)
class Filter:
    """What the page's address asks for; empty parts ask for nothing."""

    kind: str = ""
    search: str = ""

    @classmethod
    def of_request(cls) -> "Filter":
        """Read the address; what makes no sense is left out."""
        kind = request.args.get("kind", "")
        known = kind in set(Kind)
        return cls(kind if known else "", clean(request.args.get("q", "")))

    @property
    def any(self) -> bool:
        """Whether anything is filtered at all."""
        return self != Filter()

    def as_args(self) -> dict[str, str]:
        """The parts of an address that mean this filter."""
        return {"kind": self.kind, "q": self.search}


def list_findings(shop: Shop, wanted: Filter) -> Page[Any]:
    """A page of what was found, by SKU."""
    cursor = KeyCursor.read(request.args.get("cursor"), _KINDS)
    return page_behind(_matching(shop, wanted), _KEYS, cursor)


def all_findings(shop: Shop, wanted: Filter) -> Iterator[Any]:
    """Everything that was found, by SKU. While a stretch is being sent, no transaction is open."""
    query, cursor = _matching(shop, wanted), None
    while True:
        session().rollback()
        with reading():
            rows = rows_behind(query, _KEYS, cursor, _AT_ONCE)
        session().rollback()
        yield from rows
        if len(rows) < _AT_ONCE:
            return
        cursor = after_row(rows[-1], _KEYS)


def count_findings(shop: Shop) -> dict[str, int]:
    """How much was found of each kind."""
    query = select(SkuFinding.kind, func.count()).where(SkuFinding.shop_id == shop.id)
    rows = session().execute(query.group_by(SkuFinding.kind))
    return {kind: int(number) for kind, number in rows}


def _matching(shop: Shop, wanted: Filter) -> Select[Any]:
    columns = SkuFinding.__table__.c
    query = select(*(columns[name] for name in _COLUMNS)).where(columns.shop_id == shop.id)
    if wanted.kind:
        query = query.where(columns.kind == wanted.kind)
    return query.where(columns.id.in_(_found_by(shop, wanted.search))) if wanted.search else query


def _found_by(shop: Shop, text: str) -> Any:
    """By how a SKU begins, whatever its case and spaces, or by how a product's name begins."""
    mine = select(SkuFinding.id).where(SkuFinding.shop_id == shop.id)
    sku, title = alike(text), text.casefold()
    return union(
        mine.where(SkuFinding.alike >= sku, SkuFinding.alike < sku + _LAST),
        mine.where(SkuFinding.title >= title, SkuFinding.title < title + _LAST),
    )
