"""The setup API: the connection to the warehouse, and jobs by hand."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import select

from app.db import session
from app.errors import Rejected
from app.models import Connection
from app.sync import actions, connect, connection_faults
from app.sync.engine import atomically
from app.sync.owing import STAFF
from app.sync.probe import probe
from app.sync.ring import ring
from app.sync.situations import paused_because
from app.web import limits
from app.web.answers import refuse
from app.web.bodies import Unreadable, json_object, switch, text
from app.web.current import actor, shop, shop_id
from app.web.sentences import said

blueprint = Blueprint("setup_api", __name__, url_prefix="/api")
_KEYS = {"label": 80, "app_url": 500, "token": 2000}
_LABELS = {
    "label": lazy_gettext("Label"),
    "app_url": lazy_gettext("App URL"),
    "token": lazy_gettext("Authorization token"),
}
# A connection that is only tried needs no name.
_UNNAMED = "-"


class Faulty(Exception):
    """What was given can't be a connection; ``faults`` says why, field by field."""

    def __init__(self, faults: Sequence[Rejected]) -> None:
        super().__init__(faults[0].message)
        self.faults = faults


@blueprint.put("/connection")
def save() -> ResponseReturnValue:
    """Store the connection. What is left out keeps its value; the token is never given back."""
    body = json_object()
    try:
        connection = atomically(lambda: _saved(body))
    except Faulty as refusal:
        return _field_refusal(refusal.faults)
    except Rejected as refusal:
        return _field_refusal([refusal])
    ring(shop_id(), STAFF)
    return jsonify(as_json(connection))


@blueprint.delete("/connection")
@blueprint.post("/connection/disconnect")
def disconnect() -> ResponseReturnValue:
    """Stop sending and drop the token. Orders stay as they are and go on once reconnected."""
    connection = atomically(_disconnected)
    return _nothing_connected() if connection is None else jsonify(as_json(connection))


@blueprint.post("/connection/test")
def test() -> ResponseReturnValue:
    """Ask the warehouse who it is, now, and say how it went: at the connection there is, or at
    the ``app_url`` and ``token`` given, which are not kept."""
    try:
        typed = _typed(json_object())
    except Faulty as refusal:
        return _field_refusal(refusal.faults)
    with limits.testing():
        return _tested() if typed is None else _tried(*typed)


@blueprint.post("/connection/confirm")
def confirm() -> ResponseReturnValue:
    """Go on with another warehouse account: what the old one had is archived."""
    connection = find_connection()
    if connection is None:
        return _nothing_connected()
    who = actor()
    atomically(lambda: connect.confirm_account(connection, who))
    return _tested()


@blueprint.post("/jobs/<name>/run")
def run_job(name: str) -> ResponseReturnValue:
    """Start a job by hand."""
    try:
        run = atomically(lambda: actions.start_job(shop(), name, actor()))
    except Rejected as refusal:
        status = 404 if refusal.code == "unknown-job" else 409
        return refuse(status, refusal.message, refusal.code)
    ring(shop_id(), STAFF)
    return jsonify(run=run), 202


def _tested() -> ResponseReturnValue:
    """Ask the warehouse, with no write lock held meanwhile."""
    session().rollback()
    session().connection(execution_options={"reading": True})
    connection = find_connection()
    if connection is None or not connection.token:
        return _nothing_connected(connection)
    verdict = connect.test(connection)
    ring(shop_id(), STAFF)
    return jsonify(ok=verdict.ok, status=verdict.status, message=said(verdict.message))


def _typed(body: Mapping[str, Any]) -> tuple[str, str, str] | None:
    """The name, address and token to try; None when they are those of the connection there is. A
    first connection needs its name too, where the form has a field for it."""
    given = _given(body)
    known = find_connection()
    stored = (known.app_url, known.token or "") if known else ("", "")
    wanted = ((given["app_url"] or stored[0]).rstrip("/"), given["token"] or stored[1])
    if wanted == stored and (known or not body):
        return None
    return (_UNNAMED if known or given["label"] is None else given["label"], *wanted)


def _tried(label: str, app_url: str, token: str) -> ResponseReturnValue:
    if faults := list(connection_faults.faults(label, app_url, token, stored=False)):
        return _field_refusal(faults)
    known = find_connection()
    verdict = probe(app_url, token, account=known.account if known else "")
    return jsonify(ok=verdict.ok, status=verdict.status, message=said(verdict.message))


def find_connection() -> Connection | None:
    """This shop's connection, if it has one."""
    return session().scalar(select(Connection).where(Connection.shop_id == shop().id))


def as_json(connection: Connection) -> dict[str, Any]:
    """A connection without its secrets."""
    return {
        "label": connection.label,
        "app_url": connection.app_url,
        "token_stored": bool(connection.token),
        "automatic": connection.automatic,
        "status": connection.standing,
        "message": said(connection.status_message),
        "account": connection.account,
        "system": connection.system,
    }


def _saved(body: Mapping[str, Any]) -> Connection:
    stray = sorted(set(body) - {*_KEYS, "automatic"})
    if stray:
        raise Rejected(stray[0], _("%(key)s is not part of a connection.", key=stray[0][:40]))
    given = _given(body)
    automatic = switch(body, "automatic")
    known = find_connection()
    if known is not None and set(body) == {"automatic"}:
        connect.set_automatic(known, bool(automatic), actor())
        return known
    label = _kept(given["label"], known.label if known else "")
    app_url = _kept(given["app_url"], known.app_url if known else "")
    token = given["token"] or None
    if faults := list(
        connection_faults.faults(label, app_url, token, stored=bool(known and known.token))
    ):
        raise Faulty(faults)
    on = automatic if automatic is not None else bool(known and known.automatic)
    return connect.save(
        shop(), label=label, app_url=app_url, token=token, automatic=on, actor=actor()
    )


def _disconnected() -> Connection | None:
    connection = find_connection()
    if connection is not None:
        connect.forget(connection, actor())
    return connection


def _kept(given: str | None, known: str) -> str:
    return known if given is None else given


def _given(body: Mapping[str, Any]) -> dict[str, str | None]:
    """What was typed, without the spaces and line ends that copying takes along. Raises Faulty."""
    given, faults = {}, list[Rejected]()
    for key, most in _KEYS.items():
        try:
            given[key] = text({key: _stripped(body.get(key))}, key, most, str(_LABELS[key]))
        except Unreadable as fault:
            faults.append(fault)
    if faults:
        raise Faulty(faults)
    return given


def _stripped(value: object) -> object:
    return value.strip() if isinstance(value, str) else value


def _field_refusal(faults: Sequence[Rejected]) -> ResponseReturnValue:
    """422 with each sentence at the field it belongs to."""
    session().rollback()
    told = {_field_of(fault): said(fault.message) for fault in reversed(faults)}
    return refuse(422, faults[0].message, faults[0].code, errors=told)


def _field_of(fault: Rejected) -> str:
    code = fault.code.replace("-", "_")
    return next((name for name in _KEYS if code.startswith(name)), fault.code)


def _nothing_connected(connection: Connection | None = None) -> ResponseReturnValue:
    if connection is not None and connection.locked:
        return refuse(409, paused_because(connection), connection.standing)
    return refuse(409, _("No warehouse is connected. Save a connection first."), "not-connected")
