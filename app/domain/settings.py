"""A shop's settings: one flat document, typed, checked, upgraded when it was stored by an older
version.

The keys and their words are a fixed interface (``GET/PUT /api/settings``). ``SENTENCES`` says, for
each key, what a valid value is; an invalid document is refused as a whole.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from app.domain.settings_spoilt import readable_locations

Key = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=255)]
Gid = Annotated[str, StringConstraints(pattern=r"^gid://shopify/Location/\d+$")]
Email = Annotated[
    str,
    StringConstraints(strip_whitespace=True, pattern=r"^[^@\s,;<>]+@[^@\s,;<>]+$", max_length=254),
]
Url = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^https?://[^\s/]+\S*$", max_length=500)
]

# Where a metadata value comes from: a plain source, or a kind and a name.
SOURCES = (
    "order_id",
    "order_number",
    "note",
    "tags",
    "shipping_method",
    "shipping_code",
    "source_name",
    "currency",
    "presentment_currency",
)
NAMED_SOURCES = {
    "attribute": r".{1,100}",
    "metafield": r"[A-Za-z0-9_-]{2,64}\.[A-Za-z0-9_-]{2,64}",
    "tag": r".{1,40}",
}
_NAMED = "|".join(f"{kind}:{name}" for kind, name in NAMED_SOURCES.items())
Source = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        max_length=160,
        pattern=rf"^({'|'.join(SOURCES)}|{_NAMED})$",
    ),
]
# What an order must have before it is sent, besides a SKU on each line.
FIELDS = (
    "shipping_address",
    "billing_address",
    "zip",
    "province",
    "phone",
    "email",
    "company",
    "name",
    "note",
)
RequiredField = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, pattern=rf"^({'|'.join(FIELDS)}|attribute:.{{1,100}})$"
    ),
]
Skip, Send = "skip", "send"


class Alerts(BaseModel):
    """Whom to tell when a connection breaks or errors pile up. ``errors``: how many orders in error
    are a pile."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    emails: list[Email] = Field(default_factory=list, max_length=5)
    webhook_url: Url | Literal[""] = ""
    errors: int = Field(default=10, ge=1, le=10_000, strict=True)


class Settings(BaseModel):
    """How a shop's orders are treated. ``locations`` maps a location to a warehouse's code, or to
    None for *Don't send*. ``stock_locations`` maps a warehouse to the one location that its stock
    counts for, or to None for none; one that is left out counts for the location mapped to it."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    locations: dict[Gid, Key | None] = Field(default_factory=dict, max_length=1000)
    require_payment: bool = False
    cool_off_minutes: int = Field(default=0, ge=0, le=10_080)
    after_edit: Literal["resend", "hold", "notice"] = "resend"
    test_orders: Literal["skip", "send"] = "skip"
    refunded_orders: Literal["skip", "send"] = "skip"
    risky_orders: Literal["skip", "send"] = "skip"
    lines_without_sku: Literal["hold", "skip", "error"] = "hold"
    required_fields: list[RequiredField] = Field(
        default_factory=lambda: ["shipping_address"], max_length=30
    )
    defaults: dict[Key, Text] = Field(default_factory=dict, max_length=50)
    metadata: dict[Key, Source] = Field(default_factory=dict, max_length=50)
    fulfil: bool = True
    fulfil_on: Literal["packed", "shipped"] = "shipped"
    notify_customer: bool = True
    archive: bool = False
    report_progress: bool = False
    seller_cancellation: Literal["cancel", "notice"] = "notice"
    carriers: dict[Key, Key] = Field(default_factory=dict, max_length=200)
    update_inventory: bool = False
    stock_locations: dict[Key, Gid | None] = Field(default_factory=dict, max_length=200)
    stock_confirmed: bool = False
    retention_days: int = Field(default=90, ge=7, le=730)
    alerts: Alerts = Field(default_factory=Alerts)

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any]) -> Self:
        """Read what the database keeps, whatever version wrote it. A key that is not known any more
        is dropped, a value that is not valid any more gives way to its default, except where orders
        go: a choice that can't be read sends them nowhere."""
        document = dict(stored)
        for upgrade in UPGRADES[int(document.pop("schema", len(UPGRADES))) :]:
            document = upgrade(document)
        known = {key: value for key, value in document.items() if key in cls.model_fields}
        try:
            return cls(**known)
        except ValidationError as problem:
            return cls(**_readable(known, [error["loc"] for error in problem.errors()]))

    def to_stored(self) -> dict[str, Any]:
        """The form in which the database keeps it."""
        return {"schema": len(UPGRADES), **self.model_dump(mode="json")}


def _readable(known: Mapping[str, Any], spoilt: Sequence[Sequence[int | str]]) -> dict[str, Any]:
    keys = {str(place[0]) for place in spoilt}
    fit = {key: value for key, value in known.items() if key not in keys}
    if "locations" in keys:
        fit["locations"] = readable_locations(known["locations"], spoilt)
    return fit


# From schema n to n + 1, oldest first.
UPGRADES: tuple[Callable[[dict[str, Any]], dict[str, Any]], ...] = ()

SENTENCES: dict[str, str] = {
    "locations": "Give each location a warehouse's code, or nothing for Don't send.",
    "require_payment": "Choose on or off.",
    "cool_off_minutes": "Enter a whole number of minutes from 0 to 10,080 (a week).",
    "after_edit": "Choose resend, hold or notice.",
    "test_orders": "Choose skip or send.",
    "refunded_orders": "Choose skip or send.",
    "risky_orders": "Choose skip or send.",
    "lines_without_sku": "Choose hold, skip or error.",
    "required_fields": "Choose fields from the list, or attribute: with the attribute's name.",
    "defaults": "Give each value a name of at most 64 characters and at most 255 characters.",
    "metadata": "Choose a source for each field, such as note, attribute:gift or"
    " metafield:custom.gift.",
    "fulfil": "Choose on or off.",
    "fulfil_on": "Choose packed or shipped.",
    "notify_customer": "Choose on or off.",
    "archive": "Choose on or off.",
    "report_progress": "Choose on or off.",
    "seller_cancellation": "Choose cancel or notice.",
    "carriers": "Give each carrier of the warehouse the name that Shopify should show.",
    "update_inventory": "Choose on or off.",
    "stock_locations": "Give each warehouse the location that its stock counts for, or nothing.",
    "stock_confirmed": "Choose on or off.",
    "retention_days": "Enter a whole number of days from 7 to 730.",
    "alerts": "Enter up to five e-mail addresses, a web address that begins with https://, and a"
    " number of orders from 1 to 10,000.",
}
# The same for what stands in a field of its own within a setting.
FIELD_SENTENCES: dict[str, str] = {
    "alerts.emails": "Enter up to five e-mail addresses, with a comma between them.",
    "alerts.webhook_url": "Enter a web address that begins with https://, or leave it empty.",
    "alerts.errors": "Enter a whole number of orders from 1 to 10,000.",
}
UNKNOWN = "There is no setting of this name."


def changed(
    present: Settings, changes: Mapping[str, Any]
) -> tuple[Settings | None, dict[str, str]]:
    """Return the settings with some keys changed, or None and a sentence for each key that is not
    valid, and for each field in it (``key.field``) that has one of its own. Keys that are left out
    keep their value."""
    document = present.model_dump(mode="json") | dict(changes)
    try:
        return Settings(**document), {}
    except ValidationError as problem:
        return None, refused([error["loc"] for error in problem.errors()])


def refused(places: Sequence[Sequence[int | str]]) -> dict[str, str]:
    """The sentences for what is not valid: each place is a key and what lies within it."""
    keys = dict.fromkeys(str(place[0]) for place in places)
    fields = dict.fromkeys(".".join(map(str, place[:2])) for place in places)
    told = {field: FIELD_SENTENCES[field] for field in fields if field in FIELD_SENTENCES}
    return {key: SENTENCES.get(key, UNKNOWN) for key in keys} | told
