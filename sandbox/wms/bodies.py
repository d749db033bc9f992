"""Request bodies of the connector API, checked: what comes out has every field it needs."""

from typing import Annotated, Any

from flask import request
from pydantic import AfterValidator, Field, ValidationError
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
        faults = faults_of(error)
        sentence = f"{faults[0]['field']} {faults[0]['detail']}."
        raise Problem(422, "invalid", sentence, errors=faults) from None
