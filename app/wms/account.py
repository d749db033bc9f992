"""What a WMS says of itself when it is connected: its account, abilities and warehouses."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from app.wms.values import Value

MAX_BATCH = 100


class System(Value):
    """The warehouse software's own name and version, for display."""

    name: str = ""
    version: str = ""


class Capabilities(Value):
    """What this WMS can do. What it does not mention stands as False, and is not stored."""

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

    code: str = Field(min_length=1, max_length=64)
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

    account: str = Field(min_length=1, max_length=255)
    api_version: str = "1"
    system: System = Field(default_factory=System)
    capabilities: Capabilities = Field(default_factory=Capabilities)
    max_batch: Annotated[int, BeforeValidator(_at_most_a_hundred)] = Field(default=10, ge=1)
    warehouses: list[Warehouse] = Field(default_factory=list)
    carriers: list[Carrier] = Field(default_factory=list)
    default_fields: list[DefaultField] = Field(default_factory=list)
    metadata_fields: list[MetadataField] = Field(default_factory=list)

    def to_stored(self) -> dict[str, Any]:
        """The form in which the database keeps it: of the capabilities those that are told of."""
        told = self.capabilities.model_dump(mode="json", exclude_unset=True)
        return {**self.model_dump(mode="json"), "capabilities": told}

    @property
    def default_warehouse(self) -> str:
        """Code of the default warehouse, else of the first one, else empty."""
        marked = [warehouse for warehouse in self.warehouses if warehouse.default]
        return next((warehouse.code for warehouse in marked or self.warehouses), "")
