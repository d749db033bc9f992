"""Tables, a file each."""

from app.models.alert import Alert, Trouble
from app.models.batch import Batch, BatchMember
from app.models.connection import Connection
from app.models.inbox import InboxItem
from app.models.log import LogLine
from app.models.order import Order
from app.models.order_term import OrderTerm
from app.models.outbound_order import OutboundOrder, Revision
from app.models.owed import Owed
from app.models.prepared_store import PreparedStore
from app.models.run import Run, RunItem, ScheduleSlot
from app.models.shop import Shop, ShopToken
from app.models.store_week import StoreWeek
from app.models.tally import Tally

__all__ = [
    "Alert",
    "Batch",
    "BatchMember",
    "Connection",
    "InboxItem",
    "LogLine",
    "Order",
    "OrderTerm",
    "OutboundOrder",
    "Owed",
    "PreparedStore",
    "Revision",
    "Run",
    "RunItem",
    "ScheduleSlot",
    "Shop",
    "ShopToken",
    "StoreWeek",
    "Tally",
    "Trouble",
]
