"""One word per thing: the labels, tones and icons that docs/pages.md shows, for all pages alike."""

from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _

from app.models import Connection
from app.models.connection import (
    ESTABLISHED,
    LOCKED,
    NEVER_TESTED,
    OTHER_ACCOUNT,
    REFUSED,
    UNREACHABLE,
    UNUSABLE,
)
from app.web.sentences import said

Text = Any  # a lazily translated string


@dataclass(frozen=True, slots=True)
class Badge:
    """What an ``s-badge`` shows."""

    label: Text
    tone: str
    icon: str


@dataclass(frozen=True, slots=True)
class GateWords:
    """A gate's label, and the reason in a word or two when it is closed."""

    label: Text
    short: Text


STATES = {
    "no_sync": Badge(_("To send"), "info", "clock"),
    "syncing": Badge(_("Syncing"), "caution", "refresh"),
    "synced": Badge(_("Synced"), "success", "check-circle"),
    "error": Badge(_("Error"), "critical", "alert-circle"),
    "untracked": Badge(_("Not in automation"), "neutral", "circle-dashed"),
}

CONNECTION = {
    ESTABLISHED: Badge(_("Connection established"), "success", "check-circle"),
    REFUSED: Badge(_("Token refused"), "critical", "alert-circle"),
    UNREACHABLE: Badge(_("Unreachable since {t}"), "warning", "alert-triangle"),
    UNUSABLE: Badge(_("No usable answer since {t}"), "warning", "alert-triangle"),
    NEVER_TESTED: Badge(_("Never tested"), "neutral", "circle-dashed"),
    LOCKED: Badge(_("Token unreadable"), "critical", "alert-circle"),
    OTHER_ACCOUNT: Badge(_("Another warehouse account"), "warning", "alert-triangle"),
}

LEVELS = {
    "info": Badge(_("Info"), "neutral", "info"),
    "warning": Badge(_("Warning"), "warning", "alert-triangle"),
    "error": Badge(_("Error"), "critical", "alert-circle"),
}

# In the order in which a person is told.
GATES = {
    "connection": GateWords(_("Warehouse connected"), _("No connection")),
    "tracked": GateWords(_("In automation"), _("Not in automation")),
    "automatic": GateWords(_("Automatic processes on"), _("Automatic processes off")),
    "kind": GateWords(_("A real, open order"), _("Test or closed order")),
    "risk": GateWords(_("Fraud risk acceptable"), _("Fraud risk")),
    "paid": GateWords(_("Paid"), _("Not paid")),
    "cooloff": GateWords(_("Edit window over"), _("Edit window open")),
    "age": GateWords(_("Under 60 days old"), _("Too old")),
    "routed": GateWords(_("Fulfilment location decided"), _("Not routed yet")),
    "shippable": GateWords(_("Something left to ship"), _("Nothing to ship")),
    "location": GateWords(_("Location mapped"), _("No location")),
    "hold": GateWords(_("No hold"), _("On hold")),
    "edited": GateWords(_("Nothing changed since it was sent"), _("Changed since it was sent")),
    "reshipped": GateWords(_("Nothing waits to be shipped again"), _("To be shipped again")),
    "fields": GateWords(_("Required fields present"), _("Fields missing")),
    "sku": GateWords(_("Every line has a SKU"), _("SKU missing")),
    "accepted": GateWords(_("Accepted by the warehouse"), _("Refused by the warehouse")),
}

# Why an order is where it is, beyond the gates: the warehouse's own codes, and ours.
REASONS = {
    "sku-unknown": _("SKU unknown"),
    "warehouse-unknown": _("Warehouse unknown"),
    "out-of-stock": _("Out of stock"),
    "address-invalid": _("Address refused"),
    "duplicate": _("Already there"),
    "too-late": _("Too late"),
    "cancel-too-late": _("Too late"),
    "revision-conflict": _("Other content there"),
    "unsupported": _("Not supported"),
    "rate-limited": _("Warehouse busy"),
    "invalid": _("Refused"),
    "rejected": _("Refused"),
    "gave-up": _("Gave up"),
    "retrying": _("Retrying"),
    "overdue": _("Taking too long"),
    "cancelled": _("Cancelled"),
    "wms-cancelled": _("Cancelled by the warehouse"),
    "deleted": _("Deleted in Shopify"),
    "left-behind": _("Left at the earlier account"),
}

# These open without a person; everything else waits for one.
BY_ITSELF = frozenset({"paid", "cooloff", "routed", "hold", "risk", "retrying", "rate-limited", ""})

PAYMENTS = {
    "paid": _("Paid"),
    "pending": _("Pending"),
    "authorized": _("Authorized"),
    "partially_paid": _("Partially paid"),
    "partially_refunded": _("Partially refunded"),
    "refunded": _("Refunded"),
    "voided": _("Voided"),
    "expired": _("Expired"),
}

PAYMENT_KINDS = {
    "prepaid": _("Prepaid"),
    "cod": _("Cash on delivery"),
    "on_account": _("On account"),
}

RISKS = {"cancel": _("High"), "investigate": _("Medium")}

DELIVERIES = {
    "SHIPPING": _("Delivery"),
    "LOCAL": _("Local delivery"),
    "PICK_UP": _("Pick-up"),
    "RETAIL": _("Pick-up"),
    "PICKUP_POINT": _("Pick-up point"),
    "NONE": _("Nothing to ship"),
}

# What the WMS answered to a document, in its own terms; else how the request stands.
ANSWERS = {
    "created": _("Created"),
    "updated": _("Updated"),
    "duplicate": _("Already there"),
    "created_with_issues": _("Created, with issues"),
    "rejected": _("Refused"),
    "refused": _("Refused"),
    "received": _("Being worked on"),
    "accepted": _("Accepted by the warehouse"),
    "never received": _("Never received"),
    "posting": _("No answer yet"),
    "running": _("Being worked on"),
    "answered": _("Answered"),
    "abandoned": _("Left at the earlier account"),
}

JOBS = {
    "sync_status": _("Sync status"),
    "import_orders": _("Import orders"),
    "export_shipped_orders": _("Export shipped orders"),
    "export_delivered_orders": _("Export delivered orders"),
    "update_inventory": _("Update inventory"),
    "cancellations": _("Cancellations"),
    "reconcile": _("Reconcile"),
    "send": _("Send to WMS"),
    "status": _("Update sync status"),
    "take_out": _("Take out of automation"),
    "add": _("Put into automation"),
    "prune": _("Tidying up"),
    "scan_catalogue": _("Scan the catalogue"),
    "stock_preview": _("Compare stock"),
    "look_again": _("Look at waiting orders again"),
    "adopt": _("Take in orders tagged before"),
    "try_again": _("Try again"),
    "drift": _("Drift report"),
    "repair": _("Repair"),
}

OUTBOUND = {
    "planned": _("Planned"),
    "sending": _("Sending"),
    "awaiting": _("Waiting for the warehouse"),
    "accepted": _("In the warehouse"),
    "rejected": _("Refused"),
    "cancelling": _("Cancelling"),
    "cancelled": _("Cancelled"),
    "superseded": _("Superseded"),
    "done": _("Done"),
}


def register(app: Flask) -> None:
    """Give the templates their words."""
    app.jinja_env.globals.update(
        states=STATES,
        levels=LEVELS,
        gates=GATES,
        jobs=JOBS,
        outbound_states=OUTBOUND,
        payments=PAYMENTS,
        payment_kinds=PAYMENT_KINDS,
        risks=RISKS,
        deliveries=DELIVERIES,
        answers=ANSWERS,
        connection_badge=connection_badge,
        reason_label=reason_label,
        job_label=job_label,
    )
    app.jinja_env.filters["said"] = said


def connection_badge(connection: Connection | None, since: str = "") -> Badge:
    """The connection's state in a badge; ``since`` is the time it began, as the page writes it."""
    status = connection.standing if connection is not None else NEVER_TESTED
    badge = CONNECTION.get(status, CONNECTION[NEVER_TESTED])
    return Badge(str(badge.label).format(t=since), badge.tone, badge.icon)


def reason_label(reason: str) -> str:
    """A reason in a word or two; an unknown one as it came."""
    if reason in GATES:
        return str(GATES[reason].short)
    return str(REASONS.get(reason) or REASONS.get(reason.replace("_", "-")) or reason)


def job_label(name: str) -> str:
    """A job's or a run's name."""
    return str(JOBS.get(name, name))
