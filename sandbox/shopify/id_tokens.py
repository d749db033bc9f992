"""ID tokens: what App Bridge gives a page so that the app knows shop and staff member."""

import time
import uuid
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


def shop_of(app: AppConfig, token: str) -> str | None:
    """Return the shop of a valid token, else None."""
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
    return shop if claims["iss"] == f"https://{shop}/admin" else None
