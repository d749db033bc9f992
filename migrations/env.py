"""How Alembic reaches the database: through the app's own engine."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from click import ClickException
from flask import current_app
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DatabaseError

import app.models  # noqa: F401  (their tables must be known)

extension = current_app.extensions["migrate"].db


def render_item(kind: str, item: object, autogen: object) -> str | bool:
    """Write our column types by what they are in the database."""
    if kind == "type" and type(item).__module__ == "app.db":
        autogen.imports.add("from app.db import Secret, UtcDateTime")
        return f"{type(item).__name__}()"
    return False


@contextmanager
def tables_apart(connection: Connection) -> Iterator[None]:
    """Let no row go with another: SQLite changes a table by dropping it, and what belongs to its
    rows would be deleted with them. Set outside a transaction, where alone it counts."""
    if connection.dialect.name != "sqlite":
        yield
        return
    raw = connection.connection.dbapi_connection
    raw.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        raw.execute("PRAGMA foreign_keys = ON")


def opened() -> Connection:
    """A connection; raise ClickException, which ends the command with its sentence, without one."""
    try:
        return extension.engine.connect()
    except DatabaseError as error:
        raise ClickException(
            f"The database can't be opened: {str(error.orig).splitlines()[0]}."
            " Set DATABASE_URL to one that can: an existing folder for SQLite, a server that"
            " answers for PostgreSQL."
        ) from None


def run() -> None:
    """Run the migrations in one transaction each, on an engine of the app."""
    with opened() as connection, tables_apart(connection):
        context.configure(
            connection=connection,
            target_metadata=extension.metadata,
            render_as_batch=True,
            render_item=render_item,
            compare_type=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
