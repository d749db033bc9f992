"""Which orders a filter finds."""

import json
from dataclasses import dataclass
from typing import Any

from flask import request
from sqlalchemy import ColumnElement, Select, String, cast, exists, func, or_, select
from sqlalchemy.orm import selectinload

from app.db import session
from app.models import Order, OutboundOrder, Shop
from app.web.paging import Cursor, Page, page_of
from app.web.words import STATES

_MOST = 120
# Counting stops here; the page says "10,000+".
COUNT_CAP = 10_000


@dataclass(frozen=True, slots=True)
class Filter:
    """What the page's address asks for; empty parts ask for nothing."""

    state: str = ""
    reason: str = ""
    search: str = ""

    @classmethod
    def of_request(cls) -> "Filter":
        """Read the address; what makes no sense is left out."""
        state = request.args.get("state", "")
        return cls(
            state=state if state in STATES else "",
            reason=clean(request.args.get("reason", "")),
            search=clean(request.args.get("q", "")),
        )

    @property
    def any(self) -> bool:
        """Whether anything is filtered at all."""
        return bool(self.state or self.reason or self.search)

    def as_args(self) -> dict[str, str]:
        """The parts of an address that mean this filter."""
        return {"state": self.state, "reason": self.reason, "q": self.search}


def clean(text: str) -> str:
    """Search text as a database takes it: one line, no control characters, 120 characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:_MOST]


def list_orders(shop: Shop, wanted: Filter, cursor: Cursor | None) -> Page[Order]:
    """A page of a shop's orders, newest first, with their warehouse orders."""
    query = _matching(select(Order), shop, wanted).options(selectinload(Order.outbound_orders))
    return page_of(query, (Order.placed_at, Order.id), cursor)


def count_orders(shop: Shop, wanted: Filter) -> int:
    """How many orders match, counted to COUNT_CAP + 1."""
    rows = _matching(select(Order.id), shop, wanted).limit(COUNT_CAP + 1).subquery()
    return session().scalar(select(func.count()).select_from(rows)) or 0


def find_order(shop: Shop, number: str) -> Order | None:
    """The order with this number in Shopify, if this shop has one that we know."""
    gid = f"gid://shopify/Order/{number}"
    query = select(Order).where(Order.shop_id == shop.id, Order.gid == gid)
    return session().scalar(query.options(selectinload(Order.outbound_orders)))


def known_reasons(shop: Shop) -> list[str]:
    """The reasons that occur among a shop's orders."""
    query = select(Order.reason).where(Order.shop_id == shop.id, Order.reason != "")
    return sorted(session().scalars(query.distinct()))


def _matching(query: Select[Any], shop: Shop, wanted: Filter) -> Select[Any]:
    query = query.where(Order.shop_id == shop.id, Order.deleted.is_(False))
    if wanted.state:
        query = query.where(Order.tag_state == wanted.state)
    if wanted.reason:
        query = query.where(Order.reason == wanted.reason)
    if wanted.search:
        query = query.where(_found_by(shop, wanted.search))
    return query


def _found_by(shop: Shop, text: str) -> ColumnElement[bool]:
    """By the start of its name, of a job's id, or of a SKU."""
    name = text.removeprefix("#")
    by_job = exists().where(
        OutboundOrder.order_id == Order.id,
        OutboundOrder.shop_id == shop.id,
        OutboundOrder.job_id.startswith(text, autoescape=True),
    )
    return or_(
        Order.name.istartswith(name, autoescape=True),
        Order.name.istartswith(f"#{name}", autoescape=True),
        by_job,
        cast(Order.facts, String).icontains(f'"sku": {_quoted(text)}', autoescape=True),
    )


def _quoted(text: str) -> str:
    """The start of a JSON string as the database keeps it: SQLite escapes what isn't ASCII."""
    postgres = session().get_bind().dialect.name == "postgresql"
    return json.dumps(text, ensure_ascii=not postgres)[:-1]
