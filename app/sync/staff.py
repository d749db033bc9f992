"""The names of a store's staff: who has none yet, and what Shopify said.

An ID token carries a number alone. Shopify tells the name in answer to such a token, which lives a
minute, so it is asked while somebody is there: ``app/web/me.py``.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, or_, select, update

from app.db import database_now, dialect, insert_into, session
from app.models import StaffMember

# Names change; somebody who stays away is forgotten when nothing they did is kept any more.
FRESH = timedelta(days=30)
# After Shopify didn't say.
PATIENCE = timedelta(hours=1)
_QUIETLY = {"synchronize_session": False}


def name_of(shop_id: int, user_id: str) -> str:
    """A staff member's name; empty when it is not known."""
    known = select(StaffMember.name).where(_is(shop_id, user_id))
    return session().scalar(known) or ""


def is_due(shop_id: int, user_id: str) -> bool:
    """Whether it is time to ask Shopify for a name."""
    now = database_now()
    known = select(StaffMember.user_id).where(_is(shop_id, user_id), ~_stale(now))
    return session().scalar(known) is None


def claim(shop_id: int, user_id: str) -> bool:
    """Note that Shopify is asked for a name now; False when somebody else has just done so, or it
    is not time. The caller commits, then asks."""
    now = database_now()
    row = {"shop_id": shop_id, "user_id": user_id, "name": "", "asked_at": now}
    asking = insert_into(StaffMember.__table__, dialect()).values(row)
    claimed = asking.on_conflict_do_update(
        index_elements=["shop_id", "user_id"], set_={"asked_at": now}, where=_stale(now)
    )
    return session().scalar(claimed.returning(StaffMember.user_id)) is not None


def keep(shop_id: int, user_id: str, name: str) -> None:
    """Keep what Shopify said. The caller commits."""
    session().execute(
        update(StaffMember).where(_is(shop_id, user_id)).values(name=name),
        execution_options=_QUIETLY,
    )


def forget(shop_id: int, before: datetime, most: int) -> int:
    """Forget some of those who have not been here since; how many. The caller commits."""
    gone = select(StaffMember.user_id).where(
        StaffMember.shop_id == shop_id, StaffMember.asked_at < before - FRESH
    )
    result = session().execute(
        delete(StaffMember).where(
            StaffMember.shop_id == shop_id, StaffMember.user_id.in_(gone.limit(most))
        ),
        execution_options=_QUIETLY,
    )
    return int(getattr(result, "rowcount", 0))


def _is(shop_id: int, user_id: str) -> ColumnElement[bool]:
    return and_(StaffMember.shop_id == shop_id, StaffMember.user_id == user_id)


def _stale(now: datetime) -> ColumnElement[bool]:
    unnamed = and_(StaffMember.name == "", StaffMember.asked_at < now - PATIENCE)
    return or_(unnamed, StaffMember.asked_at < now - FRESH)
