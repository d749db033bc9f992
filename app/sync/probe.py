"""Tries a connection that nobody has saved: asks the WMS who it is and writes nothing down."""

from contextlib import closing

from app.db import session
from app.errors import Rejected, TryLater, Uncertain
from app.models.connection import UNUSABLE
from app.sync.outside import settings
from app.sync.verdicts import NO_WAREHOUSE, TestVerdict, elsewhere, established, failure_of
from app.wms.base import ConnectionInfo
from app.wms.http import ConnectorApi


def probe(app_url: str, token: str, *, account: str = "") -> TestVerdict:
    """Say how a test of this address and token goes; ``account`` is the one connected so far.

    Ends the transaction: none is open during the request.
    """
    hosts = settings().wms_allowed_hosts
    session().rollback()
    with closing(ConnectorApi(app_url, token, allowed_hosts=hosts)) as wms:
        try:
            return _judged(wms.connection(), account)
        except (Rejected, TryLater, Uncertain) as problem:
            return failure_of(problem)


def _judged(info: ConnectionInfo, account: str) -> TestVerdict:
    if not info.default_warehouse:
        return TestVerdict(ok=False, status=UNUSABLE, message=NO_WAREHOUSE)
    if account and info.account != account:
        return elsewhere(account, info)
    return established(info, info.account)
