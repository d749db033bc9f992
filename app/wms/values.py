"""The orders, results and jobs that go into a WMS and come back, frozen.

The rules are those of the connector API: unknown fields are ignored, unknown enum values survive as
plain strings, a null means *not given*.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

WITH_ISSUES = "created_with_issues"
ACCEPTED = frozenset({"created", "updated", "duplicate", WITH_ISSUES})
REJECTED = "rejected"
FINISHED = frozenset({"succeeded", "partial", "failed"})


class Value(BaseModel):
    """A frozen value that forgives what a later version of the contract may add."""

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        coerce_numbers_to_str=True,
        populate_by_name=True,
    )

    @model_validator(mode="before")
    @classmethod
    def _tidy(cls, data: Any) -> Any:
        """Let a null mean the same as an absent field; drop the NULs that no database takes."""
        if not isinstance(data, Mapping):
            return data
        return {
            key: value.replace("\0", "") if isinstance(value, str) else value
            for key, value in data.items()
            if value is not None
        }


JobId = Annotated[str, Field(min_length=1, max_length=64)]
WmsId = Annotated[str, Field(max_length=128)]


def _from_text(given: Any) -> Any:
    return {"title": given} if isinstance(given, str) else given


class Problem(Value):
    """Why the WMS refused or complained; ``code`` is machine-readable, the rest its own words."""

    code: Annotated[str, AfterValidator(lambda code: code[:32])] = ""
    title: str = ""
    detail: str = ""


Issue = Annotated[Problem, BeforeValidator(_from_text)]


class OrderResult(Value):
    """What became of one revision of one order."""

    external_id: str
    revision: int
    status: str
    wms_id: WmsId | None = None
    problem: Problem | None = None

    @property
    def accepted(self) -> bool:
        """Whether the WMS now holds this revision or a newer one."""
        return self.status in ACCEPTED

    @property
    def rejected(self) -> bool:
        """Whether the WMS refused this revision and kept nothing of it."""
        return self.status == REJECTED

    @property
    def issues(self) -> list[Problem]:
        """What the WMS complains of in what it took. That it had it already is no complaint."""
        if self.problem is None:
            return [Problem()] if self.status == WITH_ISSUES else []
        return [self.problem] if self.accepted and self.problem.code != "duplicate" else []


def _readable(given: Any) -> Any:
    """Leave out results that make no sense; what is missing is looked up order by order."""
    if not isinstance(given, list):
        return given
    return [found for item in given if (found := _result(item)) is not None]


def _result(item: Any) -> OrderResult | None:
    try:
        return OrderResult.model_validate(item)
    except ValidationError:
        return None


Results = Annotated[list[OrderResult], BeforeValidator(_readable)]


class BatchAnswer(Value):
    """The answer to a batch. ``results`` is None while the job is still running."""

    job_id: JobId | None = None
    results: Results | None = None


class JobName(Value):
    """The job that a batch became."""

    id: JobId


class BatchReply(Value):
    """The answer to a batch as it stands on the wire."""

    job: JobName | None = None
    results: Results | None = None


class Progress(Value):
    """How far a job is, in orders."""

    done: int = 0
    total: int = 0


class Job(Value):
    """A batch at work in the WMS; a status we do not know counts as not finished."""

    id: JobId
    status: str
    progress: Progress = Field(default_factory=Progress)
    results: Results = Field(default_factory=list)

    @property
    def finished(self) -> bool:
        """Whether the job has ended, well or badly."""
        return self.status in FINISHED


def _moment(given: Any) -> Any:
    """A time in UTC, to the second; None for what is none."""
    try:
        moment = datetime.fromisoformat(str(given))
    except ValueError:
        return None
    if moment.tzinfo is None:
        return None
    try:
        return moment.astimezone(UTC).replace(microsecond=0)
    except OverflowError:
        return None


class WmsOrder(Value):
    """An order as the WMS knows it; ``state`` is ``received`` while it is still inside a job.
    ``ship_by`` and ``hold_reason`` are there when the WMS says them."""

    external_id: str
    revision: int
    state: str
    wms_id: WmsId | None = None
    job_id: JobId | None = None
    issues: list[Issue] = Field(default_factory=list)
    ship_by: Annotated[datetime | None, BeforeValidator(_moment)] = None
    hold_reason: Annotated[str, AfterValidator(lambda text: text[:500])] = ""


class LogItem(Value):
    """A line of the WMS's own log for a job."""

    seq: int
    time: str = ""
    level: str = "info"
    external_id: str | None = None
    message: str = ""


class LogPage(Value):
    """Some lines of a job's log; an empty ``next_cursor`` means there are no more for now."""

    items: list[LogItem]
    next_cursor: str = ""


class CancelLine(Value):
    """How many units of an order line are cancelled in all, so that repeating is safe."""

    line_id: str
    cancelled_quantity: int


class CancelRequest(Value):
    """Cancels an order, or with ``lines`` a part of it, up to and including ``revision``."""

    external_id: str
    revision: int
    initiator: str = "seller"
    reason: str = ""
    lines: list[CancelLine] | None = None


class CancelOutcome(Value):
    """What became of a cancellation: cancelled, partially_cancelled or pending."""

    outcome: str
