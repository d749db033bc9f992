"""The Cloud App's words in English and Italian; the English ones are the keys."""

import json
from pathlib import Path

from flask import request

LANGUAGES = {"en": "English", "it": "Italiano"}
ITALIAN: dict[str, str] = json.loads(Path(__file__).with_name("italian.json").read_text("utf-8"))

# How the pages call the values that come with every order; any other is shown by its key.
DEFAULT_NAMES = {
    "payment_terms": "Payment terms",
    "salesperson": "Salesperson",
    "customer_number": "Customer number",
    "division": "Division",
    "order_status": "Order status",
    "hold_code": "Hold code",
    "order_type": "Order type",
    "print_pick_sheet": "Print pick sheet",
    "print_sales_order": "Print sales order",
    "tax_schedule": "Tax schedule",
}


def language() -> str:
    """The language the reader chose, else the browser's, else English."""
    chosen = request.cookies.get("lang", "")
    return chosen if chosen in LANGUAGES else request.accept_languages.best_match(LANGUAGES) or "en"


def translate(phrase: str, **values: object) -> str:
    """A phrase in the reader's language; names of states lose their underscores."""
    found = ITALIAN.get(phrase, phrase) if language() == "it" else phrase
    return found.format(**values) if values else found.replace("_", " ")
