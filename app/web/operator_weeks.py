"""The week that an operator asks for."""

from datetime import UTC, datetime

from flask import request
from flask_babel import gettext as _

from app.domain.weeks import Week
from app.web.bodies import Unreadable


def this_week() -> Week:
    """The present week."""
    return Week.of(datetime.now(UTC))


def asked_week() -> Week:
    """The week that the address names, the present one where it names none. Raises Unreadable: who
    bills by a week must not get another."""
    now, given = this_week(), request.args.get("week", "")
    week = Week.read(given, latest=now) if given else now
    if week is None:
        raise Unreadable(
            400,
            "week",
            _(
                "This is no week that has begun. Write it as %(week)s, the present one.",
                week=now.name,
            ),
        )
    return week
