"""Signs what Shopify would sign: ID tokens and webhooks."""

import base64
import hashlib
import hmac
import json
import time
import uuid
from datetime import UTC, datetime
from typing import Any

import jwt

KEY, SECRET = "client-key", "client-secret-client-secret-1234"
SHOP_A, SHOP_B = "shop-a.myshopify.com", "shop-b.myshopify.com"


def id_token(shop: str = SHOP_A, secret: str = SECRET, **claims: Any) -> str:
    """An ID token as App Bridge gets it; a claim given as None is left out."""
    now = int(time.time())
    known = {
        "iss": f"https://{shop}/admin",
        "dest": f"https://{shop}",
        "aud": KEY,
        "sub": "42",
        "exp": now + 60,
        "nbf": now - 1,
        "iat": now,
        "jti": uuid.uuid4().hex,
        "sid": uuid.uuid4().hex,
    }
    payload = {name: value for name, value in {**known, **claims}.items() if value is not None}
    return jwt.encode(payload, secret, algorithm="HS256")


def webhook_headers(
    raw: bytes, *, topic: str, shop: str = SHOP_A, secret: str = SECRET, webhook_id: str = ""
) -> dict[str, str]:
    """The headers of a delivery by Shopify."""
    digest = hmac.new(secret.encode(), raw, hashlib.sha256).digest()
    return {
        "Content-Type": "application/json",
        "X-Shopify-Topic": topic,
        "X-Shopify-Hmac-Sha256": base64.b64encode(digest).decode(),
        "X-Shopify-Shop-Domain": shop,
        "X-Shopify-API-Version": "2026-10",
        "X-Shopify-Webhook-Id": webhook_id or uuid.uuid4().hex,
        "X-Shopify-Event-Id": uuid.uuid4().hex,
        "X-Shopify-Triggered-At": datetime.now(UTC).isoformat(),
    }


def order_body(number: int = 1001, **values: Any) -> bytes:
    """The body of an order webhook, as far as Tagdock reads it."""
    known = {
        "id": number,
        "admin_graphql_api_id": f"gid://shopify/Order/{number}",
        "name": f"#{number}",
        "tags": "",
        "created_at": "2026-11-20T10:00:00Z",
        "updated_at": "2026-11-20T10:00:00Z",
        "line_items": [],
    }
    return json.dumps({**known, **values}).encode()
