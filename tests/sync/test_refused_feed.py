"""A feed that the warehouse refuses: given up once, tried again by the jobs, in nobody's way."""

from typing import Any

import pytest

from app.db import session
from app.models import Connection, Owed, Run, Shipment
from app.sync import feeds
from tests.sync.test_broken_feed import asked, broken, by_schedule, looks, mark
from tests.sync.test_fulfil import fulfilled, sent
from tests.sync.warehouse_hand import at_warehouse
from tests.world import World

_UNREAD = "The warehouse's cancellations can't be read; everything else goes on."
_AGAIN = "The warehouse's cancellations can be read again."


def given_up(world: World) -> list[tuple[str, str]]:
    """The dead letters: what they are about, and the effect."""
    with world.app.app_context():
        rows = session().query(Owed).filter(Owed.dead_at.is_not(None))
        found = [(row.subject_type, row.effect) for row in rows]
        session().rollback()
        return found


def counts(world: World) -> dict[str, Any]:
    """What the run that was started last has counted."""
    with world.app.app_context():
        run = session().query(Run).order_by(Run.started_at.desc()).first()
        assert run is not None
        found = dict(run.counts)
        session().rollback()
        return found


def untold(world: World) -> None:
    """From now on the warehouse calls nobody."""
    world.warehouse_fails({"where": "any", "do": "no_callback", "times": None})


@pytest.mark.parametrize("status", [404, 400])
def test_refused_cancellations_do_not_keep_returns_from_being_read(
    shop: World, status: int
) -> None:
    broken(shop, "cancellations", value=status)
    before = mark(shop)
    for _ in range(3):
        outcome, message = by_schedule(shop, "cancellations")
        assert (outcome, message.startswith(_UNREAD)) == ("failed", True)
    assert asked(shop, before).count("returns") == 3
    assert given_up(shop) == [("cancellations", "feed")], "once, however many runs"
    assert len([line for line in shop.log("feed") if line.startswith(_UNREAD)]) == 1
    assert len(shop.log("gave_up")) == 1
    shop.warehouse_fails()
    assert by_schedule(shop, "cancellations") == ("done", "")
    shop.settle()
    assert (given_up(shop), looks(shop), shop.log("feed")[-1]) == ([], [], _AGAIN)


def test_refused_shipments_do_not_keep_known_ones_from_shopify(shop: World) -> None:
    gid, name = sent(shop)
    at_warehouse(shop, "ship", name)
    shop.settle()
    assert len(fulfilled(shop, gid)) == 1
    with shop.app.app_context():
        session().query(Shipment).update({"settled": False})
        session().commit()
    broken(shop, "shipments", value=404)
    assert by_schedule(shop, "export_shipped_orders")[0] == "failed"
    assert counts(shop)["waiting"] == 1
    shop.settle()
    with shop.app.app_context():
        assert session().query(Shipment).one().settled
        session().rollback()
    assert given_up(shop) == [("shipments", "feed")]


def test_what_is_left_of_the_others_is_read_on(
    shop: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    pairs = [sent(shop) for _ in range(3)]
    shop.settle()
    untold(shop)
    for _, name in pairs:
        at_warehouse(shop, "ship", name)
    broken(shop, "cancellations", value=400)
    monkeypatch.setattr("app.wms.http._PAGE", 1)
    monkeypatch.setattr(feeds, "_SECONDS", 0.0)
    with shop.app.app_context():
        row = session().query(Connection).one()
        feeds.owe_look(row.shop_id, row.id)
        session().commit()
    shop.settle()
    assert [len(fulfilled(shop, gid)) for gid, _ in pairs] == [1, 1, 1]
