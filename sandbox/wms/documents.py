"""The order document: what a well-formed one looks like, and a sentence for one that is not."""

import hashlib
import json
import re
from datetime import datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails

from sandbox.wms.problems import Problem

SENTENCES = {
    "missing": "is missing",
    "string_type": "must be a text",
    "string_too_short": "must not be empty",
    "string_pattern_mismatch": "does not have the right form",
    "int_type": "must be a whole number",
    "greater_than_equal": "is too small",
    "bool_type": "must be true or false",
    "list_type": "must be a list",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "too_short": "must not be empty",
}
ISO_COUNTRY = re.compile(r"[A-Z]{2}")


def _rfc3339(text: str) -> str:
    try:
        known = "T" in text and datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        known = False
    if not known:
        raise ValueError("must be a time with its offset, for example 2026-11-20T10:00:00Z")
    return text


Text = Annotated[str, StringConstraints(min_length=1)]
Moment = Annotated[str, AfterValidator(_rfc3339)]
Amount = Annotated[str, StringConstraints(pattern=r"^-?\d+(\.\d+)?$")]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class Strict(BaseModel):
    """No conversions: "3" is not a quantity. Unknown fields are ignored: the API only grows."""

    model_config = ConfigDict(strict=True, extra="ignore")


class Money(Strict):
    amount: Amount
    currency: Currency


class Address(Strict):
    name: str | None = None
    company: str | None = None
    address1: str | None = None
    address2: str | None = None
    city: str | None = None
    province: str | None = None
    province_code: str | None = None
    zip: str | None = None
    country_code: str | None = None
    phone: str | None = None


class ShippingMethod(Strict):
    code: str | None = None
    title: str | None = None


class Payment(Strict):
    kind: str
    paid: bool
    gateway: str | None = None
    cod_amount: Money | None = None
    cod_on: str | None = None


class Customer(Strict):
    name: str | None = None
    email: str | None = None
    phone: str | None = None


class Totals(Strict):
    subtotal: Money | None = None
    shipping: Money | None = None
    tax: Money | None = None
    discount: Money | None = None
    total: Money | None = None


class Line(Strict):
    line_id: Text
    sku: Text
    quantity: Annotated[int, Field(ge=1)]
    order_line_quantity: Annotated[int, Field(ge=1)] | None = None
    inventory_item_id: str | None = None
    name: str | None = None
    unit_price: Money | None = None
    discount: Money | None = None
    tax: Money | None = None
    parent: str | None = None


class Document(Strict):
    """One revision of an order, as sent."""

    external_id: Text
    revision: Annotated[int, Field(ge=1)]
    order_ref: Text
    number: Text
    placed_at: Moment
    warehouse: Text
    method: Text
    lines: Annotated[list[Line], Field(min_length=1)]
    shipping_method: ShippingMethod | None = None
    payment: Payment | None = None
    defaults: dict[str, str | None] | None = None
    hold: bool = False
    ship_by: Moment | None = None
    note: str | None = None
    customer: Customer | None = None
    ship_to: Address | None = None
    bill_to: Address | None = None
    order_totals: Totals | None = None
    metadata: dict[str, str | None] | None = None

    @model_validator(mode="after")
    def _lines_are_distinct(self) -> "Document":
        seen: set[str] = set()
        for line in self.lines:
            if line.line_id in seen:
                raise ValueError(f"has line_id {line.line_id} twice")
            seen.add(line.line_id)
        return self


def read(raw: Any) -> Document:
    """The document in ``raw``. Raises Problem ``invalid`` naming the first wrong field."""
    try:
        return Document.model_validate(raw)
    except ValidationError as error:
        faults = faults_of(error)
        raise Problem(422, "invalid", _sentence(faults), errors=faults) from None


def identity(raw: Any) -> tuple[str | None, int | None]:
    """External id and revision as far as they are readable, for a result about a bad document."""
    if not isinstance(raw, dict):
        return None, None
    external_id, revision = raw.get("external_id"), raw.get("revision")
    readable = isinstance(revision, int) and not isinstance(revision, bool)
    return (
        external_id if isinstance(external_id, str) else None,
        revision if readable else None,
    )


def content_hash(raw: dict[str, Any]) -> str:
    """Equal for equal content whatever the order of keys; the revision's number is left out."""
    content = {key: value for key, value in raw.items() if key != "revision"}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def faults_of(error: ValidationError, whole: str = "the order") -> list[dict[str, str]]:
    """What is wrong, as ``{field, detail}``; the two together make half a sentence.

    ``whole`` is what all the fields are of.
    """
    return [_fault(item, whole) for item in error.errors(include_url=False, include_input=False)]


def _fault(item: ErrorDetails, whole: str) -> dict[str, str]:
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in item["loc"])
    words = SENTENCES.get(item["type"]) or item["msg"].removeprefix("Value error, ")
    return {"field": path.removeprefix(".") or whole, "detail": words}


def _sentence(faults: list[dict[str, str]]) -> str:
    first = faults[0]
    more = f" {len(faults) - 1} more fields are wrong." if len(faults) > 1 else ""
    return f"{first['field']} {first['detail']}.{more} Correct the document, then send again."
