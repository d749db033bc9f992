"""The setup API: storing, testing and switching the connection; jobs by hand."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from app.db import db
from app.models import Connection, LogLine, Run
from sandbox.serve import Server, serve
from sandbox.wms import create_app as create_wms
from tests.web.conftest import WMS_TOKEN, World
from tests.web.signing import SHOP_A

GOOD = {
    "label": "Acme",
    "app_url": "http://127.0.0.1:9/c/1",
    "token": WMS_TOKEN,
    "automatic": True,
}


@pytest.fixture
def wms() -> Iterator[Server]:
    """A reference WMS."""
    with serve(create_wms()) as server:
        yield server


def _connector(wms: Server) -> dict[str, str]:
    made = requests.post(
        f"{wms.url}/sandbox/connectors",
        json={"label": "A", "technology": "Shopify via Tagdock", "account": "ACME"},
        timeout=60,
    ).json()
    return {"app_url": made["app_url"], "token": made["token"]}


def _connection(world: World) -> Connection | None:
    return db.session.query(Connection).one_or_none()


def test_a_connection_is_stored_and_its_token_never_given_back(world: World) -> None:
    world.install()
    answer = world.ask("PUT", "/api/connection", json=GOOD)
    assert answer.status_code == 200
    assert WMS_TOKEN not in answer.text
    assert answer.json["token_stored"] is True
    with world.app.app_context():
        stored = _connection(world)
        assert stored is not None
        assert (stored.label, stored.app_url, stored.token, stored.automatic) == tuple(
            GOOD.values()
        )
        raw = db.session.execute(db.text("SELECT token FROM connections")).scalar_one()
        assert WMS_TOKEN not in raw


def test_what_is_left_out_keeps_its_value(shop_a: World) -> None:
    answer = shop_a.ask("PUT", "/api/connection", json={"label": "New name"})
    assert answer.status_code == 200
    with shop_a.app.app_context():
        stored = _connection(shop_a)
        assert stored is not None
        assert (stored.label, stored.token, stored.status) == ("New name", WMS_TOKEN, "established")


def test_the_switch_alone_may_be_set(shop_a: World) -> None:
    assert shop_a.ask("PUT", "/api/connection", json={"automatic": True}).json["automatic"] is True
    assert shop_a.ask("PUT", "/api/connection", json={"automatic": False}).status_code == 200
    with shop_a.app.app_context():
        stored = _connection(shop_a)
        assert stored is not None
        assert stored.automatic is False
        assert _by_hand("automatic") == ["42", "42"]


def test_the_log_says_who_changed_the_connection(shop_a: World) -> None:
    shop_a.ask("PUT", "/api/connection", json={"app_url": "http://127.0.0.1:9/c/2"})
    with shop_a.app.app_context():
        assert _by_hand("connection") == ["42"]


def _by_hand(event: str) -> list[str]:
    """Who did what the log tells of, each time."""
    return [line.actor for line in db.session.query(LogLine).filter_by(event=event)]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"label": ""}, "label"),
        ({"label": "x" * 200}, "label"),
        ({"label": 5}, "label"),
        ({"label": "a\x00b"}, "label"),
        ({"label": "\ud800"}, "label"),
        ({"app_url": ""}, "app_url"),
        ({"app_url": "wms"}, "app_url"),
        ({"app_url": "ftp://wms.example.com"}, "app_url"),
        ({"app_url": "https://user:pass@wms.example.com"}, "app_url"),
        ({"app_url": "http://wms.example.com"}, "app_url"),
        ({"app_url": "https://10.0.0.1/"}, "app_url"),
        ({"app_url": "https://169.254.169.254/latest"}, "app_url"),
        ({"app_url": "https://[::1]/"}, "app_url"),
        ({"app_url": "https://wms.example.com:99999"}, "app_url"),
        ({"app_url": "https://" + "x" * 600}, "app_url"),
        ({"app_url": ["https://wms.example.com"]}, "app_url"),
        ({"token": ""}, "token"),
        ({"token": 5}, "token"),
        ({"token": "two words"}, "token"),
        ({"token": "x" * 5000}, "token"),
        ({"automatic": "yes"}, "automatic"),
        ({"automatic": 1}, "automatic"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_a_wrong_value_is_refused_at_its_field(
    world: World, change: dict[str, Any], field: str
) -> None:
    world.install()
    answer = world.ask("PUT", "/api/connection", json={**GOOD, **change})
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [field]
    assert answer.json["errors"][field].endswith(".")
    with world.app.app_context():
        assert _connection(world) is None


def test_every_empty_field_is_named_at_once(world: World) -> None:
    world.install()
    answer = world.ask("PUT", "/api/connection", json={"label": "", "app_url": ""})
    assert answer.status_code == 422
    assert set(answer.json["errors"]) == {"label", "app_url", "token"}
    assert all(sentence.endswith(".") for sentence in answer.json["errors"].values())
    assert answer.json["error"] == answer.json["errors"]["label"]
    tried = world.ask("POST", "/api/connection/test", json={"app_url": "", "token": ""})
    assert tried.status_code == 422
    assert set(tried.json["errors"]) == {"app_url", "token"}


def test_testing_tells_who_answers_and_establishes(world: World, wms: Server) -> None:
    world.install()
    world.ask("PUT", "/api/connection", json={**GOOD, **_connector(wms)})
    answer = world.ask("POST", "/api/connection/test")
    assert answer.status_code == 200
    assert answer.json["ok"] is True
    assert answer.json["message"].startswith("Connection established.")
    with world.app.app_context():
        stored = _connection(world)
        assert stored is not None
        assert (stored.status, stored.account) == ("established", "ACME")


def test_testing_with_a_wrong_token_says_so(world: World, wms: Server) -> None:
    world.install()
    world.ask("PUT", "/api/connection", json={**GOOD, **_connector(wms), "token": "wrong"})
    answer = world.ask("POST", "/api/connection/test")
    assert answer.status_code == 200
    assert answer.json["ok"] is False
    assert answer.json["message"].startswith("Token refused.")
    assert "Token refused" in world.get("/").text


def test_testing_where_nothing_answers_says_so(world: World) -> None:
    world.install()
    world.ask("PUT", "/api/connection", json=GOOD)
    answer = world.ask("POST", "/api/connection/test")
    assert answer.status_code == 200
    assert (answer.json["ok"], answer.json["status"]) == (False, "unreachable")
    assert answer.json["message"]


def test_testing_and_confirming_need_a_connection(world: World) -> None:
    world.install()
    for path in ("/api/connection/test", "/api/connection/confirm"):
        answer = world.ask("POST", path)
        assert answer.status_code == 409
        assert answer.json["error"]


def test_another_account_is_confirmed_by_a_person(world: World, wms: Server) -> None:
    world.install()
    world.connect(status="other_account", other_account="ACME", account="OLD", **_connector(wms))
    assert "Confirm the new account" in world.get("/").text
    answer = world.ask("POST", "/api/connection/confirm")
    assert answer.status_code == 200
    assert answer.json["ok"] is True
    with world.app.app_context():
        stored = _connection(world)
        assert stored is not None
        assert (stored.account, stored.generation) == ("ACME", 2)


def test_nothing_to_confirm_is_said(shop_a: World) -> None:
    assert shop_a.ask("POST", "/api/connection/confirm").status_code == 409


@pytest.mark.parametrize("name", ["sync_status", "import_orders", "reconcile"])
def test_a_job_is_started_by_hand(shop_a: World, name: str) -> None:
    answer = shop_a.ask("POST", f"/api/jobs/{name}/run")
    assert answer.status_code == 202
    with shop_a.app.app_context():
        run = db.session.get_one(Run, answer.json["run"])
        assert (run.kind, run.started_by) == (name, "42")
    assert shop_a.get(f"/api/runs/{answer.json['run']}").status_code == 200


@pytest.mark.parametrize("name", ["nothing", "send", "x" * 500, "%00", "é"])
def test_an_unknown_job_is_404(shop_a: World, name: str) -> None:
    answer = shop_a.ask("POST", f"/api/jobs/{name}/run")
    assert answer.status_code == 404
    assert answer.json["error"]


def test_a_token_is_replaced_without_the_rest(shop_a: World) -> None:
    assert shop_a.ask("PUT", "/api/connection", json={"token": "new"}).status_code == 200
    with shop_a.app.app_context():
        stored = db.session.query(Connection).one()
        assert (stored.token, stored.label, stored.status) == ("new", "Acme WMS", "never_tested")


def test_no_secret_is_on_a_page_or_in_the_log(
    shop_a: World, capsys: pytest.CaptureFixture[str]
) -> None:
    from tests.web.conftest import ACCESS_TOKEN, CALLBACK_SECRET
    from tests.web.signing import SECRET, id_token

    token = id_token()
    shop_a.client.get(f"/?id_token={token}&shop={SHOP_A}")
    shop_a.ask("PUT", "/api/connection", json={**GOOD, "token": "typed-token", "label": ""})
    pages = [shop_a.get(path).text for path in ("/", "/settings/connection", "/logs", "/metrics")]
    written = capsys.readouterr()
    secrets = (WMS_TOKEN, ACCESS_TOKEN, CALLBACK_SECRET, SECRET, token, "typed-token")
    for secret in secrets:
        assert secret not in written.out + written.err
        assert not any(secret in page for page in pages)


def test_every_address_of_the_connection_is_documented(world: World) -> None:
    page = (Path(__file__).parents[2] / "docs" / "settings.md").read_text("utf-8")
    rules = [each for each in world.app.url_map.iter_rules() if "/api/connection" in each.rule]
    wanted = {
        f"{method} {rule.rule}" for rule in rules for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    # Forms can't send DELETE.
    assert {each for each in wanted if each not in page} == {"POST /api/connection/disconnect"}
