"""Holds a deployment to its tag prefix: once there are orders, they carry it in Shopify.

The state tags of another prefix would be strangers there: nobody would take them off.
"""

from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app.config import ConfigError
from app.db import db, dialect, insert_into, reading, session
from app.models import Order
from app.models.deployment import ONLY, Deployment
from app.sync.engine import atomically
from app.sync.outside import settings

_HELD = "tagdock_tag_prefix"


def hold_at_boot() -> None:
    """Do so before the process begins; it keeps no connection, for it may fork. A database that is
    not there yet, or has no tables, is no reason not to begin: the first job looks again."""
    try:
        hold()
    except SQLAlchemyError:
        session().rollback()
    finally:
        session().remove()
        db.engine.dispose()


def hold() -> None:
    """Raise ConfigError where TAG_PREFIX is not what the orders carry; without orders the prefix
    that is set is written down. Looks once in a process."""
    if current_app.extensions.get(_HELD):
        return
    given = settings().tag_prefix
    with reading():
        kept = session().scalar(select(Deployment.tag_prefix))
    session().rollback()
    if kept != given:
        kept = atomically(lambda: _keep(given))
    if kept != given:
        raise ConfigError(
            f"TAG_PREFIX is {given}, but orders carry tags that begin with {kept}-."
            f" Set TAG_PREFIX={kept}."
        )
    current_app.extensions[_HELD] = True


def _keep(given: str) -> str:
    """Write the prefix down, unless there are orders with another; returns the one that holds."""
    row = insert_into(Deployment.__table__, dialect()).values(id=ONLY, tag_prefix=given)
    session().execute(row.on_conflict_do_nothing())
    kept = session().get_one(Deployment, ONLY, populate_existing=True)
    if kept.tag_prefix != given and not session().scalar(select(Order.id).limit(1)):
        kept.tag_prefix = given
    return kept.tag_prefix
