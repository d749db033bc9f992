"""Goes through what every job asks the database, before jobs are forked.

SQLAlchemy works a statement out once in a process; a process forked afterwards has it at hand.
"""

from contextlib import suppress

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app.db import Base, database_now, db, session
from app.domain.states import Effect
from app.models import Batch, Shop
from app.sync import batches, claims, drain, situations, tags
from app.sync.outside import usable_token
from app.sync.overtaken import before_reading
from app.sync.send import oldest_first

_log = structlog.get_logger()
_NOBODY = Shop(id=0)
_NOTHING = Batch(id="", shop_id=0)
_CLAIM = claims.Claim(0, "0", "", 1, False, "default", None)  # type: ignore[arg-type]


def rehearse() -> None:
    """Look for the work of a shop that there is not. Nothing is changed, no connection is kept, and
    a database that is not there yet is no reason not to begin."""
    for mapper in Base.registry.mappers:
        select(mapper.class_).compile(dialect=db.engine.dialect)
    try:
        _look_around()
    except SQLAlchemyError as error:
        _log.warning("not_rehearsed", error=str(error).splitlines()[0])
    finally:
        session().rollback()
        db.engine.dispose()


def _look_around() -> None:
    drain.present(_NOBODY.id)
    drain.due_effects(_NOBODY, database_now())
    situations.connection_of(_NOBODY)
    usable_token(_NOBODY)
    claims.claim(_NOBODY.id, Effect.SEND, 1)
    with suppress(claims.LeaseLost):
        claims.finish([_CLAIM])
    claims.postpone([_CLAIM], 0.0, "", hold=0.0, counts=False)
    before_reading([0])
    oldest_first([0])
    tags.orders_of([_CLAIM])
    batches.members(_NOTHING)
    batches.lines(_NOTHING)
