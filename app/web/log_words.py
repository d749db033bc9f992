"""Says what a log line tells in the page's language."""

from flask_babel import gettext as _

from app.models import LogLine
from app.web.context import counts_text
from app.web.sentences import said
from app.web.words import job_label


def line_text(line: LogLine) -> str:
    """A line's message; of a finished run, its job and what it counted."""
    if line.event != "ran":
        return said(line.message)
    counts = counts_text(line.details.get("counts", {}))
    return f"{job_label(line.kind)}: {counts or _('nothing to do')}"
