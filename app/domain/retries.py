"""How long to wait before the next try."""

import random
from datetime import timedelta

# Refusals by the WMS: 5, 15, 60 minutes, then hourly, 12 tries in all.
REFUSAL_WAITS = (timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=60))
REFUSAL_TRIES = 12
# Failures that may pass: doubling from the base, capped; then a dead letter.
BASE_SECONDS = 2.0
CAP_SECONDS = 300.0
FAILURE_TRIES = 24
# Looking at a job of the WMS again.
CHECK_SECONDS = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0, 120.0, 300.0)
# A job that takes longer may have died: its orders are looked up, too.
JOB_TAKES = timedelta(minutes=30)


def after_refusal(tries: int) -> timedelta | None:
    """Wait after the nth refusal of the same content; None when it is a person's turn."""
    if tries >= REFUSAL_TRIES:
        return None
    return REFUSAL_WAITS[min(max(tries, 1), len(REFUSAL_WAITS)) - 1]


def after_failure(attempts: int, at_least: float = 0.0) -> float:
    """Seconds to wait after the nth failure in a row: full jitter, at least ``at_least``."""
    ceiling = min(CAP_SECONDS, BASE_SECONDS * 2 ** min(attempts, 12))
    return at_least + random.uniform(0.5, ceiling)  # noqa: S311 (spreading, not secrecy)


def before_check(checks: int) -> float:
    """Seconds until a running job is looked at again."""
    return CHECK_SECONDS[min(checks, len(CHECK_SECONDS) - 1)]
