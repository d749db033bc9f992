"""Says what a log line tells in the page's language."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from app.domain.settings_told import Change
from app.models import LogLine
from app.sync.endings import ENDED
from app.web.context import counts_text
from app.web.sentences import said
from app.web.words import job_label, reason_label

_BY_HAND = ": started by hand."


def line_text(line: LogLine) -> str:
    """A line's message; of a run, its job and that a person started it or what it counted; of a
    send, what became of its orders; of changed settings, each one with what it was and is."""
    if line.event == "settings" and "changes" in line.details:
        changes = [_change_text(each) for each in line.details["changes"]]
        return _("Settings changed: %(changes)s.", changes=", ".join(changes))
    if line.event == ENDED:
        return sums_text(line.details.get("sums", []))
    if line.event == "run" and line.kind and line.message.endswith(_BY_HAND):
        return _("%(job)s: started by hand.", job=job_label(line.kind))
    if line.event != "ran":
        return said(line.message)
    counts = counts_text(line.details.get("counts", {}))
    return f"{job_label(line.kind)}: {counts or _('nothing to do')}"


def sums_text(sums: Sequence[Mapping[str, Any]]) -> str:
    """That a send ended, and what became of its orders: how many ended how, and why."""
    return " ".join([_("Send to WMS ended."), *(_sum_text(each) for each in sums)])


def _sum_text(found: Mapping[str, Any]) -> str:
    number = found["count"]
    ended = _OUTCOMES[found["outcome"]](number, format_decimal(number))
    causes = [f"{reason_label(reason)} {format_decimal(many)}" for reason, many in found["reasons"]]
    return f"{ended}: {', '.join(causes)}." if causes else f"{ended}."


_OUTCOMES: dict[str, Callable[[int, str], str]] = {
    "sent": lambda number, text: ngettext("Sent %(count)s", "Sent %(count)s", number, count=text),
    "unchanged": lambda number, text: ngettext(
        "Unchanged %(count)s", "Unchanged %(count)s", number, count=text
    ),
    "waiting": lambda number, text: ngettext(
        "Waiting %(count)s", "Waiting %(count)s", number, count=text
    ),
    "skipped": lambda number, text: ngettext(
        "Skipped %(count)s", "Skipped %(count)s", number, count=text
    ),
    "failed": lambda number, text: ngettext(
        "Failed %(count)s", "Failed %(count)s", number, count=text
    ),
}


def _change_text(change: Mapping[str, str]) -> str:
    return str(Change(**{name: said(text) for name, text in change.items()}))
