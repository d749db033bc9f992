"""The values forgive what a later contract may add, and refuse what makes no sense."""

import json

import pytest
from pydantic import ValidationError

from app.wms.base import (
    BatchAnswer,
    CancelRequest,
    ConnectionInfo,
    Job,
    OrderResult,
    WmsOrder,
    encode_batch,
)
from app.wms.problems import ADVICE, explain, words
from app.wms.results import match_results
from app.wms.values import Problem

CONTRACT_CODES = {
    "sku-unknown",
    "warehouse-unknown",
    "out-of-stock",
    "address-invalid",
    "duplicate",
    "too-late",
    "revision-conflict",
    "unsupported",
    "rate-limited",
    "invalid",
}


def result(external_id="A", revision=1, status="created", **more):
    return OrderResult(external_id=external_id, revision=revision, status=status, **more)


def test_a_connection_needs_only_its_account():
    info = ConnectionInfo.model_validate_json('{"account": "ACME"}')
    assert (info.max_batch, info.capabilities.callbacks, info.default_warehouse) == (10, False, "")


def test_a_connection_ignores_what_it_does_not_know_and_takes_null_for_absent():
    info = ConnectionInfo.model_validate(
        {
            "account": "ACME",
            "carriers": None,
            "max_batch": None,
            "colour": "blue",
            "capabilities": {"cancel": True, "teleport": True, "inventory_keys": ["sku"]},
            "warehouses": [{"code": "A"}, {"code": "B", "default": True, "size": 3}],
        }
    )
    assert info.capabilities.cancel
    assert info.default_warehouse == "B"
    assert (info.carriers, info.max_batch) == ([], 10)


@pytest.mark.parametrize(("given", "kept"), [(1, 1), (100, 100), (5000, 100)])
def test_a_batch_is_never_above_a_hundred(given, kept):
    assert ConnectionInfo(account="A", max_batch=given).max_batch == kept


@pytest.mark.parametrize("document", [{}, {"account": ""}, {"account": "A", "max_batch": 0}])
def test_a_connection_without_an_account_or_room_is_none(document):
    with pytest.raises(ValidationError):
        ConnectionInfo.model_validate(document)


def test_values_are_frozen():
    with pytest.raises(ValidationError, match="frozen"):
        result().status = "rejected"


@pytest.mark.parametrize(
    ("status", "accepted", "rejected"),
    [
        ("created", True, False),
        ("updated", True, False),
        ("duplicate", True, False),
        ("created_with_issues", True, False),
        ("rejected", False, True),
        ("postponed", False, False),
    ],
)
def test_a_result_is_accepted_rejected_or_unheard_of(status, accepted, rejected):
    assert (result(status=status).accepted, result(status=status).rejected) == (accepted, rejected)


@pytest.mark.parametrize(
    ("status", "finished"),
    [
        ("queued", False),
        ("running", False),
        ("succeeded", True),
        ("partial", True),
        ("failed", True),
        ("paused", False),
    ],
)
def test_a_job_ends_only_in_a_state_we_know(status, finished):
    assert Job(id="j", status=status).finished is finished


def test_one_senseless_result_does_not_spoil_the_others():
    good = {"external_id": "A", "revision": 1, "status": "created"}
    answer = BatchAnswer.model_validate({"results": [good, {"external_id": "B"}, 7, None]})
    assert answer.results == [result()]


def test_issues_may_be_texts_or_problems():
    order = WmsOrder.model_validate(
        {
            "external_id": "A",
            "revision": 1,
            "state": "picking",
            "issues": ["late", {"code": "out-of-stock"}],
        }
    )
    assert [(issue.title, issue.code) for issue in order.issues] == [
        ("late", ""),
        ("", "out-of-stock"),
    ]


def test_a_cancellation_of_everything_names_no_lines():
    assert CancelRequest(external_id="A", revision=2).lines is None


def test_the_same_documents_give_the_same_bytes():
    one = encode_batch([{"number": "#1001", "name": "Zoë"}])
    other = encode_batch([{"name": "Zoë", "number": "#1001"}])
    assert one == other == '{"orders":[{"name":"Zoë","number":"#1001"}]}'.encode()


def test_a_text_cut_inside_an_emoji_can_be_sent():
    assert json.loads(encode_batch([{"note": "hello \ud83d"}])) == {"orders": [{"note": "hello ?"}]}


def test_a_number_that_json_lacks_is_refused():
    with pytest.raises(ValueError, match="JSON"):
        encode_batch([{"amount": float("nan")}])


def test_results_are_paired_with_what_was_sent():
    sent = [("A", 1), ("B", 2), ("C", 1), ("D", 1), ("E", 1)]
    came = [
        result("A"),
        result("A"),
        result("B", 1),
        result("D", 1),
        result("D", 1, "rejected"),
        result("E", 1, "postponed"),
        result("X"),
    ]
    found, missing = match_results(sent, came)
    assert found == {("A", 1): result("A")}
    assert missing == [("B", 2), ("C", 1), ("D", 1), ("E", 1)]


def test_every_code_of_the_contract_has_a_sentence():
    assert set(ADVICE) == CONTRACT_CODES


def test_the_words_of_the_wms_are_quoted():
    problem = Problem(code="sku-unknown", title="Unknown SKU", detail="No\nSKU TS-M\x00 here")
    assert explain(problem) == (
        "The warehouse doesn't know a SKU of this order. It says: “No SKU TS-M here”"
        " Add it there, then send again."
    )


def test_a_refusal_without_words_or_with_a_new_code_still_says_what_to_do():
    sentence = "Mend what it names, or ask its support, then send again."
    assert explain(None).endswith(sentence)
    assert explain(Problem(code="moon-phase")).endswith(sentence)


def test_a_quote_loses_its_control_signs_and_keeps_what_joins_letters():
    assert words(Problem(detail="\u202eA\x00B\n C 👩\u200d👧 می\u200cخواهم")) == (
        "AB C 👩\u200d👧 می\u200cخواهم"
    )


def test_a_long_text_is_cut():
    assert len(words(Problem(detail="x" * 9000))) == 500
