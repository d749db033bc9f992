"""Says how the checks ended: a numbered list of at most 80 columns, or JSON."""

import json
import textwrap
from collections.abc import Sequence
from dataclasses import asdict, dataclass

PASSED, FAILED, NOT_CHECKED = "passed", "FAILED", "not checked"
_WIDTH = 80
_INDENT = " " * 18


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a check ended. ``mend`` says what to change."""

    number: int
    title: str
    outcome: str
    what: str = ""
    mend: str = ""

    def __str__(self) -> str:
        head = f"{self.number:3}. {self.outcome:11}  "
        paragraphs = [_wrapped(self.title, head)]
        paragraphs += [_wrapped(self.what)] if self.what else []
        paragraphs += [_wrapped(f"Mend: {self.mend}")] if self.mend else []
        return "\n".join(paragraphs)


def request(what: str) -> str:
    """How somebody is asked to do something at the warehouse."""
    return _wrapped(what, "     AT ONCE      ")


def summary(verdicts: Sequence[Verdict]) -> str:
    """The last line or two: how many ended how, and which failed."""
    counts = ", ".join(f"{_count(verdicts, outcome)} {outcome.lower()}" for outcome in _OUTCOMES)
    failed = [str(verdict.number) for verdict in verdicts if verdict.outcome == FAILED]
    alone = " Without it the others make no sense." if len(verdicts) == 1 else ""
    return f"\n{counts}." + (f"\nFailed: {', '.join(failed)}.{alone}" if failed else "")


def as_json(url: str, verdicts: Sequence[Verdict]) -> str:
    """All of it for a program."""
    counts = {outcome.lower().replace(" ", "_"): _count(verdicts, outcome) for outcome in _OUTCOMES}
    checks = [
        asdict(verdict) | {"outcome": verdict.outcome.lower().replace(" ", "_")}
        for verdict in verdicts
    ]
    whole = {"url": url, "ok": not counts["failed"], **counts, "checks": checks}
    return json.dumps(whole, indent=2, ensure_ascii=False)


_OUTCOMES = (PASSED, FAILED, NOT_CHECKED)


def _count(verdicts: Sequence[Verdict], outcome: str) -> int:
    return sum(verdict.outcome == outcome for verdict in verdicts)


def _wrapped(text: str, first: str = _INDENT) -> str:
    return textwrap.fill(
        text, _WIDTH, initial_indent=first, subsequent_indent=_INDENT, break_on_hyphens=False
    )
