"""Verifies what a WMS posts to us: Standard Webhooks over the raw bytes."""

import hmac
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from pydantic import Field, ValidationError
from standardwebhooks import Webhook
from standardwebhooks.webhooks import EmptyWebhookSecretError

from app.errors import Rejected
from app.wms import lenient
from app.wms.values import Value

TOLERANCE_SECONDS = 300
LONGEST_ID = 128
_OLD = (
    "The callback's time is more than five minutes off. Its sender's clock is wrong, or it is a"
    " repetition. Set the clock and post it again."
)
_FORGED = (
    "The callback's signature doesn't match. It was signed with another secret, or changed on its"
    " way. Ask for the secret again with PUT /callbacks, or sign the raw bytes."
)
_HEADERS = (
    "The callback isn't signed. It needs the headers webhook-id, webhook-timestamp and"
    " webhook-signature. Send them as Standard Webhooks says."
)
_SHAPE = (
    "The callback's body can't be read. It must be JSON with type, timestamp and data."
    " Mend the body and post it again."
)


class CallbackBody(Value):
    """What is posted: ``data`` is the item of the feed that belongs to ``type``."""

    type: str = Field(max_length=64)
    timestamp: str = ""
    data: dict[str, Any] = Field(default_factory=dict)


class CallbackEvent(CallbackBody):
    """A verified callback. ``id`` is the same when the WMS repeats itself."""

    id: str


def verify(
    raw: bytes, headers: Mapping[str, str], secrets: Sequence[str], now: datetime
) -> CallbackEvent:
    """Return the callback if one of ``secrets`` signed these very bytes within 300 s of ``now``.

    Raises Rejected: ``bad-signature`` for anything not proven, ``invalid`` for a proven body that
    makes no sense. ``now`` has a time zone; several secrets are for while one is being replaced.
    """
    message, moment, signatures = _signed(headers)
    if abs((now - moment).total_seconds()) > TOLERANCE_SECONDS:
        raise Rejected("bad-signature", _OLD)
    expected = [_signature(secret, message, moment, raw) for secret in secrets]
    if not _any_match(expected, signatures):
        raise Rejected("bad-signature", _FORGED)
    try:
        body = lenient.value(CallbackBody, raw.replace(b"\\u0000", b""))
    except ValidationError:
        raise Rejected("invalid", _SHAPE) from None
    return CallbackEvent(id=message, **body.model_dump())


def _signed(headers: Mapping[str, str]) -> tuple[str, datetime, list[str]]:
    """Return message id, time and signatures from the three headers, in any case."""
    given = {name.lower(): value for name, value in headers.items()}
    message, signatures = given.get("webhook-id", ""), given.get("webhook-signature", "").split()
    moment = _moment(given.get("webhook-timestamp", ""))
    if not (0 < len(message) <= LONGEST_ID and signatures and moment):
        raise Rejected("bad-signature", _HEADERS)
    return message, moment, signatures


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(text), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _signature(secret: str, message: str, moment: datetime, raw: bytes) -> str:
    """Return what ``secret`` would have signed; empty when it cannot sign at all."""
    try:
        return Webhook(secret).sign(message, moment, raw.decode())
    except (ValueError, EmptyWebhookSecretError):
        return ""


def _any_match(expected: Sequence[str], given: Sequence[str]) -> bool:
    pairs = ((mine, theirs) for mine in expected if mine for theirs in given)
    return any(hmac.compare_digest(mine.encode(), theirs.encode()) for mine, theirs in pairs)
