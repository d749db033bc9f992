"""The jobs that read the warehouse's feeds. Callbacks make it faster; these make it sure."""

from app.db import session
from app.domain.states import Effect
from app.models import Run, Shipment, Shop
from app.sync import feed_looks, feeds, returns, returns_coming, runs, shipping
from app.sync.claims import Claim, finish
from app.sync.engine import atomically
from app.sync.owing import BULK, owe

_AT_ONCE = 200


def export(shop: Shop, claimed: Claim) -> None:
    """Read the warehouse's shipments, and look again at those that Shopify has not yet."""
    by_person = _is_by_person(claimed)
    counts, done, problem = feed_looks.read_for_job(shop, feeds.SHIPMENTS, by_person=by_person)
    shop_id, run_id = shop.id, claimed.subject_id

    def work() -> None:
        run = session().get_one(Run, run_id)
        told = {name: number for name, number in counts.items() if name != shipping.KNOWN}
        runs.count(run, told)
        if not done:
            owe(shop_id, ("run", run_id), Effect.RUN, lane=claimed.lane)
        else:
            _owe_unsettled(run, claimed, problem)
        finish([claimed])

    atomically(work)


def cancellations(shop: Shop, claimed: Claim) -> None:
    """Read what the warehouse has cancelled and what came back, and look for returns that nobody
    told us of."""
    by_person = _is_by_person(claimed)
    read = feed_looks.read_for_job
    counts, done, problem = read(shop, feeds.CANCELLATIONS, by_person=by_person)
    came, also_done, other = read(shop, feeds.RETURNS, by_person=by_person)
    returns.look_for_new(shop)
    shop_id, run_id = shop.id, claimed.subject_id

    def work() -> None:
        run = session().get_one(Run, run_id)
        told = {name: number for name, number in (counts + came).items() if name != shipping.KNOWN}
        returns_coming.owe_those_unsettled(shop_id, stuck=by_person)
        if done and also_done:
            runs.close(run, problem or other, told)
        else:
            runs.count(run, told)
            owe(shop_id, ("run", run_id), Effect.RUN, lane=claimed.lane)
        finish([claimed])

    atomically(work)


def _is_by_person(claimed: Claim) -> bool:
    return session().get_one(Run, claimed.subject_id).started_by != runs.SCHEDULE


def _owe_unsettled(run: Run, claimed: Claim, problem: str) -> None:
    """Owe Shopify the shipments it has not; for a person also those that it can't have so far."""
    rows = session().query(Shipment).filter_by(shop_id=run.shop_id, settled=False)
    if run.started_by == runs.SCHEDULE:
        rows = rows.filter(Shipment.reason == "")
    rows = rows.filter(Shipment.id > int(run.cursor or 0)).order_by(Shipment.id)
    waiting = rows.limit(_AT_ONCE).all()
    for row in waiting:
        row.reason, row.message = "", ""
        shipping.owe_fulfil(row, lane=BULK)
    if len(waiting) < _AT_ONCE:
        runs.close(run, problem, {"waiting": len(waiting)})
        return
    run.cursor = str(waiting[-1].id)
    runs.count(run, {"waiting": len(waiting)})
    owe(run.shop_id, ("run", run.id), Effect.RUN, lane=claimed.lane)
