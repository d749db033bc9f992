"""Point 12: callbacks, signed as Standard Webhooks and tried again until they arrive."""

import threading

import pytest
from callback_receiver import SECRET, Receiver, subscribe
from warehouse import DEADLINE, Client, Warehouse, external, order, until

from sandbox.wms.jobs import Job
from sandbox.wms.world import World


def test_a_finished_job_is_told(client: Client, receiver: Receiver) -> None:
    subscribe(client, receiver, "job.finished")
    job_id = client.send(order()).json()["job"]["id"]
    _, value = until(lambda: receiver.got)[0]
    client.contract.check_callback(value)
    assert (value["type"], value["data"]) == ("job.finished", {"job_id": job_id})
    assert client.job(job_id)["status"] == "succeeded"


def test_who_sees_a_job_finished_and_then_subscribes_is_not_told_of_it(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen, told = threading.Event(), []

    def compose(_world: World, _job: Job) -> None:
        told.append(seen.wait(0.3))

    monkeypatch.setattr(World, "finish_message", compose)
    client.results(order())
    seen.set()
    until(lambda: told)
    assert told == [False]


def test_no_events_named_means_all(client: Client, receiver: Receiver) -> None:
    subscribe(client, receiver)
    client.send(order())
    assert until(lambda: receiver.got)


def test_only_the_events_asked_for_are_sent(
    warehouse: Warehouse, client: Client, receiver: Receiver
) -> None:
    subscribe(client, receiver, "order.state_changed", "order.dreamt_of")
    client.results(order())
    warehouse.put("orders/state", external_id=external(1), state="packed")
    _, value = until(lambda: receiver.got)[0]
    client.contract.check_callback(value)
    assert value["type"] == "order.state_changed"
    assert value["data"]["state"] == "packed"
    assert len(receiver.got) == 1


def test_a_refused_callback_is_tried_again_under_its_id(
    warehouse: Warehouse, client: Client, receiver: Receiver
) -> None:
    receiver.statuses = [500, 302]
    subscribe(client, receiver, "job.finished")
    client.send(order())
    until(lambda: len(receiver.got) == 3)
    assert len({identity for identity, _ in receiver.got}) == 1
    tries = until(lambda: len(found := warehouse.ledger("callback")) == 3 and found)
    assert [entry["status"] for entry in tries] == [500, 302, 204]
    assert [entry["attempt"] for entry in tries] == [1, 2, 3]


def test_an_endpoint_that_is_gone_is_left_alone(
    warehouse: Warehouse, client: Client, receiver: Receiver
) -> None:
    receiver.statuses = [410]
    subscribe(client, receiver)
    client.send(order())
    until(lambda: warehouse.ledger("callback"))
    client.results(order(2))
    until(lambda: len(warehouse.ledger("callback")) == 2)
    assert [entry["status"] for entry in warehouse.ledger("callback")] == [410, 204]


def test_an_endpoint_nobody_listens_at_is_written_down(
    warehouse: Warehouse, client: Client
) -> None:
    body = {"url": "http://127.0.0.1:9/", "secret": SECRET, "events": []}
    client.ask("PUT", "/callbacks", json=body)
    client.send(order())
    assert until(lambda: warehouse.ledger("callback"))[0]["status"] is None


def test_a_sync_batch_tells_its_job_too(
    warehouse: Warehouse, client: Client, receiver: Receiver
) -> None:
    warehouse.settings(mode="sync")
    subscribe(client, receiver)
    job_id = client.send(order()).json()["job"]["id"]
    assert until(lambda: receiver.got)[0][1]["data"] == {"job_id": job_id}


def test_a_callback_may_come_five_times(
    warehouse: Warehouse, client: Client, receiver: Receiver
) -> None:
    subscribe(client, receiver)
    warehouse.fault("job", "duplicate_callback")
    client.send(order())
    until(lambda: len(receiver.got) == 5)
    assert len({identity for identity, _ in receiver.got}) == 1


def test_a_callback_may_never_come(
    warehouse: Warehouse, client: Client, receiver: Receiver
) -> None:
    subscribe(client, receiver)
    warehouse.fault("any", "no_callback")
    client.results(order(1))
    client.results(order(2))
    until(lambda: receiver.got)
    assert len(receiver.got) == 1


def test_a_callback_may_come_before_the_answer(
    warehouse: Warehouse, client: Client, receiver: Receiver
) -> None:
    subscribe(client, receiver)
    warehouse.fault("batch", "callback_before_answer")
    answered, early = threading.Event(), []
    receiver.before = lambda: early.append(not answered.is_set())
    answer = client.send(order())
    answered.set()
    assert answer.status_code == 202
    assert early == [True]
    assert receiver.got[0][1]["data"] == {"job_id": answer.json()["job"]["id"]}


def test_a_callback_under_way_at_a_reset_is_nothing_of_the_new_world(
    warehouse: Warehouse, client: Client, receiver: Receiver
) -> None:
    begun, begun_anew = threading.Event(), threading.Event()
    receiver.before = lambda: begun.set() or begun_anew.wait(DEADLINE)
    subscribe(client, receiver)
    client.send(order())
    assert begun.wait(DEADLINE)
    warehouse.post("reset")
    begun_anew.set()
    until(warehouse.is_quiet)
    assert len(receiver.got) == 1
    assert warehouse.ledger() == []


@pytest.mark.parametrize(
    "changes",
    [{"url": "ftp://app"}, {"url": "app"}, {"secret": ""}, {"secret": "whsec_"}, {"events": "all"}],
)
def test_a_bad_subscription_is_refused(client: Client, changes: dict) -> None:
    body = {"url": "http://127.0.0.1:9/", "secret": SECRET, "events": []} | changes
    answer = client.ask("PUT", "/callbacks", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert next(iter(changes)) in answer.json()["detail"]
