"""The environment of an app that lives in the sandbox. Knows the app's settings by name only."""

import base64
import os
import secrets
import sys
from pathlib import Path

CLIENT_ID = "tagdock-sandbox-key"
CLIENT_SECRET = "tagdock-sandbox-secret-of-32-bytes-or-more"
_FOREIGN = ("TAGDOCK_", "SHOPIFY_", "WMS_", "ENCRYPTION_", "OPERATOR_", "FLASK_")
_SETTINGS = frozenset(
    {
        *("APP_URL", "SECRET_KEY", "DATABASE_URL", "REDIS_URL"),
        *("TAG_PREFIX", "BRAND", "SMTP_URL", "MAIL_FROM"),
    }
)
_HOSTS = ("127.0.0.1", "localhost", "::1")


def app_environment(
    *, app_url: str, database_url: str, redis_url: str, shopify_url: str
) -> dict[str, str]:
    """Every variable that the app's processes get: fresh keys, the stand-ins' addresses.

    Settings of a real deployment that happen to be in the environment are left out, but for the
    hosts at which somebody has a WMS to try.
    """
    inherited = {name: text for name, text in os.environ.items() if not _is_foreign(name)}
    programs = str(Path(sys.executable).parent)
    return inherited | {
        "PATH": os.pathsep.join([programs, os.environ.get("PATH", "")]),
        "PYTHONUNBUFFERED": "1",
        "TAGDOCK_ENV": "sandbox",
        "APP_URL": app_url,
        "SECRET_KEY": secrets.token_urlsafe(32),
        "OPERATOR_TOKEN": secrets.token_urlsafe(32),
        "ENCRYPTION_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "SHOPIFY_API_KEY": CLIENT_ID,
        "SHOPIFY_API_SECRET": CLIENT_SECRET,
        "SHOPIFY_ORIGIN": shopify_url,
        "SHOPIFY_CDN": f"{shopify_url}/cdn",
        "WMS_ALLOWED_HOSTS": ",".join((*_HOSTS, os.environ.get("WMS_ALLOWED_HOSTS", ""))),
    }


def _is_foreign(name: str) -> bool:
    return name in _SETTINGS or name.startswith(_FOREIGN)
