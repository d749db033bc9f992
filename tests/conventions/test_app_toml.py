"""``shopify.app.toml`` asks for what the app uses, and each webhook topic has a handler."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from app.shopify import tokens
from app.sync.inbox import HANDLERS
from app.web.settings_access import SCOPES
from sandbox.shopify.schema_build import full_schema

ROOT = Path(__file__).parents[2]
PATH = ROOT / "shopify.app.toml"
SUBSCRIPTION = "[[webhooks.subscriptions]]"

REQUIRED_SCOPES = {each.handle for each in SCOPES if not each.optional}
OPTIONAL_SCOPES = {each.handle for each in SCOPES if each.optional}
COMPLIANCE = {"customers/data_request", "customers/redact", "shop/redact"}


@pytest.fixture(scope="module")
def config() -> dict[str, Any]:
    return tomllib.loads(PATH.read_text("utf-8"))


@pytest.fixture(scope="module")
def subscriptions(config) -> list[dict[str, Any]]:
    return config["webhooks"]["subscriptions"]


@pytest.fixture(scope="module")
def topics(subscriptions) -> list[str]:
    return [topic for each in subscriptions for topic in each.get("topics", [])]


def handlers() -> list[str | None]:
    """Return the handler noted right above each subscription, in the file's order."""
    lines = [line.strip() for line in PATH.read_text("utf-8").splitlines()]
    above = [lines[number - 1] for number, line in enumerate(lines) if line == SUBSCRIPTION]
    notes = [re.fullmatch(r"# handled by (\w+)", line) for line in above]
    return [note and note[1] for note in notes]


def test_the_scopes_are_those_whose_use_the_app_tells(config):
    access = config["access_scopes"]
    assert set(access["scopes"].split(",")) == REQUIRED_SCOPES == set(tokens.SCOPES)
    assert set(access["optional_scopes"]) == OPTIONAL_SCOPES
    assert access["use_legacy_install_flow"] is False


def test_the_address_of_sign_in_belongs_to_the_app(config):
    assert config["auth"]["redirect_urls"] == [f"{config['application_url']}/auth/callback"]


def test_every_subscription_names_its_handler(subscriptions):
    assert len(handlers()) == len(subscriptions)
    assert None not in handlers()


def test_every_topic_is_handled_as_its_note_says(subscriptions):
    noted = {
        topic: handler
        for each, handler in zip(subscriptions, handlers(), strict=True)
        for topic in (*each.get("topics", []), *each.get("compliance_topics", []))
    }
    assert {topic: handler.__name__ for topic, handler in HANDLERS.items()} == noted


def test_every_subscription_arrives_at_the_one_address(subscriptions):
    assert {each["uri"] for each in subscriptions} == {"/webhooks"}


def test_no_topic_is_subscribed_twice(subscriptions, topics):
    compliance = [topic for each in subscriptions for topic in each.get("compliance_topics", [])]
    assert len(topics) == len(set(topics))
    assert sorted(compliance) == sorted(COMPLIANCE)


def test_every_topic_is_one_of_shopify_s(topics):
    known = full_schema().type_map["WebhookSubscriptionTopic"].values
    unknown = [topic for topic in topics if constant(topic) not in known]
    assert unknown == []


def test_every_topic_is_open_to_the_scopes(topics):
    values = full_schema().type_map["WebhookSubscriptionTopic"].values
    granted = REQUIRED_SCOPES | {scope.replace("write_", "read_") for scope in REQUIRED_SCOPES}
    closed = {
        topic: required_scopes(values[constant(topic)].description)
        for topic in topics
        if not allowed(required_scopes(values[constant(topic)].description), granted)
    }
    assert closed == {}


def constant(topic: str) -> str:
    """Return a topic as the schema spells it."""
    return topic.upper().replace("/", "_")


def required_scopes(description: str) -> set[str]:
    """Return the scopes of which a topic needs one, from the sentence in its description."""
    _, _, sentence = description.partition("Requires")
    return set(re.findall(r"\b(?:read|write)_\w+", sentence))


def allowed(required: set[str], granted: set[str]) -> bool:
    """Say whether one of the required scopes is granted, or none is required."""
    return not required or bool(required & granted)
