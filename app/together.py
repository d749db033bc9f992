"""Rows that a transaction writes together, each kind in one go, before it commits."""

from typing import Any, cast

from sqlalchemy import Executable, event
from sqlalchemy.orm import Session, SessionTransaction

from app.db import db, session

_Rows = dict[Executable, list[dict[str, Any]]]


def add(statement: Executable, row: dict[str, Any]) -> None:
    """Execute a statement with this row and all others given to it, before the transaction commits
    or a savepoint begins. Always the same statement object for the same kind of row."""
    current = session()()
    current.connection()
    _rows(current).setdefault(statement, []).append(row)


def write() -> None:
    """Write what was added so far, for what follows in this transaction to see."""
    _write(session()())


def _rows(current: Session) -> _Rows:
    transaction, rows = current.info.get("together", (None, {}))
    if transaction is not current.get_transaction():
        rows = {}
        current.info["together"] = (current.get_transaction(), rows)
    return cast("_Rows", rows)


def _write(current: Session) -> None:
    rows = _rows(current)
    with current.no_autoflush:
        for statement in list(rows):
            current.execute(
                statement, rows.pop(statement), execution_options={"synchronize_session": False}
            )


def _before_savepoint(current: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        _write(current)


def _after_rollback(current: Session, _transaction: SessionTransaction) -> None:
    current.info.pop("together", None)


event.listen(db.session, "before_commit", _write)
event.listen(db.session, "after_transaction_create", _before_savepoint)
event.listen(db.session, "after_soft_rollback", _after_rollback)
