"""What a warehouse is asked to expect of a return, while the return changes in Shopify. Pure.

A warehouse can't be told that it is to expect less, and the same id with other lines is refused. So
what was announced stands, what is added is announced under an id of its own, and what was taken out
is told to a person. ``lines`` are those of ``app/models/returning.py``: of each order line the
``quantity`` to expect, and how many units had which end before (``ended``): these never arrive.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.domain.returns import KINDS, LATER, RESTOCKED, Coming, Told

Lines = Mapping[str, Mapping[str, Any]]
_WORD_OF = {kind: word for word, kind in KINDS.items()}


def lines_of(coming: Iterable[Coming]) -> dict[str, dict[str, Any]]:
    """The lines of a part of a return as Shopify has it."""
    lines: dict[str, dict[str, Any]] = {}
    for each in coming:
        new = {"quantity": 0, "sku": each.sku, "reason": each.reason, "units": []}
        line = lines.setdefault(each.line, new)
        line["quantity"] += each.quantity
        line["units"] = list(dict.fromkeys([*line["units"], each.unit]))
    return lines


def asked_for(several: Iterable[Lines]) -> dict[str, int]:
    """Units by order line that nothing more need be asked for: announced, or ended before."""
    sums: dict[str, int] = {}
    for lines in several:
        for line, each in lines.items():
            sums[line] = sums.get(line, 0) + each["quantity"] + sum(_ended(each).values())
    return sums


def more_than(asked: Mapping[str, int], lines: Lines) -> dict[str, dict[str, Any]]:
    """What of a return is still to be announced."""
    left = {line: each["quantity"] - asked.get(line, 0) for line, each in lines.items()}
    return {line: {**lines[line], "quantity": n} for line, n in left.items() if n > 0}


def less_than(asked: Mapping[str, int], lines: Lines) -> int:
    """How many units were announced that the return no longer has."""
    now = _quantities(lines)
    return sum(max(0, number - now.get(line, 0)) for line, number in asked.items())


def is_same(one: Lines, other: Lines) -> bool:
    """Whether both are of the same units, ended or not."""
    return asked_for([one]) == asked_for([other])


def still_coming(
    lines: Lines, asked: Mapping[str, int], ends: Mapping[str, Mapping[str, int]]
) -> dict[str, dict[str, Any]]:
    """The same lines without the units that Shopify knows the end of, and that nobody else has
    announced: these came another way, and are noted as ``ended``."""
    found: dict[str, dict[str, Any]] = {}
    for line, each in lines.items():
        ended, whole = ends.get(line, {}), each["quantity"] + sum(_ended(each).values())
        over = min(whole, max(0, sum(ended.values()) - asked.get(line, 0)))
        found[line] = {**each, "quantity": whole - over, "ended": _first(ended, over)}
    return found


def units_of(lines: Lines) -> int:
    """How many units are to be expected."""
    return sum(_quantities(lines).values())


def _quantities(lines: Lines) -> dict[str, int]:
    return {line: int(each["quantity"]) for line, each in lines.items()}


def ended_as_told(lines: Lines) -> list[Told]:
    """The units that ended before, as if a warehouse had told of them: Shopify is not to be told
    of their end again."""
    return [
        Told(line, _WORD_OF[kind], number)
        for line, each in lines.items()
        for kind, number in _ended(each).items()
        if kind in _WORD_OF
    ]


def _ended(line: Mapping[str, Any]) -> Mapping[str, int]:
    ended: Mapping[str, int] = line.get("ended") or {}
    return ended


def _first(ended: Mapping[str, int], number: int) -> dict[str, int]:
    """So many of the units that ended, those with a final end first."""
    found: dict[str, int] = {}
    for kind in _by_finality(ended):
        taken = min(number, ended[kind])
        number -= taken
        if taken:
            found[kind] = taken
    return found


def _by_finality(ended: Mapping[str, int]) -> Sequence[str]:
    return sorted(ended, key=lambda kind: (kind == LATER, kind != RESTOCKED, kind))
