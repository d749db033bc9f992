"""Units that are open again because their fulfillment was cancelled, from one read to the next."""

from dataclasses import replace

import pytest

from app.domain.facts import Facts, LineFacts, PartFacts
from app.domain.reopened import reopened

MUG, TEE = "mug", "tee"


def line(
    name: str, current: int | None, unfulfilled: int | None, *, ships: bool = True
) -> LineFacts:
    return LineFacts(
        name,
        name,
        name,
        gift_card=False,
        requires_shipping=ships,
        current=current,
        unfulfilled=unfulfilled,
    )


def part(name: str, **lines: int) -> PartFacts:
    return PartFacts(name, "OPEN", "here", "Here", "SHIPPING", [], dict(lines))


def facts(*lines: LineFacts, parts: tuple[PartFacts, ...] = (), **back: int) -> Facts:
    return Facts(lines=list(lines), parts=list(parts or (part("1", mug=0),)), reopened=dict(back))


@pytest.mark.parametrize(
    ("before", "now", "found"),
    [
        pytest.param(facts(line(MUG, 5, 0)), facts(line(MUG, 5, 5)), {MUG: 5}, id="all of it"),
        pytest.param(facts(line(MUG, 5, 2)), facts(line(MUG, 5, 5)), {MUG: 3}, id="a part"),
        pytest.param(facts(line(MUG, 5, 0)), facts(line(MUG, 7, 2)), {}, id="units added"),
        pytest.param(facts(line(MUG, 5, 0)), facts(line(MUG, 7, 7)), {MUG: 5}, id="added as well"),
        pytest.param(facts(line(MUG, 5, 0)), facts(line(MUG, 3, 0)), {}, id="shipped and refunded"),
        pytest.param(facts(line(MUG, 5, 0)), facts(line(MUG, 3, 3)), {MUG: 3}, id="and reduced"),
        pytest.param(facts(line(MUG, 5, 5)), facts(line(MUG, 3, 3)), {}, id="removed"),
        pytest.param(facts(line(MUG, 0, 0)), facts(line(MUG, 2, 2)), {}, id="added again"),
        pytest.param(
            facts(line(MUG, 5, 5)), facts(line(MUG, 5, 5), line(TEE, 1, 1)), {}, id="a new line"
        ),
        pytest.param(
            facts(line(MUG, 5, 0, ships=False)),
            facts(line(MUG, 5, 5, ships=False)),
            {},
            id="nothing that ships",
        ),
        pytest.param(
            facts(line(MUG, 5, 5), parts=(part("1", mug=5),)),
            facts(line(MUG, 5, 5), parts=(part("2", mug=3), part("3", mug=2))),
            {},
            id="split and moved",
        ),
        pytest.param(Facts(), facts(line(MUG, 5, 5)), {}, id="read for the first time"),
        pytest.param(Facts(lines=[line(MUG, 5, 0)]), facts(line(MUG, 5, 5)), {}, id="just routed"),
        pytest.param(
            facts(line(MUG, None, None)), facts(line(MUG, 5, 5)), {}, id="of an older version"
        ),
        pytest.param(
            facts(line(MUG, 5, 5), mug=5), facts(line(MUG, 5, 5)), {MUG: 5}, id="still open"
        ),
        pytest.param(
            facts(line(MUG, 5, 5), mug=5), facts(line(MUG, 5, 2)), {MUG: 2}, id="some fulfilled"
        ),
        pytest.param(
            facts(line(MUG, 5, 5), mug=5), facts(line(MUG, 5, 0)), {}, id="fulfilled again"
        ),
        pytest.param(facts(line(MUG, 5, 5), mug=5), facts(line(MUG, 0, 0)), {}, id="taken off"),
    ],
)
def test_what_came_back_is_told_from_everything_else(
    before: Facts, now: Facts, found: dict[str, int]
) -> None:
    assert reopened(before, now, told=False) == found


@pytest.mark.parametrize(
    ("before", "now", "found"),
    [
        pytest.param(Facts(), facts(line(MUG, 5, 5)), {MUG: 5}, id="read for the first time"),
        pytest.param(
            facts(line(MUG, None, None)), facts(line(MUG, 5, 4)), {MUG: 4}, id="an older version"
        ),
        pytest.param(facts(line(MUG, 5, 5)), facts(line(MUG, 5, 5)), {}, id="sent since"),
        pytest.param(
            facts(line(MUG, 5, 5), parts=(part("1", mug=5),)),
            facts(line(MUG, 5, 5), parts=(part("1", mug=2), part("2", mug=3))),
            {MUG: 3},
            id="fulfilled and cancelled in between",
        ),
    ],
)
def test_a_webhook_alone_is_believed_where_no_reads_can_be_compared(
    before: Facts, now: Facts, found: dict[str, int]
) -> None:
    assert reopened(before, now, told=True) == found


def test_our_own_fulfillment_counts_before_the_next_read() -> None:
    before = facts(line(MUG, 5, 5), parts=(part("1", mug=5),))
    fulfilled = before.with_parts([part("1", mug=2)])
    assert fulfilled.lines[0].unfulfilled == 2
    cancelled = replace(before, parts=[part("1", mug=2), part("2", mug=3)])
    assert reopened(fulfilled, cancelled, told=False) == {MUG: 3}
