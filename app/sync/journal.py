"""Writes the log that merchants read."""

from typing import Any, cast

from sqlalchemy import ColumnElement, Table, exists, insert, select

from app import together
from app.db import database_now, session
from app.models import LogLine, Order, Run

_LINE = insert(cast("Table", LogLine.__table__))
INFO, WARNING, ERROR = "info", "warning", "error"


def write(
    shop_id: int,
    event: str,
    message: str,
    *,
    order: Order | None = None,
    level: str = INFO,
    code: str = "",
    job_id: str = "",
    run_id: str = "",
    actor: str = "",
    details: dict[str, Any] | None = None,
) -> None:
    """Add a line. ``event`` is its kind in a word, ``message`` a sentence. The caller commits."""
    if order is not None and order.id is None:
        session().flush()
    together.add(
        _LINE,
        {
            "shop_id": shop_id,
            "at": database_now(),
            "level": level,
            "event": event,
            "order_id": order.id if order else None,
            "order_name": order.name[:64] if order else "",
            "job_id": job_id,
            "run_id": run_id,
            "kind": _kind(run_id),
            "actor": actor,
            "code": code[:32],
            "message": message,
            "details": details or {},
        },
    )


def knows(order: Order, event: str, code: str) -> bool:
    """Whether a line of this kind with this code tells of the order already."""
    return _is_there(order, event, LogLine.code == code)


def says(order: Order, event: str, message: str) -> bool:
    """Whether a line of this kind tells of the order in these words already."""
    return _is_there(order, event, LogLine.message == message)


def _is_there(order: Order, event: str, condition: ColumnElement[bool]) -> bool:
    lines = exists().where(
        LogLine.shop_id == order.shop_id, LogLine.order_id == order.id, LogLine.event == event
    )
    return bool(session().scalar(select(lines.where(condition))))


def _kind(run_id: str) -> str:
    """The kind of the run a line belongs to, by which lines are found."""
    run = session().get(Run, run_id) if run_id else None
    return run.kind if run is not None else ""
