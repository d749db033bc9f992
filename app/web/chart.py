"""Numbers as bars: where each bar stands and how high it is, in the units of the drawing.

What a chart draws is text and rectangles of a fixed size; the page scales it as a whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 320, 190


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle, and the number that belongs to it with the place of its text."""

    x: float
    y: float
    width: float
    height: float
    number: int
    text_x: float
    text_y: float

    @property
    def text(self) -> str:
        """The number in at most four signs; nothing for zero."""
        return short(self.number) if self.number else ""


def short(number: int) -> str:
    """A number as it fits above a bar: 999, 1.2k, 34k, 5M."""
    if number < 1_000:
        return str(number)
    if number < 10_000:
        return f"{number // 100 / 10:g}k"
    return f"{number // 1_000}k" if number < 1_000_000 else f"{number // 1_000_000}M"


def share(number: int, most: int, length: float) -> float:
    """How long a bar is among those of which the longest stands for ``most``. What isn't zero can
    be seen."""
    if not number:
        return 0.0
    return max(2.0, round(length * number / most, 1))


def top(numbers: Sequence[int]) -> int:
    """The number that the longest bar stands for; at least 1."""
    return max([1, *numbers])
