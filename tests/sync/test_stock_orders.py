"""However many orders keep units that the warehouse knows nothing of, they are added up alike."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import event

from app import create_app
from app.db import database_now, db, session
from app.domain.facts import Facts
from app.domain.states import State
from app.domain.stock import Place, Sent, unsent
from app.models import Connection, Order, OutboundOrder, Shop
from app.sync.stock_orders import unsent_units
from tests.world import World, config_for

A, B = "gid://shopify/Location/1", "gid://shopify/Location/2"
CUP = "gid://shopify/InventoryItem/1"


def facts(order: str, **about: Any) -> dict[str, Any]:
    """Three cups and a jar from one place, two cups from another, a service from both."""
    line = {"gift_card": False, "requires_shipping": True}
    lines = [
        {"id": f"{order}/cup", "name": "Cup", "sku": "CUP", "item": CUP, **line},
        {"id": f"{order}/jar", "name": "Jar", "sku": "JAR, BLUE", **line},
        {"id": f"{order}/tip", "name": "Tip", "sku": "", **line},
    ]
    here = {f"{order}/cup": 3, f"{order}/jar": 1, f"{order}/tip": 1}
    parts = [part(f"{order}/a", A, here), part(f"{order}/b", B, {f"{order}/cup": 2})]
    return {"lines": lines, "parts": parts, **about}


def part(name: str, location: str, lines: dict[str, int]) -> dict[str, Any]:
    """A fulfillment order that is open."""
    known = {"location_name": "", "method": "SHIPPING", "holds": []}
    return {"id": name, "status": "OPEN", "location": location, "lines": lines, **known}


def plant(name: str, sent: dict[str, Any] | None = None, **about: Any) -> None:
    """An order, and what the warehouse has of its cups and jar in one place."""
    shop, connection = session().query(Shop).one(), session().query(Connection).one()
    given = {"facts": facts(name), "tag_state": "no_sync"} | about
    order = Order(shop_id=shop.id, gid=name, first_seen_at=database_now(), **given)
    if sent is not None:
        known = {"location": A, "generation": 1, "connection_id": connection.id}
        names = {"fulfillment_order": f"{name}/a", "external_id": f"{name}/a"}
        order.outbound_orders.append(OutboundOrder(shop_id=shop.id, **known, **names, **sent))
    session().add(order)


def confirmed(at: datetime, units: int = 3, **about: Any) -> dict[str, Any]:
    """What the warehouse confirmed of an order that ``plant`` is about to make."""
    lines = {f"{about.pop('of')}/cup": units}
    return {"confirmed_at": at, "confirmed_revision": 1, "confirmed_lines": lines, **about}


def one_by_one(told_until: datetime) -> Counter[Place]:
    """The same by looking at every order."""
    found = Counter[Place]()
    for order in session().query(Order).filter(Order.deleted.is_(False)):
        if order.tag_state == "synced" and not any(map(_differs, order.outbound_orders)):
            continue
        known = [
            Sent(each.location, Counter(each.confirmed_lines) - Counter(each.fulfilled_lines))
            for each in order.outbound_orders
            if not each.archived and each.confirmed_at and each.confirmed_at <= told_until
        ]
        found += unsent(Facts.from_json(order.facts), known)
    return found


def _differs(outbound: OutboundOrder) -> bool:
    return outbound.wanted_revision > outbound.confirmed_revision


def plant_all(now: datetime) -> None:
    """Orders of every kind: never sent, just confirmed, known in part, known as a whole, over."""
    earlier, later = now - timedelta(hours=1), now + timedelta(hours=1)
    plant("new")
    plant("cancelled", facts=facts("cancelled", cancelled=True))
    plant("closed", facts=facts("closed", closed=True))
    plant("deleted", deleted=True)
    plant("waits", {"state": State.PLANNED})
    plant("late", confirmed(later, of="late", state=State.ACCEPTED))
    plant("partly", confirmed(earlier, 1, of="partly", state=State.ACCEPTED))
    fulfilled = {"fulfilled_lines": {"shipped/cup": 2}}
    plant("shipped", confirmed(earlier, of="shipped", state=State.ACCEPTED, **fulfilled))
    plant("known", confirmed(earlier, of="known", state=State.ACCEPTED), tag_state="synced")
    behind = confirmed(earlier, of="behind", state=State.ACCEPTED, wanted_revision=2)
    plant("behind", behind, tag_state="synced")
    plant("archived", confirmed(earlier, of="archived", archived=True))


def test_the_database_adds_up_what_orders_keep(world: World) -> None:
    with world.app.app_context():
        now = database_now()
        plant_all(now)
        session().commit()
        shop = session().query(Shop).one().id
        found = unsent_units(shop, now)
        assert found == one_by_one(now)
        assert found[A, "sku:JAR, BLUE"] == 7, "all but the known one and those that are over"
        assert unsent_units(shop, now - timedelta(hours=2)) != found
        assert unsent_units(shop + 1, now) == Counter()


@pytest.mark.parametrize("many", [1, 300])
def test_more_orders_cost_no_more_queries(world: World, many: int) -> None:
    with world.app.app_context():
        for number in range(many):
            plant(f"order-{number}")
        session().commit()
        shop = session().query(Shop).one().id
        asked: list[str] = []
        event.listen(db.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
        now = database_now()
        asked.clear()
        assert unsent_units(shop, now)[A, CUP] == 3 * many
        assert len(asked) == 2, "one adds up, one looks for those that are known in part"
        assert "facts" not in asked[0]


def test_orders_from_before_are_counted_once_migrated(empty_database_url: str) -> None:
    app = create_app(config_for(database_url=empty_database_url))
    with app.app_context():
        upgrade()
        now = database_now()
        shop = Shop(domain="a.myshopify.com", installed_at=now, scopes="")
        session().add(shop)
        session().flush()
        session().add(Order(shop_id=shop.id, gid="new", first_seen_at=now, facts=facts("new")))
        session().commit()
        of_shop, kept = shop.id, unsent_units(shop.id, now)
        session().rollback()
        downgrade(revision="0035")
        upgrade()
        assert unsent_units(of_shop, now) == kept == one_by_one(now)
        session().rollback()
        db.engine.dispose()
