"""When a merchant is told: each cause, the hour's rest, and the end of it."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.alert_words import Seen, over, trouble
from app.domain.alerts import CONNECTION, Cause, Known, Signs, Turn, begin, end, present

NOW = datetime(2026, 11, 21, 10, 42, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def broken(status: str, minutes: float = 30, **more: int) -> Signs:
    """A shop whose connection has been in a state for some minutes."""
    return Signs(status, NOW - minutes * MINUTE, **more)


@pytest.mark.parametrize(
    ("signs", "expected"),
    [
        (Signs(), {}),
        (broken("established"), {}),
        (broken("never_tested"), {}),
        (broken("refused", 0), {Cause.REFUSED: 1}),
        (broken("other_account", 0), {Cause.OTHER_ACCOUNT: 1}),
        (broken("unreachable", 4.9), {}),
        (broken("unreachable", 5), {Cause.UNREACHABLE: 1}),
        (broken("unusable", 4.9), {}),
        (broken("unusable", 5), {Cause.UNUSABLE: 1}),
        (Signs(errors=9), {}),
        (Signs(errors=10), {Cause.ERRORS: 10}),
        (Signs(given_up=1), {Cause.GAVE_UP: 1}),
        (Signs(drift=2), {Cause.DRIFT: 2}),
        (
            broken("refused", errors=12, given_up=3),
            {Cause.REFUSED: 1, Cause.ERRORS: 12, Cause.GAVE_UP: 3},
        ),
    ],
)
def test_what_is_a_cause(signs: Signs, expected: dict[Cause, int]) -> None:
    assert present(signs, 10, NOW) == expected


NEVER = Known()
JUST_TOLD = Known(NOW - 59 * MINUTE, told=True, size=12)
TOLD = Known(NOW - HOUR, told=True, size=12)
TOLD_OF_ANOTHER = Known(NOW - HOUR, told=False, size=0)


@pytest.mark.parametrize("cause", Cause)
@pytest.mark.parametrize(
    ("known", "size", "expected"),
    [
        (NEVER, 12, Turn.RAISE),
        (JUST_TOLD, 12, Turn.NOTHING),
        (JUST_TOLD, 500, Turn.NOTHING),
        (TOLD, 13, Turn.RAISE),
        (TOLD_OF_ANOTHER, 1, Turn.RAISE),
        (Known(NOW - 59 * MINUTE, told=False), 12, Turn.NOTHING),
    ],
)
def test_at_most_once_an_hour(cause: Cause, known: Known, size: int, expected: Turn) -> None:
    assert begin(cause, size, known, NOW) is expected


@pytest.mark.parametrize("cause", Cause)
def test_what_stands_still_is_not_news_unless_nothing_is_sent(cause: Cause) -> None:
    expected = Turn.RAISE if cause in CONNECTION else Turn.NOTHING
    assert begin(cause, 12, TOLD, NOW) is expected


@pytest.mark.parametrize(
    ("signs", "expected"),
    [
        (broken("established"), Turn.END),
        (broken("never_tested"), Turn.NOTHING),
        (broken("unreachable", 2), Turn.NOTHING),
        (broken("unreachable", 6), Turn.DROP),
        (Signs(), Turn.DROP),
    ],
)
def test_a_connection_is_mended_when_it_is_established(signs: Signs, expected: Turn) -> None:
    assert end(Cause.REFUSED, TOLD, signs, present(signs, 10, NOW)) is expected


@pytest.mark.parametrize("cause", Cause)
def test_the_end_is_told_to_those_who_were_told_of_the_beginning(cause: Cause) -> None:
    assert end(cause, TOLD, broken("established"), {}) is Turn.END
    assert end(cause, Known(NOW, told=False), broken("established"), {}) is Turn.DROP


@pytest.mark.parametrize("cause", Cause)
def test_every_alert_says_what_why_and_what_to_do(cause: Cause) -> None:
    seen = Seen(cause, "Acme {x}\r\nBcc: a@b", NOW, 1234, 10, ("#1\r\nX", ""), "Europe/Rome")
    words, done = trouble(seen), over(seen)
    for text in (words.title, words.what, words.mend, words.path, done.title, done.what):
        assert text
        assert text.isprintable()
        assert "{since}" not in text
    assert words.why == "#1 X"
    assert len(words.title) <= 60
    if "Acme" in words.what:
        assert "Acme {x} Bcc: a@b" in words.what
        assert "21 Nov 2026, 11:42 CET" in words.what


def test_an_unknown_zone_is_utc() -> None:
    words = trouble(Seen(Cause.REFUSED, "", NOW, zone="Mars/Olympus"))
    assert words.what.startswith("The warehouse has refused")
    assert "10:42 UTC" in words.what
