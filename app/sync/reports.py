"""What the database knows of runs and orders, for the API and the pages. Read only."""

from datetime import timedelta
from typing import Any

from sqlalchemy import exists, select

from app.db import database_now, session
from app.domain import rules
from app.domain.rules import Verdict
from app.domain.situation import Situation
from app.models import Order, OutboundOrder, Run, RunItem, Shop
from app.sync import runs
from app.sync.engine import live
from app.sync.situations import connection_of, paused_because, situation_of

_PAGE = 250
# How long a run goes on for orders that the warehouse has not finished with.
_PATIENCE = timedelta(seconds=20)


def run_report(shop: Shop, run_id: str, cursor: str | None) -> dict[str, Any] | None:
    """A run as ``GET /api/runs/<id>`` gives it; None when the shop has no such run.

    ``cursor`` is the ``next_cursor`` of the page before. Raises ValueError for one that is not.
    ``paused`` says why a run gets no further until a person has mended the connection.
    """
    run = session().query(Run).filter_by(shop_id=shop.id, id=run_id).one_or_none()
    if run is None:
        return None
    done, total = runs.progress(run)
    rows = (
        session()
        .execute(
            select(RunItem, Order.gid, Order.name)
            .join(Order, Order.id == RunItem.order_id)
            .where(RunItem.run_id == run.id, RunItem.order_id > int(cursor or 0))
            .order_by(RunItem.order_id)
            .limit(_PAGE)
        )
        .all()
    )
    over = bool(run.finished_at) and _is_over(run, done, total)
    return {
        "state": "done" if over else "running",
        "paused": None if over else _pause(shop),
        "total": total,
        "done": done,
        "items": [_item(item, gid, name) for item, gid, name in rows if item.outcome],
        "next_cursor": str(rows[-1][0].order_id) if len(rows) == _PAGE else None,
    }


def _pause(shop: Shop) -> dict[str, str] | None:
    why = paused_because(connection_of(shop))
    return {"message": why} if why else None


def _is_over(run: Run, done: int, total: int) -> bool:
    """Whether every order has had its last word, or its first one a while ago: what the warehouse
    is still working on then is told as *waiting*."""
    if done < total:
        return False
    waits = exists().where(RunItem.run_id == run.id, RunItem.final.is_(False))
    return not session().scalar(select(waits)) or database_now() - run.started_at > _PATIENCE


def _item(item: RunItem, gid: str, name: str) -> dict[str, Any]:
    return {
        "id": gid,
        "name": name or None,
        "outcome": item.outcome,
        "reason": item.reason or None,
        "message": item.message,
    }


def order_status(shop: Shop, gid: str) -> dict[str, Any] | None:
    """An order as ``GET /api/orders/status`` gives it; None when we have not seen it.

    ``since`` is when the warehouse last confirmed it, ``path`` the address of its page in the app.
    """
    order = session().query(Order).filter_by(shop_id=shop.id, gid=gid).one_or_none()
    if order is None:
        return None
    jobs = [outbound.job_id for outbound in live(order) if outbound.job_id]
    return {
        "state": order.tag_state,
        "job": jobs[-1] if jobs else None,
        "reason": order.reason or None,
        "message": order.message,
        "since": _since(order),
        "path": f"/orders/{order.gid.rpartition('/')[2]}",
        "gates": rules.as_json(gates_of(order)),
        "warehouse_orders": [_warehouse_order(outbound) for outbound in live(order)],
    }


def _warehouse_order(outbound: OutboundOrder) -> dict[str, Any]:
    """``revision`` is what the WMS has, else what it was last sent; None when it got nothing."""
    return {
        "warehouse": outbound.warehouse or None,
        "revision": outbound.confirmed_revision or outbound.sent_revision or None,
        "state": outbound.state,
        "external_id": outbound.external_id,
        "job": outbound.job_id or None,
    }


def _since(order: Order) -> str | None:
    """When the WMS last confirmed the order, RFC 3339; None while it has not."""
    confirmed = [outbound.confirmed_at for outbound in live(order) if outbound.confirmed_at]
    return max(confirmed).isoformat(timespec="seconds") if confirmed else None


def gates_of(order: Order) -> list[Verdict]:
    """Every gate's verdict on an order as last read."""
    return rules.verdicts(_situation(order))


def unsendable(order: Order) -> Verdict | None:
    """What makes it pointless to send an order by hand; None: a person may send it."""
    return rules.unsendable(_situation(order))


def _situation(order: Order) -> Situation:
    shop = session().get_one(Shop, order.shop_id)
    return situation_of(order, shop, connection_of(shop))
