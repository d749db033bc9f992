"""The settings as one flat document: read it, change some or all of it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from app.db import session
from app.domain.settings import FIELD_SENTENCES, refused
from app.domain.settings_merge import merged
from app.models import LogLine, Shop
from app.sync import preferences
from app.sync.engine import atomically
from app.sync.owing import BULK
from app.sync.ring import ring
from app.web.actors import actor_label
from app.web.answers import refuse
from app.web.bodies import Unreadable, is_storable, json_object
from app.web.current import actor, shop, shop_id
from app.web.sentences import said
from app.web.settings_checks import unworkable
from app.web.times import clock, is_today, moment

_LOGGED_WITHIN = timedelta(seconds=5)
blueprint = Blueprint("settings_api", __name__, url_prefix="/api")


@blueprint.get("/settings")
def show() -> ResponseReturnValue:
    """Every setting, and the version to name when changing them."""
    return jsonify(document(shop()))


@blueprint.put("/settings")
def save() -> ResponseReturnValue:
    """Change the settings that are given; all of them, or none when one is not valid. ``read``
    names values as they were when the person began: what equals them is no change."""
    changes = dict(json_object())
    version = _version(changes.pop("version", None))
    read = _read(changes.pop("read", {}))
    errors = unstorable(changes) or unworkable(shop(), merged(read, changes, document(shop())))
    if errors:
        return refuse_fields(errors)
    saved = atomically(lambda: _saved(merged(read, changes, document(shop())), version))
    if saved.stale:
        return refuse(409, _stale(shop()), "stale", version=shop().settings_version)
    if saved.errors:
        return refuse_fields(saved.errors)
    ring(shop_id(), BULK)
    return jsonify(document(shop()))


def _saved(changes: Mapping[str, Any], version: int) -> preferences.Saved:
    return preferences.save(shop(), changes, version=version, actor=actor())


def document(of: Shop) -> dict[str, Any]:
    """A shop's settings as the API gives them."""
    settings = preferences.settings_of(of)
    return {"version": of.settings_version, **settings.model_dump(mode="json")}


def refuse_fields(errors: Mapping[str, str]) -> ResponseReturnValue:
    """422 with a sentence for each key that is not valid, and for each field of its own within."""
    told = {key: said(sentence) for key, sentence in errors.items()}
    fields = {name: told.pop(name) for name in list(told) if name in FIELD_SENTENCES}
    return refuse(422, next(iter(told.values())), "invalid", errors=told, fields=fields)


def unstorable(changes: Mapping[str, Any]) -> dict[str, str]:
    """A sentence for each key, and each field within, whose text no database keeps and no page
    shows."""
    spoilt = [key for key, value in changes.items() if not is_storable({key: value})]
    within = [
        (key, name)
        for key in spoilt
        if isinstance(changes[key], dict)
        for name, value in changes[key].items()
        if not is_storable({name: value})
    ]
    return refused([*((key,) for key in spoilt), *within])


def _version(given: Any) -> int:
    if isinstance(given, int) and not isinstance(given, bool):
        return given
    raise Unreadable(
        422, "version", _("Name the version that you read, so that nobody's change is lost.")
    )


def _read(given: Any) -> Mapping[str, Any]:
    if isinstance(given, dict):
        return given
    raise Unreadable(422, "read", _("%(key)s must be a JSON object.", key="read"))


def _stale(changed: Shop) -> str:
    at = changed.settings_changed_at
    if at is None:
        return _("These settings have another version by now. Your edits are kept below.")
    told = _told(actor_label(changed.settings_changed_by), at)
    labels = ", ".join(_labels_of_change(changed.id, at))
    what = f" {_('What changed: %(labels)s.', labels=labels)}" if labels else ""
    return f"{told}{what} {_('Your edits are kept below.')}"


def _told(who: str, at: datetime) -> str:
    if is_today(at):
        return _("%(who)s changed this at %(time)s.", who=who, time=clock(at))
    return _("%(who)s changed this on %(time)s.", who=who, time=moment(at))


def _labels_of_change(of: int, at: datetime) -> list[str]:
    """What the settings are called that a shop's change at a moment was about; none when the log
    no longer tells."""
    query = (
        select(LogLine.details)
        .where(LogLine.shop_id == of, LogLine.event == "settings")
        .where(LogLine.at.between(at, at + _LOGGED_WITHIN))
        .order_by(LogLine.at, LogLine.id)
    )
    details = session().scalar(query.limit(1)) or {}
    return [said(change["label"]) for change in details.get("changes", [])]
