"""Gives the alerts that are owed: a letter, or a document to the shop's web address.

Each recipient has an alert of his own, so one who can't be reached never makes another hear twice.
A mail server that broke off may have the letter; it gets it again under the same id.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, exists, select

from app import mail, webhook
from app.config import Config
from app.db import database_now, session
from app.domain.alert_words import ALERTS, Words, one_line
from app.errors import Rejected, TryLater
from app.mail_server import sender_of, server_at
from app.models import Alert, Shop
from app.models.alert import EMAIL, WEBHOOK
from app.shopify.origin import admin_address
from app.sync import journal
from app.sync.alerts import recipients, signing_secret
from app.sync.claims import Claim, finish
from app.sync.engine import atomically
from app.sync.outside import settings
from app.sync.preferences import settings_of

# Older news helps nobody.
_FRESH = timedelta(days=1)
_QUEUE_SECONDS = 5.0
_HOW = {EMAIL: "by e-mail", WEBHOOK: "to the web address"}
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class News:
    """An alert as its channels need it, apart from the database."""

    id: str
    shop_id: int
    channel: str
    address: str
    url: str
    cause: str
    over: bool
    words: Words
    written_at: datetime
    now: datetime
    name: str
    domain: str


def deliver(shop: Shop, claims: Sequence[Claim]) -> None:
    """Give each claimed alert, or drop it when nobody wants it any more."""
    for claimed in claims:
        alert = session().get(Alert, claimed.subject_id)
        if alert is None or not _is_wanted(alert, shop):
            _close(claimed, None)
        elif database_now() - alert.created_at > _FRESH:
            _close(claimed, _news(shop, alert), "Nobody took it for a day.")
        else:
            _wait_for_earlier(alert)
            _give(claimed, _news(shop, alert))


def _is_wanted(alert: Alert, shop: Shop) -> bool:
    return (alert.channel, alert.address) in recipients(settings_of(shop).alerts)


def _wait_for_earlier(alert: Alert) -> None:
    """Nobody hears that it is over before hearing that it began."""
    earlier = exists().where(
        Alert.shop_id == alert.shop_id,
        Alert.channel == alert.channel,
        Alert.address == alert.address,
        Alert.cause == alert.cause,
        Alert.created_at < alert.created_at,
    )
    if session().scalar(select(earlier)):
        raise TryLater("An earlier alert goes first.", _QUEUE_SECONDS, counts=False)


def _news(shop: Shop, alert: Alert) -> News:
    return News(
        id=alert.id,
        shop_id=shop.id,
        channel=alert.channel,
        address=alert.address,
        url=settings_of(shop).alerts.webhook_url,
        cause=alert.cause,
        over=alert.over,
        words=Words(**alert.words),
        written_at=alert.created_at,
        now=database_now(),
        name=shop.name or shop.domain,
        domain=shop.domain,
    )


def _give(claimed: Claim, news: News) -> None:
    """Hand the alert over, with no transaction open meanwhile."""
    session().commit()
    try:
        _CHANNELS[news.channel](news)
    except Rejected as refusal:
        _close(claimed, news, refusal.message)
    else:
        _close(claimed, news)


def _close(claimed: Claim, news: News | None, why_not: str = "") -> None:
    """The alert is given, or will never be: say so in the log and let it go."""

    def work() -> None:
        session().execute(
            delete(Alert).where(Alert.id == claimed.subject_id),
            execution_options={"synchronize_session": False},
        )
        if news is not None:
            _note(news, why_not)
        finish([claimed])

    session().rollback()
    atomically(work)


def _note(news: News, why_not: str) -> None:
    how, title = _HOW[news.channel], news.words.title
    level, text = journal.INFO, f"Alert sent {how}: {title}."
    if why_not:
        level = journal.WARNING
        text = f"An alert could not be sent {how}. {why_not} It was: {title}."
    journal.write(news.shop_id, "alert", text, level=level, code=news.cause)
    _log.info(
        "alert_dropped" if why_not else "alert_sent",
        shop=news.shop_id,
        alert=news.id,
        cause=news.cause,
        channel=news.channel,
        why=why_not,
    )


def _post_letter(news: News) -> None:
    config = settings()
    server, sender = server_at(config.smtp_url), sender_of(config.mail_from)
    if server is None or sender is None:
        raise TryLater("No mail server is set.")
    letter = mail.Letter(
        id=news.id,
        sender=sender,
        recipient=news.address,
        subject=f"{news.name}: {news.words.title}",
        text=_letter_text(news, config),
        written_at=news.written_at,
    )
    mail.send(server, letter)


def _letter_text(news: News, config: Config) -> str:
    words, settings_page = news.words, admin_address(config, news.domain, ALERTS)
    parts = (
        words.what,
        f"Why:\n{words.why}" if words.why else "",
        f"What to do:\n{words.mend}" if words.mend else "",
        admin_address(config, news.domain, words.path),
        f"-- \n{config.brand} for {one_line(news.name)} ({news.domain})",
        f"At most one alert an hour for each cause. Change whom it goes to: {settings_page}",
    )
    return "\n\n".join(part for part in parts if part) + "\n"


def _post_document(news: News) -> None:
    config, words = settings(), news.words
    document = {
        "type": "alert.over" if news.over else "alert.raised",
        "timestamp": _stamp(news.written_at),
        "data": {
            "shop": news.domain,
            "cause": news.cause,
            "title": words.title,
            "what": words.what,
            "why": words.why,
            "mend": words.mend,
            "link": admin_address(config, news.domain, words.path),
        },
    }
    parcel = webhook.Parcel(news.id, news.url, signing_secret(news.domain), document)
    webhook.post(parcel, news.now, config.wms_allowed_hosts)


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


_CHANNELS: dict[str, Callable[[News], None]] = {EMAIL: _post_letter, WEBHOOK: _post_document}
