"""Shopify's webhooks: one effect each, and none for a forgery."""

import json

import pytest

from app.db import db
from app.models import InboxItem, Order, Shop
from tests.web.conftest import World
from tests.web.signing import SHOP_A, SHOP_B, order_body, webhook_headers


def _post(world: World, raw: bytes, **headers: str) -> int:
    given = webhook_headers(raw, **headers)
    return world.client.post("/webhooks", data=raw, headers=given).status_code


def _stored(world: World) -> list[tuple[str, str]]:
    with world.app.app_context():
        rows = db.session.query(InboxItem.topic, InboxItem.message_id).all()
        return [(row.topic, row.message_id) for row in rows]


def test_a_delivery_is_stored_once_however_often_it_comes(shop_a: World) -> None:
    raw = order_body()
    for _ in range(5):
        assert _post(shop_a, raw, topic="orders/create", webhook_id="w-1") == 200
    assert _stored(shop_a) == [("orders/create", "w-1")]


def test_nothing_personal_is_stored(shop_a: World) -> None:
    raw = order_body(
        email="anna@example.com", shipping_address={"address1": "Via Roma 1"}, note="ring twice"
    )
    assert _post(shop_a, raw, topic="orders/create") == 200
    with shop_a.app.app_context():
        row = db.session.query(InboxItem).one()
        kept = repr([getattr(row, column.key) for column in InboxItem.__table__.columns])
    assert not any(word in kept for word in ("anna", "Via Roma", "ring twice"))


@pytest.mark.parametrize("topic", ["orders/create", "customers/redact", "shop/redact"])
def test_a_forged_signature_is_401(shop_a: World, topic: str) -> None:
    raw = order_body(shop_domain=SHOP_A)
    assert _post(shop_a, raw, topic=topic, secret="another-secret-another-secret-12") == 401
    headers = webhook_headers(raw, topic=topic)
    changed = raw.replace(b"1001", b"1002")
    assert shop_a.client.post("/webhooks", data=changed, headers=headers).status_code == 401
    for odd in ("", "é", "AAAA", "x" * 10_000):
        headers["X-Shopify-Hmac-Sha256"] = odd
        assert shop_a.client.post("/webhooks", data=raw, headers=headers).status_code == 401
    assert shop_a.client.post("/webhooks", data=raw).status_code == 401
    assert _stored(shop_a) == []


def test_a_shop_that_never_installed_is_dropped(shop_a: World) -> None:
    raw = order_body()
    assert _post(shop_a, raw, topic="orders/create", shop="stranger.myshopify.com") == 200
    assert _stored(shop_a) == []


def test_a_shop_that_has_left_is_dropped_except_for_privacy(shop_a: World) -> None:
    with shop_a.app.app_context():
        db.session.query(Shop).filter_by(domain=SHOP_A).update({"installed": False})
        db.session.commit()
    assert _post(shop_a, order_body(), topic="orders/create") == 200
    assert _stored(shop_a) == []
    raw = json.dumps({"shop_id": 1, "shop_domain": SHOP_A}).encode()
    assert _post(shop_a, raw, topic="shop/redact") == 200
    assert [topic for topic, _ in _stored(shop_a)] in ([], ["shop/redact"])


@pytest.mark.parametrize("topic", ["app/uninstalled", "shop/redact", "customers/redact"])
def test_a_body_replayed_under_another_shops_name_does_nothing(shop_a: World, topic: str) -> None:
    """Anybody can sign bodies by owning a shop: one of theirs must not act on ours."""
    shop_a.install(SHOP_B)
    order_id = shop_a.order(1001)
    bodies = [
        json.dumps({"id": 2, "myshopify_domain": SHOP_B}).encode(),
        json.dumps({"shop_id": 2, "shop_domain": SHOP_B}).encode(),
        order_body(),
        b"{}",
    ]
    for raw in bodies:
        assert _post(shop_a, raw, topic=topic, shop=SHOP_A) in (200, 401)
    assert _stored(shop_a) == []
    with shop_a.app.app_context():
        assert db.session.query(Shop).filter_by(domain=SHOP_A, installed=True).count() == 1
        assert db.session.get(Order, order_id) is not None


SHOP_BODY = {"id": 1, "domain": SHOP_A, "myshopify_domain": SHOP_A}
REDACT_BODY = {"shop_id": 1, "shop_domain": SHOP_A}
ABOUT = {**REDACT_BODY, "customer": {"id": 7}}


@pytest.mark.parametrize(
    ("topic", "body"),
    [
        ("app/uninstalled", REDACT_BODY),
        ("app/uninstalled", {**SHOP_BODY, "shop_domain": SHOP_A}),
        ("app/uninstalled", {"myshopify_domain": SHOP_A}),
        ("shop/redact", SHOP_BODY),
        ("shop/redact", {**ABOUT, "orders_to_redact": [1]}),
        ("shop/redact", {"shop_domain": SHOP_A}),
        ("customers/redact", REDACT_BODY),
        ("customers/redact", {**ABOUT, "orders_requested": [1]}),
        ("customers/redact", {**ABOUT, "orders_requested": [1], "orders_to_redact": [1]}),
        ("customers/redact", {**REDACT_BODY, "orders_to_redact": [1]}),
        ("customers/data_request", {**ABOUT, "orders_to_redact": [1]}),
    ],
)
def test_a_body_unlike_its_topic_is_dropped(
    shop_a: World, topic: str, body: dict[str, object]
) -> None:
    assert _post(shop_a, json.dumps(body).encode(), topic=topic) == 200
    assert _stored(shop_a) == []


@pytest.mark.parametrize(
    ("topic", "body"),
    [
        ("app/uninstalled", {**SHOP_BODY, "name": "A", "email": "a@example.com"}),
        ("shop/redact", REDACT_BODY),
        ("customers/redact", {**ABOUT, "orders_to_redact": []}),
        ("customers/data_request", {**ABOUT, "orders_requested": [1], "data_request": {"id": 9}}),
    ],
)
def test_a_body_like_its_topic_is_taken(shop_a: World, topic: str, body: dict[str, object]) -> None:
    assert _post(shop_a, json.dumps(body).encode(), topic=topic) == 200
    assert [stored for stored, _ in _stored(shop_a)] == [topic]


@pytest.mark.parametrize(
    "raw", [b"", b"[]", b"nonsense", b'"text"', b'{"id": "\\u0000", "name": "\\u0000"}', b"\xff"]
)
def test_a_signed_body_that_makes_no_sense_never_breaks(shop_a: World, raw: bytes) -> None:
    assert _post(shop_a, raw, topic="orders/create") in (200, 400, 401, 422)


def test_odd_headers_never_break(shop_a: World) -> None:
    raw = order_body()
    for name, value in (
        ("X-Shopify-Topic", "x" * 5000),
        ("X-Shopify-Topic", "é/è"),
        ("X-Shopify-Webhook-Id", "w" * 5000),
        ("X-Shopify-Webhook-Id", ""),
        ("X-Shopify-Shop-Domain", "../../etc"),
        ("X-Shopify-Triggered-At", "yesterday"),
    ):
        headers = webhook_headers(raw, topic="orders/create")
        headers[name] = value
        answer = shop_a.client.post("/webhooks", data=raw, headers=headers)
        assert answer.status_code in (200, 400, 401), name


def test_a_body_beyond_the_limit_is_413(shop_a: World) -> None:
    raw = b'{"note": "' + b"x" * (5 * 1024 * 1024) + b'"}'
    assert _post(shop_a, raw, topic="orders/create") == 413
