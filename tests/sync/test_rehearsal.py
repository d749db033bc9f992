"""What a worker goes through before its first job."""

from pathlib import Path
from typing import Any

from sqlalchemy import event, inspect, text
from sqlalchemy.engine.interfaces import CacheStats

from app import create_app
from app.db import db
from app.models import Shop
from app.sync.drain import drain
from app.sync.rehearsal import rehearse
from tests.world import World, config_for


def _everything(world: World) -> dict[str, list[tuple[object, ...]]]:
    with world.app.app_context():
        names = sorted(inspect(db.engine).get_table_names())
        return {
            name: sorted(map(tuple, db.session.execute(text(f"SELECT * FROM {name}"))), key=repr)
            for name in names
        }


def test_a_rehearsal_changes_nothing(world: World) -> None:
    before = _everything(world)
    with world.app.app_context():
        rehearse()
    assert _everything(world) == before


def test_a_drain_afterwards_finds_its_statements_worked_out(world: World) -> None:
    new: list[str] = []

    def note(*given: Any) -> None:
        _, _, statement, _, context, _ = given
        if context.cache_hit is CacheStats.CACHE_MISS:
            new.append(statement)

    with world.app.app_context():
        (shop,) = db.session.query(Shop)
        shop_id = shop.id
        db.engine.clear_compiled_cache()
        rehearse()
        event.listen(db.engine, "before_cursor_execute", note)
        assert drain(shop_id, 1.0)
        event.remove(db.engine, "before_cursor_execute", note)
    assert new == []


def test_a_database_without_tables_is_no_reason_not_to_begin(
    tmp_path: Path, redis_url: str
) -> None:
    app = create_app(
        config_for(database_url=f"sqlite:///{tmp_path / 'empty.db'}", redis_url=redis_url)
    )
    with app.app_context():
        rehearse()
