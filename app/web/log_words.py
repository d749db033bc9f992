"""Says what a log line tells in the page's language."""

from collections.abc import Mapping

from flask_babel import gettext as _

from app.domain.settings_told import Change
from app.models import LogLine
from app.web.context import counts_text
from app.web.sentences import said
from app.web.words import job_label


def line_text(line: LogLine) -> str:
    """A line's message; of a finished run, its job and what it counted; of changed settings, each
    one with what it was and is."""
    if line.event == "settings" and "changes" in line.details:
        changes = [_change_text(each) for each in line.details["changes"]]
        return _("Settings changed: %(changes)s.", changes=", ".join(changes))
    if line.event != "ran":
        return said(line.message)
    counts = counts_text(line.details.get("counts", {}))
    return f"{job_label(line.kind)}: {counts or _('nothing to do')}"


def _change_text(change: Mapping[str, str]) -> str:
    return str(Change(**{name: said(text) for name, text in change.items()}))
