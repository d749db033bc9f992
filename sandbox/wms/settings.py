"""How the warehouse behaves; changed while it runs by tests, the demo and the Cloud App."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from sandbox.wms.carriers import CARRIERS
from sandbox.wms.defects import NAMES as DEFECTS
from sandbox.wms.problems import Problem

WAREHOUSES = [
    {"code": "WH", "name": "Milano", "default": True},
    {"code": "WH-2", "name": "Roma", "default": False},
]
# What it takes from an order beside the usual.
METADATA_FIELDS = [{"key": "gift", "label": "Gift", "type": "text"}]
# The values that a merchant may set once for all orders.
DEFAULT_FIELDS = {"payment_terms": "Payment terms", "customer_number": "Customer number"}
# What the warehouse may be told to do without; asked for, it answers 501. All are capabilities but
# cancellations.
LACKABLE = (
    *("order_update", "cancel", "cancel_lines", "hold", "sla", "callbacks"),
    *("packed_event", "delivered_event", "partial_shipments", "documents"),
    *("inventory", "inventory_item_id", "returns", "cancellations"),
)


@dataclass(frozen=True)
class Settings:
    """``mode`` async answers 202 and works for ``job_seconds``; sync answers with results."""

    mode: str = "async"
    job_seconds: float = 1.0
    max_batch: int = 10
    hold_jobs: bool = False
    jobs_die_after: int | None = None
    unknown_skus: list[str] = field(default_factory=lambda: ["UNKNOWN-1"])
    accept_all_skus: bool = False
    out_of_stock_skus: list[str] = field(default_factory=list)
    require_address: bool = False
    required_defaults: list[str] = field(default_factory=list)
    unserved_zips: list[str] = field(default_factory=list)
    lacks: list[str] = field(default_factory=list)
    retry_seconds: float = 0.5
    warehouses: list[dict[str, Any]] = field(default_factory=lambda: [*WAREHOUSES])
    carriers: list[dict[str, Any]] = field(default_factory=lambda: [*CARRIERS])
    metadata_fields: list[dict[str, Any]] = field(default_factory=lambda: [*METADATA_FIELDS])
    defects: list[str] = field(default_factory=list)

    def changed(self, changes: Any) -> "Settings":
        """These settings with some replaced. Raises Problem 422 that names the wrong one."""
        if not isinstance(changes, dict):
            raise Problem(422, "invalid", "Settings are a JSON object.")
        for name, value in changes.items():
            _check(name, value)
        return replace(self, **changes)

    def as_json(self) -> dict[str, Any]:
        """All settings by name."""
        return asdict(self)


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


def _warehouses(value: Any) -> bool:
    if not isinstance(value, list) or not all(map(_warehouse, value)):
        return False
    return len({item["code"] for item in value}) == len(value)


def _warehouse(item: Any) -> bool:
    return _named(item, "code", "name") and isinstance(item.get("default"), bool)


def _named(item: Any, *keys: str) -> bool:
    return isinstance(item, dict) and all(
        isinstance(item.get(key), str) and item[key] for key in keys
    )


def _all_named(*keys: str) -> Callable[[Any], bool]:
    """The rule of a list of objects that have these texts."""
    return lambda value: isinstance(value, list) and all(_named(item, *keys) for item in value)


def _lackable(value: Any) -> bool:
    return _texts(value) and set(LACKABLE).issuperset(value)


def _defaults(value: Any) -> bool:
    return _texts(value) and set(DEFAULT_FIELDS).issuperset(value)


def _defects(value: Any) -> bool:
    return _texts(value) and set(DEFECTS).issuperset(value)


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 100


def _count(value: Any) -> bool:
    return value is None or (type(value) is int and value >= 0)


def _seconds(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0


RULES: dict[str, tuple[Callable[[Any], bool], str]] = {
    "mode": (lambda value: value in ("async", "sync"), "async or sync"),
    "job_seconds": (_seconds, "a number of seconds, 0 or more"),
    "retry_seconds": (_seconds, "a number of seconds, 0 or more"),
    "max_batch": (_whole, "a whole number from 1 to 100"),
    "hold_jobs": (lambda value: isinstance(value, bool), "true or false"),
    "jobs_die_after": (_count, "null or a whole number, 0 or more"),
    "unknown_skus": (_texts, "a list of SKUs"),
    "accept_all_skus": (lambda value: isinstance(value, bool), "true or false"),
    "out_of_stock_skus": (_texts, "a list of SKUs"),
    "require_address": (lambda value: isinstance(value, bool), "true or false"),
    "required_defaults": (_defaults, f"a list of {', '.join(DEFAULT_FIELDS)}"),
    "unserved_zips": (_texts, "a list of postcodes"),
    "lacks": (_lackable, f"a list of {', '.join(LACKABLE)}"),
    "warehouses": (_warehouses, "a list of {code, name, default}, each code once"),
    "carriers": (_all_named("code", "name"), "a list of {code, name}"),
    "metadata_fields": (_all_named("key", "label", "type"), "a list of {key, label, type}"),
    "defects": (_defects, f"a list of {', '.join(DEFECTS)}"),
}


def _check(name: str, value: Any) -> None:
    if name not in RULES:
        known = ", ".join(item.name for item in fields(Settings))
        raise Problem(422, "invalid", f"There is no setting {name}. Settings are: {known}.")
    holds, wanted = RULES[name]
    if not holds(value):
        raise Problem(422, "invalid", f"{name} must be {wanted}.")
