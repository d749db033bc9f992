"""Says in words what was changed in the settings, as the merchant knows them."""

from dataclasses import dataclass
from typing import Any

from app.domain.settings import Settings

LABELS = {
    "locations": "locations",
    "require_payment": "require payment",
    "cool_off_minutes": "edit window in minutes",
    "after_edit": "when an order is edited after it was sent",
    "test_orders": "test orders",
    "refunded_orders": "fully refunded orders",
    "risky_orders": "high risk orders",
    "lines_without_sku": "order lines without a SKU",
    "required_fields": "required fields",
    "defaults": "default values",
    "metadata": "custom fields",
    "fulfil": "fulfil in Shopify",
    "fulfil_on": "fulfil when",
    "notify_customer": "notify the customer",
    "archive": "archive",
    "report_progress": "report progress",
    "seller_cancellation": "cancelled by the warehouse",
    "carriers": "carriers",
    "update_inventory": "update inventory",
    "stock_locations": "locations that stock counts for",
    "stock_confirmed": "stock confirmed",
    "retention_days": "days the log is kept",
    "alerts": "alerts",
}
# What a choice is called, where its stored word does not say it.
CHOICES = {
    ("after_edit", "resend"): "send the change",
    ("after_edit", "hold"): "hold it at the warehouse",
    ("after_edit", "notice"): "leave it and say so",
    ("lines_without_sku", "hold"): "hold the order",
    ("lines_without_sku", "skip"): "leave these lines out",
    ("lines_without_sku", "error"): "set the order to Error",
    ("seller_cancellation", "notice"): "say so",
}
WORDS = {"skip": "don't send", "True": "on", "False": "off"}


@dataclass(frozen=True, slots=True)
class Change:
    """A setting that was changed. ``old`` and ``new`` are empty when they would be long."""

    label: str
    old: str = ""
    new: str = ""

    def __str__(self) -> str:
        return f"{self.label} {self.old} → {self.new}" if self.new else self.label


def changes_between(before: Settings, after: Settings) -> list[Change]:
    """Every setting that differs, in the order of the document."""
    both = ((name, getattr(before, name), getattr(after, name)) for name in Settings.model_fields)
    return [_change(name, old, new) for name, old, new in both if old != new]


def _change(name: str, old: Any, new: Any) -> Change:
    if not isinstance(new, bool | int | str):
        return Change(LABELS[name])
    return Change(LABELS[name], _word(name, old), _word(name, new))


def _word(name: str, value: Any) -> str:
    text = str(value)
    return CHOICES.get((name, text)) or WORDS.get(text, text)
