"""Refuses settings that can't work: what is chosen in them must be there, and an alert's address
must be one that may be called."""

from collections.abc import Mapping
from typing import Any

from app.domain.settings import SENTENCES, Alerts, changed
from app.domain.settings_facts import Known, misfits
from app.errors import Rejected
from app.models import Connection, Shop
from app.sync.preferences import settings_of
from app.sync.situations import connection_of
from app.web.current import config
from app.webhook import check


def unworkable(of: Shop, changes: Mapping[str, Any]) -> dict[str, str]:
    """A sentence for each key whose change can't work, and for each field in it that has one of its
    own. Empty as well when the changes are not valid at all."""
    before = settings_of(of)
    after, _ = changed(before, changes)
    if after is None:
        return {}
    return misfits(before, after, known_of(of)) | _faults_of_address(before.alerts, after.alerts)


def known_of(of: Shop) -> Known:
    """What the shop and the warehouse that is connected have told of themselves."""
    places = {each["id"]: str(each["name"]) for each in of.locations}
    return Known(places, frozenset(_codes(connection_of(of))))


def _codes(connection: Connection | None) -> list[str]:
    if connection is None or not connection.token:
        return []
    return [str(each["code"]) for each in connection.info.get("warehouses", [])]


def _faults_of_address(before: Alerts, after: Alerts) -> dict[str, str]:
    if not after.webhook_url or after.webhook_url == before.webhook_url:
        return {}
    try:
        check(after.webhook_url, config().wms_allowed_hosts)
    except Rejected as refusal:
        return {"alerts": SENTENCES["alerts"], "alerts.webhook_url": refusal.message}
    return {}
