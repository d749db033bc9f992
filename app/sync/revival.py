"""Brings dead letters back: a person wants to know whether what was given up passes now. Or takes
them off the list: a person knows enough.

Each goes on as it was owed, in the lane it was owed in, and the rules decide afresh. What giving
up had ended first begins again: a job goes on where it stopped, a cancellation is under way again.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select

from app.db import session
from app.domain.states import Effect, Event, State
from app.models import Order, OutboundOrder, Owed, Run, Shop
from app.sync import journal, runs
from app.sync.claims import Claim, finish
from app.sync.dead import GAVE_UP, TOLD, concerned, given_up, name_of
from app.sync.engine import SENDING, atomically, owe_order, record, settle
from app.sync.owing import STAFF, owe

TRY_AGAIN = "try_again"
AT_ONCE = 200


def try_again(shop: Shop, ids: Sequence[int], actor: str) -> tuple[str, int]:
    """Take up again the dead letters with these ids; the run's id, and how many there were. The
    caller commits, then rings."""
    run = runs.begin(shop.id, TRY_AGAIN, actor)
    letters = _locked(given_up(shop.id).where(Owed.id.in_(ids)), run)
    runs.finish(run, counts={"taken_up": letters})
    return run.id, letters


def try_all_again(shop: Shop, actor: str) -> tuple[str, int]:
    """Take up again everything that was given up until now; the run's id, and how much that is.
    The caller commits, then rings."""
    run = runs.begin(shop.id, TRY_AGAIN, actor)
    number = session().scalar(select(func.count()).select_from(given_up(shop.id).subquery())) or 0
    if number:
        owe(shop.id, ("run", run.id), Effect.RUN, lane=STAFF)
    else:
        runs.finish(run)
    return run.id, number


def dismiss(shop: Shop, ids: Sequence[int], actor: str) -> int:
    """Take the dead letters with these ids off the list; how many there were. Their orders stay as
    they are. The caller commits."""
    letters = session().scalars(given_up(shop.id).where(Owed.id.in_(ids)).with_for_update()).all()
    for letter in letters:
        effect = Effect(letter.effect)
        order, _ = concerned(effect, letter.subject_id)
        job = session().get(Run, letter.subject_id) if effect is Effect.RUN else None
        message = f"Dismissed: {name_of(effect, job)}."
        journal.write(shop.id, "dismissed", message, order=order, actor=actor)
        session().delete(letter)
    return len(letters)


def go_on(shop: Shop, claimed: Claim) -> None:
    """Take up the next dead letters of a run. Those that die again meanwhile are left."""
    shop_id = shop.id

    def work() -> None:
        run = session().get_one(Run, claimed.subject_id)
        letters = _locked(given_up(shop_id).where(Owed.dead_at <= run.started_at), run)
        runs.count(run, {"taken_up": letters})
        if letters == AT_ONCE:
            owe(shop_id, ("run", run.id), Effect.RUN, lane=claimed.lane)
        else:
            runs.finish(run)
        finish([claimed])

    atomically(work)


def _locked(letters: Select[Any], run: Run) -> int:
    """Take up again what nobody else is taking up just now; how many that were."""
    query = letters.order_by(Owed.dead_at, Owed.id).limit(AT_ONCE)
    found = session().scalars(query.with_for_update(skip_locked=True)).all()
    for letter in found:
        _revive(letter, run)
    return len(found)


def _revive(letter: Owed, run: Run) -> None:
    effect = Effect(letter.effect)
    order, outbound = concerned(effect, letter.subject_id)
    job = _reopened(letter.subject_id) if effect is Effect.RUN else None
    if order is not None and effect in TOLD:
        _let_go_on(order, outbound, letter)
    owe(letter.shop_id, (letter.subject_type, letter.subject_id), effect, lane=letter.lane)
    message = f"Taken up again: {name_of(effect, job)}."
    journal.write(
        letter.shop_id, "taken_up", message, order=order, run_id=run.id, actor=run.started_by
    )


def _reopened(run_id: str) -> Run | None:
    """A job that was given up, open again; tidying up may have let go of it since."""
    job = session().get(Run, run_id)
    if job is not None and job.outcome == runs.FAILED:
        job.finished_at, job.outcome, job.message = None, "", ""
    return job


def _let_go_on(order: Order, outbound: OutboundOrder | None, letter: Owed) -> None:
    """Take back what giving up did to an order."""
    if order.reason == GAVE_UP:
        order.reason = order.message = ""
    if letter.effect in SENDING:
        order.given_up = False
    if letter.effect == Effect.SEND:
        # What a person had asked for still is a person's wish.
        order.manual = letter.lane == STAFF
    elif letter.effect == Effect.TAG:
        owe_order(order, Effect.READ)
    elif outbound is not None and _waits(outbound):
        outbound.reason = outbound.message = ""
        units_alone = outbound.asked_back is not None
        again = Event.UNITS_ASKED_BACK if units_alone else Event.CANCELLED
        record(order, again, outbound=outbound)
    settle(order, gates_open=letter.effect == Effect.SEND)


def _waits(outbound: OutboundOrder) -> bool:
    """Whether nothing else became of a cancellation since it was given up."""
    given_up_on = (outbound.state, outbound.reason) == (State.REJECTED, GAVE_UP)
    return given_up_on and not outbound.archived
