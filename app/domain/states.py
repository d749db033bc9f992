"""The state machine of outbound orders, as a table.

``advance(state, event)`` answers with the next state and the effects now owed. An order that has
no outbound order yet is in state ``absent``; its cells only owe. A cell that is not in the table
changes nothing. Nothing else in Tagdock decides about states.
"""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """What the WMS knows of an outbound order, as far as we know."""

    ABSENT = "absent"
    PLANNED = "planned"
    SENDING = "sending"
    AWAITING = "awaiting"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"
    DONE = "done"


# The WMS is yet to say what became of what was sent last.
ON_ITS_WAY = frozenset({State.SENDING, State.AWAITING})
UNDER_WAY = ON_ITS_WAY | {State.CANCELLING}
# Nothing of it is wanted of the WMS any more.
DROPPED = frozenset({State.CANCELLED, State.SUPERSEDED})


class Event(StrEnum):
    """Something that happened to an order or to one of its outbound orders."""

    SEEN = "seen"
    ROUTED = "routed"
    CHANGED = "changed"
    SEND = "send"
    POSTED = "posted"
    ACCEPTED = "accepted"
    CONFIRMED = "confirmed"
    OVERTAKEN = "overtaken"
    NEVER_RECEIVED = "never_received"
    REJECTED = "rejected"
    GAVE_UP = "gave_up"
    RETRY_DUE = "retry_due"
    EDITED = "edited"
    PAID = "paid"
    RISK_CHANGED = "risk_changed"
    MOVED = "moved"
    SPLIT = "split"
    MERGED = "merged"
    HOLD_PLACED = "hold_placed"
    HOLD_RELEASED = "hold_released"
    SCHEDULED_READY = "scheduled_ready"
    LINE_REDUCED = "line_reduced"
    FULFILLED_ELSEWHERE = "fulfilled_elsewhere"
    FULFILLMENT_CANCELLED = "fulfillment_cancelled"
    PRODUCT_CHANGED = "product_changed"
    TAGGED_NO_SYNC = "tagged_no_sync"
    UNTAGGED = "untagged"
    TAGS_FOREIGN = "tags_foreign"
    VANISHED = "vanished"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"
    UNITS_ASKED_BACK = "units_asked_back"
    CANCEL_ACCEPTED = "cancel_accepted"
    GIVEN_BACK = "given_back"
    WANTED_AGAIN = "wanted_again"
    CANCEL_PARTLY = "cancel_partly"
    CANCEL_TOO_LATE = "cancel_too_late"
    WMS_CANCELLED = "wms_cancelled"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CLOSED = "closed"
    DELETED = "deleted"
    SHOP_DISCONNECTED = "shop_disconnected"


class Effect(StrEnum):
    """Something to be done at Shopify or the WMS. Its subject is named beside it."""

    RECEIVE = "receive"  # shop: act on what is in the inbox
    CHECK_INSTALL = "check_install"  # shop: see whether the app was taken out
    CHECK_DELETED = "check_deleted"  # order: see whether it was deleted
    READ = "read"  # order: read it from Shopify and plan its outbound orders
    SEND = "send"  # order: read, plan, post what the WMS should have
    LOOK_UP = "look_up"  # order: ask the WMS by reference, then settle the tag
    CONFIRM = "confirm"  # batch: find out what became of it
    HOLD = "hold"  # outbound order: have it held at the WMS, or released, as is wanted
    CANCEL = "cancel"  # outbound order: cancel it at the WMS
    SLA = "sla"  # outbound order: tell the WMS by when it must leave
    ASK_STATE = "ask_state"  # outbound order: ask the WMS how it stands
    FEED = "feed"  # connection: read what changed in the warehouse
    STOCK = "stock"  # connection: set Shopify's stock to what the warehouse has
    FULFIL = "fulfil"  # shipment: give Shopify what it has not of it
    MIRROR = "mirror"  # outbound order: hold it in Shopify while the WMS does, or release it
    DEADLINE = "deadline"  # outbound order: tell Shopify by when the WMS wants it to leave
    PROGRESS = "progress"  # outbound order: tell Shopify that the WMS is at work on it
    CANCEL_ORDER = "cancel_order"  # order: cancel it in Shopify
    TAKE_OFF = "take_off"  # outbound order: take off in Shopify what the warehouse cancelled of it
    FIND_RETURNS = "find_returns"  # order: look in Shopify for what is to come back
    ANNOUNCE = "announce"  # return: have the WMS expect it
    DISPOSE = "dispose"  # return: give Shopify what became of its goods
    ARCHIVE = "archive"  # order: close it in Shopify
    TAG = "tag"  # order: write its state as a tag
    REPAIR = "repair"  # drift row: see to it that it is put right
    CATALOGUE = "catalogue"  # shop: read what changed in the catalogue, look at its SKUs
    RUN = "run"  # run: go on with it
    TEST = "test"  # connection: ask the WMS who it is
    REGISTER = "register"  # connection: ask the WMS for callbacks
    READ_SHOP = "read_shop"  # shop: its name, zone, scopes, locations
    ALERT = "alert"  # alert: give it to its recipient


@dataclass(frozen=True, slots=True)
class Step:
    """The state to go to and the effects now owed."""

    state: State
    owes: tuple[Effect, ...] = ()


_SHOPIFY_CHANGES = (
    Event.ROUTED,
    Event.CHANGED,
    Event.EDITED,
    Event.PAID,
    Event.RISK_CHANGED,
    Event.MOVED,
    Event.SPLIT,
    Event.MERGED,
    Event.HOLD_PLACED,
    Event.HOLD_RELEASED,
    Event.SCHEDULED_READY,
    Event.LINE_REDUCED,
    Event.FULFILLED_ELSEWHERE,
    Event.FULFILLMENT_CANCELLED,
)
_LIVE = (
    State.ABSENT,
    State.PLANNED,
    State.SENDING,
    State.AWAITING,
    State.ACCEPTED,
    State.REJECTED,
    State.CANCELLING,
)

# Whatever changed at Shopify: read the order, whatever state it is in, and plan afresh.
_READS = {
    (state, event): Step(state, (Effect.READ,)) for state in State for event in _SHOPIFY_CHANGES
}

# Whatever happens to the tags by hand: draw them afresh.
_REDRAWS = {
    (state, event): Step(state, (Effect.TAG,))
    for state in State
    for event in (Event.TAGS_FOREIGN, Event.DELIVERED)
}

TRANSITIONS: dict[tuple[State, Event], Step] = {
    **_READS,
    **_REDRAWS,
    # Not planned yet: everything begins with a read.
    (State.ABSENT, Event.SEEN): Step(State.ABSENT, (Effect.READ,)),
    (State.ABSENT, Event.SEND): Step(State.ABSENT, (Effect.SEND,)),
    (State.ABSENT, Event.TAGGED_NO_SYNC): Step(State.ABSENT, (Effect.READ, Effect.TAG)),
    (State.ABSENT, Event.RETRY_DUE): Step(State.ABSENT, (Effect.READ,)),
    (State.ABSENT, Event.CANCELLED): Step(State.ABSENT, (Effect.TAG,)),
    # Waiting to be sent.
    (State.PLANNED, Event.SEND): Step(State.PLANNED, (Effect.SEND,)),
    (State.PLANNED, Event.TAGGED_NO_SYNC): Step(State.PLANNED, (Effect.READ, Effect.TAG)),
    (State.PLANNED, Event.RETRY_DUE): Step(State.PLANNED, (Effect.SEND,)),
    (State.PLANNED, Event.PRODUCT_CHANGED): Step(State.PLANNED, (Effect.READ,)),
    (State.PLANNED, Event.POSTED): Step(State.SENDING),
    # An earlier revision of it may still be at the WMS: then it is asked back.
    (State.PLANNED, Event.CANCELLED): Step(State.CANCELLING, (Effect.CANCEL, Effect.TAG)),
    (State.PLANNED, Event.WITHDRAWN): Step(State.CANCELLED, (Effect.TAG,)),
    (State.PLANNED, Event.VANISHED): Step(State.SUPERSEDED, (Effect.TAG,)),
    (State.PLANNED, Event.DELETED): Step(State.CANCELLED),
    # Given to the WMS, its answer not yet known.
    (State.SENDING, Event.SEND): Step(State.SENDING, (Effect.SEND,)),
    (State.SENDING, Event.TAGGED_NO_SYNC): Step(State.SENDING, (Effect.TAG,)),
    (State.SENDING, Event.ACCEPTED): Step(State.AWAITING, (Effect.TAG,)),
    (State.SENDING, Event.CONFIRMED): Step(State.ACCEPTED, (Effect.TAG,)),
    (State.SENDING, Event.OVERTAKEN): Step(State.ACCEPTED, (Effect.SEND, Effect.TAG)),
    (State.SENDING, Event.NEVER_RECEIVED): Step(State.PLANNED, (Effect.SEND,)),
    (State.SENDING, Event.REJECTED): Step(State.REJECTED, (Effect.TAG,)),
    (State.SENDING, Event.GAVE_UP): Step(State.REJECTED, (Effect.TAG,)),
    # In a job of the WMS.
    (State.AWAITING, Event.SEND): Step(State.AWAITING, (Effect.SEND,)),
    (State.AWAITING, Event.TAGGED_NO_SYNC): Step(State.AWAITING, (Effect.TAG,)),
    (State.AWAITING, Event.CONFIRMED): Step(State.ACCEPTED, (Effect.TAG,)),
    (State.AWAITING, Event.OVERTAKEN): Step(State.ACCEPTED, (Effect.SEND, Effect.TAG)),
    (State.AWAITING, Event.NEVER_RECEIVED): Step(State.PLANNED, (Effect.SEND, Effect.TAG)),
    (State.AWAITING, Event.REJECTED): Step(State.REJECTED, (Effect.TAG,)),
    (State.AWAITING, Event.GAVE_UP): Step(State.REJECTED, (Effect.TAG,)),
    # In the warehouse.
    (State.ACCEPTED, Event.SEND): Step(State.ACCEPTED, (Effect.SEND,)),
    (State.ACCEPTED, Event.TAGGED_NO_SYNC): Step(State.ACCEPTED, (Effect.LOOK_UP,)),
    (State.ACCEPTED, Event.RETRY_DUE): Step(State.ACCEPTED, (Effect.SEND,)),
    (State.ACCEPTED, Event.POSTED): Step(State.SENDING),
    (State.ACCEPTED, Event.NEVER_RECEIVED): Step(State.PLANNED, (Effect.SEND,)),
    (State.ACCEPTED, Event.CANCELLED): Step(State.CANCELLING, (Effect.CANCEL, Effect.TAG)),
    (State.ACCEPTED, Event.VANISHED): Step(State.CANCELLING, (Effect.CANCEL, Effect.TAG)),
    (State.ACCEPTED, Event.UNITS_ASKED_BACK): Step(State.CANCELLING, (Effect.CANCEL, Effect.TAG)),
    (State.ACCEPTED, Event.DELETED): Step(State.CANCELLING, (Effect.CANCEL,)),
    (State.ACCEPTED, Event.WMS_CANCELLED): Step(State.CANCELLED, (Effect.TAG,)),
    (State.ACCEPTED, Event.CLOSED): Step(State.DONE),
    # Refused by the WMS, or given up.
    (State.REJECTED, Event.SEND): Step(State.REJECTED, (Effect.SEND,)),
    (State.REJECTED, Event.TAGGED_NO_SYNC): Step(State.PLANNED, (Effect.READ, Effect.TAG)),
    (State.REJECTED, Event.RETRY_DUE): Step(State.REJECTED, (Effect.SEND,)),
    (State.REJECTED, Event.PRODUCT_CHANGED): Step(State.REJECTED, (Effect.READ,)),
    (State.REJECTED, Event.POSTED): Step(State.SENDING),
    (State.REJECTED, Event.CONFIRMED): Step(State.ACCEPTED, (Effect.TAG,)),
    (State.REJECTED, Event.WITHDRAWN): Step(State.CANCELLED, (Effect.TAG,)),
    (State.REJECTED, Event.CANCELLED): Step(State.CANCELLING, (Effect.CANCEL, Effect.TAG)),
    (State.REJECTED, Event.VANISHED): Step(State.SUPERSEDED, (Effect.TAG,)),
    (State.REJECTED, Event.UNITS_ASKED_BACK): Step(State.CANCELLING, (Effect.CANCEL, Effect.TAG)),
    # It was too late to cancel it, and was cancelled all the same.
    (State.REJECTED, Event.CANCEL_ACCEPTED): Step(State.CANCELLED, (Effect.TAG,)),
    (State.REJECTED, Event.GIVEN_BACK): Step(State.SUPERSEDED, (Effect.READ, Effect.TAG)),
    # It is the revision before the refused one that the warehouse cancelled.
    (State.REJECTED, Event.WMS_CANCELLED): Step(State.CANCELLED, (Effect.TAG,)),
    (State.REJECTED, Event.DELETED): Step(State.CANCELLED),
    # Asked back from the WMS.
    (State.CANCELLING, Event.SEND): Step(State.CANCELLING, (Effect.SEND,)),
    (State.CANCELLING, Event.TAGGED_NO_SYNC): Step(State.CANCELLING, (Effect.TAG,)),
    # Only units of it may have been asked back so far.
    (State.CANCELLING, Event.CANCELLED): Step(State.CANCELLING, (Effect.CANCEL,)),
    (State.CANCELLING, Event.DELETED): Step(State.CANCELLING, (Effect.CANCEL,)),
    (State.CANCELLING, Event.CANCEL_ACCEPTED): Step(State.CANCELLED, (Effect.TAG,)),
    # No longer wanted where it was, the order being alive: what it leaves is planned afresh.
    (State.CANCELLING, Event.GIVEN_BACK): Step(State.SUPERSEDED, (Effect.READ, Effect.TAG)),
    (State.CANCELLING, Event.CANCEL_PARTLY): Step(State.ACCEPTED, (Effect.TAG,)),
    (State.CANCELLING, Event.CANCEL_TOO_LATE): Step(State.REJECTED, (Effect.TAG,)),
    (State.CANCELLING, Event.WMS_CANCELLED): Step(State.CANCELLED, (Effect.TAG,)),
    (State.CANCELLING, Event.GAVE_UP): Step(State.REJECTED, (Effect.TAG,)),
    # Over, unless a person sends it again.
    (State.CANCELLED, Event.TAGGED_NO_SYNC): Step(State.PLANNED, (Effect.READ, Effect.TAG)),
    (State.CANCELLED, Event.SEND): Step(State.CANCELLED, (Effect.SEND,)),
    (State.CANCELLED, Event.POSTED): Step(State.SENDING),
    (State.SUPERSEDED, Event.TAGGED_NO_SYNC): Step(State.SUPERSEDED, (Effect.TAG,)),
    (State.SUPERSEDED, Event.SEND): Step(State.SUPERSEDED, (Effect.SEND,)),
    (State.SUPERSEDED, Event.POSTED): Step(State.SENDING),
    (State.SUPERSEDED, Event.WANTED_AGAIN): Step(State.PLANNED, (Effect.TAG,)),
    (State.DONE, Event.TAGGED_NO_SYNC): Step(State.DONE, (Effect.LOOK_UP,)),
    (State.DONE, Event.SEND): Step(State.DONE, (Effect.SEND,)),
    (State.DONE, Event.POSTED): Step(State.SENDING),
    # Tags taken off by hand: nothing is written back; what is under way finishes silently.
    **{(state, Event.UNTAGGED): Step(state) for state in _LIVE},
}


def advance(state: State, event: Event) -> Step:
    """Look the cell up; one that is not in the table keeps the state and owes nothing."""
    return TRANSITIONS.get((state, event), Step(state))
