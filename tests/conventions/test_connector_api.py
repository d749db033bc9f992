"""The connector API's document: sound, whole, and of one mind with the code."""

import copy
from collections.abc import Callable, Iterator
from typing import Any

import jsonschema_rs
import pytest
import schemathesis

from app.sync.registration import _EVENTS
from app.wms.account import Capabilities, ConnectionInfo
from app.wms.conformance.callbacks import TYPES
from app.wms.conformance.wire import CODES
from app.wms.problems import ADVICE
from tests.contract import Contract

DOCUMENT = Contract().document
SCHEMAS = DOCUMENT["components"]["schemas"]
OPERATIONS = {
    operation["operationId"]: operation
    for methods in DOCUMENT["paths"].values()
    for operation in methods.values()
}
EVERYWHERE = {"401", "403", "429", "default"}
LACKABLE = {"cancelOrder", "holdOrder", "releaseOrder", "setShipBy", "inventory", "returns"}
LACKABLE |= {"announceReturn", "cancellations", "setCallbacks"}


def test_it_is_a_valid_openapi_document() -> None:
    assert DOCUMENT["openapi"] == "3.1.0"
    schemathesis.openapi.from_dict(DOCUMENT).validate()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda it: it.pop("info"),
        lambda it: it["paths"]["/connection"]["get"].update(responses=3),
        lambda it: it["paths"]["/orders/by-ref"]["get"]["parameters"][0].pop("in"),
        lambda it: it["webhooks"]["callback"]["post"].update(requestBody={}),
    ],
    ids=["no info", "responses", "parameter", "webhook"],
)
def test_an_invalid_one_would_be_noticed(spoil: Callable[[Any], Any]) -> None:
    spoil(spoilt := copy.deepcopy(DOCUMENT))
    with pytest.raises(Exception, match=r".+"):
        schemathesis.openapi.from_dict(spoilt).validate()


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema_is_one(name: str) -> None:
    jsonschema_rs.meta.validate(
        {"$schema": "https://json-schema.org/draft/2020-12/schema", **SCHEMAS[name]}
    )


def test_what_is_referred_to_is_there_and_what_is_there_is_referred_to() -> None:
    named = set(references(DOCUMENT))
    there = {
        f"#/components/{kind}/{name}"
        for kind, parts in DOCUMENT["components"].items()
        for name in parts
        if kind != "securitySchemes"
    }
    assert named == there


def test_every_operation_says_how_it_refuses() -> None:
    for name, operation in OPERATIONS.items():
        responses = set(operation["responses"])
        assert responses >= EVERYWHERE, name
        assert ("501" in responses) == (name in LACKABLE), name
    bodies = [name for name, operation in OPERATIONS.items() if "requestBody" in operation]
    assert all({"422"} <= set(OPERATIONS[name]["responses"]) for name in bodies)
    feeds = ("shipments", "inventory", "returns", "cancellations", "jobLog")
    assert all("410" in OPERATIONS[name]["responses"] for name in feeds)
    assert "413" in OPERATIONS["sendOrders"]["responses"]


def test_the_code_knows_the_codes_types_and_capabilities_of_the_document() -> None:
    codes = SCHEMAS["Code"]["x-extensible-enum"]
    assert list(CODES) == codes
    assert set(ADVICE) == set(codes)
    assert list(TYPES) == SCHEMAS["EventType"]["x-extensible-enum"]
    assert set(_EVENTS) <= set(TYPES)
    connection = SCHEMAS["Connection"]
    assert set(connection["required"]) == set(ConnectionInfo.model_fields)
    capabilities = connection["properties"]["capabilities"]
    assert set(capabilities["required"]) == set(Capabilities.model_fields)
    assert set(capabilities["properties"]) == set(Capabilities.model_fields)


def test_every_callback_type_has_its_data() -> None:
    by_type = {
        rule["if"]["properties"]["type"]["const"]: rule["then"]["properties"]["data"]["$ref"]
        for rule in SCHEMAS["Callback"]["allOf"]
    }
    assert set(by_type) == set(TYPES)


def test_a_callback_is_signed_as_standard_webhooks_lays_down() -> None:
    post = DOCUMENT["webhooks"]["callback"]["post"]
    headers = {each["name"] for each in post["parameters"] if each["required"]}
    assert headers == {"webhook-id", "webhook-timestamp", "webhook-signature"}


def references(part: Any) -> Iterator[str]:
    """Every reference in a part of the document."""
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        part = list(part.values())
    if isinstance(part, list):
        for each in part:
            yield from references(each)
