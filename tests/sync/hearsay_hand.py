"""What Shopify is said to have told: its own bodies again, as other topics, or bodies we sign."""

import json
import uuid
from typing import Any

from app.db import database_now, session
from app.domain.states import Effect
from app.models import InboxItem, Owed, Shop
from sandbox.shopify.webhooks import sign
from tests.world import SECRET, SHOP, World

_LOOKS = (Effect.CHECK_INSTALL, Effect.CHECK_DELETED)


def recorded(world: World) -> dict[str, str]:
    """A delivery of each topic that Shopify made so far: the last one's id."""
    told = world.shopify.ask("GET", f"/sandbox/ledger?kind=webhook&shop={SHOP}")
    return {entry["topic"]: entry["id"] for entry in told}


def replay(world: World, delivery: str, topic: str) -> None:
    """Post a delivery's signed body as a new one of a topic."""
    path = f"/sandbox/{SHOP}/webhooks/replay"
    status = world.shopify.ask("POST", path, id=delivery, as_topic=topic)["status"]
    assert status == 200, topic


def tell(world: World, topic: str, **body: Any) -> None:
    """Post a body that Shopify might have signed."""
    raw = json.dumps(body).encode()
    headers = {
        "X-Shopify-Topic": topic,
        "X-Shopify-Shop-Domain": SHOP,
        "X-Shopify-Webhook-Id": uuid.uuid4().hex,
        "X-Shopify-Hmac-Sha256": sign(SECRET, raw),
    }
    answer = world.http.call("POST", "/webhooks", data=raw, headers=headers)
    assert answer.status_code == 200, answer.text


def look_again(world: World, times: int = 3) -> None:
    """Let the time pass after which hearsay is looked into again, until it is settled."""
    world.settle()
    for _ in range(times):
        with world.app.app_context():
            waiting = session().query(Owed).filter(Owed.effect.in_(_LOOKS))
            waiting.update({"due_at": database_now(), "held_until": None})
            session().commit()
        world.settle()


def looks_owed(world: World) -> list[str]:
    """What is still to be looked into."""
    with world.app.app_context():
        found = session().query(Owed.effect).filter(Owed.effect.in_(_LOOKS)).all()
        session().rollback()
        return sorted(row.effect for row in found)


def outcomes(world: World, topic: str) -> list[str]:
    """What came of the deliveries of a topic."""
    with world.app.app_context():
        items = session().query(InboxItem).filter_by(topic=topic).order_by(InboxItem.id)
        found = [item.outcome for item in items]
        session().rollback()
        return found


def standing(world: World) -> str:
    """Whether the shop is ``installed`` with its token, has ``left``, or is ``gone``."""
    with world.app.app_context():
        shop = session().query(Shop).filter_by(domain=SHOP).one_or_none()
        found = "gone" if shop is None else _standing(shop)
        session().rollback()
        return found


def _standing(shop: Shop) -> str:
    known = {(True, True): "installed", (False, False): "left"}
    return known.get((shop.installed, shop.token is not None), "half")
