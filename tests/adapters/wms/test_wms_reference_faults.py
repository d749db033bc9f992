"""The adapter against a reference WMS that fails: no order is doubled, none taken for settled."""

import pytest
from reference import document, finished, key, reference_of, until

from app.errors import Rejected, TryLater, Uncertain
from app.wms.base import CancelRequest, encode_batch


@pytest.mark.parametrize("fault", ["drop_after", "garbage", "huge"])
def test_an_answer_lost_after_the_fact_is_settled_by_repeating(reference, api, fault):
    same, body = key(), encode_batch([document(1)])
    reference.faults("batch", fault)
    with pytest.raises(Uncertain):
        api.send_batch(same, body)
    finished(api, api.send_batch(same, body).job_id)
    assert reference.applied() == [(reference_of(1), 1)]


def test_an_answer_lost_after_the_fact_is_settled_by_looking(reference, api):
    reference.faults("batch", "drop_after")
    with pytest.raises(Uncertain):
        api.send_batch(key(), encode_batch([document(1)]))
    assert until(lambda: api.by_ref(reference_of(1)).state == "picking")


def test_an_answer_that_drips_is_settled_by_repeating(reference, api, connect):
    target = reference.connector
    hasty = connect(target["app_url"], target["token"], timeout=0.3)
    same, body = key(), encode_batch([document(1)])
    reference.faults("batch", "slow_drip", 10)
    with pytest.raises(Uncertain):
        hasty.send_batch(same, body)
    until(reference.applied)
    finished(api, api.send_batch(same, body).job_id)
    assert reference.applied() == [(reference_of(1), 1)]


def test_a_request_lost_before_the_fact_never_happened(reference, api):
    reference.faults("batch", "drop_before")
    with pytest.raises(Uncertain):
        api.send_batch(key(), encode_batch([document(1)]))
    assert api.by_ref(reference_of(1)) is None


@pytest.mark.parametrize("where", ["connection", "by-ref", "job"])
@pytest.mark.parametrize("fault", ["drop_before", "drop_after"])
def test_a_lost_answer_to_a_question_is_asked_again(reference, api, where, fault):
    ask = {
        "connection": api.connection,
        "by-ref": lambda: api.by_ref("A"),
        "job": lambda: api.job("j"),
    }[where]
    reference.faults(where, fault)
    with pytest.raises(TryLater):
        ask()


@pytest.mark.parametrize(
    ("do", "value", "error", "wait"),
    [
        ("status", {"status": 503, "retry_after": 7}, TryLater, 7),
        ("status", {"status": 429, "retry_after": 7}, TryLater, 7),
        ("status", {"status": 502, "retry_after": 7}, Uncertain, 7),
        ("status", 500, Uncertain, 0),
        ("status", 504, Uncertain, 0),
        ("status", 400, Rejected, None),
        ("redirect", None, Rejected, None),
    ],
)
def test_what_a_fault_of_a_batch_means(reference, api, do, value, error, wait):
    reference.faults("batch", do, value)
    with pytest.raises(error) as caught:
        api.send_batch(key(), encode_batch([document(1)]))
    assert type(caught.value) is error
    assert getattr(caught.value, "wait", None) == wait
    assert reference.applied() == []


@pytest.mark.parametrize("do", ["garbage", "huge", "redirect"])
def test_a_connection_that_is_not_the_contract(reference, api, do):
    reference.faults("connection", do)
    with pytest.raises(Rejected) as caught:
        api.connection()
    assert caught.value.code == "not-the-contract"


def test_a_lost_cancellation_may_be_repeated(reference, api):
    reference.call("PUT", "settings", {"mode": "sync"})
    api.send_batch(key(), encode_batch([document(1)]))
    reference.faults("cancel", "drop_after")
    whole = CancelRequest(external_id=reference_of(1), revision=1)
    with pytest.raises(Uncertain):
        api.cancel(whole)
    assert api.cancel(whole).outcome == "cancelled"


def test_wrong_tokens_rotated_tokens_and_closed_doors(reference, api, connect):
    target = reference.connector
    with pytest.raises(Rejected) as caught:
        connect(target["app_url"], "wrong").connection()
    assert caught.value.code == "token-refused"
    reference.call("POST", f"connectors/{target['id']}/rotate-token")
    with pytest.raises(Rejected) as caught:
        api.send_batch(key(), encode_batch([document(1)]))
    assert caught.value.code == "token-refused"
    assert reference.applied() == []


def test_a_connector_that_is_switched_off_or_gone(reference, api, connect):
    target = f"connectors/{reference.connector['id']}"
    reference.call("PATCH", target, {"enabled": False})
    with pytest.raises(Rejected) as caught:
        api.connection()
    assert caught.value.code == "token-forbidden"
    with pytest.raises(Rejected) as caught:
        connect(f"{reference.url}/c/none").by_ref("A")
    assert caught.value.code == "not-the-contract"
