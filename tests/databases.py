"""PostgreSQL databases for tests: made from a template, emptied rather than made anew."""

import uuid

import psycopg

from app.db import db
from sandbox.services import Server

_GO = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
_BYTES = (
    "SELECT sum(pg_relation_size(oid)) FROM pg_class"
    " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
)
_COUNT_FROM_ONE = (
    "SELECT setval(format('%I', sequencename)::regclass, start_value, false) FROM pg_sequences"
)
# Up to this size deleting rows is faster than truncating tables.
_FEW_BYTES = 4_000_000


class Databases:
    """Makes, empties and removes databases on a PostgreSQL server."""

    def __init__(self, server: Server) -> None:
        self._address = _plain(server.url)

    def create(self, template: str = "template0") -> str:
        """Make a database, empty or a copy of ``template``; returns its SQLAlchemy address."""
        name = f"test_{uuid.uuid4().hex[:12]}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        base = self._address.rsplit("/", 1)[0].replace("postgresql://", "postgresql+psycopg://", 1)
        return f"{base}/{name}"

    def empty(self, address: str) -> None:
        """Remove all rows of a database made here, whoever is still connected."""
        tables = [table.name for table in reversed(db.metadata.sorted_tables)]
        with psycopg.connect(_plain(address), autocommit=True) as connection:
            connection.execute(_GO)
            size = connection.execute(_BYTES).fetchone()
            if size and size[0] > _FEW_BYTES:
                connection.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
            connection.execute("; ".join(f"DELETE FROM {table}" for table in tables))
            connection.execute(_COUNT_FROM_ONE)

    def drop(self, address: str) -> None:
        """Remove a database made here, whoever is still connected."""
        name = address.rsplit("/", 1)[1]
        self._run(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        with psycopg.connect(self._address, autocommit=True) as connection:
            connection.execute(statement)


def _plain(address: str) -> str:
    return address.replace("postgresql+psycopg://", "postgresql://", 1)
