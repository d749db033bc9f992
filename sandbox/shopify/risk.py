"""What Shopify's fraud analysis says of an order."""

from sandbox.shopify.values import Node

LEVELS = {"ACCEPT": "LOW", "INVESTIGATE": "MEDIUM", "CANCEL": "HIGH", "NONE": "NONE"}
FACTS = {
    "ACCEPT": ("The billing and the shipping address match.", "POSITIVE"),
    "INVESTIGATE": ("The card's country is not the order's.", "NEUTRAL"),
    "CANCEL": ("Many cards were tried before this one.", "NEGATIVE"),
}


def summary(recommendation: str) -> Node:
    """Return an OrderRiskSummary. Raises ValueError for a word that Shopify does not know."""
    if recommendation not in LEVELS:
        raise ValueError(f"Risk is one of {', '.join(LEVELS)}.")
    return {"recommendation": recommendation, "assessments": _assessments(recommendation)}


def level_of(order: Node) -> str:
    """Return the level that goes with what is recommended: LOW, MEDIUM, HIGH or NONE."""
    return LEVELS[order["risk"]["recommendation"]]


def _assessments(recommendation: str) -> list[Node]:
    """Return the analysis behind it; an order nobody has looked at has none."""
    if recommendation not in FACTS:
        return []
    description, sentiment = FACTS[recommendation]
    fact = {"description": description, "sentiment": sentiment}
    return [{"riskLevel": LEVELS[recommendation], "facts": [fact], "provider": None}]
