"""What was given up, as a person reads it: what, of which order, why, since when, how often."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import request
from sqlalchemy import func, select

from app.db import session
from app.domain.states import Effect
from app.models import Order, OutboundOrder, Owed, Return, Run, Shipment, Shop
from app.sync import dead
from app.web.paging import Cursor, Page, page_of
from app.web.sentences import said

KEYS: Any = (Owed.dead_at, Owed.id)
_MOST = 10_001
# The subjects that belong to an order.
_PARTS: dict[str, Any] = {
    "order": Order,
    "outbound": OutboundOrder,
    "shipment": Shipment,
    "return": Return,
}


@dataclass(frozen=True, slots=True)
class Letter:
    """A piece of work that was given up; ``number`` is its order's at Shopify, empty if it has
    none."""

    id: int
    what: str
    name: str
    number: str
    why: str
    since: datetime | None
    tries: int


def given_up(shop: Shop) -> dict[str, Any]:
    """What the list of a shop shows, newest first: nothing at all when nothing was given up."""
    found: Page[Owed] = page_of(
        dead.given_up(shop.id), KEYS, Cursor.read(request.args.get("given"))
    )
    orders, runs = _orders(shop, found.rows), _runs(shop, found.rows)
    return {
        "letters": [_letter(row, orders, runs) for row in found.rows],
        "letters_next": found.next,
        "letters_previous": found.previous,
        "letters_count": count(shop) if found.rows else 0,
    }


def count(shop: Shop) -> int:
    """How much was given up; beyond 10,000 it is not counted on."""
    rows = dead.given_up(shop.id).with_only_columns(Owed.id).limit(_MOST).subquery()
    return session().scalar(select(func.count()).select_from(rows)) or 0


def _letter(row: Owed, orders: Mapping[str, Order], runs: Mapping[str, Run]) -> Letter:
    order, run = orders.get(_key(row)), runs.get(row.subject_id)
    return Letter(
        id=row.id,
        what=said(dead.name_of(Effect(row.effect), run)),
        name=order.name if order else "",
        number=order.gid.rpartition("/")[2] if order else "",
        why=row.last_error,
        since=row.dead_at,
        tries=row.attempts,
    )


def _key(row: Owed) -> str:
    return f"{row.subject_type} {row.subject_id}"


def _orders(shop: Shop, rows: list[Owed]) -> dict[str, Order]:
    """The order that each row is about, as far as it is about one."""
    found: dict[str, Order] = {}
    for kind, part in _PARTS.items():
        ids = map(int, _ids(rows, kind))
        query = select(part.id, Order).where(part.shop_id == shop.id, part.id.in_(ids))
        joined = query if part is Order else query.join(Order, Order.id == part.order_id)
        found |= {f"{kind} {number}": order for number, order in session().execute(joined)}
    return found


def _runs(shop: Shop, rows: list[Owed]) -> dict[str, Run]:
    query = select(Run).where(Run.shop_id == shop.id, Run.id.in_(_ids(rows, "run")))
    return {run.id: run for run in session().scalars(query)}


def _ids(rows: list[Owed], kind: str) -> list[str]:
    return [row.subject_id for row in rows if row.subject_type == kind]
