"""Reads what a script sent, or says in a sentence what is wrong with it."""

import json
import re
from collections.abc import Mapping
from typing import Any

from flask import request
from flask_babel import gettext as _

from app.errors import Rejected

MOST_IDS = 250
MOST_BYTES = 256 * 1024
_ORDER = re.compile(r"gid://shopify/Order/[1-9][0-9]{0,18}", re.ASCII)
# Control characters, and halves of surrogate pairs.
_UNSTORABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


class Unreadable(Rejected):
    """A request that is refused for its form, with the HTTP status that says so."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(code, message)
        self.status = status


def json_object() -> Mapping[str, Any]:
    """Return the JSON object in the body; an empty body counts as an empty object."""
    request.max_content_length = MOST_BYTES
    raw = request.get_data()
    try:
        found = json.loads(raw) if raw.strip() else {}
    except (ValueError, RecursionError):
        raise Unreadable(
            400, "malformed", _("The request isn't valid JSON. Check it and send it again.")
        ) from None
    if not isinstance(found, dict):
        raise Unreadable(400, "malformed", _("The request must be a JSON object, such as {}."))
    return found


def order_ids(body: Mapping[str, Any]) -> list[str]:
    """Return the orders named under ``ids``, each once, in their order."""
    return list(dict.fromkeys(order_id(given) for given in _listed(body)))


def _listed(body: Mapping[str, Any]) -> list[Any]:
    """Return what is listed under ``ids``, as long as it isn't too much."""
    ids = body.get("ids")
    if not isinstance(ids, list) or not ids:
        raise Unreadable(422, "ids-missing", _("Name the orders in ids, as a list of order ids."))
    if len(ids) > MOST_IDS:
        raise Unreadable(
            413,
            "too-many-ids",
            _(
                "%(count)s orders are too many at once. Send at most %(most)s, then the others.",
                count=len(ids),
                most=MOST_IDS,
            ),
        )
    return ids


def row_ids(body: Mapping[str, Any]) -> list[int]:
    """Return the numbers under ``ids``: ids of rows that a page of ours has shown."""
    return [_row_id(given) for given in _listed(body)]


def _row_id(given: Any) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not 0 < given < 2**63:
        raise Unreadable(422, "id-unknown", _("%(id)s isn't one of our numbers.", id=_shown(given)))
    return given


def order_id(given: Any) -> str:
    """Return a Shopify order's gid; refuse anything else."""
    if not isinstance(given, str) or not _ORDER.fullmatch(given):
        raise Unreadable(
            422,
            "id-unknown",
            _(
                "%(id)s isn't an order's id. An order's id looks like gid://shopify/Order/1.",
                id=_shown(given),
            ),
        )
    return given


def text(body: Mapping[str, Any], key: str, most: int, label: str = "") -> str | None:
    """Return a text value, None when it is absent or null; ``label`` is what a person knows it
    by."""
    value, name = body.get(key), label or key
    if value is None:
        return None
    if not isinstance(value, str):
        raise Unreadable(422, key, _("%(key)s must be text.", key=name))
    if len(value) > most:
        sentence = _("%(key)s is too long. Use at most %(most)s characters.", key=name, most=most)
        raise Unreadable(422, key, sentence)
    if _UNSTORABLE.search(value):
        raise Unreadable(422, key, _("%(key)s has characters that can't be shown.", key=name))
    return value


def is_storable(given: Any) -> bool:
    """Whether every text in a JSON value can be kept and shown."""
    try:
        return _is_storable(given)
    except RecursionError:
        return False


def _is_storable(given: Any) -> bool:
    if isinstance(given, str):
        return not _UNSTORABLE.search(given)
    if isinstance(given, dict):
        return all(_is_storable(each) for pair in given.items() for each in pair)
    return all(map(_is_storable, given)) if isinstance(given, list) else True


def switch(body: Mapping[str, Any], key: str) -> bool | None:
    """Return a yes or no, None when it is absent or null."""
    value = body.get(key)
    if value is not None and not isinstance(value, bool):
        raise Unreadable(422, key, _("%(key)s must be true or false.", key=key))
    return value


def _shown(given: Any) -> str:
    shown = given if isinstance(given, str) else json.dumps(given)
    return repr(shown[:60])
