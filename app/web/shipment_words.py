"""What shipments are called: their states, their documents, and how they stand in Shopify."""

from flask_babel import lazy_gettext as _

from app.web.words import Badge, Text

STATES = {
    "packed": Badge(_("Packed"), "info", "package"),
    "shipped": Badge(_("Shipped"), "info", "delivery"),
    "in_transit": Badge(_("In transit"), "info", "delivery"),
    "out_for_delivery": Badge(_("Out for delivery"), "info", "delivery"),
    "ready_for_pickup": Badge(_("Ready for pick-up"), "info", "location"),
    "delivered": Badge(_("Delivered"), "success", "check-circle"),
    "cancelled": Badge(_("Cancelled"), "neutral", "x-circle"),
}
DOCUMENTS = {
    "label": _("Label"),
    "packing_slip": _("Packing slip"),
    "invoice": _("Invoice"),
}

FULFILLED = Badge(_("Fulfilled in Shopify"), "success", "check-circle")
IN_PART = Badge(_("Fulfilled in part"), "warning", "alert-triangle")
TAKEN_BACK = Badge(_("Taken back in Shopify"), "neutral", "circle-dashed")
UNDER_WAY = Badge(_("Being fulfilled"), "caution", "refresh")
NOT_YET = Badge(_("Not fulfilled yet"), "neutral", "clock")
NOT_FULFILLED = Badge(_("Not fulfilled"), "warning", "alert-triangle")
NOTHING_DUE = Badge(_("Nothing to fulfil"), "neutral", "circle-dashed")

# What a person can do about it, by the reason why Shopify can't have a shipment.
ADVICE: dict[str, Text] = {
    "nothing-left": _(
        "Look at the order in Shopify. What is fulfilled there needs nothing more; what was moved"
        " to another location can be moved back and tried again."
    ),
    "age": _("Grant “Read orders older than 60 days”: then it is fulfilled by itself."),
    "not-possible": _("Mend in Shopify what it names, then try again."),
}


def state_badge(state: str) -> Badge:
    """A shipment's state; one that we don't know as the WMS calls it."""
    return STATES.get(state) or Badge(state.replace("_", " "), "neutral", "package")


def document_label(kind: str) -> str:
    """A document's name; one of a kind that we don't know as the WMS calls it."""
    return str(DOCUMENTS.get(kind) or kind.replace("_", " ").capitalize())
