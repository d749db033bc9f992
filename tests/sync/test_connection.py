"""The connection to the warehouse: tested, refused, unreachable, another account."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.db import session
from app.models import Connection, LogLine, OutboundOrder, Owed
from app.sync import breaker
from tests.world import World


def test_a_refused_token_pauses_sending_keeps_the_work_and_resumes(world: World) -> None:
    gid = world.order()
    world.settle()
    path = f"/sandbox/connectors/{world.connector['id']}/rotate-token"
    fresh = world.wms.ask("POST", path)["token"]
    run = world.api("POST", "/api/orders/send", ids=[gid])["run"]
    assert world.api("GET", f"/api/runs/{run}")["paused"] is None
    world.until(lambda: status(world) == "refused", "the refusal noticed")
    told = world.api("GET", f"/api/runs/{run}")
    assert (told["state"], told["done"]) == ("running", 0)
    assert told["paused"]["message"].startswith("Token refused.")
    assert world.state_tags(gid) in (["wms-no-sync"], ["wms-syncing"])
    refusal = world.api_answer("POST", "/api/orders/send", ids=[gid])
    assert refusal.status_code == 409
    assert "Token refused" in refusal.json()["error"]
    connection = {"label": "W", "app_url": world.connector["app_url"], "automatic": False}
    world.api("PUT", "/api/connection", token=fresh, **connection)
    assert world.api("POST", "/api/connection/test")["ok"]
    world.settle()
    assert world.state_tags(gid) == ["wms-synced"]
    assert len(world.applied()) == 1
    told = world.api("GET", f"/api/runs/{run}")
    assert (told["state"], told["paused"]) == ("done", None)


def test_an_unreachable_warehouse_is_rested_and_found_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(breaker, "_FIRST_REST", timedelta(minutes=5))
    gid = world.order()
    world.settle()
    world.warehouse_fails({"where": "any", "do": "drop_before"})
    world.send(gid)
    world.until(lambda: status(world) == "unreachable", "the outage noticed")
    opened = world.until(lambda: column(world, "open_until"), "the breaker open")
    assert opened is not None
    requests = len(world.wms.ask("GET", "/sandbox/ledger?kind=request"))
    world.drain()
    world.drain()
    assert len(world.wms.ask("GET", "/sandbox/ledger?kind=request")) == requests
    world.warehouse_fails()
    with world.app.app_context():
        row = session().query(Connection).one()
        row.open_until -= timedelta(minutes=5) - timedelta(seconds=5)
        session().commit()
    world.until(lambda: tags(world, gid) == ["wms-synced"], "synced after all")
    assert status(world) == "established"
    assert len(world.applied()) == 1


def test_another_account_at_the_same_address_waits_for_a_person(world: World) -> None:
    gid = world.order()
    world.settle()
    world.send(gid)
    world.settle()
    other = world.wms.ask("POST", "/sandbox/connectors", label="Other", account="NEWCO")
    connection = {"label": "W", "automatic": True}
    world.api(
        "PUT", "/api/connection", app_url=other["app_url"], token=other["token"], **connection
    )
    verdict = world.api("POST", "/api/connection/test")
    assert (verdict["ok"], verdict["status"]) == (False, "other_account")
    assert "NEWCO" in verdict["message"]
    assert world.api_answer("POST", "/api/orders/send", ids=[gid]).status_code == 409
    world.api("POST", "/api/connection/confirm")
    world.api("POST", "/api/connection/test")
    world.settle()
    assert len(world.applied()) == 1, "nothing is sent again by itself"
    assert [o["archived"] for o in world.row(gid)["outbound"]] == [True]
    assert world.state_tags(gid) == ["wms-synced"]
    world.change(gid, "edit", note="Changed after the move")
    world.settle()
    assert len(world.applied()) == 1, "an edit neither"
    world.send(gid)
    world.settle()
    assert [o["generation"] for o in world.row(gid)["outbound"]] == [1, 2]
    assert world.state_tags(gid) == ["wms-synced"]


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("garbage", "isn't the connector API's: it is"),
        ("redirect", "redirects"),
        ("huge", "far too long"),
    ],
)
def test_an_answer_that_is_not_the_contract_is_named_and_passes_by_itself(
    world: World, fault: str, said: str
) -> None:
    gid = world.order()
    world.settle()
    world.warehouse_fails({"where": "connection", "do": fault})
    verdict = world.api("POST", "/api/connection/test")
    assert (verdict["ok"], verdict["status"]) == (False, "unusable")
    assert said in verdict["message"]
    assert verdict["message"].count(". ") >= 1
    assert "http" not in verdict["message"].lower().replace("https", "")
    assert column(world, "status_message") == verdict["message"]
    page = world.http.call("GET", "/", params={"shop": "x", "id_token": world.id_token()}).text
    assert "No usable answer since" in page
    assert "Token refused" not in page
    world.warehouse_fails()
    world.api("POST", "/api/jobs/cancellations/run")
    world.until(lambda: status(world) == "established", "mended by the next good answer")
    world.send(gid)
    world.settle()
    assert world.state_tags(gid) == ["wms-synced"]


def test_an_outage_does_not_hide_that_the_token_is_refused(world: World) -> None:
    path = f"/sandbox/connectors/{world.connector['id']}/rotate-token"
    world.wms.ask("POST", path)
    refused = world.api("POST", "/api/connection/test")
    assert (refused["ok"], refused["status"]) == (False, "refused")
    with world.app.app_context():
        session().query(Connection).one().app_url = "http://127.0.0.1:9/c/1"
        session().commit()
    assert world.api("POST", "/api/connection/test")["status"] == "unreachable"
    assert column(world, "status") == "refused"
    assert column(world, "status_message") == refused["message"]


@pytest.mark.parametrize(
    "app_url",
    ["http://10.0.0.1/", "https://192.168.1.4/c/1", "https://localhost:1/", "ftp://x", "nonsense"],
)
def test_a_private_or_senseless_app_url_is_refused_and_nothing_is_saved(
    world: World, app_url: str
) -> None:
    before = column(world, "app_url")
    body = {"label": "W", "app_url": app_url, "token": "t" * 20, "automatic": False}
    answer = world.api_answer("PUT", "/api/connection", **body)
    assert answer.status_code == 422
    assert column(world, "app_url") == before


def test_the_token_is_encrypted_and_nowhere_in_the_clear(
    make_world: Callable[..., World],
) -> None:
    world = make_world()
    world.install()
    world.connect()
    gid = world.order()
    world.settle()
    world.send(gid)
    world.settle()
    token = world.connector["token"]
    with world.app.app_context():
        engine = session().get_bind()
        raw = session().connection().exec_driver_sql("select token from connections").scalar()
        lines = [line.message + str(line.details) for line in session().query(LogLine)]
        session().rollback()
    assert engine is not None
    assert token not in raw
    assert not any(token in line for line in lines)
    page = world.http.call("GET", "/", params={"shop": "x", "id_token": world.id_token()})
    assert token not in page.text


def test_nothing_is_owed_when_the_world_is_at_rest(world: World) -> None:
    gid = world.order()
    world.settle()
    world.send(gid)
    world.settle()
    with world.app.app_context():
        assert session().query(Owed).count() == 0
        assert session().query(OutboundOrder).one().state == "accepted"
        session().rollback()


def status(world: World) -> str:
    """The connection's status, after doing what is due."""
    world.drain()
    return str(column(world, "status"))


def column(world: World, name: str) -> object:
    """A column of the only connection."""
    with world.app.app_context():
        value = getattr(session().query(Connection).one(), name)
        session().rollback()
        return value


def tags(world: World, gid: str) -> list[str]:
    """The order's state tags after doing what is due."""
    world.drain()
    return world.state_tags(gid)
