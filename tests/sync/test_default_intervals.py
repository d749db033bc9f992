"""How often each job runs by itself when nobody has chosen anything."""

from datetime import datetime, timedelta

from app.db import database_now, session
from app.models import ScheduleSlot
from app.sync import schedule
from tests.world import World

DEFAULTS = {
    "sync_status": timedelta(minutes=5),
    "import_orders": timedelta(minutes=5),
    "export_shipped_orders": timedelta(minutes=5),
    "export_delivered_orders": timedelta(minutes=5),
    "update_inventory": timedelta(minutes=5),
    "cancellations": timedelta(minutes=5),
    "reconcile": timedelta(hours=1),
}


def test_every_job_that_a_person_can_run_has_its_default() -> None:
    assert {job.name for job in schedule.JOBS} == set(DEFAULTS)


def test_a_job_runs_again_after_its_default_interval(world: World) -> None:
    with world.app.app_context():
        session().query(ScheduleSlot).update({"next_at": database_now() - timedelta(seconds=1)})
        session().commit()
        before = _now()
        schedule.start_due()
        after = _now()
        slots = session().query(ScheduleSlot).filter(ScheduleSlot.job.in_(DEFAULTS))
        next_at = {slot.job: slot.next_at for slot in slots}
        session().rollback()
    assert set(next_at) == set(DEFAULTS)
    late = {
        job: next_at[job] - before
        for job, every in DEFAULTS.items()
        if not before + every <= next_at[job] <= after + every
    }
    assert late == {}


def _now() -> datetime:
    found = database_now()
    session().rollback()
    return found
