"""The values that go into a WMS and come back, frozen.

The rules are those of the connector API: unknown fields are ignored, unknown enum values survive as
plain strings, a null means *not given*.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

ACCEPTED = frozenset({"created", "updated", "duplicate", "created_with_issues"})
REJECTED = "rejected"
FINISHED = frozenset({"succeeded", "partial", "failed"})
MAX_BATCH = 100


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
    def _drop_nulls(cls, data: Any) -> Any:
        """Let a null mean the same as an absent field."""
        if isinstance(data, Mapping):
            return {key: value for key, value in data.items() if value is not None}
        return data


class System(Value):
    """The warehouse software's own name and version, for display."""

    name: str = ""
    version: str = ""


class Capabilities(Value):
    """What this WMS can do; what it does not mention it cannot."""

    order_update: bool = False
    cancel: bool = False
    cancel_lines: bool = False
    hold: bool = False
    sla: bool = False
    packed_event: bool = False
    delivered_event: bool = False
    partial_shipments: bool = False
    inventory: bool = False
    inventory_keys: list[str] = Field(default_factory=list)
    returns: bool = False
    callbacks: bool = False
    documents: bool = False


class Warehouse(Value):
    """A warehouse that orders may be sent to, named by ``code``."""

    code: str
    name: str = ""
    default: bool = False


class Carrier(Value):
    """A carrier the WMS ships with."""

    code: str
    name: str = ""
    services: list[Any] = Field(default_factory=list)


class DefaultField(Value):
    """An order field whose value the merchant sets once for every order."""

    key: str
    label: str = ""
    required: bool = False


class MetadataField(Value):
    """An extra order field the WMS can store."""

    key: str
    label: str = ""
    type: str = "text"


def _at_most_a_hundred(given: Any) -> Any:
    return min(given, MAX_BATCH) if isinstance(given, int) else given


class ConnectionInfo(Value):
    """Who answered: the account, what it can do, its warehouses. ``account`` is its identity."""

    account: str = Field(min_length=1)
    api_version: str = "1"
    system: System = Field(default_factory=System)
    capabilities: Capabilities = Field(default_factory=Capabilities)
    max_batch: Annotated[int, BeforeValidator(_at_most_a_hundred)] = Field(default=10, ge=1)
    warehouses: list[Warehouse] = Field(default_factory=list)
    carriers: list[Carrier] = Field(default_factory=list)
    default_fields: list[DefaultField] = Field(default_factory=list)
    metadata_fields: list[MetadataField] = Field(default_factory=list)

    @property
    def default_warehouse(self) -> str:
        """Code of the default warehouse, else of the first one, else empty."""
        marked = [warehouse for warehouse in self.warehouses if warehouse.default]
        return next((warehouse.code for warehouse in marked or self.warehouses), "")


def _from_text(given: Any) -> Any:
    return {"title": given} if isinstance(given, str) else given


class Problem(Value):
    """Why the WMS refused or complained; ``code`` is machine-readable, the rest its own words."""

    code: str = ""
    title: str = ""
    detail: str = ""


Issue = Annotated[Problem, BeforeValidator(_from_text)]


class OrderResult(Value):
    """What became of one revision of one order."""

    external_id: str
    revision: int
    status: str
    wms_id: str | None = None
    problem: Problem | None = None

    @property
    def accepted(self) -> bool:
        """Whether the WMS now holds this revision or a newer one."""
        return self.status in ACCEPTED

    @property
    def rejected(self) -> bool:
        """Whether the WMS refused this revision and kept nothing of it."""
        return self.status == REJECTED


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

    job_id: str | None = None
    results: Results | None = None


class Progress(Value):
    """How far a job is, in orders."""

    done: int = 0
    total: int = 0


class Job(Value):
    """A batch at work in the WMS; a status we do not know counts as not finished."""

    id: str
    status: str
    progress: Progress = Field(default_factory=Progress)
    results: Results = Field(default_factory=list)

    @property
    def finished(self) -> bool:
        """Whether the job has ended, well or badly."""
        return self.status in FINISHED


class WmsOrder(Value):
    """An order as the WMS knows it; ``state`` is ``received`` while it is still inside a job."""

    external_id: str
    revision: int
    state: str
    wms_id: str | None = None
    job_id: str | None = None
    issues: list[Issue] = Field(default_factory=list)


class LogItem(Value):
    """A line of the WMS's own log for a job."""

    seq: int
    time: str = ""
    level: str = "info"
    external_id: str | None = None
    message: str = ""


class LogPage(Value):
    """Some lines of a job's log; an empty ``next_cursor`` means there are no more for now."""

    items: list[LogItem] = Field(default_factory=list)
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
