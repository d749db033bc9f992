"""Uninstalls and Shopify's privacy topics: what stops, what is dropped, what is removed."""

from sqlalchemy import select

from app.db import database_now, session
from app.models import InboxItem, Order, PreparedStore, Shop, ShopToken
from app.models.prepared_store import WAITING
from app.sync import journal
from app.sync.forgetting import forget_orders

_NAMED = 20


def uninstall(shop: Shop) -> None:
    """Stop all work for a shop and drop its tokens; its data stays for a reinstall. The caller
    commits."""
    shop.installed, shop.uninstalled_at = False, database_now()
    stored = session().get(ShopToken, shop.id)
    if stored is not None:
        session().delete(stored)
    journal.write(shop.id, "uninstalled", "Uninstalled. Nothing is sent any more.")


def privacy(shop: Shop, item: InboxItem) -> str:
    """Do what a compliance topic asks. The caller commits."""
    if item.topic == "shop/redact":
        return _forget_shop(shop)
    gids = [f"gid://shopify/Order/{number}" for number in item.facts.get("orders", [])]
    if item.topic == "customers/redact":
        return _forget_people(shop, gids)
    return _tell_where(shop, gids)


def _forget_shop(shop: Shop) -> str:
    if shop.installed:
        return "installed again"
    session().query(PreparedStore).filter(
        PreparedStore.domain == shop.domain, PreparedStore.state != WAITING
    ).delete(synchronize_session=False)
    session().delete(shop)
    return "removed"


def _forget_people(shop: Shop, gids: list[str]) -> str:
    names = forget_orders(shop.id, gids)
    if not names:
        return "nothing kept"
    journal.write(
        shop.id,
        "privacy",
        f"Shopify asked to remove a customer's data. Removed from {_list(names)}.",
    )
    return "removed"


def _tell_where(shop: Shop, gids: list[str]) -> str:
    """A person answers the customer: the log says where to look."""
    known = select(Order.name).where(Order.shop_id == shop.id, Order.gid.in_(gids))
    names = list(session().scalars(known.order_by(Order.id)))
    where = f"See what was sent on the pages of {_list(names)}." if names else "There is none here."
    journal.write(
        shop.id, "privacy", f"A customer asked for their data. {where}", level=journal.WARNING
    )
    return "noted"


def _list(names: list[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"{', '.join(names[:_NAMED])}{more}"
