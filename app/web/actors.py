"""Who did something, in a word or two."""

from flask import Flask, g
from flask_babel import gettext as _

from app.sync import staff
from app.sync.preparing import OPERATOR
from app.web.current import actor, shop_id


def register(app: Flask) -> None:
    """Give the templates ``actor_label`` and ``is_stranger``."""
    app.jinja_env.globals.update(actor_label=actor_label, is_stranger=is_stranger)


def actor_label(who: str) -> str:
    """The schedule, the operator, or a staff member: by name, or by Shopify's number until that is
    known."""
    if who in ("", "schedule"):
        return _("Schedule")
    if who == OPERATOR:
        return _("Operator")
    return (_name(who) or _("Staff %(number)s", number=who)) if who.isdigit() else who


def _name(who: str) -> str:
    """A staff member's name, looked up once a request."""
    known: dict[str, str] = g.setdefault("names", {})
    if who not in known:
        known[who] = staff.name_of(shop_id(), who)
    return known[who]


def is_stranger() -> bool:
    """Whether Shopify is to be asked for the name of whoever opened this page."""
    return "actor" in g and staff.is_due(shop_id(), actor())
