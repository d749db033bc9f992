"""The adapter against the reference WMS: every verb, each revision taken once."""

import uuid
from datetime import UTC, datetime

import pytest
from reference import document, finished, key, reference_of, until

from app.errors import Rejected
from app.wms.base import CancelLine, CancelRequest, encode_batch
from app.wms.callbacks import verify
from app.wms.results import match_results

SECRET = "whsec_c2VjcmV0IG9mIHR3byBkb3plbiBieXRlcw=="


def test_connection(api):
    info = api.connection()
    assert (info.account, info.system.name) == ("ACME", "Reference WMS")
    assert (info.max_batch, info.default_warehouse) == (10, "WH")
    assert info.capabilities.cancel
    assert info.capabilities.callbacks
    assert [carrier.code for carrier in info.carriers] == ["demopost", "rapido"]


def test_a_batch_at_once(reference, api):
    reference.call("PUT", "settings", {"mode": "sync"})
    answer = api.send_batch(key(), encode_batch([document(1), document(2, sku="UNKNOWN-1")]))
    good, bad = answer.results
    assert (good.accepted, good.status, bad.rejected) == (True, "created", True)
    assert (bad.problem.code, bad.problem.title) == ("sku-unknown", "Unknown SKU")
    assert "UNKNOWN-1" in bad.problem.detail
    assert answer.job_id


def test_a_batch_by_job(reference, api):
    documents = [document(number) for number in range(10)]
    answer = api.send_batch(key(), encode_batch(documents))
    assert answer.results is None
    job = finished(api, answer.job_id)
    sent = [(one["external_id"], one["revision"]) for one in documents]
    found, missing = match_results(sent, job.results)
    assert (job.status, job.progress.done, missing) == ("succeeded", 10, [])
    assert all(result.accepted for result in found.values())
    page = api.job_log(answer.job_id)
    assert {item.external_id for item in page.items} >= {one["external_id"] for one in documents}
    order = api.by_ref(reference_of(3))
    assert (order.revision, order.state, order.job_id) == (1, "picking", answer.job_id)


def test_a_long_log_is_read_page_by_page(api):
    answer = api.send_batch(key(), encode_batch([document(number) for number in range(10)]))
    finished(api, answer.job_id)
    seen, cursor = [], ""
    while True:
        page = api.job_log(answer.job_id, cursor)
        seen += [item.seq for item in page.items]
        if not (cursor := page.next_cursor):
            break
    assert seen == sorted(set(seen))


def test_an_order_inside_a_job_is_received_and_unknown_ones_are_none(reference, api):
    reference.call("PUT", "settings", {"hold_jobs": True})
    answer = api.send_batch(key(), encode_batch([document(1)]))
    waiting = api.by_ref(reference_of(1))
    assert (waiting.state, waiting.job_id) == ("received", answer.job_id)
    assert not api.job(answer.job_id).finished
    assert api.by_ref(reference_of(99)) is None
    reference.call("POST", "jobs/release")
    assert finished(api, answer.job_id).status == "succeeded"


def test_the_same_bytes_under_the_same_key_change_nothing(reference, api):
    again, body = key(), encode_batch([document(1), document(2)])
    first = api.send_batch(again, body)
    finished(api, first.job_id)
    assert api.send_batch(again, body) == first
    assert sorted(reference.applied()) == [(reference_of(1), 1), (reference_of(2), 1)]


def test_other_bytes_under_the_same_key(api):
    same = key()
    finished(api, api.send_batch(same, encode_batch([document(1)])).job_id)
    with pytest.raises(Rejected) as caught:
        api.send_batch(same, encode_batch([document(2)]))
    assert caught.value.code == "idempotency-mismatch"


def test_one_order_too_many(api):
    with pytest.raises(Rejected) as caught:
        api.send_batch(key(), encode_batch([document(number) for number in range(11)]))
    assert caught.value.code == "batch-too-large"


def test_a_revision_and_its_repetitions(reference, api):
    reference.call("PUT", "settings", {"mode": "sync"})

    def send(*arguments, **more):
        result = api.send_batch(key(), encode_batch([document(*arguments, **more)])).results[0]
        return result.status, result.problem and result.problem.code

    assert send(1) == ("created", None)
    assert send(1) == ("duplicate", None)
    assert send(1, 1, quantity=5) == ("rejected", "revision-conflict")
    assert send(1, 2, quantity=5) == ("updated", None)
    assert send(1, 1) == ("duplicate", None)
    assert reference.applied() == [(reference_of(1), 1), (reference_of(1), 2)]


def test_a_refused_order_may_come_again_once_mended(reference, api):
    reference.call("PUT", "settings", {"mode": "sync"})
    body = encode_batch([document(1, sku="UNKNOWN-1")])
    assert api.send_batch(key(), body).results[0].rejected
    refused = api.by_ref(reference_of(1))
    assert (refused.state, refused.issues[0].code) == ("rejected", "sku-unknown")
    reference.call("PUT", "settings", {"unknown_skus": []})
    assert api.send_batch(key(), body).results[0].accepted


def test_cancellations(reference, api):
    reference.call("PUT", "settings", {"mode": "sync"})
    api.send_batch(key(), encode_batch([document(1), document(2)]))
    part = CancelRequest(
        external_id=reference_of(1),
        revision=1,
        initiator="customer",
        reason="One is enough",
        lines=[CancelLine(line_id="gid://shopify/LineItem/1", cancelled_quantity=1)],
    )
    whole = CancelRequest(external_id=reference_of(2), revision=1, reason="Out of business")
    for _ in range(2):
        assert api.cancel(part).outcome == "partially_cancelled"
        assert api.cancel(whole).outcome == "cancelled"
    assert api.by_ref(reference_of(2)).state == "cancelled"


def test_a_cancellation_inside_a_job_is_pending(reference, api):
    reference.call("PUT", "settings", {"hold_jobs": True})
    api.send_batch(key(), encode_batch([document(1)]))
    whole = CancelRequest(external_id=reference_of(1), revision=1)
    assert api.cancel(whole).outcome == "pending"


def test_a_cancellation_that_comes_too_late(reference, api):
    reference.call("PUT", "settings", {"mode": "sync"})
    api.send_batch(key(), encode_batch([document(1)]))
    packed = {"external_id": reference_of(1), "state": "packed"}
    reference.call("PUT", "orders/state", packed)
    with pytest.raises(Rejected) as caught:
        api.cancel(CancelRequest(external_id=reference_of(1), revision=1))
    assert caught.value.code == "too-late"


def test_a_cancellation_of_what_never_came(api):
    with pytest.raises(Rejected) as caught:
        api.cancel(CancelRequest(external_id=reference_of(1), revision=1))
    assert caught.value.code == "not-found"


def test_a_job_that_nobody_knows(api):
    for ask in (api.job, api.job_log):
        with pytest.raises(Rejected) as caught:
            ask(str(uuid.uuid4()))
        assert caught.value.code == "not-found"


def test_callbacks_are_delivered_signed(api, wire):
    mailbox = wire(b"HTTP/1.1 204 No Content\r\n\r\n")
    api.put_callbacks(f"{mailbox.url}/hook", SECRET, ["job.finished"])
    answer = api.send_batch(key(), encode_batch([document(1)]))
    until(lambda: mailbox.requests)
    head, _, body = mailbox.requests[0].partition(b"\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    event = verify(body, headers, [SECRET], datetime.now(UTC))
    assert (event.type, event.data) == ("job.finished", {"job_id": answer.job_id})
    with pytest.raises(Rejected):
        verify(body, headers, ["whsec_b3RoZXI="], datetime.now(UTC))


def test_the_warehouse_sees_the_bytes_it_was_sent(reference, api):
    api.send_batch("0d1f", encode_batch([document(1), document(2)]))
    entry = next(one for one in reference.requests() if one["method"] == "POST")
    assert (entry["key"], entry["status"]) == ("0d1f", 202)
    assert [tuple(order) for order in entry["orders"]] == [
        (reference_of(1), 1),
        (reference_of(2), 1),
    ]
