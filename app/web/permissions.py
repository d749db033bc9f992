"""What the merchant lets the app do: what was granted, the app's access is to have."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.db import session
from app.domain.states import Effect
from app.errors import Rejected, TryLater
from app.shopify import tokens
from app.sync.engine import atomically
from app.sync.install import install
from app.sync.looking import look_again
from app.sync.owing import STAFF, owe
from app.sync.ring import ring
from app.web.access import id_token
from app.web.answers import refuse
from app.web.current import config, shop, shop_id

blueprint = Blueprint("permissions", __name__, url_prefix="/api")


@blueprint.post("/scopes")
def take() -> ResponseReturnValue:
    """Take a token that has what was granted since; a token may keep what it was issued with.
    Returns the scopes there are now. Shopify may be asked again safely."""
    domain, here = shop().domain, shop_id()
    session().rollback()
    try:
        given = tokens.exchange(config(), domain, id_token())
    except (Rejected, TryLater):
        return refuse(503, _("Shopify did not answer. Open this page again in a minute."))

    def work() -> str:
        owe(here, ("shop", str(here)), Effect.READ_SHOP, lane=STAFF)
        # What was hidden, such as old orders, may be seen now.
        look_again(here)
        return install(domain, given).scopes

    scopes = atomically(work)
    ring(here, STAFF)
    return jsonify(scopes=sorted(filter(None, scopes.split(","))))
