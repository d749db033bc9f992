"""The support bundle: one file with all that helps to find a fault with an order.

Personal data and secrets are taken out twice: by place, where they are known to stand, and by
value, wherever else they turn up.
"""

import json
import platform
import re
from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from sqlalchemy import String, and_, cast, or_, select, text

from app.db import Base, session
from app.domain import rules
from app.domain.people import emptied, without_people
from app.models import (
    BatchMember,
    Connection,
    InboxItem,
    LogLine,
    Order,
    OutboundOrder,
    Owed,
    Return,
    Revision,
    Run,
    RunItem,
    Shipment,
    Shop,
)
from app.sync.reports import gates_of
from app.sync.situations import connection_of
from app.web.bundle_shipments import shipments_in_bundle
from app.web.current import config
from app.web.order_exchanges import exchanges
from app.web.order_returns import returns_in_bundle
from app.web.redaction import Eraser
from app.web.requests_log import correlation_id

_MOST_LINES, _MOST_RUNS, _MOST_DOCUMENTS, _MOST_EXCHANGES = 1_000, 100, 50, 200
_CONNECTION = (
    *("label", "status", "status_since", "status_message", "generation", "account"),
    *("system", "automatic", "max_batch", "failures", "open_until", "paced_until"),
)
_LINE = ("at", "level", "event", "message", "code", "job_id", "run_id", "actor", "details")
_INBOX = ("source", "message_id", "topic", "received_at", "done_at", "outcome")
_OWED = (
    *("subject_type", "subject_id", "effect", "due_at", "held_until", "attempts"),
    *("last_error", "dead_at"),
)
_RUN = ("id", "kind", "started_by", "started_at", "finished_at", "outcome", "message")
_SECRET_SETTING = re.compile(r"secret|token|password|keys?$")
_FREE_SETTINGS = frozenset({"alerts", "defaults"})


def bundle_of(shop: Shop, order: Order) -> str:
    """The bundle of an order, as JSON text."""
    connection = connection_of(shop)
    documents = _documents(order)
    eraser = Eraser(
        (revision.document for revision in documents),
        _secrets(shop, connection),
        _places(shop, order),
    )
    found = {
        "about": _about(),
        "shop": _shop(shop),
        "connection": _connection(connection),
        "order": _row(order),
        "gates": rules.as_json(gates_of(order)),
        "warehouse_orders": [_row(outbound) for outbound in order.outbound_orders],
        "shipments": shipments_in_bundle(order),
        "returns": returns_in_bundle(order),
        "documents": [_document(revision) for revision in documents],
        "exchanges": _exchanges(shop, order),
        "log": _log(shop, order),
        "runs": _runs(order),
        "webhooks": _webhooks(shop, order),
        "owed": _owed(shop, order),
    }
    plain = json.loads(json.dumps(found, default=_plain))
    return json.dumps(eraser.clean(plain), indent=2, ensure_ascii=False)


def file_name(order: Order) -> str:
    """What the file is called: the order and the day (UTC)."""
    name = re.sub(r"[^A-Za-z0-9]+", "-", order.name).strip("-") or order.gid.rpartition("/")[2]
    return f"order-{name[:40]}-{datetime.now(UTC):%Y%m%d}.json"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return str(value)


def _about() -> dict[str, Any]:
    return {
        "made_at": datetime.now(UTC),
        "correlation_id": correlation_id(),
        "shopify_api": config().shopify_api_version,
        "migration": session().scalar(text("SELECT version_num FROM alembic_version")),
        "database": session().get_bind().dialect.name,
        "python": platform.python_version(),
    }


def _shop(shop: Shop) -> dict[str, Any]:
    kept = {
        key: emptied(value) if key in _FREE_SETTINGS else value
        for key, value in shop.settings.items()
    }
    names = ("domain", "scopes", "timezone", "currency", "installed_at", "settings_version")
    return {**_chosen(shop, names), "locations": shop.locations, "settings": kept}


def _connection(connection: Connection | None) -> dict[str, Any] | None:
    if connection is None:
        return None
    return {"host": urlsplit(connection.app_url).hostname, **_chosen(connection, _CONNECTION)}


def _documents(order: Order) -> list[Revision]:
    query = (
        select(Revision)
        .join(OutboundOrder, OutboundOrder.id == Revision.outbound_order_id)
        .where(OutboundOrder.order_id == order.id)
        .order_by(Revision.first_posted_at.desc())
    )
    return list(session().scalars(query.limit(_MOST_DOCUMENTS)))


def _document(revision: Revision) -> dict[str, Any]:
    return {**_row(revision), "document": without_people(revision.document)}


def _exchanges(shop: Shop, order: Order) -> list[dict[str, Any]]:
    return [
        {
            "idempotency_key": each.batch,
            "warehouse_order": each.outbound,
            "revision": each.revision,
            "sent_at": each.sent_at,
            "job_id": each.job_id,
            "status": each.status,
            "answered_at": each.answered_at,
            "answer": each.answer,
        }
        for each in exchanges(shop, order, _MOST_EXCHANGES)
    ]


def _log(shop: Shop, order: Order) -> list[dict[str, Any]]:
    query = select(LogLine).where(LogLine.shop_id == shop.id, LogLine.order_id == order.id)
    newest = query.order_by(LogLine.id.desc()).limit(_MOST_LINES)
    return [_chosen(line, _LINE) for line in session().scalars(newest)]


def _runs(order: Order) -> list[dict[str, Any]]:
    query = (
        select(Run, RunItem)
        .join(RunItem, RunItem.run_id == Run.id)
        .where(RunItem.order_id == order.id)
        .order_by(Run.started_at.desc())
        .limit(_MOST_RUNS)
    )
    found = session().execute(query)
    names = ("outcome", "reason", "message", "final")
    return [{**_chosen(run, _RUN), "of_this_order": _chosen(item, names)} for run, item in found]


def _webhooks(shop: Shop, order: Order) -> list[dict[str, Any]]:
    query = select(InboxItem).where(InboxItem.shop_id == shop.id, InboxItem.subject == order.gid)
    newest = query.order_by(InboxItem.id.desc()).limit(_MOST_LINES)
    return [_chosen(item, _INBOX) for item in session().scalars(newest)]


def _owed(shop: Shop, order: Order) -> list[dict[str, Any]]:
    outbounds = [str(outbound.id) for outbound in order.outbound_orders]
    batches = select(BatchMember.batch_id).where(
        BatchMember.outbound_order_id.in_([outbound.id for outbound in order.outbound_orders])
    )
    shipments = select(cast(Shipment.id, String)).where(Shipment.order_id == order.id)
    returns = select(cast(Return.id, String)).where(Return.order_id == order.id)
    subject = or_(
        and_(Owed.subject_type == "order", Owed.subject_id == str(order.id)),
        and_(Owed.subject_type == "outbound", Owed.subject_id.in_(outbounds)),
        and_(Owed.subject_type == "shipment", Owed.subject_id.in_(shipments.scalar_subquery())),
        and_(Owed.subject_type == "return", Owed.subject_id.in_(returns.scalar_subquery())),
        and_(Owed.subject_type == "batch", Owed.subject_id.in_(batches.scalar_subquery())),
    )
    query = select(Owed).where(Owed.shop_id == shop.id, subject)
    return [_chosen(owed, _OWED) for owed in session().scalars(query)]


def _places(shop: Shop, order: Order) -> Iterator[str]:
    """Names of places that are nobody's own."""
    yield from (place.get("name", "") for place in shop.locations)
    yield from (part.get("location_name", "") for part in order.facts.get("parts", []))


def _secrets(shop: Shop, connection: Connection | None) -> set[str]:
    """Every secret this process could know of the shop, and its own."""
    token = shop.token
    known = [
        text
        for each in fields(config())
        for text in _secret(each.name, getattr(config(), each.name))
    ]
    known += [token.access_token, token.refresh_token] if token else []
    if connection is not None:
        address = urlsplit(connection.app_url)
        known += [connection.token, connection.callback_secret, address.password]
        known += [text for _name, text in parse_qsl(address.query)]
    return {secret for secret in known if secret}


def _secret(name: str, value: Any) -> list[Any]:
    """What of a setting is secret: all of it, or the password in an address."""
    values = value if isinstance(value, tuple) else (value,)
    if _SECRET_SETTING.search(name):
        return list(values)
    return [urlsplit(each).password for each in values if isinstance(each, str) and "://" in each]


def _row(row: Base) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}


def _chosen(row: object, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
