"""How Alembic reaches the database: through the app's own engine."""

from alembic import context
from flask import current_app

import app.models  # noqa: F401  (their tables must be known)

extension = current_app.extensions["migrate"].db


def render_item(kind: str, item: object, autogen: object) -> str | bool:
    """Write our column types by what they are in the database."""
    if kind == "type" and type(item).__module__ == "app.db":
        autogen.imports.add("from app.db import Secret, UtcDateTime")
        return f"{type(item).__name__}()"
    return False


def run() -> None:
    """Run the migrations in one transaction each, on an engine of the app."""
    with extension.engine.connect() as connection:
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
