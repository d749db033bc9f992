"""The WMS's own log lines of a job, asked for when a person opens them."""

from contextlib import closing

from sqlalchemy import exists, select

from app.db import session
from app.errors import Rejected
from app.models import Batch, OutboundOrder, Shop
from app.sync.outside import wms_for
from app.sync.situations import connection_of
from app.wms.base import LogPage


def lines(shop: Shop, job_id: str, cursor: str = "") -> LogPage:
    """A page of the WMS's log of one of the shop's jobs. Raises Rejected for a job that is not the
    shop's, and whatever the WMS's adapter raises."""
    connection = connection_of(shop)
    if connection is None or not _is_ours(shop, job_id):
        raise Rejected("unknown-job", "This store has no such job.")
    with closing(wms_for(connection)) as wms:
        return wms.job_log(job_id, cursor)


def _is_ours(shop: Shop, job_id: str) -> bool:
    mine = exists().where(Batch.shop_id == shop.id, Batch.job_id == job_id)
    seen = exists().where(OutboundOrder.shop_id == shop.id, OutboundOrder.job_id == job_id)
    return bool(job_id) and bool(session().scalar(select(mine | seen)))
