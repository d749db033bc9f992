"""What every view asks for: the settings, the shop, the person."""

from typing import cast

from flask import current_app, g

from app.config import Config
from app.models import Shop


def config() -> Config:
    """The process's settings."""
    return cast("Config", current_app.config["TAGDOCK"])


def shop() -> Shop:
    """The shop whose ID token came with this request. Every query is bound to it."""
    return cast("Shop", g.shop)


def shop_id() -> int:
    """That shop's row id, which can be had without asking the database again."""
    return cast("int", g.shop_id)


def actor() -> str:
    """The staff member's Shopify id."""
    return cast("str", g.actor)
