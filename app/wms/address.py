"""Decides whether an app URL that a merchant typed may be called at all."""

from hashlib import sha256
from urllib.parse import SplitResult, urlsplit

import requests
from requests_hardened.ip_filter import InvalidIPAddress, filter_host

from app.errors import Rejected

PRIVATE = (
    "This app URL is not on the public internet. It leads to a private address ({host})."
    " Enter the public address from the connector's page."
)
_MISSING = "Enter the app URL from the connector's page."
_INVALID = (
    "This app URL isn't a web address. {why}"
    " Copy it again from the connector's page; it starts with https://."
)
_INSECURE = (
    "This app URL isn't secure. It starts with http://, so the token could be read on its way."
    " Enter the address that starts with https://."
)


def check_app_url(url: str, allowed_hosts: frozenset[str]) -> None:
    """Raise Rejected (app-url-missing, -invalid, -insecure or -private) unless it may be called.

    A name that nobody knows passes: whether anything answers there is for the connection test. The
    address is checked again on every connection, because a name may point elsewhere by then.
    """
    parts = check_form(url, allowed_hosts)
    if is_allowed(parts, allowed_hosts):
        return
    try:
        private = is_private(parts)
    except UnicodeError:
        raise _invalid("Its host has a name that can't exist.") from None
    if private:
        raise Rejected("app-url-private", PRIVATE.format(host=host_of(parts)))


def is_private(parts: SplitResult) -> bool:
    """Whether a host leads to a private address, as far as it leads anywhere. Raises UnicodeError
    for a name that can't exist."""
    try:
        filter_host(parts.hostname or "", parts.port or 443, allow_loopback=False)
    except InvalidIPAddress:
        return True
    except (requests.RequestException, OSError):
        return False
    return False


def check_form(url: str, allowed_hosts: frozenset[str]) -> SplitResult:
    """Return the parts of ``url``, or raise Rejected; asks nobody, so it costs nothing."""
    if not url:
        raise Rejected("app-url-missing", _MISSING)
    parts = _split(url)
    if why := _fault(url, parts):
        raise _invalid(why)
    if parts.scheme != "https" and not is_allowed(parts, allowed_hosts):
        raise Rejected("app-url-insecure", _INSECURE)
    return parts


def is_allowed(parts: SplitResult, allowed_hosts: frozenset[str]) -> bool:
    """Whether the operator exempted this host (``name`` or ``name:port``) from the rules."""
    return (parts.hostname or "") in allowed_hosts or host_of(parts) in allowed_hosts


def host_of(parts: SplitResult) -> str:
    """Host and port as shown to the merchant, without anything secret."""
    return parts.netloc.rpartition("@")[2].lower()


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - reading it is what checks it
    except ValueError:
        raise _invalid("Its host or its port can't be read.") from None
    return parts


def _fault(url: str, parts: SplitResult) -> str:
    """Say what is wrong with the form of an address; empty when nothing is."""
    checks = (
        (parts.scheme in ("http", "https"), "It doesn't start with https://."),
        (bool(parts.hostname), "It names no host."),
        (
            url.isprintable() and not set(url) & set(' \\"<>'),
            "It has a space or a stray sign in it.",
        ),
        ("@" not in parts.netloc, "It has a user name or a password in it."),
        (not (parts.query or parts.fragment), "It goes on after a ? or #."),
    )
    return next((why for ok, why in checks if not ok), "")


def _invalid(why: str) -> Rejected:
    return Rejected("app-url-invalid", _INVALID.format(why=why))


def way_to(app_url: str, token: str) -> str:
    """A mark of an app URL and a token, from which neither can be told."""
    return sha256(f"{app_url.strip().rstrip('/')} {token.strip()}".encode()).hexdigest()
