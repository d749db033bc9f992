"""What the WMS says that it lacks: it is not asked for that. What it never told of is tried."""

from app.errors import Rejected
from app.models import Connection
from app.wms.refusals import UNSUPPORTED


def can(connection: Connection, capability: str) -> bool:
    """Whether the WMS says that it can do something."""
    return (connection.info.get("capabilities") or {}).get(capability) is True


def lacks(connection: Connection, capability: str) -> bool:
    """Whether the WMS says that it can't do something."""
    return (connection.info.get("capabilities") or {}).get(capability) is False


def refusal_of(connection: Connection, capability: str) -> Rejected | None:
    """What the WMS would answer if it were asked for something that it says it lacks, else None."""
    return Rejected(*UNSUPPORTED) if lacks(connection, capability) else None
