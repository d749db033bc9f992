"""Reads JSON as it comes: with what many programs write though no text may hold it.

A text that was cut inside an emoji leaves half of it, a lone surrogate, which most encoders pass
on; raw control characters, a byte order mark and bytes of another encoding come as well. One such
sign in a page would hold up all that follows it.
"""

import json
import re
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

M = TypeVar("M", bound=BaseModel)
_HALVES = re.compile("[\ud800-\udfff]")
_UNKNOWN = "\ufffd"


def document(body: bytes) -> Any:
    """The JSON in a body, its texts such as can be stored: without NULs, and with U+FFFD for what
    is no character. Raises ValueError where it is no JSON."""
    try:
        return _storable(json.loads(body.decode("utf-8-sig", "replace"), strict=False))
    except RecursionError:
        raise ValueError("It is nested too deeply.") from None


def value(model: type[M], body: bytes) -> M:
    """The value in a body. Raises ValidationError, which names what is missing or wrong."""
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        if error.errors(include_url=False, include_input=False)[0]["type"] != "json_invalid":
            raise
        try:
            found = document(body)
        except ValueError:
            raise error from None
    return model.model_validate(found)


def _storable(found: Any) -> Any:
    if isinstance(found, str):
        return _HALVES.sub(_UNKNOWN, found.replace("\0", ""))
    if isinstance(found, list):
        return [_storable(each) for each in found]
    if isinstance(found, dict):
        return {_storable(name): _storable(each) for name, each in found.items()}
    return found
