"""Posts one signed document to a web address that a merchant typed (Standard Webhooks).

The address gets what an app URL gets: private ones are refused unless the operator allowed them,
redirects are not followed, and time and size of the answer are bounded.
"""

import json
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import SplitResult, urlsplit

import urllib3
from standardwebhooks import Webhook

from app.errors import Rejected, TryLater
from app.wms.address import host_of, is_allowed, is_private
from app.wms.answers import retry_after
from app.wms.sessions import open_session
from app.wms.transport import Answer, Failure, Request, fetch

_CONNECT_SECONDS = 3.0
_POST_SECONDS = 10.0
_CODE = "address-refused"
_INVALID = "This isn't a web address we may post to. {why} Enter another one."
_FAILURES = {
    Failure.PRIVATE: "{host} is not on the public internet. Enter a public address.",
    Failure.TOO_LARGE: "{host} answered with too much. Enter the address that takes alerts.",
}
_SILENT = "Nothing answered at {host}."


@dataclass(frozen=True, slots=True)
class Parcel:
    """A document and where it goes. ``id`` is the same whenever it is posted again."""

    id: str
    url: str
    secret: str
    document: Mapping[str, Any]


def post(parcel: Parcel, now: datetime, allowed_hosts: frozenset[str]) -> None:
    """Post the document; the receiver has taken it when this returns.

    Raises TryLater when it has not, or not surely, and Rejected when the address is no good.
    """
    parts = checked(parcel.url, allowed_hosts)
    timeout = urllib3.Timeout(connect=_CONNECT_SECONDS, read=_POST_SECONDS, total=_POST_SECONDS)
    with closing(open_session(private=is_allowed(parts, allowed_hosts))) as session:
        answer = fetch(session, _signed(parcel, now), timeout)
    _judge(answer, host_of(parts), now)


def check(url: str, allowed_hosts: frozenset[str]) -> None:
    """Raise Rejected unless something may be posted to an address, as far as can be seen before."""
    parts = checked(url, allowed_hosts)
    if is_allowed(parts, allowed_hosts):
        return
    try:
        private = is_private(parts)
    except UnicodeError:
        raise Rejected(_CODE, _INVALID.format(why="Its host can't be read.")) from None
    if private:
        raise Rejected(_CODE, _FAILURES[Failure.PRIVATE].format(host=host_of(parts)))


def checked(url: str, allowed_hosts: frozenset[str]) -> SplitResult:
    """Return the parts of an address, or raise Rejected; asks nobody. An address may have a query,
    which is often where its receiver keeps a secret, so it is never repeated."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - reading it is what checks it
    except ValueError:
        raise Rejected(_CODE, _INVALID.format(why="Its host can't be read.")) from None
    plain = parts.scheme == "http" and is_allowed(parts, allowed_hosts)
    checks = (
        (plain or parts.scheme == "https", "It doesn't start with https://."),
        (bool(parts.hostname), "It names no host."),
        (url.isprintable() and " " not in url, "It has a space or a stray sign in it."),
        ("@" not in parts.netloc, "It has a user name or a password in it."),
    )
    for ok, why in checks:
        if not ok:
            raise Rejected(_CODE, _INVALID.format(why=why))
    return parts


def _signed(parcel: Parcel, now: datetime) -> Request:
    body = json.dumps(parcel.document, ensure_ascii=False)
    headers = {
        "Content-Type": "application/json",
        "webhook-id": parcel.id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(parcel.secret).sign(parcel.id, now, body),
    }
    return Request("POST", parcel.url, headers=headers, body=body.encode())


def _judge(answer: Answer | Failure, host: str, now: datetime) -> None:
    """Return when the receiver said yes; else raise what its answer means."""
    if isinstance(answer, Failure):
        if answer in _FAILURES:
            raise Rejected(_CODE, _FAILURES[answer].format(host=host))
        raise TryLater(_SILENT.format(host=host))
    if 200 <= answer.status < 300:
        return
    if answer.status < 400:
        text = f"{host} leads to another address. Enter that one."
        raise Rejected(_CODE, text)
    if answer.status == 410:
        raise Rejected(_CODE, f"{host} takes no alerts any more. Enter another address.")
    wait = retry_after(answer.headers.get("retry-after", ""), now)
    raise TryLater(f"{host} did not take the alert. ({answer.status})", wait)
