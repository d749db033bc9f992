"""Testing a connection that is only typed: a verdict, and nothing kept."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from app.db import db
from app.models import Connection
from sandbox.serve import Server, serve
from sandbox.wms import create_app as create_wms
from tests.web.conftest import World

TEST = "/api/connection/test"


@pytest.fixture
def wms() -> Iterator[Server]:
    """A reference WMS."""
    with serve(create_wms()) as server:
        yield server


def _connector(wms: Server) -> dict[str, str]:
    made = requests.post(f"{wms.url}/sandbox/connectors", json={"label": "A"}, timeout=60).json()
    return {"app_url": made["app_url"], "token": made["token"]}


def _kept(world: World) -> list[tuple[Any, ...]]:
    with world.app.app_context():
        found = db.session.query(Connection).all()
        return [(row.app_url, row.token, row.status, row.status_message) for row in found]


def test_good_values_are_told_and_nothing_is_kept(world: World, wms: Server) -> None:
    world.install()
    answer = world.ask("POST", TEST, json=_connector(wms))
    assert answer.status_code == 200
    assert answer.json["ok"] is True
    assert answer.json["message"] == "Connection established. Reference WMS 1.0, 2 warehouses."
    assert _kept(world) == []


def test_a_wrong_token_and_a_dead_host_are_told_apart(shop_a: World, wms: Server) -> None:
    before = _kept(shop_a)
    wrong = {**_connector(wms), "token": "wrong"}
    refused = shop_a.ask("POST", TEST, json=wrong).json
    assert (refused["ok"], refused["status"]) == (False, "refused")
    assert refused["message"].startswith("Token refused.")
    dead = shop_a.ask("POST", TEST, json={"app_url": "http://127.0.0.1:9/c/2", "token": "x"}).json
    assert (dead["ok"], dead["status"]) == (False, "unreachable")
    assert dead["message"].startswith("Unreachable. Nothing answered at 127.0.0.1")
    assert _kept(shop_a) == before


def test_another_account_is_told_before_it_is_saved(world: World, wms: Server) -> None:
    world.install()
    world.connect(account="OLD")
    before = _kept(world)
    answer = world.ask("POST", TEST, json=_connector(wms)).json
    assert (answer["ok"], answer["status"]) == (False, "other_account")
    assert "OLD" in answer["message"]
    assert _kept(world) == before


def test_a_warehouse_without_a_warehouse_is_of_no_use(world: World, wms: Server) -> None:
    world.install()
    connector = _connector(wms)
    requests.put(f"{wms.url}/sandbox/settings", json={"warehouses": []}, timeout=60)
    for body in (connector, {}):
        answer = world.ask("POST", TEST, json=body).json
        assert (answer["ok"], answer["status"]) == (False, "unusable")
        assert answer["message"].startswith("The WMS names no warehouse.")
        if body:
            world.connect(**{**connector, "account": ""})
    assert _kept(world)[0][2] == "unusable"


def test_what_is_left_out_is_that_of_the_connection_there_is(world: World, wms: Server) -> None:
    world.install()
    connector = _connector(wms)
    world.connect(**{**connector, "status": "never_tested", "account": ""})
    moved = {"app_url": f"{connector['app_url']}/"}
    assert world.ask("POST", TEST, json=moved).json["ok"] is True
    assert _kept(world)[0][2] == "established", "it is the connection there is"
    answer = world.ask("POST", TEST, json={"token": "other"})
    assert answer.json["status"] == "refused"
    assert _kept(world)[0][1:3] == (connector["token"], "established")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"app_url": "", "token": "x"}, "app_url"),
        ({"app_url": "wms", "token": "x"}, "app_url"),
        ({"app_url": "http://wms.example.com", "token": "x"}, "app_url"),
        ({"app_url": "https://10.0.0.1", "token": "x"}, "app_url"),
        ({"app_url": 5, "token": "x"}, "app_url"),
        ({"app_url": "https://wms.example.com", "token": ""}, "token"),
        ({"app_url": "https://wms.example.com", "token": "two words"}, "token"),
        ({"app_url": "https://wms.example.com", "token": ["x"]}, "token"),
    ],
)
def test_a_value_that_cannot_be_tried_is_refused_at_its_field(
    world: World, body: dict[str, Any], field: str
) -> None:
    world.install()
    answer = world.ask("POST", TEST, json=body)
    assert answer.status_code == 422
    assert answer.json["code"].replace("-", "_").startswith(field)
    assert _kept(world) == []


@pytest.mark.parametrize("language", ["en", "it"])
def test_an_empty_form_is_told_field_by_field_as_saving_tells_it(
    world: World, language: str
) -> None:
    world.install()
    answers = [
        world.ask(method, path, json=body, headers={"Accept-Language": language})
        for method, path in (("POST", TEST), ("PUT", "/api/connection"))
        for body in ({"label": "", "app_url": ""}, {"label": " ", "app_url": "", "token": ""})
    ]
    assert {answer.status_code for answer in answers} == {422}
    first, *others = [answer.json["errors"] for answer in answers]
    assert others == [first] * 3
    assert (
        first["app_url"]
        == {
            "en": "Enter the app URL from the connector's page.",
            "it": "Inserisci l'URL dell'app dalla pagina del connettore.",
        }[language]
    )
    assert set(first) == {"label", "app_url", "token"}
    assert _kept(world) == []


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"app_url": "https://" + "x" * 600}, {"app_url": "App URL is too long."}),
        ({"token": "x" * 3000}, {"token": "Authorization token is too long."}),
        ({"label": "x" * 81}, {"label": "Label is too long."}),
        ({"token": "a\nb"}, {"token": "Authorization token has characters"}),
        (
            {"app_url": "x" * 600, "token": "x" * 3000},
            {"app_url": "App URL is too long.", "token": "Authorization token is too long."},
        ),
    ],
)
def test_what_cannot_be_tried_is_told_beside_its_field_as_saving_tells_it(
    world: World, body: dict[str, str], told: dict[str, str]
) -> None:
    world.install()
    good = {"label": "A", "app_url": "https://wms.example.com", "token": "x"}
    for method, path in (("POST", TEST), ("PUT", "/api/connection")):
        answer = world.ask(method, path, json={**good, **body})
        assert answer.status_code == 422, method
        assert set(answer.json["errors"]) == set(told), method
        for field, words in told.items():
            assert answer.json["errors"][field].startswith(words), method
    assert _kept(world) == []


def test_what_copying_takes_along_is_left_out_by_testing_and_saving(
    world: World, wms: Server
) -> None:
    world.install()
    connector = _connector(wms)
    pasted = {"app_url": f" {connector['app_url']}/\r\n", "token": f"\t{connector['token']} \n"}
    assert world.ask("POST", TEST, json=pasted).json["ok"] is True
    saved = world.ask("PUT", "/api/connection", json={"label": " Acme\n", **pasted})
    assert saved.status_code == 200
    assert _kept(world)[0][:2] == (connector["app_url"], connector["token"])
    world.ask("POST", TEST)
    assert world.ask("POST", TEST, json=pasted).json["ok"] is True
    assert _kept(world)[0][2] == "established", "it is the connection there is"


def test_trying_a_host_over_and_over_is_bounded(shop_a: World) -> None:
    body = {"app_url": "http://127.0.0.1:9/c/2", "token": "x"}
    statuses = {shop_a.ask("POST", TEST, json=body).status_code for _ in range(31)}
    assert statuses == {200, 429}
