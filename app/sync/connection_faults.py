"""What keeps a name, an address and a token from being a connection, before anybody is asked."""

from collections.abc import Iterator

from app.errors import Rejected
from app.sync.outside import settings
from app.wms.http import check_app_url

_LONGEST = {
    "label": ("label", 100),
    "app_url": ("app URL", 500),
    "token": ("authorization token", 2000),
}


def check(label: str, app_url: str, token: str | None, *, stored: bool) -> None:
    """Raise Rejected, with a code that names the field, for what can't be a connection.
    ``stored``: there is a token already, which stays when none is given."""
    for fault in faults(label, app_url, token, stored=stored):
        raise fault


def faults(label: str, app_url: str, token: str | None, *, stored: bool) -> Iterator[Rejected]:
    """Everything for which this can't be a connection."""
    given = {"label": label, "app_url": app_url, "token": token or ""}
    for key, (name, most) in _LONGEST.items():
        if len(given[key]) > most:
            yield Rejected(key, f"The {name} is longer than {most} characters.")
    if not label:
        yield Rejected("label", "Give the connection a name, such as the warehouse's.")
    yield from _url_faults(app_url)
    if not token and not stored:
        yield Rejected("token", "Enter the authorization token from the connector's page.")
    if token and not (token.isascii() and token.isprintable() and " " not in token):
        yield Rejected("token", "The token has spaces or odd characters in it. Copy it again.")


def _url_faults(app_url: str) -> Iterator[Rejected]:
    try:
        check_app_url(app_url, settings().wms_allowed_hosts)
    except Rejected as fault:
        yield fault
