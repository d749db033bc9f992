"""The checks, in the order in which they are made. A number, once given, stays its check's."""

from app.wms.conformance.callbacks import CALLBACKS
from app.wms.conformance.cancelling import CANCELLING, CLEANING
from app.wms.conformance.changing import CHANGING
from app.wms.conformance.connecting import CONNECTING
from app.wms.conformance.feeds import FEEDS
from app.wms.conformance.hands import HANDS
from app.wms.conformance.jobs import JOBS
from app.wms.conformance.keys import KEYS
from app.wms.conformance.sending import SENDING

CHECKS = (
    *CONNECTING,
    *SENDING,
    *KEYS,
    *JOBS,
    *CHANGING,
    *CANCELLING,
    *FEEDS,
    *CALLBACKS,
    *HANDS,
    *CLEANING,
)
