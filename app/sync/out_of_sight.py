"""Orders that Shopify stops showing, being older than 60 days, and what follows when it shows them
again: after the merchant has let the app read orders of any age, they go on by themselves."""

from app.db import session
from app.domain.gates import OUT_OF_SIGHT
from app.domain.states import Effect
from app.models import Order, Shipment, Shop
from app.shopify.answers import NOT_POSSIBLE
from app.sync import journal
from app.sync.engine import owe_order
from app.sync.shipping import owe_those_of

AGE = "age"
_SEES_ALL = "read_all_orders"


def sees_all(shop: Shop) -> bool:
    """Whether the shop lets the app read orders of any age."""
    return _SEES_ALL in shop.scopes.split(",")


def hide(order: Order) -> None:
    """Shopify does not show the order: it stays as it is, and what Shopify has refused of its
    shipments was refused for that. The caller commits."""
    order.hidden = True
    refused = session().query(Shipment).filter_by(order_id=order.id, settled=False)
    for row in refused.filter_by(reason=NOT_POSSIBLE).order_by(Shipment.id):
        tell(row, order)


def tell(row: Shipment, order: Order) -> None:
    """Say why Shopify can't have a shipment of an order that it does not show. The caller
    commits."""
    row.reason, row.message = AGE, OUT_OF_SIGHT
    journal.write(
        row.shop_id, "not_fulfilled", OUT_OF_SIGHT, order=order, level=journal.WARNING, code=AGE
    )


def show(order: Order) -> None:
    """Shopify shows the order: what could not be told it so far is tried now. The caller
    commits."""
    if order.hidden:
        order.hidden = False
        owe_those_of(order.id)
        owe_order(order, Effect.TAG)
