"""The settings' API: one document, saved as a whole or not at all, and never over another's."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from app.db import db
from app.domain.settings import Settings
from app.domain.settings_told import CHOICES, LABELS, WORDS
from app.models import LogLine, Owed, Shop
from app.web.sentences import translated
from tests.web.conftest import World

MILANO, ROMA = "gid://shopify/Location/1", "gid://shopify/Location/2"
# Of each key, values that are kept, and values that are refused.
CASES: dict[str, tuple[list[Any], list[Any]]] = {
    "locations": (
        [{MILANO: "WH"}, {MILANO: None}, {}],
        [{"1": "WH"}, {MILANO: ""}, {MILANO: 5}, {MILANO: "x" * 65}, {MILANO: "a\x00"}, [], None],
    ),
    "require_payment": ([True, False], ["yes", 1, None]),
    "cool_off_minutes": ([0, 30, 10_080], [-1, 10_081, 1.5, "30", None, True]),
    "after_edit": (["resend", "hold", "notice"], ["", "Resend", None, 1]),
    "test_orders": (["skip", "send"], ["no", None]),
    "refunded_orders": (["skip", "send"], [False]),
    "risky_orders": (["skip", "send"], ["hold"]),
    "lines_without_sku": (["hold", "skip", "error"], ["send", None]),
    "required_fields": (
        [[], ["shipping_address", "billing_address"], ["attribute:gift wrap"]],
        ["zip", ["colour"], ["attribute:"], [None], ["zip"] * 31],
    ),
    "defaults": (
        [{}, {"payment_terms": "30 days", "own": "x"}],
        [{"": "x"}, {"k": 5}, {"k" * 65: "x"}, {"k": "x" * 256}, {"k": "\ud800"}, []],
    ),
    "metadata": (
        [
            {},
            {"gift": "attribute:gift"},
            {"a": "note", "b": "metafield:custom.gift", "c": "tag:vip"},
        ],
        [{"gift": "password"}, {"gift": "attribute:"}, {"": "note"}, {"x": "metafield:x"}],
    ),
    "fulfil": ([True, False], ["on"]),
    "fulfil_on": (["packed", "shipped"], ["delivered"]),
    "notify_customer": ([True, False], [0]),
    "archive": ([True, False], ["true"]),
    "report_progress": ([True, False], [1]),
    "seller_cancellation": (["cancel", "notice"], ["refund"]),
    "carriers": ([{}, {"demopost": "DemoPost"}], [{"": "x"}, {"x": ""}, {"x": None}, "x"]),
    "update_inventory": ([True, False], [None]),
    "stock_locations": (
        [{}, {"WH": "gid://shopify/Location/1", "WH-2": None}],
        [None, "x", {"WH": "Milano"}, {"": None}],
    ),
    "stock_confirmed": ([True, False], ["yes"]),
    "retention_days": ([7, 730], [6, 731, "90", None]),
    "alerts": (
        [
            {"emails": ["anna@example.com"], "webhook_url": "https://example.com/x", "errors": 1},
            {"emails": [], "webhook_url": "", "errors": 10_000},
        ],
        [
            {"emails": ["anna"]},
            {"emails": ["a@b.c"] * 6},
            {"webhook_url": "ftp://x"},
            {"errors": 0},
            {"who": 1},
            [],
        ],
    ),
}


def _put(world: World, version: Any = 0, **changes: Any) -> Any:
    return world.ask("PUT", "/api/settings", json={"version": version, **changes})


def test_every_setting_has_its_cases() -> None:
    assert set(CASES) == set(Settings.model_fields)


def test_it_is_one_flat_document(shop_a: World) -> None:
    document = shop_a.get("/api/settings").json
    assert document == {"version": 0, **Settings().model_dump(mode="json")}


@pytest.mark.parametrize("key", CASES)
def test_a_valid_value_is_saved_alone(shop_a: World, key: str) -> None:
    for value in CASES[key][0]:
        before = shop_a.get("/api/settings").json
        answer = _put(shop_a, before["version"], **{key: value})
        assert answer.status_code == 200, answer.json
        after = shop_a.get("/api/settings").json
        assert after == answer.json
        version = before["version"] + int(before[key] != value)
        assert after == {**before, key: value, "version": version}


@pytest.mark.parametrize("key", CASES)
def test_an_invalid_value_is_refused_with_a_sentence_and_nothing_is_saved(
    shop_a: World, key: str
) -> None:
    other = "archive" if key != "archive" else "fulfil"
    before = shop_a.get("/api/settings").json
    for value in CASES[key][1]:
        answer = _put(shop_a, **{other: not before[other], key: value})
        assert answer.status_code == 422, value
        assert list(answer.json["errors"]) == [key]
        assert answer.json["errors"][key].endswith(".")
        assert shop_a.get("/api/settings").json == before


def test_each_wrong_field_of_the_alerts_is_told_in_its_own_words(shop_a: World) -> None:
    wrong = {"emails": ["anna\u0000@example.com"], "webhook_url": "example.com", "errors": 0}
    for given in (wrong, {**wrong, "emails": ["anna"]}):
        answer = _put(shop_a, alerts=given)
        assert list(answer.json["errors"]) == ["alerts"]
        told = answer.json["fields"]
        assert told["alerts.emails"].startswith("Enter up to five e-mail addresses,")
    assert told["alerts.webhook_url"].startswith("Enter a web address")
    assert told["alerts.errors"] == "Enter a whole number of orders from 1 to 10,000."
    body, italian = {"version": 0, "alerts": wrong}, {"Accept-Language": "it"}
    answer = shop_a.ask("PUT", "/api/settings", json=body, headers=italian)
    assert answer.json["fields"]["alerts.emails"].startswith("Inserisci al massimo cinque")


def test_every_wrong_key_is_named_at_once(shop_a: World) -> None:
    answer = _put(shop_a, retention_days=1, after_edit="x", surprise=1)
    assert set(answer.json["errors"]) == {"retention_days", "after_edit", "surprise"}


def test_sentences_are_italian_where_the_page_is(shop_a: World) -> None:
    english = {key: _put(shop_a, **{key: bad[-1]}).json["errors"][key] for key, bad in _worst()}
    headers = {"Accept-Language": "it"}
    for key, bad in _worst():
        body = {"version": 0, key: bad[-1]}
        answer = shop_a.ask("PUT", "/api/settings", json=body, headers=headers)
        assert answer.json["errors"][key] != english[key], key


def _worst() -> list[tuple[str, list[Any]]]:
    return [(key, bad) for key, (_, bad) in CASES.items()]


@pytest.mark.parametrize("version", [None, "0", 1.0, True, []])
def test_the_version_must_be_named(shop_a: World, version: Any) -> None:
    assert _put(shop_a, version, archive=True).status_code == 422
    assert shop_a.ask("PUT", "/api/settings", json={"archive": True}).status_code == 422
    assert shop_a.get("/api/settings").json["archive"] is False


@pytest.mark.parametrize("data", [b"{", b"[]", b"5", b"\xff", b"[" * 50_000])
def test_what_is_no_object_is_malformed(shop_a: World, data: bytes) -> None:
    for method, path in (("PUT", "/api/settings"), ("POST", "/api/settings/preview")):
        answer = shop_a.ask(method, path, data=data)
        assert answer.status_code == 400
        assert answer.json["error"].endswith((".", "{}."))


def test_a_deep_or_a_large_body_is_refused(shop_a: World) -> None:
    deep = b'{"version": 0, "defaults": ' + b"[" * 800 + b"]" * 800 + b"}"
    assert shop_a.ask("PUT", "/api/settings", data=deep).status_code in (400, 422)
    large = b'{"version": 0, "defaults": {"a": "' + b"x" * 300_000 + b'"}}'
    assert shop_a.ask("PUT", "/api/settings", data=large).status_code == 413


def test_the_second_of_two_is_told_who_and_when(shop_a: World) -> None:
    assert _put(shop_a, retention_days=30).status_code == 200
    answer = _put(shop_a, retention_days=60)
    assert answer.status_code == 409
    assert re.match("Staff 42 changed this (at|on) ", answer.json["error"])
    assert answer.json["error"].endswith(
        ". What changed: days the log is kept. Your edits are kept below."
    )
    italian = shop_a.ask(
        "PUT", "/api/settings", json={"version": 0}, headers={"Accept-Language": "it"}
    ).json["error"]
    assert "giorni di conservazione del registro. Le tue modifiche" in italian
    assert answer.json["version"] == 1
    assert shop_a.get("/api/settings").json["retention_days"] == 30
    assert _put(shop_a, 1, retention_days=60).status_code == 200


@pytest.mark.parametrize(
    ("days", "words"), [(0, "Staff 42 changed this at 10:00."), (1, "on 1 Jul 10:00.")]
)
def test_the_second_of_two_is_told_when_in_the_shops_zone(
    shop_a: World, days: int, words: str
) -> None:
    assert _put(shop_a, retention_days=30).status_code == 200
    changed = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
    with shop_a.app.app_context():
        db.session.query(Shop).one().settings_changed_at = changed
        db.session.commit()
    with time_machine.travel(changed + timedelta(days=days, hours=4)):
        assert words in _put(shop_a, retention_days=60).json["error"]


def test_what_equals_what_was_read_is_no_change(shop_a: World) -> None:
    read = shop_a.get("/api/settings").json
    del read["version"]
    assert _put(shop_a, require_payment=True, locations={MILANO: "WH"}).status_code == 200
    typed = {**read, "cool_off_minutes": 7, "locations": {ROMA: None}}
    assert _put(shop_a, read=read, **typed).status_code == 409
    assert _put(shop_a, 1, read=read, **typed).status_code == 200
    saved = shop_a.get("/api/settings").json
    assert (saved["require_payment"], saved["cool_off_minutes"]) == (True, 7)
    assert saved["locations"] == {MILANO: "WH", ROMA: None}
    assert _put(shop_a, 2, read=[], archive=True).status_code == 422


def test_a_version_that_never_was_is_stale(shop_a: World) -> None:
    answer = _put(shop_a, 99, archive=True)
    assert answer.status_code == 409
    assert answer.json["error"]


def test_a_change_is_logged_with_its_author_and_waiting_orders_are_looked_at(
    shop_a: World,
) -> None:
    _put(shop_a, require_payment=True, retention_days=30)
    with shop_a.app.app_context():
        line = db.session.query(LogLine).filter_by(event="settings").one()
        assert line.actor == "42"
        assert line.message == (
            "Settings changed: require payment off → on, days the log is kept 90 → 30."
        )
        assert db.session.query(Owed).filter_by(effect="run").count() >= 1


def test_the_log_says_in_the_readers_language_what_was_changed(shop_a: World) -> None:
    _put(shop_a, cool_off_minutes=30, after_edit="hold", test_orders="send", defaults={"a": "b"})
    english = shop_a.get("/logs").text
    assert (
        "Settings changed: edit window in minutes 0 → 30, when an order is edited after it was sent"
        " send the change → hold it at the warehouse, test orders don&#39;t send → send, default"
        " values."
    ) in english
    italian = shop_a.get("/logs?locale=it").text
    assert "Impostazioni cambiate: finestra di modifica in minuti 0 → 30, " in italian
    assert "ordini di prova non inviare → invia, valori predefiniti." in italian


def test_every_setting_and_choice_has_its_words_in_italian() -> None:
    assert set(LABELS) == set(Settings.model_fields)
    for words in (*LABELS.values(), *CHOICES.values(), *WORDS.values()):
        assert translated(words, "it") != words, words


def test_the_same_again_changes_nothing(shop_a: World) -> None:
    document = shop_a.get("/api/settings").json
    answer = shop_a.ask("PUT", "/api/settings", json=document)
    assert answer.status_code == 200
    assert answer.json["version"] == 0
    with shop_a.app.app_context():
        assert db.session.query(LogLine).filter_by(event="settings").count() == 0


def test_what_an_older_version_stored_is_read_with_defaults(shop_a: World) -> None:
    with shop_a.app.app_context():
        stored = {"schema": 0, "retention_days": 1, "archive": True, "gone": 1}
        db.session.query(Shop).update({"settings": stored})
        db.session.commit()
    document = shop_a.get("/api/settings").json
    assert (document["retention_days"], document["archive"]) == (90, True)
    assert "gone" not in document
