"""Which tag an order carries, and what a merchant's own edit of its tags means."""

from collections.abc import Collection

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.states import State
from app.domain.tags import (
    Edit,
    Hand,
    Standing,
    TagState,
    Vocabulary,
    edit_for,
    read_hand,
    tag_state,
)

WORDS = Vocabulary("wms")
NO_SYNC, SYNCING, SYNCED, ERROR = "wms-no-sync", "wms-syncing", "wms-synced", "wms-error"


def standing(state: State, *, accepted: bool = False, more: bool = False) -> Standing:
    return Standing(state, ever_accepted=accepted, wants_more=more)


PLANNED = standing(State.PLANNED)
SENDING = standing(State.SENDING)
AWAITING = standing(State.AWAITING)
ACCEPTED = standing(State.ACCEPTED, accepted=True)
EDITED = standing(State.ACCEPTED, accepted=True, more=True)
REJECTED = standing(State.REJECTED)
CANCELLING = standing(State.CANCELLING, accepted=True)
CANCELLED_BEFORE = standing(State.CANCELLED)
CANCELLED_AFTER = standing(State.CANCELLED, accepted=True)
SUPERSEDED = standing(State.SUPERSEDED)
DONE = standing(State.DONE, accepted=True)


@pytest.mark.parametrize(
    ("standings", "expected"),
    [
        ([], TagState.UNTRACKED),
        ([PLANNED], TagState.NO_SYNC),
        ([SENDING], TagState.SYNCING),
        ([AWAITING], TagState.SYNCING),
        ([ACCEPTED], TagState.SYNCED),
        ([EDITED], TagState.SYNCING),
        ([REJECTED], TagState.ERROR),
        ([CANCELLING], TagState.SYNCING),
        ([CANCELLED_BEFORE], TagState.UNTRACKED),
        ([CANCELLED_AFTER], TagState.SYNCED),
        ([SUPERSEDED], TagState.UNTRACKED),
        ([DONE], TagState.SYNCED),
        # Each rule wins over those after it.
        ([REJECTED, SENDING, PLANNED, ACCEPTED], TagState.ERROR),
        ([SENDING, PLANNED, ACCEPTED], TagState.SYNCING),
        ([AWAITING, PLANNED, ACCEPTED], TagState.SYNCING),
        ([CANCELLING, PLANNED], TagState.SYNCING),
        ([EDITED, PLANNED], TagState.SYNCING),
        ([PLANNED, ACCEPTED], TagState.NO_SYNC),
        ([PLANNED, CANCELLED_AFTER], TagState.NO_SYNC),
        ([ACCEPTED, SUPERSEDED], TagState.SYNCED),
    ],
)
def test_the_first_rule_that_matches_wins(standings: list[Standing], expected: TagState) -> None:
    assert tag_state(tracked=True, dead=False, standings=standings) is expected
    assert tag_state(tracked=True, dead=False, standings=standings[::-1]) is expected


anything = st.lists(
    st.builds(
        Standing,
        state=st.sampled_from([state for state in State if state is not State.ABSENT]),
        ever_accepted=st.booleans(),
        wants_more=st.booleans(),
    ),
    max_size=5,
)


@given(anything, st.booleans())
def test_untracked_orders_have_no_tag_whatever_is_at_the_warehouse(
    standings: list[Standing], dead: bool
) -> None:
    assert tag_state(tracked=False, dead=dead, standings=standings) is TagState.UNTRACKED


@given(anything)
def test_a_dead_letter_is_an_error(standings: list[Standing]) -> None:
    assert tag_state(tracked=True, dead=True, standings=standings) is TagState.ERROR


@given(anything)
def test_the_rules_of_the_tag_state_in_their_order(standings: list[Standing]) -> None:
    found = tag_state(tracked=True, dead=False, standings=standings)
    states = [each.state for each in standings]
    if State.REJECTED in states:
        expected = TagState.ERROR
    elif any(s in states for s in ("sending", "awaiting", "cancelling")) or any(
        each.wants_more for each in standings
    ):
        expected = TagState.SYNCING
    elif "planned" in states:
        expected = TagState.NO_SYNC
    elif any(each.ever_accepted for each in standings):
        expected = TagState.SYNCED
    else:
        expected = TagState.UNTRACKED
    assert found is expected


def test_the_words() -> None:
    assert {WORDS.tag(state) for state in TagState} == {"", NO_SYNC, SYNCING, SYNCED, ERROR}
    assert WORDS.all == {NO_SYNC, SYNCING, SYNCED, ERROR}
    assert WORDS.tag(TagState.UNTRACKED) == ""


def test_state_tags_are_known_in_any_case_and_others_are_left_alone() -> None:
    tags = ["gift", "WMS-Synced", NO_SYNC, "wms", "wms-", "wms-no-syncs", "my-wms-synced", ""]
    assert WORDS.state_tags(tags) == {"WMS-Synced", NO_SYNC}
    assert Vocabulary("ACME").state_tags(["acme-error", ERROR]) == {"acme-error"}


@pytest.mark.parametrize(
    ("seen", "written", "pending", "expected"),
    [
        # Nobody touched anything.
        ([], [], "", Hand.NOTHING),
        ([SYNCED], [SYNCED], "", Hand.NOTHING),
        ([NO_SYNC], [NO_SYNC], "", Hand.NOTHING),
        # no-sync added is a command, and wins over any other state tag.
        ([NO_SYNC], [], "", Hand.RESEND),
        ([NO_SYNC], [SYNCED], "", Hand.RESEND),
        ([NO_SYNC, SYNCED], [SYNCED], "", Hand.RESEND),
        ([NO_SYNC, ERROR], [ERROR], "", Hand.RESEND),
        ([NO_SYNC, SYNCING], [SYNCING], "", Hand.RESEND),
        ([NO_SYNC, ERROR, SYNCED], [SYNCING], "", Hand.RESEND),
        (["WMS-No-Sync"], [SYNCED], "", Hand.RESEND),
        (["WMS-NO-SYNC", SYNCED], [SYNCED], "", Hand.RESEND),
        ([NO_SYNC], [SYNCING], SYNCED, Hand.RESEND),
        ([NO_SYNC, SYNCED], [SYNCING], SYNCED, Hand.RESEND),
        # All gone, while we had written some.
        ([], [SYNCED], "", Hand.UNTAGGED),
        ([], [NO_SYNC], "", Hand.UNTAGGED),
        ([], [ERROR, SYNCED], "", Hand.UNTAGGED),
        # All gone, but a write is in flight, or there was none of ours.
        ([], [SYNCING], SYNCED, Hand.NOTHING),
        ([], [], SYNCED, Hand.NOTHING),
        # Two at once.
        ([SYNCED, ERROR], [SYNCED], "", Hand.FOREIGN),
        ([SYNCED, ERROR], [ERROR], "", Hand.FOREIGN),
        ([SYNCED, SYNCING], [SYNCED, SYNCING], "", Hand.FOREIGN),
        # Wrong case.
        (["WMS-Synced"], [SYNCED], "", Hand.FOREIGN),
        (["WMS-No-Sync"], [NO_SYNC], "", Hand.FOREIGN),
        # One that we did not write.
        ([SYNCED], [], "", Hand.FOREIGN),
        ([SYNCED], [NO_SYNC], "", Hand.FOREIGN),
        ([ERROR], [SYNCED], "", Hand.FOREIGN),
        ([ERROR], [NO_SYNC], SYNCING, Hand.FOREIGN),
        ([ERROR, SYNCING], [NO_SYNC], SYNCING, Hand.FOREIGN),
        # Our own writing, before, half way through and after.
        ([NO_SYNC], [NO_SYNC], SYNCING, Hand.NOTHING),
        ([NO_SYNC, SYNCING], [NO_SYNC], SYNCING, Hand.NOTHING),
        ([SYNCING], [NO_SYNC], SYNCING, Hand.NOTHING),
        ([SYNCING], [], SYNCING, Hand.NOTHING),
        ([NO_SYNC], [], NO_SYNC, Hand.NOTHING),
        ([NO_SYNC, SYNCED], [SYNCED], NO_SYNC, Hand.NOTHING),
    ],
)
def test_what_a_hand_means(
    seen: list[str], written: list[str], pending: str, expected: Hand
) -> None:
    assert read_hand(WORDS, seen=seen, written=written, pending=pending) is expected


spelt = st.sampled_from([NO_SYNC, SYNCING, SYNCED, ERROR])
miswritten = st.builds(
    lambda tag, upper: "".join(c.upper() if u else c for c, u in zip(tag, upper, strict=False)),
    spelt,
    st.lists(st.booleans(), min_size=11, max_size=11),
)
pending_tags = st.one_of(st.just(""), spelt)


@given(st.sets(spelt), st.sets(spelt), pending_tags)
def test_what_we_wrote_is_never_a_command(seen: set[str], written: set[str], pending: str) -> None:
    if seen and seen <= written | {pending}:
        hand = read_hand(WORDS, seen=seen, written=written, pending=pending)
        assert hand not in (Hand.RESEND, Hand.UNTAGGED)


@given(st.sets(spelt | miswritten), st.sets(spelt), pending_tags)
def test_no_sync_added_wins_over_everything(
    seen: set[str], written: set[str], pending: str
) -> None:
    written = written - {NO_SYNC}
    if pending != NO_SYNC:
        hand = read_hand(WORDS, seen={*seen, NO_SYNC}, written=written, pending=pending)
        assert hand is Hand.RESEND


@given(st.sets(spelt | miswritten, min_size=1), st.sets(spelt), pending_tags)
def test_only_an_order_without_state_tags_is_untagged(
    seen: set[str], written: set[str], pending: str
) -> None:
    assert read_hand(WORDS, seen=seen, written=written, pending=pending) is not Hand.UNTAGGED


@pytest.mark.parametrize(
    ("wanted", "seen", "expected"),
    [
        (TagState.NO_SYNC, [], Edit(add=(NO_SYNC,))),
        (TagState.SYNCING, [NO_SYNC], Edit(add=(SYNCING,), remove=(NO_SYNC,))),
        (TagState.SYNCED, [SYNCED], Edit()),
        (TagState.SYNCED, [SYNCED, NO_SYNC], Edit(remove=(NO_SYNC,))),
        (TagState.ERROR, [NO_SYNC, SYNCED], Edit(add=(ERROR,), remove=(NO_SYNC, SYNCED))),
        (TagState.UNTRACKED, [SYNCED], Edit(remove=(SYNCED,))),
        (TagState.UNTRACKED, [], Edit()),
        # Added beside the same word in another case it would add nothing: first that one goes.
        (TagState.SYNCED, ["WMS-Synced"], Edit(remove=("WMS-Synced",))),
        (TagState.SYNCED, ["WMS-Synced", NO_SYNC], Edit(remove=("WMS-Synced", NO_SYNC))),
        (TagState.SYNCED, ["WMS-Error"], Edit(add=(SYNCED,), remove=("WMS-Error",))),
    ],
)
def test_the_edit(wanted: TagState, seen: list[str], expected: Edit) -> None:
    assert edit_for(WORDS, wanted=wanted, seen=seen) == expected
    assert bool(expected) == bool(expected.add or expected.remove)


class ShopifyTags:
    """An order's tags as Shopify keeps them: one of a word, whatever its case; the first stays."""

    def __init__(self, tags: Collection[str]) -> None:
        self.kept: dict[str, str] = {}
        self.add(tags)

    def add(self, tags: Collection[str]) -> None:
        for tag in tags:
            self.kept.setdefault(tag.casefold(), tag)

    def remove(self, tags: Collection[str]) -> None:
        for tag in tags:
            self.kept.pop(tag.casefold(), None)


@given(
    st.lists(spelt | miswritten | st.text(min_size=1, max_size=12), max_size=8),
    st.sampled_from(TagState),
)
def test_edits_lead_to_the_wanted_tag_alone_and_leave_others(
    tags: list[str], wanted: TagState
) -> None:
    order = ShopifyTags(tags)
    others = set(order.kept.values()) - WORDS.state_tags(order.kept.values())
    rounds = 0
    while edit := edit_for(WORDS, wanted=wanted, seen=WORDS.state_tags(order.kept.values())):
        order.add(edit.add)
        order.remove(edit.remove)
        rounds += 1
    now = set(order.kept.values())
    assert WORDS.state_tags(now) == {WORDS.tag(wanted)} - {""}
    assert now - WORDS.state_tags(now) == others
    assert rounds <= 2


@given(st.lists(spelt | miswritten, max_size=4), st.sampled_from(TagState))
def test_an_edit_never_adds_and_removes_the_same_word(seen: list[str], wanted: TagState) -> None:
    edit = edit_for(WORDS, wanted=wanted, seen=seen)
    assert not {tag.casefold() for tag in edit.add} & {tag.casefold() for tag in edit.remove}
    assert set(edit.remove) <= set(seen)


@given(
    st.lists(spelt, max_size=3),
    st.sampled_from(TagState),
    st.sampled_from(TagState),
    st.sampled_from(["nothing", "half", "all"]),
)
def test_after_a_write_of_unknown_outcome_one_edit_settles(
    tags: list[str], first: TagState, then: TagState, done: str
) -> None:
    order = ShopifyTags([*tags, "vip"])
    seen = WORDS.state_tags(order.kept.values())
    lost = edit_for(WORDS, wanted=first, seen=seen)
    if done != "nothing":
        order.add(lost.add)
    if done == "all":
        order.remove(lost.remove)
    unsure = lost.add or lost.remove
    edit = edit_for(WORDS, wanted=then, seen=seen, unsure=unsure)
    order.add(edit.add)
    order.remove(edit.remove)
    assert set(order.kept.values()) == {"vip", WORDS.tag(then)} - {""}
