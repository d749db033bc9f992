"""The one banner a page may show: what most needs a person, and the way to mend it."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import request
from flask_babel import gettext as _
from flask_babel import ngettext

from app.models import Connection, Shop
from app.models.connection import (
    LOCKED,
    NEVER_TESTED,
    OTHER_ACCOUNT,
    REFUSED,
    UNREACHABLE,
    UNUSABLE,
)
from app.sync.preferences import settings_of
from app.web.current import shop
from app.web.links import link
from app.web.sentences import said
from app.web.settings_access import missing
from app.web.times import moment

_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Banner:
    """``action``: ``settings`` leads to the connection's form, ``confirm`` accepts the account,
    ``link`` leads to ``address``."""

    tone: str
    heading: str
    text: str
    action: str = ""
    label: str = ""
    address: str = ""


def banner_for(connection: Connection | None) -> Banner | None:
    """What most needs a person now; None when nothing does but what this very page shows."""
    found = (each for each in _banners(connection, shop()) if not _leads_here(each))
    return next(found, None)


def _leads_here(found: Banner) -> bool:
    return bool(found.address) and urlsplit(found.address).path == request.path


def _banners(connection: Connection | None, mine: Shop) -> Iterator[Banner]:
    """Everything that is wrong, the most pressing first."""
    makers = {
        LOCKED: _locked,
        REFUSED: _refused,
        UNREACHABLE: _unreachable,
        UNUSABLE: _unusable,
        OTHER_ACCOUNT: _other_account,
        NEVER_TESTED: _not_tested,
    }
    if connection is not None and connection.token_stored and connection.standing in makers:
        yield makers[connection.standing](connection)
    if mine.scopes and missing(mine.scopes):
        yield _without_scopes(mine)
    if names := new_locations(mine):
        yield _new_locations(names)


def new_locations(mine: Shop) -> list[str]:
    """The names of active locations that nobody has mapped, once others are."""
    chosen = settings_of(mine).locations
    return [
        str(each["name"])
        for each in mine.locations
        if any(chosen.values()) and each.get("active", True) and each["id"] not in chosen
    ]


def _locked(_connection: Connection) -> Banner:
    return Banner(
        "critical",
        _("The stored token can't be read any more"),
        _(
            "Sending is paused; no order is lost. Your operator can put the missing key back into"
            " ENCRYPTION_KEYS. If it is gone, copy the token from the connector's page of your WMS"
            " and enter it again."
        ),
        "settings",
        _("Enter the token"),
    )


def _refused(_connection: Connection) -> Banner:
    return Banner(
        "critical",
        _("Token refused"),
        _(
            "Sending is paused; nothing is lost. Copy the token again from the connector's page of"
            " your WMS and replace it here."
        ),
        "settings",
        _("Replace token"),
    )


def _unreachable(connection: Connection) -> Banner:
    return Banner(
        "warning",
        _("Unreachable since %(time)s", time=moment(connection.status_since)),
        _("Your WMS doesn't answer. Orders wait and go by themselves when it does again."),
        "settings",
        _("Check the app URL"),
    )


def _unusable(connection: Connection) -> Banner:
    return Banner(
        "warning",
        _("No usable answer since %(time)s", time=moment(connection.status_since)),
        _with_why(connection, _("Orders wait and go by themselves once it answers as it should.")),
        "settings",
        _("Check the app URL"),
    )


def _with_why(connection: Connection, rest: str) -> str:
    return f"{said(connection.status_message)} {rest}".strip()


def _not_tested(connection: Connection) -> Banner:
    return Banner(
        "warning",
        _("Connection not tested"),
        _with_why(connection, _("Sending is paused. Orders go on once a test succeeds.")),
        "settings",
        _("Test it"),
    )


def _other_account(connection: Connection) -> Banner:
    return Banner(
        "warning",
        _("Another warehouse account answers"),
        _(
            "It was %(old)s, now it is %(new)s. If you confirm, new orders go to %(new)s; what the"
            " old account has is kept and not sent again.",
            old=connection.account,
            new=connection.other_account,
        ),
        "confirm",
        _("Confirm the new account"),
    )


def _without_scopes(mine: Shop) -> Banner:
    """Names what each missing permission blocks."""
    blocked = [f"{scope.handle}: {scope.blocks}" for scope in missing(mine.scopes)]
    return Banner(
        "warning",
        ngettext("A permission is missing", "%(num)d permissions are missing", len(blocked)),
        _("Shopify lets Tagdock do less than it needs.") + " " + " ".join(blocked),
        "link",
        _("See the permissions"),
        link("settings.access"),
    )


def _new_locations(names: list[str]) -> Banner:
    shown = ", ".join(names[:_MOST_NAMED])
    more = len(names) - _MOST_NAMED
    return Banner(
        "warning",
        ngettext("A new location", "%(num)d new locations", len(names)),
        _(
            "Nobody has said which warehouse ships the orders of %(names)s.",
            names=_("%(names)s and %(number)s more", names=shown, number=more)
            if more > 0
            else shown,
        ),
        "link",
        _("Map it") if len(names) == 1 else _("Map them"),
        link("settings.locations"),
    )
