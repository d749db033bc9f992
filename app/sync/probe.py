"""Tries a connection that nobody has saved: asks the WMS who it is and writes nothing down."""

from contextlib import closing

from app.db import session
from app.errors import Rejected, TryLater, Uncertain
from app.models.connection import ESTABLISHED, REFUSED, UNREACHABLE
from app.sync.connect import TestVerdict
from app.sync.outside import settings
from app.wms.base import ConnectionInfo
from app.wms.http import ConnectorApi

_NO_WAREHOUSE = "The WMS names no warehouse. Add one there, then test again."


def probe(app_url: str, token: str) -> TestVerdict:
    """Say how a test of this address and token goes. Ends the transaction: none is open during
    the request."""
    hosts = settings().wms_allowed_hosts
    session().rollback()
    with closing(ConnectorApi(app_url, token, allowed_hosts=hosts)) as wms:
        try:
            return _judged(wms.connection())
        except Rejected as refusal:
            return TestVerdict(ok=False, status=REFUSED, message=refusal.message)
        except (TryLater, Uncertain) as problem:
            return TestVerdict(ok=False, status=UNREACHABLE, message=problem.message)


def _judged(info: ConnectionInfo) -> TestVerdict:
    if not info.default_warehouse:
        return TestVerdict(ok=False, status=REFUSED, message=_NO_WAREHOUSE)
    count = len(info.warehouses)
    system = f"{info.system.name} {info.system.version}".strip() or info.account
    words = f"{system}, {count} warehouse{'' if count == 1 else 's'}"
    return TestVerdict(ok=True, status=ESTABLISHED, message=f"Connection established. {words}.")
