"""Tables, a file each."""

from app.models.alert import Alert, Trouble
from app.models.batch import Batch, BatchMember
from app.models.catalogue import Catalogue, SkuFinding
from app.models.connection import Connection
from app.models.deployment import Deployment
from app.models.drift import DriftLook, DriftRow
from app.models.inbox import InboxItem
from app.models.log import LogLine
from app.models.order import Order
from app.models.order_term import OrderTerm
from app.models.outbound_order import OutboundOrder, Revision
from app.models.owed import Owed
from app.models.prepared_store import PreparedStore
from app.models.returning import Return
from app.models.run import Run, RunItem, ScheduleSlot
from app.models.shipment import FeedCursor, Shipment
from app.models.shop import Shop, ShopToken
from app.models.staff_member import StaffMember
from app.models.stock import CatalogueItem, StockLevel, StockReading, WarehouseStock
from app.models.store_week import StoreWeek
from app.models.tally import Tally

__all__ = [
    "Alert",
    "Batch",
    "BatchMember",
    "Catalogue",
    "CatalogueItem",
    "Connection",
    "Deployment",
    "DriftLook",
    "DriftRow",
    "FeedCursor",
    "InboxItem",
    "LogLine",
    "Order",
    "OrderTerm",
    "OutboundOrder",
    "Owed",
    "PreparedStore",
    "Return",
    "Revision",
    "Run",
    "RunItem",
    "ScheduleSlot",
    "Shipment",
    "Shop",
    "ShopToken",
    "SkuFinding",
    "StaffMember",
    "StockLevel",
    "StockReading",
    "StoreWeek",
    "Tally",
    "Trouble",
    "WarehouseStock",
]
