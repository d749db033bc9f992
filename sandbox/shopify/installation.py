"""The app at a shop: granted, used, taken away."""

import base64

from sandbox.shopify.app_config import with_implied
from sandbox.shopify.fulfillment_orders import NotPossible
from sandbox.shopify.shop import Shop
from sandbox.shopify.webhooks import publish
from sandbox.shopify.world import World


def install(world: World, shop: Shop, scopes: frozenset[str] | None = None) -> None:
    """Do what managed installation does: grant scopes, switch on the file's webhooks."""
    with world.lock:
        granted = world.app.scopes if scopes is None else scopes
        was, shop.installed, shop.scopes = shop.scopes, True, granted
        if was and was != granted:
            body = {"previous": sorted(was), "current": sorted(granted)}
            publish(world, shop, "app/scopes_update", body)


def change_scopes(
    world: World, shop: Shop, more: frozenset[str], less: frozenset[str] = frozenset()
) -> None:
    """Grant scopes that the app's file names, and take back optional ones; raise NotPossible.

    Tokens issued before don't gain anything; what is taken back they lose at once.
    """
    with world.lock:
        if not shop.installed:
            raise NotPossible(f"The app is not installed in {shop.domain}.")
        named = world.app.scopes | world.app.optional_scopes
        _check("not in the app's configuration", more - named)
        _check("required by the app's configuration", less & world.app.scopes)
        _check("not granted", less - shop.scopes)
        install(world, shop, (shop.scopes | more) - less)
        if less:
            world.tokens.narrow(shop.domain, with_implied(shop.scopes))


def _check(fault: str, scopes: frozenset[str]) -> None:
    if scopes:
        raise NotPossible(f"These scopes are {fault}: {', '.join(sorted(scopes))}.")


def uninstall(world: World, shop: Shop) -> None:
    """Tell the app, then stop its webhooks and forget its tokens."""
    with world.lock:
        if shop.installed:
            body = {"id": shop.number, "domain": shop.domain, "myshopify_domain": shop.domain}
            publish(world, shop, "app/uninstalled", body | {"name": shop.name})
        shop.installed, shop.scopes = False, frozenset()
        world.tokens.revoke(shop.domain)


def redact(world: World, shop: Shop) -> None:
    """Ask the app to forget a shop, as Shopify does two days after an uninstall."""
    body = {"shop_id": shop.number, "shop_domain": shop.domain}
    publish(world, shop, "shop/redact", body)


def ask_about_customer(world: World, shop: Shop, topic: str, orders: list[int]) -> None:
    """Send ``customers/redact`` or ``customers/data_request`` about the customer of some orders.

    Nothing is taken out of the orders here: what an app still shows afterwards is what it kept.
    """
    customer = {"id": 191167, "email": "customer@example.com", "phone": "+390212345678"}
    body = {"shop_id": shop.number, "shop_domain": shop.domain, "customer": customer}
    named = "orders_to_redact" if topic == "customers/redact" else "orders_requested"
    if topic == "customers/data_request":
        body["data_request"] = {"id": shop.next_number("DataRequest")}
    publish(world, shop, topic, body | {named: orders})


def host_parameter(shop: Shop) -> str:
    """Return the ``host`` that Shopify puts on an app's address."""
    text = f"admin.shopify.com/store/{shop.handle}"
    return base64.b64encode(text.encode()).decode().rstrip("=")
