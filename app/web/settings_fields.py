"""The rows of the forms in which a merchant gives names and values of their own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _

from app.models import Connection
from app.web.settings_fulfilment import tells

SOURCE_WORDS = {
    "order_id": _("Order id"),
    "order_number": _("Order number"),
    "note": _("Note"),
    "tags": _("All tags"),
    "shipping_method": _("Shipping method, its name"),
    "shipping_code": _("Shipping method, its code"),
    "source_name": _("Sales channel"),
    "currency": _("Currency of the store"),
    "presentment_currency": _("Currency that the buyer paid in"),
    "attribute:": _("Order attribute, by name"),
    "metafield:": _("Order metafield, namespace.key"),
    "tag:": _("Whether a tag is there"),
}
FIELD_WORDS = {
    "shipping_address": _("Shipping address"),
    "billing_address": _("Billing address"),
    "zip": _("Postal code"),
    "province": _("Province"),
    "phone": _("Phone"),
    "email": _("E-mail"),
    "company": _("Company"),
    "name": _("Name"),
    "note": _("Note"),
}

# What a warehouse often wants with every order, by the keys that docs/writing-a-wms.md gives them.
DEFAULT_WORDS = {
    "payment_terms": _("Payment terms"),
    "salesperson": _("Salesperson"),
    "customer_number": _("Customer number"),
    "division": _("Division"),
    "order_status": _("Order status"),
    "hold_code": _("Hold code"),
    "order_type": _("Order type"),
    "print_pick_sheet": _("Print pick sheet"),
    "print_sales_order": _("Print sales order"),
    "tax_schedule": _("Tax schedule"),
}
YES_OR_NO = frozenset({"print_pick_sheet", "print_sales_order"})

# What a WMS may say of itself, as a merchant understands it.
CAPABILITY_WORDS = {
    "order_update": _("Takes changes to an order it has"),
    "cancel": _("Cancels orders"),
    "cancel_lines": _("Cancels single lines"),
    "hold": _("Holds and releases orders"),
    "partial_shipments": _("Ships an order in parts"),
    "packed_event": _("Tells when an order is packed"),
    "delivered_event": _("Tells when an order is delivered"),
    "inventory": _("Tells its stock"),
    "returns": _("Takes returns"),
    "callbacks": _("Tells news at once"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A name with its value. ``label``: how Tagdock calls it, else the WMS; empty when the merchant
    named it. ``rest``: what a source of that kind names, such as the attribute. ``yes_or_no``: it
    is chosen rather than typed."""

    key: str
    label: str
    value: str
    rest: str = ""
    required: bool = False

    @property
    def yes_or_no(self) -> bool:
        return self.key in YES_OR_NO


def register(app: Flask) -> None:
    """Give the templates the rows and their words."""
    app.jinja_env.globals.update(
        default_rows=default_rows,
        metadata_rows=metadata_rows,
        source_words=SOURCE_WORDS,
        field_words=FIELD_WORDS,
        attributes_of=attributes_of,
        capability_words=CAPABILITY_WORDS,
        tells=tells,
    )


def default_rows(connection: Connection | None, values: Mapping[str, str]) -> list[Row]:
    """A row for each default value that the WMS declares, then for those that warehouses often
    want, then for those that the merchant has added."""
    declared = [
        Row(
            each["key"],
            str(DEFAULT_WORDS.get(each["key"]) or _label(each)),
            values.get(each["key"], ""),
            required=each["required"],
        )
        for each in _declared(connection, "default_fields")
    ]
    own = _own(connection, "default_fields", values)
    named = {row.key for row in declared}
    usual = [
        Row(key, str(label), values.get(key, ""))
        for key, label in DEFAULT_WORDS.items()
        if key not in named
    ]
    return declared + usual + [Row(key, "", values[key]) for key in own if key not in DEFAULT_WORDS]


def metadata_rows(connection: Connection | None, values: Mapping[str, str]) -> list[Row]:
    """A row for each extra field that the WMS declares or the merchant has added."""
    known = {each["key"]: _label(each) for each in _declared(connection, "metadata_fields")}
    names = [*known, *_own(connection, "metadata_fields", values)]
    return [Row(key, known.get(key, ""), *_split(values.get(key, ""))) for key in names]


def attributes_of(required: Sequence[str]) -> str:
    """The order attributes among the required fields, as a person writes them."""
    names = [field.partition(":")[2] for field in required if field.startswith("attribute:")]
    return ", ".join(names)


def _split(source: str) -> tuple[str, str]:
    kind, colon, rest = source.partition(":")
    return kind + colon, rest


def _label(declared: Mapping[str, Any]) -> str:
    return str(declared.get("label") or declared["key"])


def _declared(connection: Connection | None, what: str) -> list[dict[str, Any]]:
    return list(connection.info.get(what, [])) if connection else []


def _own(connection: Connection | None, what: str, values: Mapping[str, str]) -> list[str]:
    known = {each["key"] for each in _declared(connection, what)}
    return sorted(key for key in values if key not in known)
