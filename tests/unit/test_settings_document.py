"""The settings document: what is valid, what is said of the rest, what older versions left."""

from typing import Any

import pytest

from app.domain.settings import FIELD_SENTENCES, SENTENCES, UNKNOWN, Alerts, Settings, changed

VALID: dict[str, list[Any]] = {
    "locations": [{}, {"gid://shopify/Location/1": "WH", "gid://shopify/Location/2": None}],
    "require_payment": [True, False],
    "cool_off_minutes": [0, 10_080],
    "after_edit": ["resend", "hold", "notice"],
    "test_orders": ["skip", "send"],
    "refunded_orders": ["skip", "send"],
    "risky_orders": ["skip", "send"],
    "lines_without_sku": ["hold", "skip", "error"],
    "required_fields": [[], ["email", "attribute:gift"]],
    "defaults": [{}, {"payment_terms": "30D", "hold_code": ""}],
    "metadata": [{}, {"gift": "attribute:gift wrap", "slot": "metafield:custom.slot"}],
    "fulfil": [True, False],
    "fulfil_on": ["packed", "shipped"],
    "notify_customer": [True, False],
    "archive": [True, False],
    "report_progress": [True, False],
    "seller_cancellation": ["cancel", "notice"],
    "carriers": [{}, {"brt": "BRT"}],
    "update_inventory": [True, False],
    "stock_locations": [{}, {"WH": "gid://shopify/Location/1", "WH-2": None}],
    "stock_confirmed": [True, False],
    "retention_days": [7, 730],
    "alerts": [
        {"emails": [], "webhook_url": "", "errors": 1},
        {"emails": ["a@b.it"], "webhook_url": "https://x.example/y", "errors": 10},
    ],
}
INVALID: dict[str, list[Any]] = {
    "locations": [None, [], {"Milano": "WH"}, {"gid://shopify/Location/1": 5}],
    "require_payment": ["yes", 1, None],
    "cool_off_minutes": [-1, 10_081, "30", 1.5, True, None],
    "after_edit": ["", "ask", None],
    "test_orders": ["", True],
    "refunded_orders": ["no"],
    "risky_orders": ["maybe"],
    "lines_without_sku": ["drop"],
    "required_fields": [["shoe size"], "email", ["attribute:"], ["email"] * 31],
    "defaults": [{"": "x"}, {"k": "x" * 256}, {"k": 5}, [], {"k" * 65: ""}],
    "metadata": [{"gift": "attribute:"}, {"gift": "wish"}, {"gift": "metafield:x"}],
    "fulfil": [None],
    "fulfil_on": ["delivered"],
    "notify_customer": ["on"],
    "archive": [0],
    "report_progress": ["on"],
    "seller_cancellation": ["refund"],
    "carriers": [{"": "BRT"}, {"brt": ""}],
    "update_inventory": ["x"],
    "stock_locations": [None, {"WH": "Milano"}, {"": None}],
    "stock_confirmed": ["x"],
    "retention_days": [6, 731, "90"],
    "alerts": [
        {"emails": ["nobody"]},
        {"emails": ["a@b.it"] * 6},
        {"webhook_url": "javascript:alert(1)"},
        {"errors": 0},
        {"sms": "1"},
        [],
    ],
}


def cases(table: dict[str, list[Any]]) -> list[tuple[str, Any]]:
    return [(key, value) for key, values in table.items() for value in values]


def test_every_setting_has_a_sentence_and_cases() -> None:
    assert set(Settings.model_fields) == set(SENTENCES) == set(VALID) == set(INVALID)


@pytest.mark.parametrize(("key", "value"), cases(VALID))
def test_valid_values_are_taken_and_survive_the_database(key: str, value: Any) -> None:
    settings, errors = changed(Settings(), {key: value})
    assert errors == {}
    assert settings is not None
    assert settings.model_dump(mode="json")[key] == value
    assert Settings.from_stored(settings.to_stored()) == settings


@pytest.mark.parametrize(("key", "value"), cases(INVALID))
def test_invalid_values_are_refused_with_a_sentence(key: str, value: Any) -> None:
    settings, errors = changed(Settings(), {key: value, "archive": errors_of(key)})
    assert settings is None
    assert errors[key] == SENTENCES[key]
    assert {name.partition(".")[0] for name in errors} == {key}


@pytest.mark.parametrize(
    ("value", "fields"),
    [
        ({"emails": ["nobody", "b@b"]}, ["emails"]),
        ({"emails": "anna@example.com"}, ["emails"]),
        ({"webhook_url": "example.com"}, ["webhook_url"]),
        ({"errors": "ten"}, ["errors"]),
        ({"emails": ["x"], "webhook_url": "x", "errors": 0}, ["emails", "webhook_url", "errors"]),
        ({"sms": "1"}, []),
        ([], []),
    ],
)
def test_each_wrong_field_of_the_alerts_has_its_own_sentence(value: Any, fields: list[str]) -> None:
    _, errors = changed(Settings(), {"alerts": value})
    del errors["alerts"]
    assert errors == {f"alerts.{name}": FIELD_SENTENCES[f"alerts.{name}"] for name in fields}
    assert len(set(errors.values())) == len(fields)


def test_every_field_with_a_sentence_is_one() -> None:
    assert set(FIELD_SENTENCES) == {f"alerts.{name}" for name in Alerts.model_fields}


def errors_of(key: str) -> Any:
    """A valid value for another key, so that nothing else is refused."""
    return 0 if key == "archive" else True


def test_an_unknown_key_is_named() -> None:
    assert changed(Settings(), {"colour": "red"}) == (None, {"colour": UNKNOWN})


def test_what_is_left_out_keeps_its_value() -> None:
    before = Settings(require_payment=True)
    after, _ = changed(before, {"cool_off_minutes": 5})
    assert after == Settings(require_payment=True, cool_off_minutes=5)


def test_what_an_older_version_stored_is_read() -> None:
    assert Settings.from_stored({}) == Settings()
    stored = {"schema": 0, "gone": 1, "retention_days": 1, "require_payment": True}
    assert Settings.from_stored(stored) == Settings(require_payment=True)
