"""Signed requests: every claim of an ID token, webhooks, and the page that fetches a token."""

import base64
import hashlib
import hmac
import json
import time

import jwt
import pytest
from shop_identity import API_KEY, OLD_SECRET, SECRET, SHOP, make_config

from app.errors import Rejected
from app.shopify.verify import patch_id_token_page, verify_id_token, verify_webhook


def claims(**changes: object) -> dict[str, object]:
    now = int(time.time())
    good = {
        "iss": f"https://{SHOP}/admin",
        "dest": f"https://{SHOP}",
        "aud": API_KEY,
        "sub": "42",
        "exp": now + 60,
        "nbf": now,
        "iat": now,
        "jti": "j",
        "sid": "s",
    }
    return {name: value for name, value in (good | changes).items() if value is not None}


def token(secret: str = SECRET, **changes: object) -> str:
    return jwt.encode(claims(**changes), secret, algorithm="HS256")


def test_a_good_token_says_shop_and_user(config):
    expires = int(time.time()) + 60
    session = verify_id_token(config, token(exp=expires))
    assert (session.shop, session.user_id) == (SHOP, "42")
    assert session.expires_at.timestamp() == expires


def test_both_secrets_are_good_during_a_rotation(config):
    rotating = make_config(shopify_old_api_secret=OLD_SECRET)
    assert verify_id_token(rotating, token(OLD_SECRET)).shop == SHOP
    assert verify_id_token(rotating, token()).shop == SHOP
    with pytest.raises(Rejected):
        verify_id_token(config, token(OLD_SECRET))


OTHER = "other-shop.myshopify.com"
BAD_CLAIMS = [
    {"aud": "another-app"},
    {"aud": None},
    {"sub": None},
    {"exp": None},
    {"nbf": None},
    {"dest": None},
    {"iss": None},
    {"exp": int(time.time()) - 30},
    {"nbf": int(time.time()) + 7 * 86_400},
    {"dest": f"https://{OTHER}"},
    {"iss": f"https://{OTHER}/admin"},
    {"dest": "https://evil.example", "iss": "https://evil.example/admin"},
    {"dest": f"https://{SHOP}.evil.example", "iss": f"https://{SHOP}.evil.example/admin"},
    {"dest": f"https://{SHOP}\n", "iss": f"https://{SHOP}\n/admin"},
    {"dest": "https://UPPER.myshopify.com", "iss": "https://UPPER.myshopify.com/admin"},
    {"dest": f"https://a@{SHOP}", "iss": f"https://a@{SHOP}/admin"},
]


@pytest.mark.parametrize("changes", BAD_CLAIMS)
def test_a_token_with_a_bad_claim_is_refused(config, changes):
    with pytest.raises(Rejected) as refusal:
        verify_id_token(config, token(**changes))
    assert refusal.value.code == "unauthorized"


def test_a_token_just_expired_is_good_for_slow_clocks_only(config, monkeypatch):
    now = int(time.time())
    just = token(exp=now - 3, nbf=now - 60)
    monkeypatch.setattr(time, "time", lambda: now)
    assert verify_id_token(config, just).shop == SHOP
    with pytest.raises(Rejected):
        verify_id_token(config, just, leeway=1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        "a.b.c",
        "ünïcode",
        token(SECRET[::-1]),
        token()[:-2],
        base64.b64encode(b'{"alg":"none"}').decode().strip("=") + ".e30.",
    ],
    ids=["empty", "a word", "three parts", "no ASCII", "forged", "cut off", "unsigned"],
)
def test_what_is_no_token_is_refused(config, text):
    with pytest.raises(Rejected) as refusal:
        verify_id_token(config, text)
    assert refusal.value.code == "unauthorized"


def signed(raw: bytes, secret: str = SECRET, **changes: str) -> dict[str, str]:
    digest = base64.b64encode(hmac.new(secret.encode(), raw, hashlib.sha256).digest()).decode()
    return {
        "X-Shopify-Hmac-Sha256": digest,
        "X-Shopify-Topic": "orders/updated",
        "X-Shopify-Shop-Domain": SHOP,
        "X-Shopify-Webhook-Id": "w-1",
        "X-Shopify-Event-Id": "e-1",
        "X-Shopify-Triggered-At": "2026-11-20T10:00:00.123Z",
    } | {name.replace("_", "-"): value for name, value in changes.items()}


BODY = json.dumps({"id": 1, "note": "schön"}, ensure_ascii=False).encode()


def test_a_good_webhook_is_read(config):
    webhook = verify_webhook(config, signed(BODY), BODY)
    assert (webhook.topic, webhook.shop, webhook.webhook_id) == ("orders/updated", SHOP, "w-1")
    assert webhook.triggered_at.isoformat() == "2026-11-20T10:00:00.123000+00:00"
    assert webhook.body == {"id": 1, "note": "schön"}


def test_an_old_secret_signs_webhooks_during_a_rotation():
    rotating = make_config(shopify_old_api_secret=OLD_SECRET)
    assert verify_webhook(rotating, signed(BODY, OLD_SECRET), BODY).shop == SHOP


@pytest.mark.parametrize(
    ("headers", "raw"),
    [
        ({}, BODY),
        (signed(BODY), BODY + b" "),
        (signed(BODY, "another secret"), BODY),
        (signed(BODY, X_Shopify_Hmac_Sha256=""), BODY),
        (signed(BODY, X_Shopify_Hmac_Sha256="ünïcode"), BODY),
        (signed(b"\xff\xfe"), b"\xff\xfe"),
        (signed(BODY, X_Shopify_Shop_Domain="evil.example"), BODY),
        (signed(BODY, X_Shopify_Shop_Domain=""), BODY),
        (signed(BODY, X_Shopify_Topic=""), BODY),
        (signed(BODY, X_Shopify_Webhook_Id=""), BODY),
    ],
)
def test_a_forged_or_nameless_webhook_is_refused(config, headers, raw):
    with pytest.raises(Rejected) as refusal:
        verify_webhook(config, headers, raw)
    assert refusal.value.code == "unauthorized"


@pytest.mark.parametrize("raw", [b"not json", b"[1]", b"5"])
def test_a_signed_body_that_is_no_object_is_refused(config, raw):
    with pytest.raises(Rejected) as refusal:
        verify_webhook(config, signed(raw), raw)
    assert refusal.value.code == "bad-request"


PATCH = "https://tagdock.example.com/auth/patch-id-token"


def test_the_patch_page_loads_app_bridge_for_this_shop_alone(config):
    page = patch_id_token_page(config, f"{PATCH}?shop={SHOP}&shopify-reload=%2Forders%3Fq%3D1")
    assert f'data-api-key="{API_KEY}"' in page.body
    assert "https://cdn.shopify.com/shopifycloud/app-bridge.js" in page.body
    policy = page.headers["Content-Security-Policy"]
    assert policy == f"frame-ancestors https://{SHOP} https://admin.shopify.com"


def test_in_the_sandbox_the_patch_page_loads_the_stand_in():
    config = make_config(
        tagdock_env="sandbox",
        shopify_cdn="http://127.0.0.1:4010/cdn",
        shopify_origin="http://127.0.0.1:4010",
    )
    page = patch_id_token_page(config, f"{PATCH}?shop={SHOP}&shopify-reload=%2F")
    assert 'src="http://127.0.0.1:4010/cdn/shopifycloud/app-bridge.js"' in page.body
    assert "cdn.shopify.com" not in page.body + str(page.headers)
    assert page.headers["Content-Security-Policy"].endswith(" http://127.0.0.1:4010")


@pytest.mark.parametrize(
    "query",
    [
        "",
        "shopify-reload=%2F",
        f"shop={SHOP}",
        "shop=evil.example&shopify-reload=%2F",
        f"shop={SHOP}%20evil.example&shopify-reload=%2F",
        f"shop={SHOP};script-src%20*&shopify-reload=%2F",
        f"shop={SHOP}&shopify-reload=https%3A%2F%2Fevil.example",
        f"shop={SHOP}&shopify-reload=%2F%2Fevil.example",
        f"shop={SHOP}&shopify-reload=%2F%5Cevil.example",
    ],
)
def test_the_patch_page_reflects_nothing_unchecked(config, query):
    with pytest.raises(Rejected):
        patch_id_token_page(config, f"{PATCH}?{query}")
