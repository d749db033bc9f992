"""/readyz: whether the process can work, and what is missing if it can't."""

from pathlib import Path

import pytest
from flask_migrate import downgrade, upgrade

from app import create_app
from tests.web.conftest import World, make_config, stop

MIGRATED = {"database": "ok", "redis": "ok", "secrets": "ok"}
TOKEN = "open sesame, please"
NOT_MIGRATED = {"database": "not migrated", "redis": "ok"}


def test_a_database_is_ready_once_it_has_every_migration(
    empty_database_url: str, redis_url: str
) -> None:
    world = World(create_app(make_config(empty_database_url, redis_url)))
    try:
        answer = world.client.get("/readyz")
        assert (answer.status_code, answer.json) == (503, NOT_MIGRATED)
        with world.app.app_context():
            upgrade()
            downgrade(revision="-1")
        assert world.client.get("/readyz").json == NOT_MIGRATED
        with world.app.app_context():
            upgrade()
        answer = world.client.get("/readyz")
        assert (answer.status_code, answer.json) == (200, MIGRATED)
    finally:
        stop(world.app)


@pytest.mark.parametrize("path", ["/operator", "/operator/weeks.csv", "/", "/api/settings"])
def test_whatever_asks_an_unmigrated_database_names_the_command(
    empty_database_url: str, redis_url: str, path: str
) -> None:
    config = make_config(empty_database_url, redis_url, operator_token=TOKEN)
    world = World(create_app(config))
    try:
        if path.startswith("/operator"):
            answer = world.client.get(path, headers={"Authorization": f"Bearer {TOKEN}"})
        else:
            answer = world.get(path)
        assert answer.status_code == 503
        assert "Run flask --app wsgi db upgrade." in answer.text
        assert answer.headers["Retry-After"] == "5"
    finally:
        stop(world.app)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_database_that_is_away_is_unreachable(
    database_url: str, redis_url: str, tmp_path: Path
) -> None:
    world = World(create_app(make_config(f"sqlite:///{tmp_path}/none/tagdock.db", redis_url)))
    try:
        answer = world.client.get("/readyz")
        assert answer.status_code == 503
        assert answer.json == {"database": "unreachable", "redis": "ok"}
    finally:
        stop(world.app)
