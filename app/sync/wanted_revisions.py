"""Decides under which revision the WMS should have what is wanted of an outbound order."""

from app.domain.plan import less
from app.domain.states import ON_ITS_WAY, Event, State
from app.models import OutboundOrder
from app.sync.engine import record
from app.sync.on_the_way import has_all_left
from app.sync.revisions import there
from app.wms.problems import CONFLICT

# Cancelled there, or since put in once more by a person.
_CANCELLED_BEFORE = (State.CANCELLED, State.PLANNED)


def choose_revision(outbound: OutboundOrder, content: str, *, nothing_left: bool) -> None:
    """Set the wanted revision for ``content``, a document's fingerprint. ``nothing_left``: Shopify
    asks for nothing of it any more but what is fulfilled there. The caller commits."""
    if nothing_left and has_all_left(outbound):
        _leave_as_shipped(outbound)
    elif _is_what_is_there(outbound, content):
        _take_refusal_back(outbound)
    elif outbound.wanted_hash != content or not outbound.wanted_revision:
        outbound.wanted_hash = content
        outbound.wanted_revision = _revision_for(outbound, content)
        outbound.tries = 0
    if _is_to_be_reopened(outbound):
        outbound.wanted_revision = max(outbound.wanted_revision, outbound.sent_revision + 1)


def _leave_as_shipped(outbound: OutboundOrder) -> None:
    """Want no more of what the WMS has shipped: a change that nobody sent in time never goes."""
    if outbound.state == State.REJECTED and outbound.are_units_as_confirmed:
        _take_refusal_back(outbound)
    elif outbound.state == State.ACCEPTED and outbound.sent_revision == outbound.confirmed_revision:
        outbound.wanted_revision, outbound.wanted_hash = outbound.sent_revision, outbound.sent_hash


def _is_what_is_there(outbound: OutboundOrder, content: str) -> bool:
    """Whether what the WMS refused is wanted no more, but just what it has. When revisions
    conflict, nobody can say what it has."""
    if outbound.state != State.REJECTED or outbound.reason == CONFLICT:
        return False
    has = there(outbound)
    return has is not None and has.content_hash == content and outbound.are_units_as_confirmed


def _take_refusal_back(outbound: OutboundOrder) -> None:
    """What the WMS has is all that is wanted of it: that it refused more is no error any more."""
    has = there(outbound)
    if has is None:
        return
    outbound.wanted_revision, outbound.wanted_hash = has.revision, has.content_hash
    outbound.reason, outbound.message = "", ""
    outbound.retry_at, outbound.asked_back = None, None
    record(outbound.order, Event.CONFIRMED, outbound=outbound)


def _revision_for(outbound: OutboundOrder, content: str) -> int:
    """The revision of the last attempt while the content is the same, else the one after it."""
    same = outbound.sent_revision and outbound.sent_hash == content
    return outbound.sent_revision if same else outbound.sent_revision + 1


def _is_to_be_reopened(outbound: OutboundOrder) -> bool:
    """Whether it was cancelled at the WMS, all of it or what had not left, which only a higher
    revision opens again; one that was sent since counts."""
    has = outbound.confirmed_lines
    sent_since = outbound.state in ON_ITS_WAY | {State.REJECTED}
    cancelled = outbound.state in _CANCELLED_BEFORE and bool(less(outbound.cancelled_lines, {}))
    rest_wanted = cancelled and bool(less(outbound.lines, has))
    return bool(outbound.confirmed_revision) and (rest_wanted or not (has or sent_since))
