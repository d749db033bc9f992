"""Tables, a file each."""

from app.models.batch import Batch, BatchMember
from app.models.connection import Connection
from app.models.inbox import InboxItem
from app.models.log import LogLine
from app.models.order import Order
from app.models.outbound_order import OutboundOrder, Revision
from app.models.owed import Owed
from app.models.run import Run, RunItem, ScheduleSlot
from app.models.shop import Shop, ShopToken

__all__ = [
    "Batch",
    "BatchMember",
    "Connection",
    "InboxItem",
    "LogLine",
    "Order",
    "OutboundOrder",
    "Owed",
    "Revision",
    "Run",
    "RunItem",
    "ScheduleSlot",
    "Shop",
    "ShopToken",
]
