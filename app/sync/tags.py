"""Draws the state of orders as tags: the last thing that happens, and what people see."""

from collections.abc import Collection, Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import defer

from app.db import database_now, session
from app.domain.retries import after_failure
from app.domain.states import Effect
from app.domain.tags import REMOVAL, Edit, TagState, Vocabulary, edit_for
from app.models import Order, Shop
from app.shopify.tags import write_tags
from app.shopify.values import TagEdit, TagResult
from app.sync import journal
from app.sync.claims import Claim, finish, postpone
from app.sync.engine import atomically, owe_order
from app.sync.hands import observe_tags
from app.sync.outside import URGENT, settings, shopify_for, usable_token

# What a tag says does not hang on the order's facts.
_OF_CLAIMS = (
    select(Order)
    .options(defer(Order.facts))
    .where(Order.id.in_(bindparam("ids", expanding=True)))
    .order_by(Order.id)
)
_NOT_APPLIED = "Shopify did not apply the tag."


def write(shop: Shop, claims: Sequence[Claim]) -> None:
    """Write the claimed orders' tags in one document, and read them back."""
    edits, token = atomically(lambda: (_announce(claims), usable_token(shop)))
    results: list[TagResult] = []
    if edits:
        client = shopify_for(shop, URGENT, token=token)
        results = write_tags(client, edits)
    atomically(lambda: _take(claims, edits, results))


def _announce(claims: Sequence[Claim]) -> list[TagEdit]:
    """Work out the edits; what is about to be written is no command when it comes back."""
    edits = []
    for order in orders_of(claims):
        edit = _edit(order)
        if edit:
            _note_pending(order, edit)
            edits.append(TagEdit(order.gid, edit.add, edit.remove))
    return edits


def _note_pending(order: Order, edit: Edit) -> None:
    """Note the tag that is about to be written. One still pending is of a write whose outcome we
    never learnt: it counts as written, for it may be what a webhook shows."""
    if order.tag_pending not in ("", REMOVAL):
        order.tags_written = sorted({*order.tags_written, order.tag_pending})
    order.tag_pending = edit.add[0] if edit.add else REMOVAL


def orders_of(claims: Sequence[Claim]) -> list[Order]:
    """The claimed orders."""
    ids = [int(claimed.subject_id) for claimed in claims]
    return list(session().scalars(_OF_CLAIMS, {"ids": ids}))


def _edit(order: Order) -> Edit:
    if order.hidden or order.deleted:
        return Edit()
    return edit_for(
        _vocabulary(),
        wanted=TagState(order.tag_state),
        seen=order.tags_seen,
        unsure={order.tag_pending} - {""},
    )


def _vocabulary() -> Vocabulary:
    return Vocabulary(settings().tag_prefix)


def _take(claims: Sequence[Claim], edits: Sequence[TagEdit], results: Sequence[TagResult]) -> None:
    """Note what is on the orders now; those that Shopify silently left as they were come again."""
    edit_of = {edit.order_id: edit for edit in edits}
    result_of = {result.order_id: result for result in results}
    again = set()
    for order in orders_of(claims):
        if order.gid not in result_of:
            order.tags_written, order.tag_pending = order.tags_seen, ""
        elif not _read_back(order, edit_of[order.gid], result_of[order.gid]):
            again.add(str(order.id))
    finish([claimed for claimed in claims if claimed.subject_id not in again])
    for claimed in claims:
        if claimed.subject_id in again:
            wait = after_failure(claimed.attempts)
            postpone([claimed], wait, _NOT_APPLIED, hold=0.0, counts=True)


def _read_back(order: Order, edit: TagEdit, result: TagResult) -> bool:
    """Compare what was written with what is there; False: it was not applied."""
    if result.error or result.tags is None or result.updated_at is None:
        _refused(order, result)
        return True
    ours = _vocabulary().state_tags(result.tags)
    expected = (set(order.tags_seen) | set(edit.add)) - set(edit.remove)
    order.order_updated_at = max(filter(None, (order.order_updated_at, result.updated_at)))
    if ours != expected and ours - expected <= set(edit.remove):
        _note_there(order, ours)
        return False
    order.tags_before, order.tags_written_at = sorted(edit.remove), database_now()
    if ours != expected:
        observe_tags(order, result.tags)
    _note_there(order, ours)
    if _edit(order):
        owe_order(order, Effect.TAG)
    return True


def _note_there(order: Order, ours: Collection[str]) -> None:
    """Note which of our tags are on an order: nothing else counts as written, or is pending."""
    order.tags_written = order.tags_seen = sorted(ours)
    order.tag_pending = ""


def _refused(order: Order, result: TagResult) -> None:
    """Say so, and let a read find out whether the order is still there, and what is on it. What
    counts as written though nobody has seen it may be there or not: its write stays pending."""
    why = result.error or "Shopify shows no such order."
    journal.write(
        order.shop_id, "tag", f"The tag was not written. {why}", order=order, level=journal.WARNING
    )
    if result.tags is not None:
        _half_done(order, result.tags)
    elif set(order.tags_written) <= set(order.tags_seen):
        order.tag_pending = ""
    owe_order(order, Effect.READ)


def _half_done(order: Order, tags: Sequence[str]) -> None:
    """Note what is there of the tags we know; where that is news, there may be room for ours."""
    known = {*order.tags_written, *order.tags_seen, order.tag_pending}
    there = _vocabulary().state_tags(tags) & known
    if there != set(order.tags_seen):
        owe_order(order, Effect.TAG)
    _note_there(order, there)
