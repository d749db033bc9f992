"""What each answer of a WMS means: statuses, problems, waits, shapes."""

import json
from datetime import UTC, datetime

import pytest
import requests
import responses
from urllib3.exceptions import HTTPError
from wire import TOKEN

from app.errors import Rejected, TryLater, Uncertain
from app.wms.answers import retry_after
from app.wms.base import CancelRequest, encode_batch
from app.wms.problems import ADVICE

BASE = "https://wms.example.com/c/1"
BODY = encode_batch([{"external_id": "A", "revision": 1}])
CREATED = {"external_id": "A", "revision": 1, "status": "created", "wms_id": "W-1"}
ROUTES = {
    "connection": ("GET", "/connection", lambda api: api.connection()),
    "batch": ("POST", "/orders/batch", lambda api: api.send_batch("key", BODY)),
    "by-ref": ("GET", "/orders/by-ref", lambda api: api.by_ref("A")),
    "cancel": ("POST", "/orders/cancel", lambda api: api.cancel(CANCEL)),
    "job": ("GET", "/jobs/j", lambda api: api.job("j")),
    "log": ("GET", "/jobs/j/log", lambda api: api.job_log("j")),
    "callbacks": ("PUT", "/callbacks", lambda api: api.put_callbacks("https://x", "s", ["a"])),
    "feed": ("GET", "/cancellations", lambda api: api.feed("cancellations")),
}
CANCEL = CancelRequest(external_id="A", revision=1, reason="changed their mind")
WRITES = {"batch", "cancel"}
FOREIGN = [
    requests.RequestException,
    requests.Timeout,
    requests.ReadTimeout,
    requests.ConnectTimeout,
    requests.ConnectionError,
    requests.TooManyRedirects,
    requests.exceptions.SSLError,
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidHeader,
    requests.exceptions.ChunkedEncodingError,
    requests.exceptions.ContentDecodingError,
    HTTPError,
    TimeoutError,
    ValueError,
]


@pytest.fixture
def ask(connect):
    """Ask for something while the WMS gives a canned answer; returns what came of it."""
    api = connect(BASE, allowed_hosts=frozenset())

    def put(verb, status=200, document=None, **options):
        method, path, call = ROUTES[verb]
        body = document if isinstance(document, str | bytes) else json.dumps(document)
        with responses.RequestsMock() as canned:
            canned.add(method, f"{BASE}/v1{path}", body=body, status=status, **options)
            if status == 404 and verb != "connection":
                canned.add("GET", f"{BASE}/v1/connection", json={"account": "ACME"})
            return call(api)

    return put


def refused(ask, verb, status, document=None, **options):
    with pytest.raises((Rejected, TryLater, Uncertain)) as caught:
        ask(verb, status, document, **options)
    error = caught.value
    assert str(status) not in error.message
    assert TOKEN not in error.message
    assert error.message.endswith(".")
    return error


def problem(code="", detail="", **more):
    return {"type": "about:blank", "title": "No", "code": code, "detail": detail} | more


@pytest.mark.parametrize("verb", ROUTES)
@pytest.mark.parametrize(
    ("status", "code", "begins"),
    [
        (401, "token-refused", "Token refused. Copy it again from the connector's page."),
        (403, "token-forbidden", "Token not allowed."),
        (413, "batch-too-large", "The warehouse took none of these orders."),
        (501, "unsupported", "The warehouse can't do this."),
        (400, "invalid", "The warehouse refused this."),
        (418, "invalid", "The warehouse refused this."),
    ],
)
def test_a_definite_no(ask, verb, status, code, begins):
    error = refused(ask, verb, status, problem())
    assert (type(error), error.code) == (Rejected, code)
    assert error.message.startswith(begins)


@pytest.mark.parametrize("verb", ROUTES)
@pytest.mark.parametrize("status", [408, 429, 503])
def test_a_not_now(ask, verb, status):
    error = refused(ask, verb, status, problem(), headers={"Retry-After": "7"})
    assert (type(error), error.wait) == (TryLater, 7)
    assert error.counts is (status != 429)


@pytest.mark.parametrize("verb", ROUTES)
@pytest.mark.parametrize("status", [500, 502, 504, 520])
def test_a_fault_leaves_writes_uncertain(ask, verb, status):
    error = refused(ask, verb, status, "<html>Bad gateway</html>", headers={"Retry-After": "7"})
    assert type(error) is (Uncertain if verb in WRITES else TryLater)
    assert error.wait == 7
    assert getattr(error, "wait", 7) == 7


@pytest.mark.parametrize("code", ADVICE)
def test_the_codes_of_the_contract_keep_their_names(ask, code):
    error = refused(ask, "batch", 422, problem(code, "TS-M is odd"))
    assert (type(error), error.code) == (Rejected, code)
    assert "“TS-M is odd”" in error.message


def test_a_code_we_do_not_know_keeps_its_words(ask):
    error = refused(ask, "cancel", 409, problem("moon-phase", "Wait for the new moon"))
    assert error.code == "invalid"
    assert "Wait for the new moon" in error.message


def test_words_that_echo_the_token_lose_it(ask):
    error = refused(ask, "batch", 400, problem("invalid", f"Bad token {TOKEN}"))
    assert "Bad token [token]" in error.message


@pytest.mark.parametrize(
    ("verb", "code"),
    [
        ("connection", "not-the-contract"),
        ("batch", "not-the-contract"),
        ("callbacks", "not-the-contract"),
        ("feed", "not-the-contract"),
        ("job", "not-found"),
        ("log", "not-found"),
        ("cancel", "not-found"),
    ],
)
def test_nothing_there(ask, verb, code):
    error = refused(ask, verb, 404, problem("invalid", "No such thing"))
    assert (type(error), error.code) == (Rejected, code)


@pytest.mark.parametrize("verb", ["batch", "callbacks", "feed"])
def test_an_operation_that_is_not_there_is_named_where_the_address_is_right(ask, verb):
    method, path, _ = ROUTES[verb]
    error = refused(ask, verb, 404, problem("invalid", "No such thing"))
    assert f" {method} {path}, " in error.message
    assert "must answer with 501" in error.message
    assert "Check the app URL" not in error.message


@pytest.mark.parametrize("path", ["/connection", "/orders/by-ref"])
def test_an_app_url_that_ends_in_the_version_is_told_to_leave_it_out(connect, path):
    api = connect(f"{BASE}/v1/")
    with responses.RequestsMock(assert_all_requests_are_fired=False) as canned:
        for each in ("/connection", "/orders/by-ref"):
            canned.add("GET", f"{BASE}/v1/v1{each}", status=404, body="<html>No</html>")
        with pytest.raises(Rejected) as caught:
            next(call for _, there, call in ROUTES.values() if there == path)(api)
    assert caught.value.code == "not-the-contract"
    assert "Leave out the /v1 at the end of the app URL" in caught.value.message


@pytest.mark.parametrize("body", ["", "{}", json.dumps(problem("invalid"))])
def test_an_order_that_was_never_received(ask, body):
    assert ask("by-ref", 404, body) is None


def test_a_web_page_does_not_say_that_an_order_was_never_received(ask):
    error = refused(ask, "by-ref", 404, "<html>Not found</html>", content_type="text/html")
    assert (type(error), error.code) == (Rejected, "not-the-contract")
    assert " GET /orders/by-ref, " in error.message


@pytest.mark.parametrize("verb", sorted(set(ROUTES) - {"connection"}))
def test_a_wrong_address_knows_nothing_of_orders_or_operations(connect, verb):
    method, path, call = ROUTES[verb]
    api = connect(BASE)
    with responses.RequestsMock() as canned:
        canned.add(method, f"{BASE}/v1{path}", json=problem("invalid"), status=404)
        canned.add("GET", f"{BASE}/v1/connection", json=problem("invalid"), status=404)
        with pytest.raises(Rejected) as caught:
            call(api)
    assert caught.value.code == "not-the-contract"
    assert caught.value.message.endswith("Check the app URL.")


def test_an_address_that_has_answered_needs_no_second_look(connect):
    api = connect(BASE)
    known = {"external_id": "A", "revision": 1, "state": "picking"}
    with responses.RequestsMock() as canned:
        canned.add("GET", f"{BASE}/v1/orders/by-ref", json=known)
        canned.add("GET", f"{BASE}/v1/orders/by-ref", json=problem(), status=404)
        assert api.by_ref("A").revision == 1
        assert api.by_ref("A") is None
        assert len(canned.calls) == 2


def test_a_batch_still_running_under_its_key(ask):
    error = refused(ask, "batch", 409, problem("duplicate"), headers={"Retry-After": "1"})
    assert (type(error), error.wait) == (TryLater, 1)


@pytest.mark.parametrize("detail", ["This Idempotency-Key was used before", "idempotency mismatch"])
def test_other_content_under_the_same_key(ask, detail):
    assert refused(ask, "batch", 422, problem("invalid", detail)).code == "idempotency-mismatch"


@pytest.mark.parametrize("body", ["", "{}", json.dumps(problem("too-late", "Already picked"))])
def test_a_cancellation_that_comes_too_late(ask, body):
    error = refused(ask, "cancel", 409, body)
    assert (type(error), error.code) == (Rejected, "too-late")
    assert "Ask the warehouse" in error.message


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("", 0),
        ("0", 0),
        ("120", 120),
        (" 5 ", 5),
        ("-5", 0),
        ("1.5", 0),
        ("soon", 0),
        ("999999999", 3600),
        ("9" * 5000, 0),
        ("²", 0),
        ("Sat, 21 Nov 2026 10:01:30 GMT", 90),
        ("Sat, 21 Nov 2026 09:00:00 GMT", 0),
        ("Sun, 21 Nov 2027 10:00:00 GMT", 3600),
        ("Sat, 21 Nov 2026 10:01:30", 90),
        ("Sat, 99 Nov 2026 10:01:30 GMT", 0),
    ],
)
def test_retry_after(text, seconds):
    assert retry_after(text, datetime(2026, 11, 21, 10, tzinfo=UTC)) == seconds


def test_a_batch_done_at_once(ask):
    answer = ask("batch", 200, {"job": {"id": "j"}, "results": [CREATED]})
    assert answer.job_id == "j"
    assert [(one.wms_id, one.accepted) for one in answer.results] == [("W-1", True)]


def test_a_batch_that_runs_on(ask):
    answer = ask("batch", 202, {"job": {"id": "j"}})
    assert (answer.job_id, answer.results) == ("j", None)


def test_results_that_came_early_wait_for_the_job(ask):
    assert ask("batch", 202, {"job": {"id": "j"}, "results": [CREATED]}).results is None


@pytest.mark.parametrize(
    ("status", "document"),
    [
        (200, {}),
        (200, {"ok": True}),
        (200, {"results": "none"}),
        (200, "<html>Welcome</html>"),
        (202, {}),
        (202, {"job": "j"}),
        (202, {"job": {"id": ""}}),
        (202, {"results": [CREATED]}),
        (204, ""),
    ],
)
def test_a_garbled_yes_to_a_batch_leaves_it_open(ask, status, document):
    assert type(refused(ask, "batch", status, document)) is Uncertain


def test_a_garbled_yes_to_a_cancellation_leaves_it_open(ask):
    assert type(refused(ask, "cancel", 200, {"ok": True})) is Uncertain


@pytest.mark.parametrize("outcome", ["cancelled", "partially_cancelled", "pending", "new-word"])
def test_a_cancellation(ask, outcome):
    assert ask("cancel", 200, {"outcome": outcome}).outcome == outcome


@pytest.mark.parametrize(
    ("verb", "document", "names"),
    [
        ("connection", {"ok": True}, "its field account is missing or wrong"),
        ("connection", {"account": "A", "warehouses": [{}]}, "warehouses.0.code"),
        ("job", {"id": "j"}, "its field status"),
        ("log", {}, "its field items"),
        ("by-ref", {"external_id": "A"}, "its field revision"),
        ("by-ref", {"external_id": "B", "revision": 1, "state": "picking"}, "another order"),
        ("connection", "[]", "it isn't JSON of the right shape"),
    ],
)
def test_a_garbled_answer_to_a_question_is_named(ask, verb, document, names):
    error = refused(ask, verb, 200, document)
    assert (type(error), error.code) == (Rejected, "not-the-contract")
    assert error.message.startswith("The answer isn't the connector API's: ")
    assert names in error.message
    assert error.message.endswith("Check the app URL.")


def test_a_web_page_is_named(ask):
    error = refused(ask, "connection", 200, "<html>Hello</html>", content_type="text/html")
    assert "it is a web page" in error.message


def test_a_lookup(ask):
    order = ask("by-ref", 200, {"external_id": "A", "revision": 3, "state": "teleported"})
    assert (order.revision, order.state, order.wms_id) == (3, "teleported", None)


def test_a_job_with_its_results(ask):
    document = {"id": "j", "status": "partial", "progress": {"done": 2, "total": 2}}
    job = ask("job", 200, document | {"results": [CREATED, {"external_id": "B"}]})
    assert (job.finished, job.progress.done, len(job.results)) == (True, 2, 1)


def test_a_page_of_the_log(ask):
    item = {"seq": 1, "time": "2026-11-21T10:00:00Z", "level": "shout", "message": "Oh\x00"}
    page = ask("log", 200, {"items": [item], "next_cursor": "2"})
    assert (page.items[0].message, page.items[0].external_id, page.next_cursor) == ("Oh", None, "2")


def test_callbacks_may_be_answered_by_anything_that_means_yes(ask):
    assert ask("callbacks", 204, "") is None


@pytest.mark.parametrize("verb", ROUTES)
@pytest.mark.parametrize("kind", FOREIGN, ids=lambda kind: kind.__name__)
def test_what_the_libraries_raise_stays_inside(connect, verb, kind):
    method, path, call = ROUTES[verb]
    api = connect(BASE)
    with responses.RequestsMock() as canned:
        canned.add(method, f"{BASE}/v1{path}", body=kind())
        with pytest.raises((Rejected, TryLater, Uncertain)) as caught:
            call(api)
    assert caught.value.__context__ is None
