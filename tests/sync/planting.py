"""Rows as a shop in full use has them, for tests of what goes when it goes."""

from app.db import database_now, session
from app.models import (
    Catalogue,
    CatalogueItem,
    DriftLook,
    DriftRow,
    Order,
    Return,
    Shop,
    SkuFinding,
    StockLevel,
    StockReading,
    WarehouseStock,
)
from app.sync.tag_prefix import hold
from tests.world import SHOP, World

ITEM, PLACE = "gid://shopify/InventoryItem/1", "gid://shopify/Location/1"


def plant_stock(world: World) -> None:
    """What a shop's catalogue holds, how its stock stands, and what its deployment is set to."""
    with world.app.app_context():
        hold()
        shop = session().query(Shop.id).filter_by(domain=SHOP).scalar()
        told = {"connection_id": "c", "generation": 1, "warehouse": "WH", "sku": "MUG-WHITE"}
        session().add_all(
            [
                Catalogue(shop_id=shop),
                CatalogueItem(shop_id=shop, item=ITEM),
                SkuFinding(shop_id=shop, kind="duplicate", alike="mug-white"),
                StockLevel(shop_id=shop, item=ITEM, location=PLACE),
                WarehouseStock(shop_id=shop, **told),
            ]
        )
        session().merge(StockReading(shop_id=shop))
        session().commit()


def plant_what_came_back(world: World, gid: str) -> None:
    """A return of an order, a difference found in it, and a look that found none."""
    with world.app.app_context():
        order, now = session().query(Order).filter_by(gid=gid).one(), database_now()
        mine = {"shop_id": order.shop_id, "order_id": order.id}
        known = {"connection_id": "c", "generation": 1, "status": "OPEN", "seen_at": now}
        session().add_all(
            [
                Return(gid="gid://shopify/Return/1", external_id="R-1", **mine, **known),
                DriftRow(key="k", kind="missing", side="wms", found_at=now, seen_at=now, **mine),
                DriftLook(order_id=order.id, mark=1, compared_at=now),
            ]
        )
        session().commit()
