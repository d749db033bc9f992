"""What may hold an order, each as a test: an empty text when the gate is open, else the reason in a
sentence. Their order, fixes and overrides stand in ``app/domain/rules.py``."""

from app.domain.facts import PICK_UP_METHODS
from app.domain.situation import (
    HIGH_RISK,
    ROUTING_TAKES,
    Situation,
    cooled_at,
    is_being_rated,
)

# Money that was given back had come in; *kind* says what becomes of such an order.
_PAID = frozenset({"paid", "partially_refunded", "refunded"})
UNTOLD = (
    "It was edited after it was sent. The warehouse's system takes no changes to an order that it"
    " has: tell the warehouse yourself what to change."
)
OUT_OF_SIGHT = (
    "Shopify no longer shows this order to Tagdock: it is older than 60 days, or deleted."
)


def connection(at: Situation) -> str:
    """Is there a warehouse to send to?"""
    return "" if at.connected else at.connection_message or "No warehouse is connected."


def tracked(at: Situation) -> str:
    """Is the order in automation?"""
    return "" if at.tracked else "This order is not in automation."


def automatic(at: Situation) -> str:
    """Do orders go by themselves?"""
    return "" if at.automatic else "Automatic processes are off. Only Send to WMS sends."


def kind(at: Situation) -> str:
    """Is it a real, open order?"""
    facts, settings = at.facts, at.settings
    refunded = facts.financial_status in ("refunded", "voided")
    return _first(
        (facts.cancelled, "The order is cancelled."),
        (refunded and settings.refunded_orders == "skip", "The order is fully refunded."),
        (
            facts.test and settings.test_orders == "skip" and not at.manual,
            "This is a test order.",
        ),
    )


def risk(at: Situation) -> str:
    """Is the fraud risk acceptable?"""
    if at.settings.risky_orders == "send":
        return ""
    return _first(
        (at.facts.risk == HIGH_RISK, "Shopify rates the order as a high fraud risk."),
        (is_being_rated(at), "Shopify has not rated the fraud risk yet."),
    )


def paid(at: Situation) -> str:
    """Is it paid, or need not be yet?"""
    facts = at.facts
    later = facts.cash_on_delivery or facts.on_account or at.sent
    if not at.settings.require_payment or later or not at.read:
        return ""
    paid = facts.financial_status in _PAID
    return "" if paid else "Not paid yet. It goes by itself when it is paid."


def cooloff(at: Situation) -> str:
    """Is the edit window over?"""
    if at.sent or at.now >= cooled_at(at):
        return ""
    minutes = at.settings.cool_off_minutes
    until = f"{cooled_at(at):%Y-%m-%d %H:%M} UTC"
    return f"It waits until {until}: orders may be edited for {minutes} minutes."


def edited(at: Situation) -> str:
    """Has nothing changed since it was sent, or may changes go by themselves?"""
    if at.untold:
        return UNTOLD
    if not at.edited or at.settings.after_edit == "resend":
        return ""
    return "It was edited after it was sent. The warehouse still has the former version."


def age(at: Situation) -> str:
    """Does Shopify show the order?"""
    return OUT_OF_SIGHT if at.hidden else ""


def routed(at: Situation) -> str:
    """Has Shopify decided where to fulfil from?"""
    if at.facts.parts:
        return ""
    recent = at.now - at.first_seen_at < ROUTING_TAKES
    waiting = recent or not at.read
    return "Shopify has not yet decided where to fulfil this order from." if waiting else ""


def shippable(at: Situation) -> str:
    """Is there something to ship?"""
    nothing = at.read and not at.facts.live_parts and not routed(at)
    return "There is nothing left to ship." if nothing else ""


def location(at: Situation) -> str:
    """Do all of its locations lead to a warehouse or to nothing?"""
    parts = at.facts.live_parts
    unmapped = {part.location_name for part in parts if at.is_unmapped(part.location)}
    refused = {part.location_name for part in parts}
    goes = any(at.warehouse_for(part.location) for part in parts)
    return _first(
        (bool(unmapped), _named("The location {} is not mapped to a warehouse.", unmapped)),
        (
            bool(parts) and not goes and not at.sent,
            _named("What is fulfilled from {} is not sent to the warehouse.", refused),
        ),
    )


def _named(sentence: str, names: set[str]) -> str:
    return sentence.format(", ".join(sorted(names)))


def hold(at: Situation) -> str:
    """May any of it be fulfilled that is still to be sent? Parts that are free go without the
    others."""
    parts = at.parts_to_go
    held = [part for part in parts if part.status == "ON_HOLD" or part.holds]
    later = [part for part in parts if part.status == "SCHEDULED" and part not in held]
    if len(held) + len(later) < len(parts):
        return ""
    reasons = ", ".join(sorted({reason for part in held for reason in part.holds}))
    return _first(
        (bool(held), f"Fulfilment is on hold in Shopify{': ' + reasons if reasons else ''}."),
        (bool(later), "Fulfilment is scheduled for later in Shopify."),
    )


def reshipped(at: Situation) -> str:
    """Is nothing open again because its fulfillment was cancelled?"""
    if not at.returned:
        return ""
    return "A fulfillment was cancelled in Shopify. Send it again if it must be shipped again."


def fields(at: Situation) -> str:
    """Does it have what the merchant requires, and the default values that the WMS requires?"""
    lacking = at.lacking_defaults if at.read else []
    told = (
        f"The warehouse requires a default value: {', '.join(lacking)}. Enter it in Settings."
        if lacking
        else ""
    )
    return " ".join(filter(None, (own_fields(at), told)))


def own_fields(at: Situation) -> str:
    """Does the order itself have what the merchant requires?"""
    if not at.read:
        return ""
    missing = [name for name in at.settings.required_fields if _is_missing(at, name)]
    hidden = [name for name in missing if _is_concealed(at, name)]
    entered = [name for name in missing if name not in hidden]
    return _first(
        (
            bool(hidden),
            (
                f"Shopify hides the {_listed(hidden)} from this app."
                " Ask for access to protected customer data."
            ),
        ),
        (bool(entered), f"The {_listed(entered)} is missing. Enter it in Shopify."),
    )


_ABOUT_SHIPPING = frozenset({"shipping_address", "zip", "province", "company"})
_CONCEALED_BY = {
    "billing_address": ("billingAddress",),
    "email": ("email", "customer"),
    "phone": ("phone", "shippingAddress", "customer"),
    "name": ("shippingAddress", "customer"),
}


def _is_missing(at: Situation, name: str) -> bool:
    collected = all(part.method in PICK_UP_METHODS for part in at.facts.live_parts)
    if collected and at.facts.live_parts and name in _ABOUT_SHIPPING:
        return False
    return name not in at.facts.present


def _is_concealed(at: Situation, name: str) -> bool:
    by = _CONCEALED_BY.get(name, ("shippingAddress",) if name in _ABOUT_SHIPPING else ())
    return any(field.split(".")[0] in by for field in at.facts.concealed)


def _listed(names: list[str]) -> str:
    return ", ".join(name.removeprefix("attribute:").replace("_", " ") for name in names)


def sku(at: Situation) -> str:
    """Does every line have a SKU?"""
    bare = [line.name for line in at.facts.shipped_lines if not line.sku]
    others = [line for line in at.facts.shipped_lines if line.sku]
    if not bare or (others and at.settings.lines_without_sku == "skip"):
        return ""
    return f"No SKU: {', '.join(bare[:3])}{' …' if len(bare) > 3 else ''}."


def accepted(at: Situation) -> str:
    """What did the WMS say?"""
    return at.refused


def _first(*cases: tuple[bool, str]) -> str:
    return next((text for applies, text in cases if applies), "")
