"""Orders whose fulfilment Shopify has scheduled for later: they say so, and go when it is ready."""

import html
from datetime import UTC, datetime, timedelta

import pytest

from app.db import database_now, session
from app.models import Owed
from tests.world import World, number

WAITS = "Fulfilment is scheduled for later in Shopify."


@pytest.fixture
def scheduled(automatic: World) -> str:
    """A pre-order for three mugs that was placed while automatic processes are on."""
    gid = automatic.order(lines=[{"sku": "MUG-WHITE", "quantity": 3}], fulfill_at=_in_days(14))
    automatic.settle()
    return gid


def _in_days(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).replace(microsecond=0).isoformat()


def test_it_waits_and_says_why(automatic: World, scheduled: str) -> None:
    assert _waits(automatic, scheduled)
    page = automatic.api_answer("GET", f"/orders/{number(scheduled)}")
    assert WAITS in html.unescape(page.text)
    gates = automatic.api("GET", f"/api/orders/status?id={scheduled}")["gates"]
    kept = {gate["gate"]: gate["message"] for gate in gates if gate["keeps"]}
    assert kept == {"hold": WAITS}
    assert automatic.log("waiting") == [f"Not sent. {WAITS}"]


def test_a_persons_send_does_not_override_it(automatic: World, scheduled: str) -> None:
    asked = automatic.send(scheduled)["run"]
    automatic.settle()
    (item,) = automatic.api("GET", f"/api/runs/{asked}")["items"]
    assert (item["outcome"], item["reason"], item["message"]) == ("skipped", "hold", WAITS)
    assert _waits(automatic, scheduled)


def test_it_goes_by_itself_once_it_is_ready(automatic: World, scheduled: str) -> None:
    automatic.change(scheduled, "ready")
    automatic.settle()
    _has_gone(automatic, scheduled)


def test_it_goes_on_waiting_when_it_is_scheduled_for_another_day(
    automatic: World, scheduled: str
) -> None:
    automatic.change(scheduled, "reschedule", fulfill_at=_in_days(30))
    automatic.settle()
    assert _waits(automatic, scheduled)
    automatic.change(scheduled, "ready")
    automatic.settle()
    _has_gone(automatic, scheduled)


def test_it_is_looked_at_when_its_time_comes_should_nobody_tell(
    automatic: World, scheduled: str
) -> None:
    automatic.shopify_fails({"where": "webhook", "do": "drop_before"})
    automatic.change(scheduled, "ready")
    automatic.settle()
    assert _waits(automatic, scheduled)
    _time_comes(automatic)
    automatic.settle()
    _has_gone(automatic, scheduled)


def test_it_is_looked_at_later_again_should_shopify_be_late(
    automatic: World, scheduled: str
) -> None:
    automatic.shopify_fails({"where": "webhook", "do": "drop_before"})
    automatic.change(scheduled, "reschedule", fulfill_at=_in_days(-1))
    _time_comes(automatic)
    automatic.settle()
    assert _waits(automatic, scheduled)
    assert timedelta(minutes=59) < _until_the_look(automatic) < timedelta(hours=1)
    assert automatic.log("waiting") == [f"Not sent. {WAITS}"]


def _time_comes(world: World) -> None:
    """Let the day have come for which it was scheduled."""
    left = _until_the_look(world)
    assert timedelta(days=14) < left < timedelta(days=14, minutes=2)
    with world.app.app_context():
        session().query(Owed).filter_by(effect="read").update({"due_at": database_now()})
        session().commit()


def _until_the_look(world: World) -> timedelta:
    """How long it is until the order is read again."""
    with world.app.app_context():
        due_at = session().query(Owed).filter_by(effect="read").one().due_at
        left = due_at - database_now()
        session().rollback()
    return left


def test_what_is_not_scheduled_does_not_wait_for_the_rest(automatic: World, scheduled: str) -> None:
    automatic.change(scheduled, "ready")
    later = automatic.order(lines=[{"sku": "MUG-WHITE", "quantity": 1}], fulfill_at=_in_days(14))
    automatic.settle()
    _has_gone(automatic, scheduled)
    assert automatic.state_tags(later) == ["wms-no-sync"]


def _waits(world: World, gid: str) -> bool:
    """Whether nothing of it was sent, and its tag and its reason say that it waits."""
    row = world.row(gid)
    told = (row["reason"], row["message"]) == ("hold", WAITS)
    return told and world.state_tags(gid) == ["wms-no-sync"] and world.batches() == []


def _has_gone(world: World, gid: str) -> None:
    (part,) = world.shopify_order(gid)["fulfillment_orders"]
    assert world.applied() == [(part["id"], 1)]
    assert world.state_tags(gid) == ["wms-synced"]
    assert (world.row(gid)["reason"], world.row(gid)["message"]) == ("", "")
