"""What the database shows of a shop that its people may want to be alerted about. Read only."""

from typing import Any

from sqlalchemy import Select, func, select

from app.db import session
from app.domain.alert_words import Seen
from app.domain.alerts import CONNECTION, Cause, Signs
from app.domain.settings import Alerts
from app.domain.states import Effect
from app.domain.tags import TagState
from app.models import Connection, DriftRow, Order, Owed, Shop, Trouble
from app.models.drift import OPEN
from app.sync.dead import given_up
from app.sync.drift_rows import in_words
from app.sync.situations import connection_of

# Counting stops here: more is no different.
_MOST = 10_000
_EXAMPLES = 3


def signs_of(shop: Shop, connection: Connection | None) -> Signs:
    """Look a shop over: a lookup and three counts, each by an index."""
    connected = connection is not None and bool(connection.token)
    return Signs(
        status=connection.status if connection is not None and connected else "",
        since=connection.status_since if connection is not None else None,
        errors=_count(_in_error(shop).with_only_columns(Order.id)),
        given_up=_count(_given_up(shop).with_only_columns(Owed.id)),
        drift=_count(_differing(shop).with_only_columns(DriftRow.id)),
    )


def seen(shop: Shop, wanted: Alerts, trouble: Trouble) -> Seen:
    """What the words of an alert are about."""
    connection, cause = connection_of(shop), Cause(trouble.cause)
    return Seen(
        cause,
        warehouse=connection.label if connection is not None else "",
        since=trouble.since or shop.installed_at,
        size=trouble.size,
        pile=wanted.errors,
        examples=_examples(shop, connection, cause),
        zone=shop.timezone,
    )


def _in_error(shop: Shop) -> Select[Order]:
    return select(Order).where(
        Order.shop_id == shop.id, Order.deleted.is_(False), Order.tag_state == TagState.ERROR
    )


def _given_up(shop: Shop) -> Select[Any]:
    """The dead letters, but for alerts nobody took: they would never end."""
    return given_up(shop.id).where(Owed.effect != Effect.ALERT)


def _differing(shop: Shop) -> Select[DriftRow]:
    return select(DriftRow).where(DriftRow.shop_id == shop.id, DriftRow.state == OPEN)


def _count(found: Select[int]) -> int:
    rows = found.limit(_MOST).subquery()
    return session().scalar(select(func.count()).select_from(rows)) or 0


def _examples(shop: Shop, connection: Connection | None, cause: Cause) -> tuple[str, ...]:
    """Why it is so, the newest first."""
    if cause in CONNECTION:
        return (connection.status_message,) if connection is not None else ()
    if cause is Cause.GAVE_UP:
        newest = _given_up(shop).order_by(Owed.dead_at.desc()).limit(_EXAMPLES)
        return tuple(dict.fromkeys(owed.last_error for owed in session().scalars(newest)))
    if cause is Cause.DRIFT:
        rows = _differing(shop).order_by(DriftRow.found_at.desc()).limit(_EXAMPLES)
        return tuple(f"{row.name}: {in_words(row)}" for row in session().scalars(rows))
    last = _in_error(shop).order_by(Order.placed_at.desc(), Order.id.desc()).limit(_EXAMPLES)
    return tuple(f"{order.name}: {order.message}" for order in session().scalars(last))
