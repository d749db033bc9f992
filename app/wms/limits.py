"""How long and how much a WMS may answer; whoever checks one holds it to the same."""

import urllib3

CONNECT_SECONDS = 3.0
CALL_SECONDS = 15.0
ANSWER_CAP = 5 * 1024 * 1024
ERROR_CAP = 1024 * 1024


def time_limit(seconds: float, connect_seconds: float = CONNECT_SECONDS) -> urllib3.Timeout:
    """So long for the whole answer, of which the connection takes so long at most."""
    return urllib3.Timeout(
        connect=min(connect_seconds, seconds),
        read=seconds,
        total=seconds,
    )


def size_limit(*, ok: bool) -> int:
    """The most bytes that an answer's body may have, by whether it is a success."""
    return ANSWER_CAP if ok else ERROR_CAP
