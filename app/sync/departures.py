"""Uninstalls and Shopify's privacy topics: what stops, what is dropped, what is removed."""

from sqlalchemy import select, update

from app.db import database_now, session
from app.models import (
    Batch,
    BatchMember,
    InboxItem,
    Order,
    OutboundOrder,
    PreparedStore,
    Revision,
    Shop,
    ShopToken,
)
from app.models.prepared_store import WAITING
from app.sync import journal

_PEOPLE = ("customer", "ship_to", "bill_to", "note")


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
    if item.topic == "customers/redact":
        return _forget_people(shop, item.facts.get("orders", []))
    journal.write(
        shop.id,
        "privacy",
        "A customer asked for their data: it is in the documents sent to the warehouse.",
        level=journal.WARNING,
    )
    return "noted"


def _forget_shop(shop: Shop) -> str:
    if shop.installed:
        return "installed again"
    session().query(PreparedStore).filter(
        PreparedStore.domain == shop.domain, PreparedStore.state != WAITING
    ).delete(synchronize_session=False)
    session().delete(shop)
    return "removed"


def _forget_people(shop: Shop, numbers: list[str]) -> str:
    gids = [f"gid://shopify/Order/{number}" for number in numbers]
    outbounds = (
        select(OutboundOrder.id).join(Order).where(Order.shop_id == shop.id, Order.gid.in_(gids))
    )
    revisions = select(Revision).where(Revision.outbound_order_id.in_(outbounds))
    for revision in session().scalars(revisions):
        revision.document = {
            key: value for key, value in revision.document.items() if key not in _PEOPLE
        }
    batches = select(BatchMember.batch_id).where(BatchMember.outbound_order_id.in_(outbounds))
    session().execute(
        update(Batch).where(Batch.id.in_(batches), Batch.answered_at.is_not(None)).values(body=b""),
        execution_options={"synchronize_session": False},
    )
    return "removed"
