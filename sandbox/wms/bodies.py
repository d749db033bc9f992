"""Request bodies of the connector API, checked: what comes out has every field it needs."""

from typing import Annotated, Any, Literal

from flask import request
from pydantic import AfterValidator, Field, TypeAdapter, ValidationError
from standardwebhooks import Webhook
from standardwebhooks.webhooks import EmptyWebhookSecretError

from sandbox.wms.documents import Moment, Strict, Text, faults_of
from sandbox.wms.problems import Problem


def _usable(secret: str) -> str:
    try:
        Webhook(secret)
    except (ValueError, EmptyWebhookSecretError):
        raise ValueError("must be base64, with or without whsec_ before it") from None
    return secret


class CancelledLine(Strict):
    line_id: Text
    cancelled_quantity: Annotated[int, Field(ge=0)]


class Cancellation(Strict):
    external_id: Text
    revision: Annotated[int, Field(ge=1)]
    initiator: Text
    reason: str | None = None
    lines: Annotated[list[CancelledLine], Field(min_length=1)] | None = None


class Change(Strict):
    external_id: Text
    ship_by: Moment | None = None
    reason: str | None = None


class Deadline(Change):
    ship_by: Moment | None


class Subscription(Strict):
    url: Annotated[str, Field(pattern=r"^https?://[^\s/]+")]
    secret: Annotated[str, AfterValidator(_usable)]
    events: list[str] = []


class Wish(Strict):
    line_id: Text | None = None
    sku: Text | None = None
    quantity: Annotated[int, Field(ge=1)]


class Carrier(Strict):
    code: str | None = None
    name: str | None = None


class Package(Strict):
    carrier: Carrier | None = None
    tracking_number: str | None = None
    tracking_url: str | None = None


class Packages(Strict):
    packages: list[Package] = []


class Units(Strict):
    external_id: Text
    account: Text = "ACME"
    lines: Annotated[list[Wish], Field(min_length=1)] = []


class Packing(Units, Packages):
    pass


class SellerCancellation(Units):
    reason: str | None = None


class HandChange(Strict):
    external_id: Text
    account: Text = "ACME"
    reason: str | None = None


class HandDeadline(HandChange):
    ship_by: Moment | None


class ReturnedLine(Strict):
    line_id: Text
    sku: str | None = None
    quantity: Annotated[int, Field(ge=1)]
    reason: str | None = None


def _distinct(lines: list[ReturnedLine]) -> list[ReturnedLine]:
    if len({line.line_id for line in lines}) < len(lines):
        raise ValueError("has a line_id twice")
    return lines


class Announcement(Strict):
    external_id: Text
    order_external_id: Text
    lines: Annotated[list[ReturnedLine], Field(min_length=1), AfterValidator(_distinct)]


class ReceivedLine(Wish):
    disposition: Literal["restock", "scrap", "quarantine"] = "restock"


class ReturnDeed(Strict):
    external_id: Text
    account: Text = "ACME"
    lines: Annotated[list[ReceivedLine], Field(min_length=1)] = []


class StockRow(Strict):
    sku: Text
    warehouse: Text | None = None
    on_hand: Annotated[int, Field(ge=0)] = 0
    adjust: int = 0
    incoming: Annotated[int, Field(ge=0)] = 0
    inventory_item_id: Text | None = None


STOCK_ROWS = TypeAdapter(Annotated[list[StockRow], Field(min_length=1)])


def any_json() -> Any:
    """The request's JSON value; None when it holds none."""
    try:
        return request.get_json(silent=True, force=True)
    except RecursionError:
        return None


def json_object() -> dict[str, Any]:
    """The request's JSON object. Raises Problem 400."""
    value = any_json()
    if not isinstance(value, dict):
        raise Problem(400, "invalid", "The body must be a JSON object.")
    return value


def checked(model: type[Strict]) -> dict[str, Any]:
    """The request's body as ``model`` sees it, only the fields that were sent.

    Raises Problem 400 when it is not an object, 422 naming a wrong field.
    """
    try:
        return model.model_validate(json_object()).model_dump(exclude_unset=True)
    except ValidationError as error:
        raise _refusal(error) from None


def stock_rows(rows: Any) -> list[dict[str, Any]]:
    """Rows of stock, only the fields that were given. Raises Problem 422 naming a wrong one."""
    try:
        found = STOCK_ROWS.validate_python(rows)
    except ValidationError as error:
        raise _refusal(error) from None
    return [row.model_dump(exclude_unset=True) for row in found]


def _refusal(error: ValidationError) -> Problem:
    faults = faults_of(error, "the body")
    return Problem(422, "invalid", f"{faults[0]['field']} {faults[0]['detail']}.", errors=faults)
