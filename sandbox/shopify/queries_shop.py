"""Resolvers that read the shop, the app's installation and jobs."""

from collections.abc import Callable
from typing import Any

from graphql import GraphQLResolveInfo

from sandbox.shopify.call import Call, call_of
from sandbox.shopify.values import Node, gid

Info = GraphQLResolveInfo[Call]


def _shop(_: Any, info: Info) -> Node:
    shop = call_of(info).shop
    domain = {
        "id": gid("Domain", shop.number),
        "host": shop.domain,
        "url": f"https://{shop.domain}",
    }
    return {
        "id": gid("Shop", shop.number),
        "name": shop.name,
        "email": f"hello@{shop.handle}.example.com",
        "contactEmail": f"hello@{shop.handle}.example.com",
        "myshopifyDomain": shop.domain,
        "currencyCode": shop.currency,
        "enabledPresentmentCurrencies": [shop.currency, "USD"],
        "ianaTimezone": shop.zone.key,
        "timezoneAbbreviation": "CET",
        "url": f"https://{shop.domain}",
        "weightUnit": "KILOGRAMS",
        "taxesIncluded": True,
        "createdAt": shop.created,
        "plan": {"publicDisplayName": "Development", "partnerDevelopment": True},
        "primaryDomain": domain,
        "shopAddress": {"id": gid("ShopAddress", shop.number), "countryCodeV2": "IT"},
        "billingAddress": {"id": gid("ShopAddress", shop.number), "countryCodeV2": "IT"},
    }


def _installation(_: Any, info: Info) -> Node:
    call = call_of(info)
    app = call.world.app
    return {
        "id": gid("AppInstallation", call.shop.number),
        "launchUrl": f"https://admin.shopify.com/store/{call.shop.handle}/apps/{app.handle}",
        "accessScopes": [
            {"handle": scope, "description": scope.replace("_", " ").capitalize()}
            for scope in sorted(call.scopes)
        ],
        "app": {
            "id": gid("App", 1),
            "title": app.name,
            "handle": app.handle,
            "apiKey": app.client_id,
        },
    }


def _job(_: Any, info: Info, **arguments: str) -> Node | None:
    return call_of(info).shop.jobs.get(arguments["id"])


SHOP_QUERIES: dict[tuple[str, str], Callable[..., Any]] = {
    ("QueryRoot", "shop"): _shop,
    ("QueryRoot", "currentAppInstallation"): _installation,
    ("QueryRoot", "job"): _job,
}
