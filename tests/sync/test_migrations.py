"""Migrations make exactly the tables the models describe, on either database, and can be undone."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask.testing import FlaskCliRunner
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect

from app import create_app
from app.config import ConfigError
from app.db import Base, db
from tests.world import config_for


def test_migrations_and_models_agree(empty_database_url: str) -> None:
    app = create_app(config_for(database_url=empty_database_url))
    with app.app_context():
        upgrade()
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection)
            assert compare_metadata(context, Base.metadata) == []
        downgrade(revision="base")
        assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
        db.engine.dispose()


def test_a_database_that_cannot_be_opened_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Sir or Madam, this is a letter, no database.\n" * 99)
    for path in ("none/tagdock.db", "letter.txt"):
        runner = _runner(f"sqlite:///{tmp_path / path}")
        done = runner.invoke(args=["db", "upgrade"])
        assert done.exit_code == 1
        assert done.output.startswith("Error: The database can't be opened: ")
        assert "Set DATABASE_URL to one that can" in done.output
        assert len(done.output.splitlines()) == 1


def _runner(database_url: str) -> FlaskCliRunner:
    return create_app(config_for(database_url=database_url)).test_cli_runner()


def test_a_folder_that_cannot_be_made_is_said_in_a_sentence() -> None:
    with pytest.raises(ConfigError, match=r"^DATABASE_URL leads to a folder that can't be made"):
        create_app(config_for(database_url="sqlite:///wsgi.py/tagdock.db"))
