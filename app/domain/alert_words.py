"""What an alert says: what happened, why, what to do. In English: no shop's language is known."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.alerts import Cause
from app.domain.zones import zone_named

_MOST_EXAMPLES = 3
_LONGEST = 300
_CONNECTION, _ORDERS, _LOGS = "settings/connection", "orders?state=error", "logs"
_DRIFT = "drift"
ALERTS = "settings/alerts"


@dataclass(frozen=True, slots=True)
class Seen:
    """What the words are about. ``examples`` say why, the newest first; ``pile`` is how many orders
    in error are worth an alert."""

    cause: Cause
    warehouse: str
    since: datetime
    size: int = 1
    pile: int = 1
    examples: tuple[str, ...] = ()
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Words:
    """An alert in words. ``why`` may be several lines or none; ``path`` leads to the page where it
    is mended."""

    title: str
    what: str
    why: str
    mend: str
    path: str


_TROUBLES = {
    Cause.REFUSED: Words(
        "The warehouse refuses the connection",
        "{warehouse} has refused every request since {since}. Sending is paused; nothing is lost.",
        "",
        "Open the connection's settings, put right what is named above, and test the connection.",
        _CONNECTION,
    ),
    Cause.UNREACHABLE: Words(
        "The warehouse can't be reached",
        "{warehouse} has not answered since {since}. Orders wait and go by themselves when it does"
        " again.",
        "",
        "Ask the warehouse whether its system is down. If its address has changed, enter the new"
        " one and test the connection.",
        _CONNECTION,
    ),
    Cause.UNUSABLE: Words(
        "The warehouse's answer is of no use",
        "{warehouse} has given no usable answer since {since}. Orders wait and go by themselves"
        " once it answers as it should.",
        "",
        "Open the connection's settings, check the app URL, and test the connection. If the URL is"
        " right, ask the warehouse's support.",
        _CONNECTION,
    ),
    Cause.OTHER_ACCOUNT: Words(
        "Another warehouse account answers",
        "Since {since} another account answers in place of {warehouse}. Sending is paused; nothing"
        " is lost.",
        "",
        "Open the app and confirm the new account, or put the old app URL back.",
        _CONNECTION,
    ),
    Cause.ERRORS: Words(
        "Orders in error: {size}",
        "Orders in error: {size}. You asked to be told from {pile} on.",
        "",
        "Open the orders, mend what each one names, then send them again.",
        _ORDERS,
    ),
    Cause.GAVE_UP: Words(
        "Work given up: {size}",
        "Too many tries failed, so some work was given up ({size}). It doesn't go on by itself.",
        "",
        "Open Logs: Given up says what it was and why. Mend that, then try it again.",
        _LOGS,
    ),
    Cause.DRIFT: Words(
        "Shopify and the warehouse differ: {size}",
        "Both were compared, and they differ where nothing is under way ({size}).",
        "",
        "Open the drift report: it says what each side has, and repairs it.",
        _DRIFT,
    ),
}

_MENDED = (
    "Connection re-established",
    "{warehouse} answers again. What waited since {since} goes on by itself.",
)
_ENDS = {
    Cause.REFUSED: _MENDED,
    Cause.UNREACHABLE: _MENDED,
    Cause.UNUSABLE: _MENDED,
    Cause.OTHER_ACCOUNT: _MENDED,
    Cause.ERRORS: (
        "Fewer orders in error",
        "Since {since} there were {pile} orders in error or more. Now there are fewer.",
    ),
    Cause.GAVE_UP: (
        "Nothing is given up any more",
        "What was given up since {since} has been taken up again.",
    ),
    Cause.DRIFT: (
        "Shopify and the warehouse agree again",
        "What has differed since {since} is no longer so.",
    ),
}


def trouble(seen: Seen) -> Words:
    """Say that something is wrong."""
    words = _TROUBLES[seen.cause]
    examples = [one_line(text)[:_LONGEST] for text in seen.examples[:_MOST_EXAMPLES] if text]
    return Words(
        _filled(words.title, seen),
        _filled(words.what, seen),
        "\n".join(examples),
        words.mend,
        words.path,
    )


def over(seen: Seen) -> Words:
    """Say that it is over."""
    title, what = _ENDS[seen.cause]
    return Words(title, _filled(what, seen), "", "", _TROUBLES[seen.cause].path)


def _filled(text: str, seen: Seen) -> str:
    return text.format(
        warehouse=one_line(seen.warehouse) or "The warehouse",
        since=written(seen.since, seen.zone),
        size=f"{seen.size:,}",
        pile=f"{seen.pile:,}",
    )


def written(moment: datetime, zone: str) -> str:
    """A moment in a shop's zone, which is named."""
    local = moment.astimezone(zone_named(zone))
    return f"{local.day} {local:%b %Y, %H:%M %Z}"


def one_line(text: str) -> str:
    """The text without line ends and control signs."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
