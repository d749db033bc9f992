"""How a shipment stands in Shopify: fulfilled, not yet, or why not and what to do."""

from dataclasses import dataclass

from flask_babel import gettext as _

from app.domain import shipments
from app.domain.facts import PICK_UP_METHODS, Facts
from app.domain.settings import Settings
from app.models import Order, Owed, Shipment
from app.sync.out_of_sight import AGE
from app.sync.shipping import pushed_of, snapshot_of
from app.web import shipment_words as words
from app.web.context import admin_order
from app.web.links import link
from app.web.order_gates import section
from app.web.sentences import said
from app.web.words import Badge


@dataclass(frozen=True, slots=True)
class Standing:
    """A badge and what there is to say. ``address`` with its ``label`` is where to mend it;
    ``again``: trying again may help."""

    badge: Badge
    text: str = ""
    advice: str = ""
    address: str = ""
    label: str = ""
    again: bool = False


def standing_of(
    row: Shipment, order: Order, facts: Facts, settings: Settings, owed: Owed | None
) -> Standing:
    """How a shipment stands; ``owed`` is what Shopify is still owed of it."""
    return (
        _kept_back(row, order, settings)
        or _troubled(row, owed)
        or _fulfilled(row)
        or _on_its_way(row, facts, settings)
    )


def _where_to_mend(row: Shipment, order: Order) -> tuple[str, str]:
    if row.reason == AGE:
        return section("access"), _("Access")
    return admin_order(order), _("Open order")


def _kept_back(row: Shipment, order: Order, settings: Settings) -> Standing | None:
    """Nothing is tried: it can't be, or it is not wished."""
    if row.reason:
        address, label = _where_to_mend(row, order)
        advice = str(words.ADVICE.get(row.reason, ""))
        return Standing(words.NOT_FULFILLED, said(row.message), advice, address, label, again=True)
    if row.fulfillment or row.settled:
        return None
    if row.outbound_order.archived:
        return Standing(
            words.NOT_FULFILLED, _("It is of the earlier warehouse account. Fulfil it in Shopify.")
        )
    if not settings.fulfil:
        address = link("settings.fulfilment")
        return Standing(
            words.NOT_FULFILLED,
            _("Fulfilment is switched off."),
            address=address,
            label=_("Settings"),
        )
    return None


def _troubled(row: Shipment, owed: Owed | None) -> Standing | None:
    """It was tried and failed: given up, or tried again by itself."""
    if owed is None or not owed.last_error:
        return None
    badge = words.FULFILLED if row.fulfillment else words.NOT_YET
    if owed.dead_at is None:
        return Standing(badge, said(owed.last_error), _("It is tried again by itself."))
    badge = words.FULFILLED if row.fulfillment else words.NOT_FULFILLED
    return Standing(badge, said(owed.last_error), _("It was given up."), again=True)


def _fulfilled(row: Shipment) -> Standing | None:
    if not row.fulfillment:
        return None
    if row.pushed.get("withdrawn"):
        return Standing(words.TAKEN_BACK)
    done, told = sum(row.pushed.get("units", {}).values()), sum(row.lines.values())
    if done >= told:
        return Standing(words.FULFILLED)
    if row.settled:
        text = _(
            "%(done)s of %(all)s units. Shopify no longer asks for the others.", done=done, all=told
        )
    else:
        text = _("%(done)s of %(all)s units.", done=done, all=told)
    return Standing(words.IN_PART, text)


def _on_its_way(row: Shipment, facts: Facts, settings: Settings) -> Standing:
    if row.attempt is not None:
        return Standing(words.UNDER_WAY)
    if row.state == shipments.CANCELLED:
        return Standing(words.NOTHING_DUE)
    part = next((p for p in facts.parts if p.id == row.outbound_order.fulfillment_order), None)
    method = part.method if part else ""
    wishes = shipments.Wishes(on_packed=settings.fulfil_on == "packed")
    step = shipments.next_step(snapshot_of(row, settings), pushed_of(row), method, wishes)
    if isinstance(step, shipments.Fulfil):
        return Standing(words.UNDER_WAY)
    picked_up = method in PICK_UP_METHODS
    text = (
        _("Waits until it is picked up.")
        if picked_up
        else _("Waits until it leaves the warehouse.")
    )
    return Standing(words.NOT_YET, text)
