"""The sentences in which a test of a connection ends."""

from dataclasses import dataclass

from app.errors import Rejected, TryLater, Uncertain
from app.models.connection import ESTABLISHED, OTHER_ACCOUNT, REFUSED, UNREACHABLE, UNUSABLE
from app.sync.breaker import PAUSING
from app.wms.base import ConnectionInfo

NO_WAREHOUSE = "The WMS names no warehouse. Add one there, then test again."


@dataclass(frozen=True, slots=True)
class TestVerdict:
    """How a test of the connection ended, in a sentence."""

    ok: bool
    status: str
    message: str


def failure_of(problem: Rejected | TryLater | Uncertain) -> TestVerdict:
    """The verdict on a test that went wrong: only what the WMS says of the token pauses sending."""
    status = UNREACHABLE
    if isinstance(problem, Rejected):
        status = REFUSED if problem.code in PAUSING else UNUSABLE
    return TestVerdict(ok=False, status=status, message=problem.message)


def established(info: ConnectionInfo, label: str) -> TestVerdict:
    """The verdict on a WMS that is of use; ``label`` names one that doesn't name itself."""
    count = len(info.warehouses)
    warehouses = f"{count} warehouse{'' if count == 1 else 's'}"
    message = f"Connection established. {name_of(info) or label}, {warehouses}."
    return TestVerdict(ok=True, status=ESTABLISHED, message=message)


def elsewhere(account: str, info: ConnectionInfo) -> TestVerdict:
    """The verdict on a WMS that is another account than the orders so far are with."""
    message = (
        f"This app URL leads to another warehouse account, {info.account}. Orders sent so far are"
        f" with {account}. Confirm the change, or put the old app URL back."
    )
    return TestVerdict(ok=False, status=OTHER_ACCOUNT, message=message)


def name_of(info: ConnectionInfo) -> str:
    """What the WMS calls itself, with its version."""
    return f"{info.system.name} {info.system.version}".strip()
