"""Checks of the Idempotency-Key: a key's first answer is its only one."""

import uuid
from concurrent.futures import ThreadPoolExecutor

from app.wms.conformance.desk import Desk, Order, job_of
from app.wms.conformance.findings import Check, Wrong
from app.wms.conformance.wire import Answer


def _same_key(desk: Desk) -> None:
    orders, key = (desk.order("8"),), str(uuid.uuid4())
    first, again = desk.post(orders, key), desk.post(orders, key)
    if job_of(first) != job_of(again):
        raise Wrong("The repetition became another job.", "Answer a known key as the first time.")


def _other_body(desk: Desk) -> None:
    key = str(uuid.uuid4())
    desk.post((desk.order("9"),), key)
    body, headers = {"orders": [desk.order("9", note="Other")]}, {"Idempotency-Key": key}
    desk.wire.refuses("POST", "/orders/batch", 422, json=body, headers=headers)


def _at_once(desk: Desk) -> None:
    orders, key = (desk.order("10"),), str(uuid.uuid4())
    with ThreadPoolExecutor(2) as both:
        asked = [both.submit(_ask, desk, orders, key) for _ in range(2)]
        answers = [one.result() for one in asked]
    desk.sent.add(desk.external_id("10"))
    taken = [answer for answer in answers if answer.status in (200, 202)]
    if not taken or any(answer.status not in (200, 202, 409) for answer in answers):
        raise Wrong(
            f"They were answered {' and '.join(str(answer.status) for answer in answers)}.",
            "Answer 409 while a key's first request still runs, or wait and repeat its answer.",
        )
    if len({job_of(answer) for answer in taken}) > 1:
        raise Wrong(
            "They became two jobs.",
            "Keep the key before you work on its request, in the same transaction or earlier.",
        )


def _ask(desk: Desk, orders: tuple[Order, ...], key: str) -> Answer:
    with desk.wire.another() as wire:
        body, headers = {"orders": list(orders)}, {"Idempotency-Key": key}
        return wire.ask("POST", "/orders/batch", json=body, headers=headers)


KEYS = (
    Check(19, "The same batch under the same key: the first answer again", _same_key),
    Check(20, "Another batch under a known key is refused: 422", _other_body),
    Check(21, "Two requests at once under one key become one job", _at_once),
)
