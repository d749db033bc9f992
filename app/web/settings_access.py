"""What Shopify lets the app do, and what each permission is for."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _

Text = Any  # a lazily translated string


@dataclass(frozen=True, slots=True)
class Scope:
    """A permission of Shopify's. ``unlocks`` is what it is for, ``blocks`` what fails without."""

    handle: str
    unlocks: Text
    blocks: Text
    optional: bool = False


SCOPES = (
    Scope("write_orders", _("Read orders and write their tags"), _("No order can be sent.")),
    Scope(
        "write_merchant_managed_fulfillment_orders",
        _("See what each location has to ship"),
        _("No order can be sent."),
    ),
    Scope(
        "write_fulfillments",
        _("Write fulfilments and tracking numbers"),
        _("Shipments can't be written to Shopify."),
    ),
    Scope(
        "read_locations",
        _("List your locations"),
        _("Locations can't be mapped to warehouses."),
    ),
    Scope(
        "read_products",
        _("Read the SKU of a product"),
        _("A SKU added to a product later is not noticed."),
    ),
    Scope(
        "read_customers",
        _("Read names and addresses"),
        _("Orders go without a name and an address, or not at all."),
    ),
    Scope(
        "write_inventory",
        _("See and set quantities of stock"),
        _("The warehouse's stock is not set in Shopify."),
        optional=True,
    ),
    Scope(
        "write_returns",
        _("See returns and write what became of their goods"),
        _("The warehouse is not told of returns."),
        optional=True,
    ),
    Scope(
        "read_all_orders",
        _("Read orders older than 60 days"),
        _("Orders older than 60 days are not sent."),
        optional=True,
    ),
    Scope(
        "read_third_party_fulfillment_orders",
        _("See what fulfilment services ship"),
        _("What fulfilment services ship stays unseen."),
        optional=True,
    ),
    Scope(
        "read_payment_terms",
        _("Tell orders on account from prepaid ones"),
        _("Orders on account are sent as prepaid."),
        optional=True,
    ),
)


@dataclass(frozen=True, slots=True)
class Access:
    """A permission, and whether the shop has given it."""

    scope: Scope
    granted: bool


def access_of(scopes: str) -> list[Access]:
    """Every permission beside what the shop has granted (comma-separated). Writing includes
    reading."""
    given = {scope.strip() for scope in scopes.split(",")}
    return [
        Access(scope, bool({scope.handle, scope.handle.replace("read_", "write_")} & given))
        for scope in SCOPES
    ]


def missing(scopes: str) -> list[Scope]:
    """The permissions that Tagdock can't do without and does not have."""
    return [
        each.scope for each in access_of(scopes) if not each.granted and not each.scope.optional
    ]
