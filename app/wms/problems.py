"""Turns a WMS's problem codes into sentences for a merchant: what happened, why, what to do."""

import re
from typing import NamedTuple

from app.wms.values import Problem

LONGEST_QUOTE = 500
# Invisible, but Persian words, Indic ones and many emoji fall apart without them.
_JOINERS = "\u200c\u200d"
UNKNOWN = "invalid"
CONFLICT = "revision-conflict"
# To the last closing mark of its line, or to its end where the sentence was cut off.
_QUOTE = re.compile(r" It says: “(?:.*”|.*)")


class Advice(NamedTuple):
    """What a problem code means and what mends it."""

    why: str
    mend: str


ADVICE = {
    "sku-unknown": Advice(
        "The warehouse doesn't know a SKU of this order.", "Add it there, then send again."
    ),
    "warehouse-unknown": Advice(
        "The warehouse code isn't known there.",
        "Test the connection again, choose a warehouse for the location, then send again.",
    ),
    "out-of-stock": Advice(
        "The warehouse doesn't have enough stock.", "Restock there, then send again."
    ),
    "address-invalid": Advice(
        "The warehouse can't ship to this address.",
        "Correct the shipping address on the order, then send again.",
    ),
    "duplicate": Advice(
        "The warehouse is already working on this.", "Update the sync status to see how it ended."
    ),
    "too-late": Advice(
        "It is too late to change this at the warehouse.",
        "Ask the warehouse to stop it by hand, or let it ship.",
    ),
    CONFLICT: Advice(
        "The warehouse holds other content under the same revision.",
        "Edit the order or ask the warehouse to delete its copy, then send again.",
    ),
    "unsupported": Advice(
        "The warehouse can't do this.", "Do it by hand there, or ask its support to add it."
    ),
    "rate-limited": Advice("The warehouse takes no more for now.", "Send again in a few minutes."),
    UNKNOWN: Advice(
        "The warehouse refused this.", "Mend what it names, or ask its support, then send again."
    ),
}

# An issue of what the WMS has taken: nothing need be sent again.
_MENDS_TAKEN = {
    "sku-unknown": "Add it there.",
    "out-of-stock": "Restock there.",
    "address-invalid": "Correct the shipping address on the order.",
}
_TAKEN = Advice(
    "The warehouse took this, but something is wrong with it.",
    "Mend what it names, or ask its support.",
)


def known(code: str) -> str:
    """Return the code if the contract has it, else ``invalid``."""
    return code if code in ADVICE else UNKNOWN


def words(problem: Problem) -> str:
    """Return the WMS's own words on one line, at most 500 characters; empty when it gave none."""
    text = " ".join((problem.detail or problem.title).split())
    visible = "".join(sign for sign in text if sign.isprintable() or sign in _JOINERS)
    return visible if len(visible) <= LONGEST_QUOTE else visible[: LONGEST_QUOTE - 1] + "…"


def explain(problem: Problem | None) -> str:
    """Return the sentence for a merchant, with the WMS's own words quoted."""
    given = problem or Problem()
    return _sentence(ADVICE[known(given.code)], given)


def explain_taken(problem: Problem) -> str:
    """Return the same for an issue of an order that the WMS has taken all the same."""
    code = known(problem.code)
    why = _TAKEN.why if code == UNKNOWN else ADVICE[code].why
    return _sentence(Advice(why, _MENDS_TAKEN.get(code, _TAKEN.mend)), problem)


def _sentence(advice: Advice, problem: Problem) -> str:
    said = words(problem)
    return f"{advice.why} It says: “{said}” {advice.mend}" if said else " ".join(advice)


def quote_of(sentence: str) -> str:
    """Return the WMS's own words as ``explain`` put them, to follow another sentence; empty when it
    gave none."""
    found = _QUOTE.search(sentence)
    return found[0] if found else ""


def unquoted(sentence: str) -> str:
    """Return what ``explain`` said without the WMS's own words, which may name anybody."""
    return _QUOTE.sub("", sentence)
