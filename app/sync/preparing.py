"""An operator prepares a store before it installs the app; the install takes that over."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.db import database_now, session
from app.domain.settings import Settings, changed
from app.domain.states import Effect
from app.errors import Rejected
from app.models import PreparedStore, Shop
from app.models.prepared_store import FAILED, TAKEN, WAITING, WITHDRAWN
from app.sync import connect, connection_faults, journal, preferences
from app.sync.owing import owe

OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Preparation:
    """What an operator wants a store to find: its connection, and the settings that differ from a
    new store's. ``token`` empty keeps the one that was prepared before."""

    domain: str
    label: str
    app_url: str
    token: str = field(repr=False)
    automatic: bool
    settings: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing was prepared: a sentence for each field, and for each setting, that is wrong."""

    fields: dict[str, str]
    settings: dict[str, str]


def prepare(wanted: Preparation) -> Refusal | None:
    """Keep a preparation until the store installs the app, in place of an earlier one. The caller
    commits, unless something is wrong with it."""
    known = _of(wanted.domain)
    fields = _wrong_fields(wanted, stored=bool(known and known.token))
    after, settings = changed(Settings(), wanted.settings)
    if fields or after is None:
        return Refusal(fields, settings)
    now = database_now()
    if known is None:
        known = PreparedStore(domain=wanted.domain)
        session().add(known)
    known.label, known.app_url = wanted.label, wanted.app_url.rstrip("/")
    known.token = wanted.token or known.token
    known.automatic, known.settings = wanted.automatic, _different(after)
    known.state, known.message, known.prepared_at, known.changed_at = WAITING, "", now, now
    return None


def _wrong_fields(wanted: Preparation, *, stored: bool) -> dict[str, str]:
    """A sentence for each field that is wrong. ``stored``: a token waits already."""
    if session().query(Shop.id).filter_by(domain=wanted.domain, installed=True).first():
        return {"domain": "This store has the app already. Its own staff set it up in Settings."}
    try:
        connection_faults.check(wanted.label, wanted.app_url, wanted.token or None, stored=stored)
    except Rejected as refusal:
        code = refusal.code.replace("-", "_")
        name = next((each for each in ("label", "token") if code == each), "app_url")
        return {name: refusal.message}
    return {}


def _different(settings: Settings) -> dict[str, Any]:
    """The keys that differ from a new store's, in the form in which they are changed."""
    new = Settings().model_dump(mode="json")
    return {
        key: value for key, value in settings.model_dump(mode="json").items() if value != new[key]
    }


def _of(domain: str) -> PreparedStore | None:
    return session().query(PreparedStore).filter_by(domain=domain).one_or_none()


def withdraw(prepared_id: int) -> None:
    """Take a preparation back, if it still waits. The caller commits."""
    prepared = session().get(PreparedStore, prepared_id, with_for_update=True)
    if prepared is None or prepared.state != WAITING:
        raise Rejected("not-waiting", "Nothing is prepared there any more. Reload the list.")
    _end(prepared, WITHDRAWN)


def take_over(shop: Shop) -> None:
    """Give a shop that has just come what was prepared for it. What can't be used any more never
    fails the install: the shop is set up by hand then. The caller commits."""
    prepared = _of(shop.domain)
    if prepared is None or prepared.state != WAITING:
        return
    try:
        _give(shop, prepared)
    except Rejected as refusal:
        _end(prepared, FAILED, refusal.message)
        message = "What your operator prepared can't be used. Connect your warehouse yourself."
        journal.write(shop.id, "prepared", message, level=journal.WARNING, actor=OPERATOR)
    else:
        _end(prepared, TAKEN)
        message = "Your operator prepared this store: its connection and its rules are set."
        journal.write(shop.id, "prepared", message, actor=OPERATOR)


def _give(shop: Shop, prepared: PreparedStore) -> None:
    """Save settings and connection as a person's changes are; the connection's test is owed."""
    _, errors = changed(preferences.settings_of(shop), prepared.settings)
    if errors:
        raise Rejected("settings", f"Settings that are not valid: {', '.join(errors)}.")
    connection = connect.save(
        shop,
        label=prepared.label,
        app_url=prepared.app_url,
        token=prepared.token,
        automatic=prepared.automatic,
        actor=OPERATOR,
    )
    session().flush()
    version = shop.settings_version
    preferences.save(shop, prepared.settings, version=version, actor=OPERATOR)
    shop.setup_done_at = database_now()
    owe(shop.id, ("connection", connection.id), Effect.TEST)


def _end(prepared: PreparedStore, state: str, message: str = "") -> None:
    """The token is not needed here any more."""
    prepared.state, prepared.message, prepared.token = state, message, None
    prepared.changed_at = database_now()
