"""The staff actions: what they promise, and every way to ask for nonsense."""

import json
import uuid
from collections.abc import Callable

import pytest
import redis

from app.db import db
from app.models import Order, Owed, Run
from app.web import limits
from tests.web.conftest import World
from tests.web.signing import SHOP_B

GID = "gid://shopify/Order/1001"


def test_sending_is_queued_at_once_and_calls_nobody(shop_a: World) -> None:
    shop_a.order(1001)
    answer = shop_a.ask("POST", "/api/orders/send", json={"ids": [GID, GID]})
    assert answer.status_code == 202
    assert answer.json["queued"] == 1
    assert answer.json["skipped"] == []
    with shop_a.app.app_context():
        run = db.session.get_one(Run, answer.json["run"])
        assert (run.kind, run.started_by) == ("send", "42")
        assert db.session.query(Owed).filter_by(effect="send").count() == 1


def test_sending_rings_the_staff_queue(shop_a: World, redis_url: str) -> None:
    shop_a.order(1001)
    shop_a.ask("POST", "/api/orders/send", json={"ids": [GID]})
    with redis.Redis.from_url(redis_url) as client:
        assert client.llen("rq:queue:staff") == 1


def test_an_order_never_seen_may_be_sent(shop_a: World) -> None:
    answer = shop_a.ask("POST", "/api/orders/send", json={"ids": ["gid://shopify/Order/77"]})
    assert answer.status_code == 202
    with shop_a.app.app_context():
        assert db.session.query(Order).filter_by(gid="gid://shopify/Order/77").count() == 1


def test_all_sends_what_waits(shop_a: World) -> None:
    shop_a.order(1001)
    shop_a.order(1002, tag_state="synced")
    answer = shop_a.ask("POST", "/api/orders/send", json={"all": "no-sync"})
    assert answer.status_code == 202
    assert answer.json["queued"] == 1


def test_nothing_to_send_is_an_answer(shop_a: World) -> None:
    answer = shop_a.ask("POST", "/api/orders/send", json={"all": "no-sync"})
    assert answer.status_code == 202
    assert answer.json["queued"] == 0


def test_without_a_connection_the_reason_is_said(world: World) -> None:
    world.install()
    for path in ("/api/orders/send", "/api/orders/status"):
        answer = world.ask("POST", path, json={"ids": [GID]})
        assert answer.status_code == 409
        assert "connect" in answer.json["error"].lower()
        assert answer.json["code"] == "not-connected"
    with world.app.app_context():
        assert db.session.query(Run).filter_by(kind="send").count() == 0


def test_a_refused_token_pauses_sending(world: World) -> None:
    world.install()
    world.connect(status="refused")
    answer = world.ask("POST", "/api/orders/send", json={"ids": [GID]})
    assert answer.status_code == 409
    assert "Token refused" in answer.json["error"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[" * 100_000, 400),
        (b"\xff\xfe", 400),
        (b"[]", 400),
        (b"null", 400),
        (b'"text"', 400),
        (b"", 422),
        (b"{}", 422),
        (b'{"ids": []}', 422),
        (b'{"ids": null}', 422),
        (b'{"ids": "gid://shopify/Order/1"}', 422),
        (b'{"ids": {"0": "gid://shopify/Order/1"}}', 422),
        (b'{"ids": [1]}', 422),
        (b'{"ids": [null]}', 422),
        (b'{"ids": ["1001"]}', 422),
        (b'{"ids": ["gid://shopify/Product/1"]}', 422),
        (b'{"ids": ["gid://shopify/Order/1\\u0000"]}', 422),
        (b'{"ids": ["gid://shopify/Order/\\ud800"]}', 422),
        (b'{"ids": ["gid://shopify/Order/1\\n"]}', 422),
        (b'{"ids": ["gid://shopify/Order/99999999999999999999"]}', 422),
        (b'{"all": "synced"}', 422),
        (b'{"all": true}', 422),
        (b'{"all": null}', 422),
        (b'{"all": "no-sync", "ids": ["gid://shopify/Order/1"]}', 422),
    ],
)
def test_nonsense_is_refused_in_a_sentence(shop_a: World, body: bytes, status: int) -> None:
    answer = shop_a.ask("POST", "/api/orders/send", data=body)
    assert answer.status_code == status
    assert answer.json["error"].endswith((".", "}"))
    with shop_a.app.app_context():
        assert db.session.query(Run).filter_by(kind="send").count() == 0
        assert db.session.query(Order).count() == 0


def test_more_than_250_are_too_many(shop_a: World) -> None:
    ids = [f"gid://shopify/Order/{number}" for number in range(1, 252)]
    for path in ("/api/orders/send", "/api/orders/status", "/api/orders/take-out"):
        answer = shop_a.ask("POST", path, json={"ids": ids})
        assert answer.status_code == 413
        assert "250" in answer.json["error"]
        assert shop_a.ask("POST", path, json={"ids": ids[:250]}).status_code == 202


def test_a_huge_body_is_too_large(shop_a: World) -> None:
    body = json.dumps({"ids": ["gid://shopify/Order/1"], "note": "x" * 300_000}).encode()
    answer = shop_a.ask("POST", "/api/orders/send", data=body)
    assert answer.status_code == 413
    assert answer.json["error"]


def test_wrong_methods_and_addresses_are_said_in_json(shop_a: World) -> None:
    assert shop_a.get("/api/orders/send").status_code == 405
    assert shop_a.get("/api/nowhere").status_code == 404
    assert shop_a.get("/api/nowhere").json["error"]


def test_a_run_tells_how_far_it_is(shop_a: World) -> None:
    shop_a.order(1001)
    run = shop_a.ask("POST", "/api/orders/send", json={"ids": [GID]}).json["run"]
    answer = shop_a.get(f"/api/runs/{run}")
    assert answer.status_code == 200
    assert set(answer.json) == {"state", "paused", "total", "done", "items", "next_cursor"}
    assert (answer.json["state"], answer.json["total"]) == ("running", 1)


def test_how_many_wait_to_be_sent_is_known_before(shop_a: World) -> None:
    assert shop_a.get("/api/orders/to-send").json == {"count": 0, "paused": None}
    shop_a.order(1001, tag_state="no_sync")
    shop_a.order(1002, tag_state="no_sync")
    shop_a.order(1003, tag_state="synced")
    assert shop_a.get("/api/orders/to-send").json == {"count": 2, "paused": None}


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "No warehouse is connected. Connect one on Tagdock's home page."),
        ("it", "Nessun magazzino è collegato. Collegane uno nella Home di Tagdock."),
    ],
)
def test_that_nothing_goes_for_now_is_known_before(world: World, language: str, told: str) -> None:
    world.install()
    answer = world.get("/api/orders/to-send", headers={"Accept-Language": language})
    assert answer.json == {"count": 0, "paused": {"message": told}}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"/api/runs/{uuid.UUID(int=1)}", 404),
        ("/api/runs/1", 404),
        ("/api/orders/status", 422),
        ("/api/orders/status?id=1001", 422),
        ("/api/orders/status?id=gid://shopify/Order/404", 404),
    ],
)
def test_unknown_runs_and_orders_are_refused(shop_a: World, path: str, status: int) -> None:
    answer = shop_a.get(path)
    assert answer.status_code == status
    assert answer.json["error"]


@pytest.mark.parametrize("cursor", ["x", "-1", "9" * 40, "1.5", "%00", "é"])
def test_a_cursor_that_is_not_ours_is_refused(shop_a: World, cursor: str) -> None:
    run = shop_a.ask("POST", "/api/orders/send", json={"all": "no-sync"}).json["run"]
    assert shop_a.get(f"/api/runs/{run}?cursor={cursor}").status_code == 422


def test_the_status_of_an_order_names_its_gates(shop_a: World) -> None:
    shop_a.order(1001, tag_state="synced")
    answer = shop_a.get(f"/api/orders/status?id={GID}")
    assert answer.status_code == 200
    assert set(answer.json) >= {"state", "job", "message", "gates"}
    assert answer.json["state"] == "synced"
    assert {"gate", "ok", "message"} <= set(answer.json["gates"][0])


def test_the_status_of_an_order_says_where_its_gates_are_mended(world: World) -> None:
    world.install()
    world.order(1001)
    gates = world.get(f"/api/orders/status?id={GID}").json["gates"]
    found = {gate["gate"]: gate["address"] for gate in gates}
    assert found["connection"] == "/settings/connection"
    assert {address for gate, address in found.items() if gate != "connection"} == {""}
    assert world.get(found["connection"]).status_code == 200


def test_the_status_of_an_order_lists_its_warehouse_orders(world: World) -> None:
    world.install()
    connection = world.connect()
    order = world.order(1001, tag_state="error", reason="sku-unknown")
    split = {"external_id": "gid://shopify/FulfillmentOrder/1", "state": "accepted"}
    split |= {"sent_revision": 3, "confirmed_revision": 2, "job_id": "7f3c"}
    world.outbound(order, connection, **split)
    unsent = {"external_id": "gid://shopify/FulfillmentOrder/2", "state": "planned"}
    world.outbound(order, connection, **unsent, warehouse="")
    world.outbound(order, connection, external_id="gid://shopify/Old/3", archived=True)
    told = world.get(f"/api/orders/status?id={GID}").json
    assert (told["path"], told["reason"]) == ("/orders/1001", "sku-unknown")
    keys = ("external_id", "warehouse", "revision", "state", "job")
    assert [tuple(each[key] for key in keys) for each in told["warehouse_orders"]] == [
        ("gid://shopify/FulfillmentOrder/1", "WH-1", 2, "accepted", "7f3c"),
        ("gid://shopify/FulfillmentOrder/2", None, None, "planned", None),
    ]
    assert world.get(told["path"]).status_code == 200


def test_taking_out_stops_automation(shop_a: World) -> None:
    order_id = shop_a.order(1001)
    assert shop_a.ask("POST", "/api/orders/take-out", json={"ids": [GID]}).status_code == 202
    with shop_a.app.app_context():
        assert db.session.get_one(Order, order_id).tracked is False


def test_the_same_order_of_two_shops_stays_apart(shop_a: World) -> None:
    shop_a.install(SHOP_B)
    shop_a.connect(SHOP_B)
    shop_a.order(1001)
    other = shop_a.order(1001, domain=SHOP_B)
    shop_a.ask("POST", "/api/orders/take-out", json={"ids": [GID]})
    with shop_a.app.app_context():
        assert db.session.get_one(Order, other).tracked is True


def test_too_many_calls_are_slowed_down_by_shop(
    world_with: Callable[..., World], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "CALLS", "5 per minute")
    world = world_with()
    world.install()
    world.install(SHOP_B)
    path = "/api/orders/status?id=x"
    assert [world.get(path).status_code for _ in range(6)] == [422] * 5 + [429]
    refused = world.get(path)
    assert int(refused.headers["Retry-After"]) >= 1
    assert refused.json["error"]
    assert world.get(path, shop=SHOP_B).status_code == 422
    assert world.get("/").status_code == 200
