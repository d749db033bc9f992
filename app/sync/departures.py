"""Uninstalls and Shopify's privacy topics: what stops, what is dropped, what is removed."""

from collections.abc import Sequence

from sqlalchemy import select

from app.db import database_now, session
from app.domain.states import Effect
from app.errors import TryLater
from app.models import InboxItem, Order, PreparedStore, Shop, ShopToken
from app.models.prepared_store import WAITING
from app.sync import journal
from app.sync.claims import Claim, finish
from app.sync.engine import atomically
from app.sync.forgetting import forget_orders
from app.sync.installed import is_installed
from app.sync.owing import owe

_NAMED = 20
# A token may work for a moment after Shopify told of the uninstall.
_LOOKS, _BETWEEN = 3, 60.0
# The outcome of a removal that waits for whether the app is installed.
_ASKED = "asked"


def owe_look(shop: Shop) -> None:
    """Somebody says that the app was taken out: find out whether it was. The caller commits."""
    owe(shop.id, ("shop", str(shop.id)), Effect.CHECK_INSTALL)


def look(shop: Shop, claims: Sequence[Claim]) -> None:
    """Uninstall a shop into which Shopify lets us no more; while it does, look twice more."""
    shop_id, token = shop.id, _token_since(shop.id)
    there = is_installed(shop)
    if there and claims[0].attempts < _LOOKS:
        raise TryLater("Shopify still lets the app in.", _BETWEEN)

    def work() -> None:
        finish(claims)
        fresh = session().get_one(Shop, shop_id)
        if there:
            _refuse_removal(fresh)
        elif _token_since(shop_id) != token:
            raise TryLater("The app was installed meanwhile.", 1.0, counts=False)
        else:
            uninstall(fresh)
            _take_up_removal(fresh)

    atomically(work)


def _token_since(shop_id: int) -> object:
    return session().scalar(select(ShopToken.obtained_at).where(ShopToken.shop_id == shop_id))


def _removals(shop: Shop) -> list[InboxItem]:
    """What waits for the answer to whether the app is installed."""
    items = session().query(InboxItem).filter_by(shop_id=shop.id, topic="shop/redact")
    return items.filter_by(outcome=_ASKED).all()


def _refuse_removal(shop: Shop) -> None:
    for item in _removals(shop):
        item.outcome = "installed"
        journal.write(
            shop.id,
            "privacy",
            "Shopify asked to remove this shop, but the app is installed here. Nothing was"
            " removed.",
            level=journal.WARNING,
        )


def _take_up_removal(shop: Shop) -> None:
    for item in _removals(shop):
        item.outcome, item.done_at = "", None
        owe(shop.id, ("shop", str(shop.id)), Effect.RECEIVE)


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
    """Shopify asks for it two days after an uninstall. Of an app that is installed it can't be."""
    if shop.installed:
        owe_look(shop)
        return _ASKED
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
