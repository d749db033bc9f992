"""ID tokens: what App Bridge gives a page so that the app knows shop and staff member."""

import time
import uuid
from dataclasses import dataclass
from typing import Any

import jwt

from sandbox.shopify.app_config import AppConfig

SECONDS = 60


def issue(app: AppConfig, shop: str, user: str, **claims: Any) -> str:
    """Return a signed token of about a minute; claims given by name replace the usual ones."""
    moment = int(time.time())
    usual = {
        "iss": f"https://{shop}/admin",
        "dest": f"https://{shop}",
        "aud": app.client_id,
        "sub": user,
        "exp": moment + SECONDS,
        "nbf": moment - 1,
        "iat": moment - 1,
        "jti": str(uuid.uuid4()),
        "sid": uuid.uuid4().hex,
    }
    return jwt.encode(usual | claims, app.client_secret, algorithm="HS256")


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whom a token speaks of: a shop's domain, and a staff member's number there."""

    shop: str
    user: str


def bearer_of(app: AppConfig, token: str) -> Bearer | None:
    """Return whom a valid token speaks of, else None."""
    try:
        claims = jwt.decode(
            token,
            app.client_secret,
            algorithms=["HS256"],
            audience=app.client_id,
            options={"require": ["exp", "nbf", "dest", "iss", "sub"]},
        )
    except jwt.InvalidTokenError:
        return None
    shop = str(claims["dest"]).removeprefix("https://")
    return Bearer(shop, claims["sub"]) if claims["iss"] == f"https://{shop}/admin" else None
