"""When something was that a test has to be old, whatever the day is on which it runs."""

from datetime import UTC, datetime, timedelta


def ago(**time: float) -> str:
    """How long ago, in the words of `timedelta`, as a time in whole seconds with its offset."""
    return (datetime.now(UTC) - timedelta(**time)).replace(microsecond=0).isoformat()
