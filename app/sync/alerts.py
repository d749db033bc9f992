"""Alerts: looks each shop over once a minute, and owes a message to everybody who wants to know.

What is wrong and what was told of it stands in ``troubles``, a row a cause. An alert is an owed
effect like any other, so it outlives whoever decided on it; ``deliver.py`` gives it.
"""

import base64
import hmac
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from uuid import uuid4

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app.db import database_now, session
from app.domain import alert_words, alerts
from app.domain.alerts import CONNECTION, Cause, Known, Signs, Turn
from app.domain.settings import Alerts
from app.domain.states import Effect
from app.models import Alert, ScheduleSlot, Shop, Trouble
from app.models.alert import EMAIL, WEBHOOK
from app.sync.engine import atomically
from app.sync.outside import settings
from app.sync.owing import BULK, owe
from app.sync.preferences import settings_of
from app.sync.schedule import win_slot
from app.sync.signs import seen, signs_of
from app.sync.situations import connection_of

# The slot of a shop's next look, beside those of its jobs.
WATCH = "alerts"
_EVERY = timedelta(minutes=1)
_AT_ONCE = 200
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class View:
    """A shop as it was looked at: who wants to know what, and what is wrong."""

    shop: Shop
    wanted: Alerts
    signs: Signs
    found: Mapping[Cause, int]


def watch() -> int:
    """Look at every shop whose turn it is; returns how many. Any number of tickers may call this.
    Commits."""
    due = session().execute(
        select(ScheduleSlot.shop_id, ScheduleSlot.next_at)
        .join(Shop, Shop.id == ScheduleSlot.shop_id)
        .where(
            ScheduleSlot.job == WATCH,
            ScheduleSlot.next_at <= database_now(),
            Shop.installed,
        )
        .order_by(ScheduleSlot.next_at)
        .limit(_AT_ONCE)
    )
    slots = due.all()
    mine = [shop_id for shop_id, at in slots if win_slot(shop_id, WATCH, at, _EVERY)]
    session().commit()
    for shop_id in mine:
        _look_safely(shop_id)
    return len(mine)


def _look_safely(shop_id: int) -> None:
    """One shop's odd data must not keep the ticker from the others."""
    try:
        atomically(lambda: look(shop_id))
    except SQLAlchemyError:
        raise
    except Exception:  # noqa: BLE001 (whatever it is, the ticker goes on)
        _log.exception("alerts_failed", shop=shop_id)


def look(shop_id: int) -> None:
    """Compare what is wrong with what was told, and owe what is to be told now. The caller
    commits."""
    shop = session().get_one(Shop, shop_id)
    wanted = settings_of(shop).alerts
    known = {row.cause: row for row in session().query(Trouble).filter_by(shop_id=shop_id)}
    if not recipients(wanted):
        for row in known.values():
            session().delete(row)
        return
    signs = signs_of(shop, connection_of(shop))
    found = alerts.present(signs, wanted.errors, database_now())
    view = View(shop, wanted, signs, found)
    for cause in Cause:
        _judge(view, cause, known.get(cause))


def recipients(wanted: Alerts) -> list[tuple[str, str]]:
    """Whom to tell, each a channel and an address; nobody by e-mail without a mail server."""
    people = wanted.emails if settings().sends_mail else []
    found = [(EMAIL, address) for address in dict.fromkeys(people)]
    return [*found, (WEBHOOK, "")] if wanted.webhook_url else found


def _judge(view: View, cause: Cause, row: Trouble | None) -> None:
    if cause in view.found:
        _go_on(view, row or _row(view.shop, cause), view.found[cause])
    elif row is not None and row.since is not None:
        turn = alerts.end(cause, _known(row), view.signs, view.found)
        if turn is Turn.END:
            _tell(view, row, over=True)
        if turn is not Turn.NOTHING:
            row.since, row.told, row.size = None, False, 0


def _row(shop: Shop, cause: Cause) -> Trouble:
    row = Trouble(shop_id=shop.id, cause=cause, told=False, size=0)
    session().add(row)
    return row


def _go_on(view: View, row: Trouble, size: int) -> None:
    now, cause, began = database_now(), Cause(row.cause), view.signs.since
    if row.since is None:
        row.since = began if cause in CONNECTION and began else now
    if alerts.begin(cause, size, _known(row), now) is Turn.RAISE:
        row.told_at, row.told, row.size = now, True, size
        _tell(view, row, over=False)


def _known(row: Trouble) -> Known:
    return Known(row.told_at, row.told, row.size)


def _tell(view: View, row: Trouble, *, over: bool) -> None:
    """Write an alert for each recipient, and owe it."""
    shop = view.shop
    about = seen(shop, view.wanted, row)
    words = alert_words.over(about) if over else alert_words.trouble(about)
    for channel, address in recipients(view.wanted):
        alert = Alert(
            id=str(uuid4()),
            shop_id=shop.id,
            cause=row.cause,
            channel=channel,
            address=address,
            over=over,
            words=asdict(words),
            created_at=database_now(),
        )
        session().add(alert)
        owe(shop.id, ("alert", alert.id), Effect.ALERT, lane=BULK)
    _log.info("alert", shop=shop.id, cause=row.cause, over=over)


def signing_secret(domain: str) -> str:
    """The Standard Webhooks secret that a shop's alerts are signed with: for its settings page.

    It comes from ``SECRET_KEY``, so there is nothing to store; a new key makes new secrets.
    """
    key, text = settings().secret_key.encode(), f"alerts of {domain}".encode()
    return f"whsec_{base64.b64encode(hmac.digest(key, text, 'sha256')).decode()}"
