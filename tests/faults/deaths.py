"""How workers die: by SIGKILL, with the machine, alone, or as the one that forks."""

from collections.abc import Callable

from tests.faults.campaign import Campaign
from tests.faults.fleet import Fleet

_serial = iter(range(1000))


def strike_down(campaign: Campaign, death: Callable[[Fleet, str], None]) -> None:
    """Let a death come upon every worker that has a job in hand, and start others instead."""
    campaign.notes[str(death.__doc__)] += 1
    for name in [*campaign.fleet.busy(), *campaign.fleet.caught]:
        death(campaign.fleet, name)
    campaign.fleet.caught.clear()
    campaign.struck()


def _all(fleet: Fleet, name: str) -> None:
    """The machine loses its power."""
    fleet.kill(name)
    fleet.launch_worker(f"worker-{next(_serial)}")


def _fork(fleet: Fleet, name: str) -> None:
    """The kernel is out of memory and takes the job."""
    fleet.kill_forks(name)
    fleet.thaw(name)


def _parent(fleet: Fleet, name: str) -> None:
    """The worker dies; the job it has forked goes on without it, beside others."""
    fleet.thaw(name)
    fleet.kill_parent(name)
    fleet.launch_worker(f"worker-{next(_serial)}")


# A machine that dies is the common case.
KILLS = (_all, _all, _all, _fork, _parent)
