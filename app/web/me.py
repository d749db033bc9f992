"""Who is here: asks Shopify for a staff member's name, apart from every page and action."""

import structlog
from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from app.db import session
from app.errors import Rejected, TryLater
from app.shopify import tokens
from app.sync import staff
from app.sync.engine import atomically
from app.web.access import id_token
from app.web.current import actor, config, shop, shop_id

blueprint = Blueprint("me", __name__, url_prefix="/api")
_log = structlog.get_logger()


@blueprint.post("/me")
def introduce() -> ResponseReturnValue:
    """Have the name of whoever asks, null when Shopify doesn't say. Shopify is asked once a month
    at most, and nothing fails when it doesn't answer."""
    domain, here, who = shop().domain, shop_id(), actor()
    if atomically(lambda: staff.claim(here, who)):
        session().rollback()
        name = _asked(domain, who)
        atomically(lambda: staff.keep(here, who, name)) if name else None
    return jsonify(name=staff.name_of(here, who) or None)


def _asked(domain: str, who: str) -> str:
    """What Shopify calls the person whose ID token came with this request."""
    try:
        person = tokens.ask_who(config(), domain, id_token())
    except (Rejected, TryLater) as problem:
        _log.info("name_not_told", why=problem.message)
        return ""
    return person.name if person is not None and person.user_id == who else ""
