"""Units that are open again because their fulfillment was cancelled: a person says whether they are
shipped again.

No read names them, and the webhook that does may get lost or come last. So a read is compared with
the one before it: units of a line that no fulfillment has grow in number with units that are added
to the order, or else because a fulfillment was cancelled. Moves, splits, merges, holds and refunds
leave that number as it is, or lower it.
"""

from app.domain.facts import Facts, LineFacts, PartFacts
from app.domain.plan import Quantities


def reopened(before: Facts, now: Facts, *, told: bool) -> Quantities:
    """Of each order line how many units are open again.

    ``before``: the order as it was read before. ``told``: a webhook has told since that a
    fulfillment was cancelled; alone it is believed where two reads can't be compared, or where a
    fulfillment order is new, for a fulfillment may have come and gone between them.
    """
    earlier = {line.id: line for line in before.lines} if before.parts else {}
    open_now = {line.id: line.unfulfilled or 0 for line in now.lines if line.ships}
    comparable = any(line.unfulfilled is not None for line in earlier.values())
    if told and not comparable:
        return _some(open_now)
    grown = {line.id: _grown(earlier.get(line.id), line) for line in now.lines if line.ships}
    found = {line: before.reopened.get(line, 0) + more for line, more in grown.items()}
    if told and not any(found.values()):
        found = _in_new_parts(before.parts, now.live_parts)
    return _some({line: min(number, open_now.get(line, 0)) for line, number in found.items()})


def _grown(earlier: LineFacts | None, line: LineFacts) -> int:
    """How many units a line has more to fulfil, but for those that were added to the order."""
    if earlier is None or earlier.unfulfilled is None or earlier.current is None:
        return 0
    added = max(0, (line.current or 0) - earlier.current)
    return max(0, (line.unfulfilled or 0) - earlier.unfulfilled - added)


def _in_new_parts(before: list[PartFacts], now: list[PartFacts]) -> Quantities:
    known = {part.id for part in before}
    found: Quantities = {}
    for part in now:
        for line, number in part.lines.items() if part.id not in known else ():
            found[line] = found.get(line, 0) + number
    return found


def _some(units: Quantities) -> Quantities:
    return {line: number for line, number in units.items() if number > 0}
