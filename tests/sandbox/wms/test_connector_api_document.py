"""The OpenAPI document itself: valid, complete, and kept by the reference WMS under odd input."""

import copy

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warehouse import Client, Warehouse, order

from tests.contract import Contract

POINTS = {
    "/connection": {"get"},
    "/orders/batch": {"post"},
    "/orders/by-ref": {"get"},
    "/orders/cancel": {"post"},
    "/orders/hold": {"post"},
    "/orders/release": {"post"},
    "/orders/sla": {"post"},
    "/jobs/{id}": {"get"},
    "/jobs/{id}/log": {"get"},
    "/shipments": {"get"},
    "/inventory": {"get"},
    "/returns": {"get", "post"},
    "/cancellations": {"get"},
    "/callbacks": {"put"},
}
DOCUMENT = Contract().document
OPERATIONS = [
    operation.ok() for operation in schemathesis.openapi.from_dict(DOCUMENT).get_all_operations()
]


def test_the_document_is_valid() -> None:
    schemathesis.openapi.from_dict(DOCUMENT).validate()
    broken = copy.deepcopy(DOCUMENT)
    del broken["info"]
    with pytest.raises(Exception, match="info"):
        schemathesis.openapi.from_dict(broken).validate()


def test_the_document_covers_every_point() -> None:
    assert {path: set(methods) for path, methods in DOCUMENT["paths"].items()} == POINTS
    assert "callback" in DOCUMENT["webhooks"]


def test_an_order_as_the_tests_send_it_is_what_the_document_asks_for() -> None:
    Contract().validate({"$ref": "#/components/schemas/Order"}, order())


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_generated_requests_get_answers_the_document_knows(
    warehouse: Warehouse, client: Client, operation: schemathesis.schemas.APIOperation
) -> None:
    @given(case=operation.as_strategy())
    @settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
    def ask(case: schemathesis.Case) -> None:
        wanted = case.as_transport_kwargs(base_url=client.base)
        wanted["headers"]["Authorization"] = f"Bearer {client.token}"
        answer = warehouse.http.request(**wanted)
        assert answer.status_code < 500 or answer.status_code == 501
        client.contract.check(answer)

    ask()


@given(
    raw=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_document_breaks_a_batch(client: Client, raw: object) -> None:
    results = client.results(raw)
    assert [item["status"] for item in results] == ["rejected"]
