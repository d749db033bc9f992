"""What is said of stock: why a quantity is left alone, in a word or two, and how far a comparison
is."""

from flask_babel import lazy_gettext as _

from app.domain import stock
from app.sync import stock_runs

REASONS = {
    stock.UNKNOWN: _("Not in Shopify"),
    stock.DUPLICATE: _("Duplicate SKU"),
    stock.UNTRACKED: _("Not tracked"),
    stock.BUNDLE: _("Bundle"),
    stock.NO_LOCATION: _("No location"),
    stock.NOT_STOCKED: _("Not stocked there"),
    stock.REFUSED: _("Refused by Shopify"),
    stock.NOT_TOLD: _("Not told any more"),
}
PHASES = {
    stock_runs.READING: _("Reading the warehouse's stock."),
    stock_runs.SCANNING: _("Reading Shopify's stock."),
    stock_runs.JUDGING: _("Comparing both."),
}
