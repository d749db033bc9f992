"""Tagdock keeps Shopify orders in step with a warehouse; order tags show the state."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from app.config import Config

ROOT = Path(__file__).resolve().parent.parent


def create_app(config: Config) -> Flask:
    """Build the application that the web, the workers and the command line share.

    ``config`` is complete and checked. Nothing is contacted here: the database and Redis are first
    used by the first request or job.
    """
    from flask import Flask

    app = Flask(__name__, root_path=str(ROOT / "app" / "web"), instance_path=str(ROOT / "instance"))
    app.config.from_mapping(
        TAGDOCK=config,
        SECRET_KEY=config.secret_key,
        SQLALCHEMY_DATABASE_URI=_database_uri(config),
        # A failing statement is logged without its values: they may be a customer's.
        SQLALCHEMY_ENGINE_OPTIONS={"pool_pre_ping": True, "hide_parameters": True},
        MAX_CONTENT_LENGTH=5 * 1024 * 1024,
    )
    _open_database(app, config)
    _register_web(app)
    return app


def _database_uri(config: Config) -> str:
    """Anchor a relative SQLite path at the project, whatever folder the process starts in."""
    prefix = "sqlite:///"
    path = config.database_url.removeprefix(prefix)
    if not config.database_url.startswith(prefix) or path.startswith(("/", ":memory:")):
        return config.database_url
    file = ROOT / path
    _make_folder(file.parent)
    return f"{prefix}{file}"


def _make_folder(folder: Path) -> None:
    from app.config import ConfigError

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(
            f"DATABASE_URL leads to a folder that can't be made: {error.strerror}. Give an"
            " existing folder, such as sqlite:////srv/tagdock/tagdock.db."
        ) from None


def _open_database(app: Flask, config: Config) -> None:
    from flask_migrate import Migrate

    from app import models  # noqa: F401  (their tables must be known)
    from app.db import Secret, db, prepare

    Secret.unlock(config.encryption_keys)
    db.init_app(app)
    Migrate(  # type: ignore[no-untyped-call]
        app, db, directory=str(ROOT / "migrations"), render_as_batch=True
    )
    with app.app_context():
        prepare(db.engine)


def _register_web(app: Flask) -> None:
    from app import cli, web

    web.register(app)
    cli.register(app)
