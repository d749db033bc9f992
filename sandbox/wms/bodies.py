"""Request bodies of the connector API, checked: what comes out has every field it needs."""

from typing import Annotated, Any

from flask import request
from pydantic import Field, ValidationError

from sandbox.wms.documents import Moment, Strict, Text
from sandbox.wms.problems import Problem


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
    secret: Text
    events: list[str] = []


def json_object() -> dict[str, Any]:
    """The request's JSON object. Raises Problem 400."""
    value = request.get_json(silent=True, force=True)
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
        first = error.errors(include_url=False, include_input=False)[0]
        name = ".".join(str(step) for step in first["loc"])
        raise Problem(422, "invalid", f"{name}: {first['msg']}.") from None
