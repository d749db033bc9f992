"""Another warehouse account: what was under way at the old one stays there."""

from app.db import database_now, session
from app.domain.states import Effect
from app.models import Owed
from tests.world import World


def test_what_was_under_way_at_the_old_account_is_not_taken_to_the_new_one(world: World) -> None:
    world.wms.ask("PUT", "/sandbox/settings", hold_jobs=True)
    gid = world.order()
    world.settle()
    world.send(gid)
    world.until(lambda: world.drain() or is_awaiting(world, gid), "the job begun")
    other = world.wms.ask("POST", "/sandbox/connectors", label="Other", account="NEWCO")
    connection = {"label": "W", "automatic": True}
    world.api(
        "PUT", "/api/connection", app_url=other["app_url"], token=other["token"], **connection
    )
    world.api("POST", "/api/connection/test")
    world.api("POST", "/api/connection/confirm")
    world.api("POST", "/api/connection/test")
    with world.app.app_context():
        session().query(Owed).filter_by(effect=Effect.CONFIRM).update({"due_at": database_now()})
        session().commit()
    world.settle()
    assert len(world.batches()) == 1
    with world.app.app_context():
        assert session().query(Owed).filter_by(effect=Effect.CONFIRM).count() == 0
        session().rollback()


def is_awaiting(world: World, gid: str) -> bool:
    """Whether the order is in a job of the warehouse."""
    return bool(world.row(gid)["outbound"][0]["state"] == "awaiting")
