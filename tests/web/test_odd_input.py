"""Whatever is asked, by whatever route: the answer is not a failure. Generated from the URL map."""

import base64
import itertools
import json
import re
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

import app.web
from app.db import db
from app.domain.settings import Settings
from app.models import InboxItem, Shop
from app.sync.inbox import HANDLERS, receive
from app.web import setup_api
from tests.web.addresses import address
from tests.web.conftest import World
from tests.web.signing import id_token, webhook_headers

# Some thousand requests a test.
pytestmark = pytest.mark.timeout(900)
NUMBER, JOB = 1001, str(uuid.uuid4())
# What fills the variable parts of an address with something that is there.
THERE = {"run": JOB, "number": str(NUMBER), "job_id": JOB, "name": "reconcile", "batch": JOB}
THERE |= {"outbound": "1", "revision": "1", "prepared_id": "1", "connection_id": JOB}
THERE |= {"filename": "tagdock.css"}
# These ask Shopify, which is out of reach here, and say so.
AWAY = {("shadow.show", 503), ("permissions.take", 503)}


def _cursor(*values: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


# As they stand in an address: bytes that are no text, text that no database keeps, numbers that no
# column holds, days that no calendar has, cursors that nobody wrote.
ODD = [
    *("", "0", "-1", "9" * 40, "1e999", "NaN", "all", "%00", "%ED%A0%80", "%FF%FE", "%F0%9F%8C%B5"),
    *("2026-02-30", "0001-01-01", "9999-12-31", "2026-W54", "0000-W00", "W10", "%25", "a" * 3000),
    *("'%22%3B--", "..%2F..%2Fetc", "gid://shopify/Order/0", "%5B" * 2000, "1,2,,x", "%D9%A1"),
    _cursor(0, "9999-12-31T23:59:59.999999-14:00", 1),
    _cursor(1, "0001-01-01T00:00:00+14:00", 1),
    *(_cursor(0, None, 2**63), _cursor(None, 7, None), _cursor({}, [], "x"), _cursor(0, "", 0)),
]
RAW = [b"{", b"null", b"[]", b'"x"', b"1e999", b"\xff\xfe", b"[" * 50_000, b'{"ids": NaN}', b"\0"]
RAW += [b'{"a":' * 5_000 + b"1" + b"}" * 5_000, b"9" * 5_000, b'{"ids":' + b"9" * 5_000 + b"}"]
RAW += [b'{"label":"' + b"x" * 300_000 + b'"}']
JSON: list[Any] = [None, True, 0, -1, 2**70, 1.5, 1e308, "", "\0", "\ud800", "x" * 3_000, [], {}]
JSON += [
    [None],
    ["x"],
    [[]],
    [{}],
    {"": ""},
    {"x": None},
    {"x": {"y": []}},
    "gid://shopify/Order/1",
]
JSON += ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"]
COMMON = {"shop", "host", "locale", "part"}


class Noted(ImmutableMultiDict[str, str]):
    """An address's or a form's fields; notes which of them a view asks for."""

    asked: set[str] = set()

    def get(self, key: str, *more: Any, **options: Any) -> Any:
        self.asked.add(key)
        return super().get(key, *more, **options)


class Asker:
    """Somebody with every token there is, whom no limit slows."""

    def __init__(self, world: World) -> None:
        self.app = world.app
        self.app.extensions["tagdock_limiter"].enabled = False
        self.client: FlaskClient = world.app.test_client()
        answer = self.client.post("/operator/sign-in", data={"token": "the token of an operator"})
        assert answer.status_code == 303

    def ask(self, rule: Rule, method: str, at: str, **body: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {id_token()}", "Accept": "*/*"}
        if rule.endpoint.startswith("operator"):
            headers = {}
        headers |= body.pop("headers", {})
        answer = self.client.open(at, method=method, headers=headers, **body)
        told = f"{method} {at[:200]} {headers} {str(body)[:200]}:"
        told = f"{told} {answer.status} {answer.text[-400:]}"
        fine = answer.status_code < 500 or (rule.endpoint, answer.status_code) in AWAY
        assert fine, told
        if answer.status_code >= 400 and rule.endpoint != "static":
            in_words = rule.endpoint.startswith("operator") and answer.mimetype == "text/plain"
            assert in_words or answer.mimetype == "text/html" or answer.json["error"], told
        answer.close()
        return answer

    def routes(self, *methods: str) -> list[tuple[Rule, str]]:
        found = [
            (rule, method)
            for rule in self.app.url_map.iter_rules()
            for method in methods
            if method in (rule.methods or ())
        ]
        return sorted(found, key=lambda each: (each[0].rule, each[1]))


@pytest.fixture
def asker(world_with: Any) -> Asker:
    """A shop with an order, and somebody who asks."""
    world: World = world_with(operator_token="the token of an operator")
    world.install()
    connection = world.connect()
    order = world.order(NUMBER, tag_state="error", reason="sku", message="x")
    world.outbound(order, connection, job_id=JOB)
    return Asker(world)


def _address(rule: Rule, **odd: str) -> str:
    return address(rule, {**THERE, **odd})


def _read_by(
    asker: Asker, rule: Rule, method: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """The fields that a route reads, found out by asking it."""
    with monkeypatch.context() as patch:
        patch.setattr(asker.app.request_class, "parameter_storage_class", Noted)
        patch.setattr(Noted, "asked", set())
        asker.ask(rule, method, _address(rule))
        yield from sorted(Noted.asked)


def test_odd_fields_of_every_address(asker: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: set[str] = set()
    for rule, method in asker.routes("GET"):
        names = set(_read_by(asker, rule, method, monkeypatch))
        here = names - COMMON if tried >= COMMON else names
        tried |= names
        for name, odd in itertools.product(sorted(here), ODD):
            asker.ask(rule, method, f"{_address(rule)}?{name}={odd}")
        for odd in ODD:
            asker.ask(rule, method, f"{_address(rule)}?{'&'.join(f'{n}={odd}' for n in here)}")
    assert COMMON | {"q", "cursor", "window", "before", "week", "step"} <= tried


def test_odd_parts_of_every_address(asker: Asker) -> None:
    for rule, method in asker.routes("GET", "POST", "PUT", "DELETE"):
        for name, odd in itertools.product(sorted(rule.arguments), filter(None, ODD)):
            asker.ask(rule, method, _address(rule, **{name: odd}))


def test_odd_bodies_of_every_route(asker: Asker) -> None:
    for rule, method in asker.routes("POST", "PUT", "DELETE"):
        for raw, kind in itertools.product(RAW, ("application/json", "text/plain", "x", None)):
            asker.ask(rule, method, _address(rule), data=raw, content_type=kind)
        for value in JSON:
            asker.ask(rule, method, _address(rule), data=json.dumps(value))


def _keys() -> list[str]:
    """Every key that some view looks for in a body."""
    sources = [file.read_text("utf-8") for file in Path(app.web.__file__).parent.glob("*.py")]
    pattern = re.compile(r'(?:body(?:\.get|\.pop)?[(\[]|(?:text|switch)\(\w+, )"(\w+)"')
    found = {key for source in sources for key in pattern.findall(source)}
    return sorted(found | set(setup_api._KEYS))


def _bodies(keys: Sequence[str], each: int) -> list[bytes]:
    """Every odd value under all keys, and under each key some of them in turn."""
    turns = zip(sorted([*keys] * each), itertools.cycle(JSON), strict=False)
    found = [dict.fromkeys(keys, value) for value in JSON] + [{k: value} for k, value in turns]
    return [json.dumps(body).encode() for body in found]


def test_odd_values_of_every_key(asker: Asker) -> None:
    keys = _keys()
    assert {"ids", "all", "label", "app_url", "token", "automatic", "step", "count"} <= set(keys)
    for rule, method in asker.routes("POST", "PUT", "DELETE"):
        if rule.rule.startswith("/api/"):
            for body in _bodies(keys, 3):
                asker.ask(rule, method, _address(rule), data=body)


def test_odd_values_of_every_setting(asker: Asker) -> None:
    routes = {(rule.rule, method): rule for rule, method in asker.routes("PUT", "POST")}
    values = [*JSON, {"gid://shopify/Location/1": {}}, ["attribute:"], {"a": "tag:\0"}]
    for key, value in itertools.product([*Settings.model_fields, "version", "no_such"], values):
        told = {"version": 0, key: value}
        form = {"domain": "x", "label": "x", "app_url": "x", "settings": json.dumps(told)}
        for method, path, data in (
            ("PUT", "/api/settings", json.dumps(told)),
            ("POST", "/api/settings/preview", json.dumps({"count": 1, "settings": told})),
            ("POST", "/operator/prepared", form),
        ):
            asker.ask(routes[path, method], method, path, data=data)


def test_odd_fields_of_every_form(asker: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    forms = [(rule, method) for rule, method in asker.routes("POST") if "operator" in rule.rule]
    assert forms
    for rule, method in forms:
        for name in _read_by(asker, rule, method, monkeypatch):
            for odd in ODD:
                asker.ask(
                    rule,
                    method,
                    _address(rule),
                    data=f"{name}={odd}",
                    content_type="application/x-www-form-urlencoded",
                )


def test_odd_webhooks_of_every_topic(asker: Asker) -> None:
    (rule,) = (rule for rule, _ in asker.routes("POST") if rule.rule == "/webhooks")
    bodies = [*RAW, *_bodies(BODY, 4)]
    for topic, raw in itertools.product([*HANDLERS, "never/heard_of"], bodies):
        asker.ask(rule, "POST", "/webhooks", data=raw, headers=webhook_headers(raw, topic=topic))
    with asker.app.app_context():
        while db.session.query(InboxItem).filter_by(done_at=None).count():
            receive(db.session.query(Shop).one(), [])
        outcomes = {outcome for (outcome,) in db.session.query(InboxItem.outcome)}
        assert outcomes
        assert "failed" not in outcomes
        db.session.rollback()


BODY = ("id", "name", "tags", "created_at", "updated_at", "line_items", "order_edit")
BODY += ("fulfillment_order", "status", "orders_to_redact", "shop_domain", "customer")
HEADERS = ("Accept-Language", "Accept", "Host", "Origin", "Referer", "If-None-Match", "Cookie")
HEADERS += ("X-Request-Id", "Content-Type", "X-Forwarded-For", "Authorization")
WORDS = ("", "x" * 5_000, "ù\xff", "*;q=x,,;", "it-IT;q=NaN", 'W/"', "a=b; ;=", "Bearer", "[::1")


def test_odd_tokens(asker: Asker) -> None:
    (home,) = (rule for rule, _ in asker.routes("GET") if rule.rule == "/")
    for odd in [*ODD, *(f"{one}.{one}.{one}" for one in ODD)]:
        answer = asker.ask(home, "GET", f"/?id_token={odd}", headers={"Authorization": ""})
        assert answer.status_code in (302, 400, 401)


def test_odd_headers(asker: Asker) -> None:
    paths = {"/", "/logs", "/orders", "/api/settings", "/operator", "/auth"}
    rules = [rule for rule, _ in asker.routes("GET") if rule.rule in paths]
    assert len(rules) == len(paths)
    for rule, name, odd in itertools.product(rules, HEADERS, WORDS):
        asker.ask(rule, "GET", rule.rule, headers={name: odd})
