"""State tags: which one an order should carry, and what a merchant's own edit of them means."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from app.domain.states import UNDER_WAY, State

# What is pending while a write only takes tags off.
REMOVAL = "-"


class TagState(StrEnum):
    """What a person sees of an order."""

    UNTRACKED = "untracked"
    NO_SYNC = "no_sync"
    SYNCING = "syncing"
    SYNCED = "synced"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Standing:
    """One outbound order as the tag state sees it.

    ``wants_more``: the wanted revision is above the confirmed one and its gates are open.
    """

    state: State
    ever_accepted: bool
    wants_more: bool = False


def tag_state(
    *, tracked: bool, dead: bool, standings: Collection[Standing], unplanned: bool = False
) -> TagState:
    """Derive an order's tag state; the first rule that matches wins
    (docs/how-it-works.md, "Orders and outbound orders").

    ``dead``: an effect of the order was given up and lies in the dead letters, or a rule of the
    merchant's makes it an error. ``unplanned``: something is to be shipped from a location that
    nobody has mapped yet.
    """
    states = {standing.state for standing in standings}
    moving = bool(states & UNDER_WAY) or any(s.wants_more for s in standings)
    rules = (
        (not tracked, TagState.UNTRACKED),
        (dead or State.REJECTED in states, TagState.ERROR),
        (moving, TagState.SYNCING),
        (unplanned or State.PLANNED in states, TagState.NO_SYNC),
        (any(s.ever_accepted for s in standings), TagState.SYNCED),
    )
    return next((state for applies, state in rules if applies), TagState.UNTRACKED)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The four tags of a deployment. ``prefix`` is TAG_PREFIX."""

    prefix: str

    def tag(self, state: TagState) -> str:
        """The tag that shows a state; empty for untracked."""
        if state is TagState.UNTRACKED:
            return ""
        return f"{self.prefix}-{state.value.replace('_', '-')}"

    @property
    def all(self) -> frozenset[str]:
        """The four tags."""
        return frozenset(self.tag(state) for state in TagState) - {""}

    def state_tags(self, tags: Iterable[str]) -> frozenset[str]:
        """Those of an order's tags that are state tags in any letter case, as they are written."""
        ours = {tag.casefold() for tag in self.all}
        return frozenset(tag for tag in tags if tag.casefold() in ours)


class Hand(StrEnum):
    """What seeing these state tags means."""

    NOTHING = "nothing"
    RESEND = "resend"
    UNTAGGED = "untagged"
    FOREIGN = "foreign"


def read_hand(
    vocabulary: Vocabulary, *, seen: Collection[str], written: Collection[str], pending: str
) -> Hand:
    """Tell a merchant's own edit from our writing.

    ``seen``: state tags on the order now; ``written``: those read back after our last write;
    ``pending``: the tag of a write in flight, REMOVAL for one that only takes off, or empty.
    """
    seen_set, known = set(seen), {*written, *([pending] if pending else [])}
    no_sync = vocabulary.tag(TagState.NO_SYNC).casefold()
    asked = any(tag.casefold() == no_sync for tag in seen_set)
    if asked and not any(tag.casefold() == no_sync for tag in known):
        return Hand.RESEND
    if not seen_set:
        return Hand.UNTAGGED if written and not pending else Hand.NOTHING
    # Two of ours at once are our own write half done, or something to mend.
    ours = seen_set <= known and (len(seen_set) == 1 or pending in seen_set)
    return Hand.NOTHING if ours else Hand.FOREIGN


@dataclass(frozen=True, slots=True)
class Edit:
    """Tags to add, then to remove."""

    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.add or self.remove)


def edit_for(
    vocabulary: Vocabulary,
    *,
    wanted: TagState,
    seen: Collection[str],
    unsure: Collection[str] = (),
) -> Edit:
    """Bring an order's state tags to exactly the wanted one.

    ``unsure``: what is pending of a write whose outcome is unknown, a tag or REMOVAL. It may be
    there, and what that write was to remove may be gone: so the wanted tag is added whatever was
    seen.

    Tags are case-insensitive at Shopify: adding ours beside the same word in another case adds
    nothing, so that word is taken off first and ours put on by the edit after.
    """
    tag = vocabulary.tag(wanted)
    others = tuple(sorted({*seen, *unsure} - {tag, REMOVAL}))
    misspelt = any(other.casefold() == tag.casefold() for other in others)
    there = tag in seen and not unsure
    add = () if not tag or there or misspelt else (tag,)
    return Edit(add=add, remove=others)
