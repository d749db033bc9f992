"""Who the app and the shop are in these tests."""

from cryptography.fernet import Fernet

from app.config import Config

API_KEY = "tagdock-sandbox-key"
SECRET = "shpss_0123456789abcdef0123456789abcdef"
OLD_SECRET = "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"
SHOP = "tagdock-demo.myshopify.com"


def make_config(**changes: object) -> Config:
    """Return settings of a production app, save for the changes."""
    settings = {
        "app_url": "https://tagdock.example.com",
        "secret_key": "a" * 32,
        "shopify_api_key": API_KEY,
        "shopify_api_secret": SECRET,
        "encryption_keys": (Fernet.generate_key().decode(),),
    }
    return Config(**(settings | changes))
