"""How the checks are to be made."""

from dataclasses import dataclass

from app.wms.limits import CALL_SECONDS


@dataclass(frozen=True, slots=True)
class Options:
    """Where the WMS is, and what it may be asked for.

    ``wait``: seconds to wait for each thing somebody does at the warehouse, 0 leaves those out.
    ``patience``: seconds to wait for a callback that the check provokes by itself. ``listen`` is
    where the check listens for callbacks, ``callback_url`` how the WMS reaches it there.
    """

    url: str
    token: str
    sku: str = "TAGDOCK-TEST"
    wait: float = 0.0
    patience: float = 30.0
    timeout: float = CALL_SECONDS
    listen: str = "127.0.0.1:0"
    callback_url: str = ""
    expired_cursor: str = ""
