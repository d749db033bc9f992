"""Another warehouse account: what was under way at the old one stays there."""

import pytest

from app.db import database_now, session
from app.domain.states import Effect
from app.models import Batch, Owed
from app.web.sentences import translated
from app.wms.base import BatchAnswer
from app.wms.http import ConnectorApi
from tests.world import World


def test_what_was_under_way_at_the_old_account_is_not_taken_to_the_new_one(world: World) -> None:
    world.wms.ask("PUT", "/sandbox/settings", hold_jobs=True)
    gid = world.order()
    world.settle()
    world.send(gid)
    world.until(lambda: world.drain() or is_awaiting(world, gid), "the job begun")
    change_account(world)
    with world.app.app_context():
        session().query(Owed).filter_by(effect=Effect.CONFIRM).update({"due_at": database_now()})
        session().commit()
    world.settle()
    assert len(world.batches()) == 1
    with world.app.app_context():
        assert session().query(Owed).filter_by(effect=Effect.CONFIRM).count() == 0
        session().rollback()


def test_an_answer_of_the_old_account_that_comes_last_changes_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    gid = world.order()
    world.settle()
    post = ConnectorApi.send_batch

    def changed_meanwhile(wms: ConnectorApi, key: str, body: bytes) -> BatchAnswer:
        answer = post(wms, key, body)
        change_account(world)
        return answer

    monkeypatch.setattr(ConnectorApi, "send_batch", changed_meanwhile)
    world.send(gid)
    world.settle()
    monkeypatch.undo()
    with world.app.app_context():
        assert [batch.state for batch in session().query(Batch)] == ["abandoned"]
        session().rollback()
    row = world.row(gid)
    assert (row["tag_state"], row["reason"]) == ("error", "left-behind")
    assert world.log("resend") == []
    asked = [entry["path"] for entry in world.wms.ask("GET", "/sandbox/ledger?kind=request")]
    assert not any("/jobs/" in path for path in asked)


def test_an_order_left_at_the_old_account_says_so_and_what_to_do(world: World) -> None:
    world.wms.ask("PUT", "/sandbox/settings", hold_jobs=True)
    gid = world.order()
    world.settle()
    world.send(gid)
    world.until(lambda: world.drain() or is_awaiting(world, gid), "the job begun")
    waited = world.log("waiting")
    change_account(world)
    world.settle()
    row = world.row(gid)
    assert (row["tag_state"], row["reason"]) == ("error", "left-behind")
    assert row["message"].startswith("It was sent to the earlier warehouse account, which had not")
    assert "send it again" in row["message"]
    assert translated(row["message"], "it").startswith("È stato inviato all'account precedente")
    world.change(gid, "edit", note="Once more.")
    world.settle()
    assert (world.row(gid)["reason"], world.log("left_behind")) == ("left-behind", [row["message"]])
    assert world.log("waiting") == waited, "not a word more"
    world.wms.ask("PUT", "/sandbox/settings", hold_jobs=False)
    world.send(gid)
    world.settle()
    after = world.row(gid)
    assert (after["tag_state"], after["reason"], after["message"]) == ("synced", "", "")


def test_what_the_old_account_had_accepted_is_not_in_error(world: World) -> None:
    gid = world.order()
    world.settle()
    world.send(gid)
    world.settle()
    change_account(world)
    world.settle()
    row = world.row(gid)
    assert (row["tag_state"], row["reason"]) == ("synced", "")


@pytest.mark.parametrize("how", ["tagged", "taken out, then tagged", "taken out, then added"])
def test_what_the_old_account_has_goes_to_the_new_one_when_a_person_says_so(
    world: World, how: str
) -> None:
    gid = world.order()
    world.settle()
    world.send(gid)
    world.settle()
    change_account(world)
    if how != "tagged":
        world.api("POST", "/api/orders/take-out", ids=[gid])
        world.settle()
    assert len(world.applied()) == 1
    if how == "taken out, then added":
        world.api("POST", "/api/orders/add", ids=[gid])
    else:
        world.change(gid, "tags", add=["wms-no-sync"])
    world.settle()
    row = world.row(gid)
    assert (row["tracked"], row["tag_state"], row["put_in"]) == (True, "synced", False)
    assert world.state_tags(gid) == ["wms-synced"]
    assert len(world.applied()) == 2, "once at each account"
    assert [outbound["archived"] for outbound in row["outbound"]] == [True, False]


def test_it_waits_for_a_person_to_send_it_while_nothing_goes_by_itself(world: World) -> None:
    gid = world.order()
    world.settle()
    world.send(gid)
    world.settle()
    change_account(world, automatic=False)
    world.change(gid, "tags", add=["wms-no-sync"])
    world.settle()
    row = world.row(gid)
    assert (row["tag_state"], row["reason"]) == ("no_sync", "automatic")
    assert world.state_tags(gid) == ["wms-no-sync"]
    assert len(world.applied()) == 1
    world.send(gid)
    world.settle()
    assert world.state_tags(gid) == ["wms-synced"]
    assert len(world.applied()) == 2


def change_account(world: World, *, automatic: bool = True) -> None:
    """Connect another warehouse account, and confirm that it is meant."""
    other = world.wms.ask("POST", "/sandbox/connectors", label="Other", account="NEWCO")
    connection = {"label": "W", "automatic": automatic}
    world.api(
        "PUT", "/api/connection", app_url=other["app_url"], token=other["token"], **connection
    )
    world.api("POST", "/api/connection/test")
    world.api("POST", "/api/connection/confirm")
    world.api("POST", "/api/connection/test")


def is_awaiting(world: World, gid: str) -> bool:
    """Whether the order is in a job of the warehouse."""
    return bool(world.row(gid)["outbound"][0]["state"] == "awaiting")
