"""Whether the database has every migration of this release."""

from functools import cache

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app

from app.db import reading, session

_MIGRATED = "tagdock_migrated"


def is_migrated() -> bool:
    """Ask the database, until it once has them, in a transaction of its own.

    Raises SQLAlchemyError when it doesn't answer.
    """
    if current_app.extensions.get(_MIGRATED):
        return True
    try:
        with reading():
            found = MigrationContext.configure(session().connection()).get_current_heads()
    finally:
        session().rollback()
    current_app.extensions[_MIGRATED] = found == (_newest(),)
    return bool(current_app.extensions[_MIGRATED])


@cache
def _newest() -> str | None:
    return ScriptDirectory(current_app.extensions["migrate"].directory).get_current_head()
