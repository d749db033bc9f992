"""Shopify's webhooks: verify, store, 200, ring. Everything else happens in a job."""

import structlog
from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from app.db import session
from app.errors import Rejected
from app.models import Shop
from app.shopify.values import Webhook
from app.shopify.verify import verify_webhook
from app.sync import inbox
from app.sync.engine import atomically
from app.sync.owing import DEFAULT
from app.sync.ring import ring
from app.web.answers import refuse
from app.web.current import config
from app.web.webhook_shapes import fits

_log = structlog.get_logger()
blueprint = Blueprint("webhooks", __name__)
# These come after an uninstall too.
_PRIVACY = ("customers/", "shop/")
_MOST_ID, _MOST_TOPIC = 128, 64


@blueprint.post("/webhooks")
def receive() -> ResponseReturnValue:
    """Take a delivery in, once. Only a good signature is answered with 200."""
    try:
        webhook = verify_webhook(config(), dict(request.headers), request.get_data())
    except Rejected as refusal:
        return refuse(401 if refusal.code == "unauthorized" else 400, refusal.message, refusal.code)
    if len(webhook.webhook_id) > _MOST_ID or len(webhook.topic) > _MOST_TOPIC:
        return refuse(400, _("The delivery's id or topic is too long."), "invalid")
    shop = _addressee(webhook)
    if shop is None:
        return "", 200
    shop_id = shop.id
    atomically(lambda: inbox.accept_webhook(shop, webhook))
    ring(shop_id, DEFAULT)
    return "", 200


def _addressee(webhook: Webhook) -> Shop | None:
    """The shop that the delivery is for; None when it is to be dropped.

    The signature covers the body alone, so a signed body could be replayed under another shop's
    name or another topic.
    """
    if not fits(webhook.topic, webhook.shop, webhook.body):
        _log.warning("webhook_unlike_its_topic", topic=webhook.topic, shop=webhook.shop)
        return None
    shop = session().scalar(select(Shop).where(Shop.domain == webhook.shop))
    if shop is None or not (shop.installed or webhook.topic.startswith(_PRIVACY)):
        return None
    return shop
