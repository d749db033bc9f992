"""What the database of a running deployment says, read beside the app and changed by nobody."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import create_engine, text


class Books:
    """A reader of one database."""

    def __init__(self, address: str) -> None:
        self._engine = create_engine(address)

    def rows(self, query: str, **values: Any) -> list[dict[str, Any]]:
        """The rows of a query."""
        with self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(text(query), values).mappings()]

    def change(self, statement: str, **values: Any) -> None:
        """Change something as only an operator with a database console could."""
        with self._engine.begin() as connection:
            connection.execute(text(statement), values)

    def count(self, query: str, **values: Any) -> int:
        """The one number a query gives."""
        with self._engine.connect() as connection:
            return int(connection.execute(text(query), values).scalar_one())

    @contextmanager
    def holding(self, query: str) -> Iterator[None]:
        """Hold the locks that a query takes."""
        with self._engine.connect() as connection:
            connection.execute(text(query))
            yield
            connection.rollback()

    def waiting_for_locks(self) -> int:
        """How many processes wait for somebody's lock (PostgreSQL)."""
        return self.count("SELECT count(*) FROM pg_locks WHERE NOT granted")

    def owed(self) -> list[tuple[str, str, int, str]]:
        """Everything that is owed, dead letters included: effect, subject, attempts, last error."""
        found = self.rows(
            "SELECT effect, subject_type, subject_id, attempts, last_error, dead_at FROM owed"
        )
        return [
            (
                f"{row['effect']}{' (dead)' if row['dead_at'] else ''}",
                f"{row['subject_type']} {row['subject_id']}",
                row["attempts"],
                row["last_error"],
            )
            for row in found
        ]

    def leases(self) -> set[str]:
        """The claims that somebody holds, or held when he died."""
        found = self.rows("SELECT lease_token FROM owed WHERE lease_token IS NOT NULL")
        return {row["lease_token"] for row in found}

    def is_posting(self) -> int:
        """How many batches are written down without an outcome."""
        return self.count("SELECT count(*) FROM batches WHERE state = 'posting'")

    def is_tagging(self) -> int:
        """How many orders have a tag announced that was not read back."""
        return self.count("SELECT count(*) FROM orders WHERE tag_pending <> ''")

    def close(self) -> None:
        """Let go of the connections."""
        self._engine.dispose()
