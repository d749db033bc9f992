"""What a measurement comes to: lines of a table, each with what it is held against."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

HEADINGS = ("Figure", "Measured", "Beside it", "Target", "Met")


@dataclass(frozen=True, slots=True)
class Line:
    """One thing measured. ``met`` is None where nothing is demanded."""

    what: str
    measured: str
    beside: str = ""
    target: str = ""
    met: bool | None = None

    def cells(self) -> tuple[str, ...]:
        """The line as the table shows it."""
        verdict = {True: "yes", False: "NO", None: ""}[self.met]
        return (self.what, self.measured, self.beside, self.target, verdict)


def missed(lines: Iterable[Line]) -> list[Line]:
    """The lines whose target was not met."""
    return [line for line in lines if line.met is False]


def plain(lines: Iterable[Line]) -> str:
    """The lines as a table for a terminal."""
    rows = [HEADINGS, *(line.cells() for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    rows.insert(1, tuple("-" * width for width in widths))
    return "\n".join(_padded(row, widths) for row in rows)


def _padded(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
    return "  ".join(cells).rstrip()


def markdown(lines: Iterable[Line]) -> str:
    """The lines as a table for a page."""
    rows = [HEADINGS, tuple("---" for _ in HEADINGS), *(line.cells() for line in lines)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def percentile(samples: Sequence[float], share: float) -> float:
    """The smallest sample that at least this share of all samples does not exceed."""
    ordered = sorted(samples)
    return ordered[max(0, -(-len(ordered) * int(share * 100) // 100) - 1)]
