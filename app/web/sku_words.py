"""What each finding of the SKU doctor is called, and what to do about it."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.domain.skus import Kind
from app.web.words import Badge

KINDS = {
    Kind.NO_SKU: Badge(_("No SKU"), "critical", "alert-circle"),
    Kind.DUPLICATE: Badge(_("Duplicate SKU"), "critical", "alert-circle"),
    Kind.LOOKS_ALIKE: Badge(_("Differs by case or spaces"), "warning", "alert-triangle"),
    Kind.NOT_AT_WAREHOUSE: Badge(_("Not at the warehouse"), "warning", "alert-triangle"),
    Kind.NOT_IN_SHOPIFY: Badge(_("Not in Shopify"), "warning", "alert-triangle"),
    Kind.UNTRACKED: Badge(_("Not tracked"), "neutral", "circle-dashed"),
    Kind.BUNDLE: Badge(_("Bundle"), "neutral", "circle-dashed"),
}
_ADVICE = {
    Kind.NO_SKU: _("Give the variant a SKU in Shopify. Without one the warehouse can't tell it."),
    Kind.DUPLICATE: _("Several variants in Shopify have this SKU. Give each its own."),
    Kind.NOT_AT_WAREHOUSE: _("No warehouse has told of it. Add it there, or correct the SKU."),
    Kind.NOT_IN_SHOPIFY: _("No variant has this SKU. If you sell it, give it to its variant."),
    Kind.UNTRACKED: _("Shopify counts none of it. To update its stock, switch on Track inventory."),
    Kind.BUNDLE: _("Its stock follows from its parts. There is nothing to do."),
}


def advice(finding: Any) -> str:
    """What to do about a finding, in a sentence or two."""
    if not finding.other:
        return str(_ADVICE.get(finding.kind, ""))
    if finding.kind == Kind.NOT_IN_SHOPIFY:
        return gettext(
            "Shopify writes it %(sku)s. Write it the same on both sides.", sku=finding.other
        )
    return gettext(
        "The warehouse writes it %(sku)s. Write it the same on both sides.", sku=finding.other
    )


def admin_product(finding: Any) -> str:
    """Where its product is in the admin around the app; empty when it has none."""
    number = finding.product.rpartition("/")[2]
    return f"shopify://admin/products/{number}" if number else ""
