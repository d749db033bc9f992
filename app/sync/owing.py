"""What is owed: rows of ``owed``, each with a counter, so that owing twice is doing once."""

from datetime import timedelta
from functools import cache

from sqlalchemy import Executable, and_, bindparam, case, not_

from app import together
from app.db import database_now, dialect, insert_into
from app.domain.states import Effect
from app.models import Owed

STAFF, DEFAULT, BULK = "staff", "default", "bulk"


def owe(
    shop_id: int,
    subject: tuple[str, str],
    effect: Effect,
    *,
    lane: str = DEFAULT,
    wait: float = 0.0,
) -> None:
    """Owe an effect to a subject (its type and id), due in ``wait`` seconds or sooner if it already
    was; what is being done now no longer counts. A dead letter comes to life again. The caller
    commits."""
    row = {
        "shop_id": shop_id,
        "subject_type": subject[0],
        "subject_id": subject[1],
        "effect": effect,
        "lane": lane,
        "due_at": database_now() + timedelta(seconds=wait),
    }
    together.add(_owing(dialect()), row)


@cache
def _owing(kind: str) -> Executable:
    """The statement that owes, put together once."""
    table = Owed.__table__
    given = ("shop_id", "subject_type", "subject_id", "effect", "lane", "due_at")
    new = {"owed_seq": 1, "claimed_seq": 0, "unfinished": False, "attempts": 0, "last_error": ""}
    statement = insert_into(table, kind).values(new | {name: bindparam(name) for name in given})
    asked, known = statement.excluded, table.c
    in_hand = and_(known.lease_token.is_not(None), known.owed_seq == known.claimed_seq)
    later = and_(not_(in_hand), known.due_at < asked.due_at)
    return statement.on_conflict_do_update(
        index_elements=["subject_type", "subject_id", "effect"],
        set_={
            "owed_seq": known.owed_seq + 1,
            "due_at": case((later, known.due_at), else_=asked.due_at),
            "lane": case((known.lane > asked.lane, known.lane), else_=asked.lane),
            "attempts": case((known.dead_at.is_not(None), 0), else_=known.attempts),
            "dead_at": None,
        },
    )
