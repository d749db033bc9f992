"""Whatever fails, the answer is a sentence and the log has no secret."""

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
import structlog
from sqlalchemy.exc import OperationalError

from app.sync import reports
from app.web import requests_log
from tests.web.conftest import World

GONE = "postgresql+psycopg://nobody:secret-password@127.0.0.1:9/none"


def test_a_database_that_is_away_is_said(world_with: Callable[..., World]) -> None:
    world = world_with(database_url=GONE)
    page = world.get("/")
    assert page.status_code == 503
    assert "The database didn't answer" in page.text.replace("&#39;", "'")
    answer = world.ask("POST", "/api/orders/send", json={"all": "no-sync"})
    assert answer.status_code == 503
    assert answer.json["error"].startswith("The database didn't answer.")
    ready = world.client.get("/readyz")
    assert (ready.status_code, ready.json["database"]) == (503, "unreachable")
    assert world.client.get("/healthz").status_code == 200
    assert world.client.get("/metrics").status_code == 200


def test_what_nobody_foresaw_is_said_with_an_id(
    shop_a: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: Any) -> None:
        raise ZeroDivisionError("shpat_leaked in a message")

    monkeypatch.setattr(reports, "order_status", fail)
    shop_a.app.testing = False
    same = {"X-Request-Id": "correlate-me-please"}
    answer = shop_a.get("/api/orders/status?id=gid://shopify/Order/1", headers=same)
    assert answer.status_code == 500
    assert "correlate-me-please" in answer.json["error"]
    assert "ZeroDivisionError" not in answer.text
    written = capsys.readouterr().out
    assert "ZeroDivisionError" in written
    assert "correlate-me-please" in written
    assert "shpat_leaked" not in written


def test_an_address_with_nothing_leads_to_home(shop_a: World) -> None:
    answer = shop_a.get("/nothing?host=YWRtaW4&shop=a.myshopify.com&x=1")
    assert answer.status_code == 404
    assert '<a href="/?shop=a.myshopify.com&amp;host=YWRtaW4">Home</a>' in answer.text
    assert "<a " not in shop_a.client.get("/nothing").text


def test_a_busy_database_is_tried_again_later(
    shop_a: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise OperationalError("SELECT", {}, Exception("database is locked"))

    monkeypatch.setattr(reports, "order_status", fail)
    answer = shop_a.get("/api/orders/status?id=gid://shopify/Order/1")
    assert answer.status_code == 503
    assert "Retry-After" in answer.headers


@pytest.mark.parametrize(
    ("path", "status"), [("/nowhere", 404), ("/orders/1/2/3", 404), ("/auth/callback/x", 404)]
)
def test_an_unknown_address_is_a_page(shop_a: World, path: str, status: int) -> None:
    answer = shop_a.get(path)
    assert answer.status_code == status
    assert answer.mimetype == "text/html"
    assert "frame-ancestors" in answer.headers["Content-Security-Policy"]


def test_every_answer_names_its_request(shop_a: World) -> None:
    assert len(shop_a.get("/").headers["X-Request-Id"]) >= 16
    for odd in ("short", "x" * 100, "a b c d e f g h", "<script>alert"):
        assert shop_a.get("/", headers={"X-Request-Id": odd}).headers["X-Request-Id"] != odd


def test_nothing_that_looks_like_a_secret_is_logged(capsys: pytest.CaptureFixture[str]) -> None:
    requests_log.configure()
    token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"
    structlog.get_logger().info(
        f"GET /?id_token={token}&shop=a for shpat_1234abcd",
        access_token="plain",
        nested={"authorization": "Bearer plain", "list": ["shprt_99", {"secret": "plain"}]},
        address="postgresql://name:plain@host/db",
        order="#1001",
    )
    logging.getLogger("somebody.else").warning("hmac=plain&code=plain Bearer plain %s", token)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(lines) == 2
    written = json.dumps(lines)
    assert "plain" not in written
    assert token not in written
    assert "shpat_" not in written
    assert lines[0]["order"] == "#1001"
    assert "shop=a" in lines[0]["event"]


def test_metrics_count_what_is_owed(shop_a: World) -> None:
    shop_a.ask("POST", "/api/orders/send", json={"ids": ["gid://shopify/Order/1"]})
    text = shop_a.client.get("/metrics").text
    assert 'tagdock_owed{effect="send"} 1.0' in text
    assert 'tagdock_queue_depth{queue="staff"} 1.0' in text
    assert "tagdock_dead_letters" in text
    assert "myshopify" not in text
