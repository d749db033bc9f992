"""The one banner a page may show: what most needs a person, and the way to mend it."""

from dataclasses import dataclass

from flask_babel import gettext as _

from app.models import Connection
from app.models.connection import OTHER_ACCOUNT, REFUSED, UNREACHABLE
from app.web.times import moment


@dataclass(frozen=True, slots=True)
class Banner:
    """``action``: ``settings`` leads to the connection's form, ``confirm`` accepts the account."""

    tone: str
    heading: str
    text: str
    action: str = ""
    label: str = ""


def banner_for(connection: Connection | None) -> Banner | None:
    """What is wrong with the connection; None when nothing is."""
    makers = {REFUSED: _refused, UNREACHABLE: _unreachable, OTHER_ACCOUNT: _other_account}
    maker = makers.get(connection.status) if connection is not None else None
    return maker(connection) if maker is not None and connection is not None else None


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
