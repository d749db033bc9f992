"""A shop comes in: its row, its tokens, its schedule."""

from collections.abc import Sequence
from datetime import datetime

from app.db import database_now, session
from app.domain.states import Effect
from app.models import Order, ScheduleSlot, Shop
from app.shopify.orders import read_shop as read_shop_from
from app.shopify.values import ShopInfo, TokenSet
from app.sync import alerts, journal, runs, stock_marks
from app.sync.claims import Claim, finish
from app.sync.engine import atomically
from app.sync.looking import look_again
from app.sync.out_of_sight import sees_all
from app.sync.outside import NORMAL, access_token, shopify_for, store_tokens
from app.sync.owing import BULK, owe
from app.sync.preparing import take_over
from app.sync.reconcile import ADOPT, RECONCILE
from app.sync.schedule import NIGHTLY, SLOTS, Job


def install(domain: str, tokens: TokenSet, *, now: datetime | None = None) -> Shop:
    """Make or revive a shop and keep its tokens. The caller commits.

    The date of the first install stays: orders placed since then are importable. What an operator
    prepared for the shop is taken over.
    """
    # Shopify's times are whole seconds: an order of this very second is a new one.
    moment = (now or database_now()).replace(microsecond=0)
    shop = session().query(Shop).filter_by(domain=domain).one_or_none()
    comes = shop is None or not shop.installed
    if shop is None:
        shop = Shop(domain=domain, installed_at=moment, scopes=tokens.scope)
        session().add(shop)
        session().flush()
    if comes:
        _welcome(shop, moment)
    shop.installed, shop.uninstalled_at = True, None
    _keep_scopes(shop, tokens.scope or shop.scopes)
    store_tokens(shop, tokens)
    if comes:
        take_over(shop)
    return shop


def _welcome(shop: Shop, now: datetime) -> None:
    journal.write(shop.id, "installed", "Installed. New orders are noticed from now on.")
    shop.reconciled_until = shop.reconciled_until or now
    _put_in_slots(shop, SLOTS, now)
    session().merge(ScheduleSlot(shop_id=shop.id, job=alerts.WATCH, next_at=now))
    owe(shop.id, ("shop", str(shop.id)), Effect.READ_SHOP)
    # What changed while the app was away is found now, not when the next look is due.
    for look in (ADOPT, RECONCILE) if shop.uninstalled_at else (ADOPT,):
        run = runs.begin(shop.id, look, runs.SCHEDULE)
        owe(shop.id, ("run", run.id), Effect.RUN, lane=BULK)
    if session().query(Order.id).filter_by(shop_id=shop.id).first():
        owe(shop.id, ("shop", str(shop.id)), Effect.RECEIVE)


def _put_in_slots(shop: Shop, jobs: Sequence[Job], now: datetime) -> None:
    for job in jobs:
        session().merge(ScheduleSlot(shop_id=shop.id, job=job.name, next_at=job.next_at(shop, now)))


def _keep_scopes(shop: Shop, scopes: str) -> None:
    """Note what the app may do. Orders that were too old to be seen are read once they may be."""
    saw_all, shop.scopes = sees_all(shop), scopes
    if sees_all(shop) and not saw_all:
        look_again(shop.id)


def read_shop(shop: Shop, claims: Sequence[Claim]) -> None:
    """Read a shop's name, currency, zone, scopes and locations."""
    shop_id, token = shop.id, access_token(shop)
    client = shopify_for(shop, NORMAL, token=token)
    session().commit()
    info = read_shop_from(client)
    atomically(lambda: _take(shop_id, info, token, claims))


def _take(shop_id: int, info: ShopInfo, token: str, claims: Sequence[Claim]) -> None:
    shop = session().get_one(Shop, shop_id)
    shop.name, shop.currency = info.name, info.currency
    if shop.timezone != info.timezone:
        shop.timezone = info.timezone
        _put_in_slots(shop, NIGHTLY, database_now())
    replaced = shop.token is None or shop.token.access_token != token
    if not replaced:
        _keep_scopes(shop, ",".join(sorted(info.scopes)))
    known = shop.locations
    shop.locations = [
        {"id": location.id, "name": location.name, "active": location.active}
        for location in info.locations
        if not location.is_fulfillment_service
    ]
    if known != shop.locations:
        look_again(shop_id)
        stock_marks.unsettle(shop)
    finish(claims)
    if replaced:
        # The token that came meanwhile may have more permissions, or fewer.
        owe(shop_id, ("shop", str(shop_id)), Effect.READ_SHOP)
