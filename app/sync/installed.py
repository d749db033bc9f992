"""Whether Shopify still lets the app into a shop: it alone knows whether the app is installed."""

from app.db import session
from app.errors import Rejected, TryLater
from app.models import Shop, ShopToken
from app.sync.outside import URGENT, renew, shopify_for

_REFUSED = "shopify-token-refused"
_PAUSE = 60.0


def is_installed(shop: Shop) -> bool:
    """Ask with the token that is kept, and with a new one if that is refused. Ends the transaction.

    Raises TryLater when the answer says neither yes nor no.
    """
    stored = session().get(ShopToken, shop.id, populate_existing=True)
    token = stored.access_token if stored else None
    if stored is None or token is None:
        raise TryLater("There is no token to ask Shopify with.", _PAUSE, counts=False)
    renewable = bool(stored.refresh_token or stored.expires_at)
    session().commit()
    return _lets_in(shop, token) or (renewable and _renews(shop))


def _lets_in(shop: Shop, token: str) -> bool:
    try:
        shopify_for(shop, URGENT, token=token).execute("read_installation", {})
    except Rejected as refusal:
        return _unless_refused(refusal)
    return True


def _renews(shop: Shop) -> bool:
    try:
        renew(shop)
    except Rejected as refusal:
        return _unless_refused(refusal)
    return True


def _unless_refused(refusal: Rejected) -> bool:
    """False for a refused token. A frozen shop or an address that is not allowed proves nothing."""
    if refusal.code != _REFUSED:
        raise TryLater(refusal.message, _PAUSE, counts=False) from refusal
    return False
