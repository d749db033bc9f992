"""The gate *paid* looks at what was ever paid: what was given back is the rules' matter."""

import pytest
from made_orders import an_order
from test_rules import situation

from app.domain.rules import closed


@pytest.mark.parametrize(
    ("status", "gate"),
    [
        ("paid", None),
        ("partially_refunded", None),
        ("refunded", None),
        ("pending", "paid"),
        ("authorized", "paid"),
        ("partially_paid", "paid"),
    ],
)
def test_money_that_was_given_back_had_been_paid(status: str, gate: str | None) -> None:
    order = an_order(financial_status=status)
    verdict = closed(situation(order, require_payment=True, refunded_orders="send"))
    assert (verdict.gate if verdict else None) == gate


def test_of_what_was_refunded_the_rules_decide() -> None:
    order = an_order(financial_status="refunded")
    verdict = closed(situation(order, require_payment=True, refunded_orders="skip"))
    assert verdict is not None
    assert verdict.gate == "kind"
