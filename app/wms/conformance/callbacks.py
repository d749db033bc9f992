"""Checks of callbacks that the check can provoke by itself."""

import uuid
from ipaddress import ip_address
from urllib.parse import urlsplit

from app.wms.callbacks import CallbackEvent
from app.wms.conformance.desk import Desk, job_of, until
from app.wms.conformance.findings import Check, NotChecked, Wrong, insist_on_fields
from app.wms.conformance.receiver import Delivery, Receiver

TYPES = (
    "job.finished",
    "order.state_changed",
    "order.cancelled",
    "shipment.updated",
    "inventory.changed",
    "return.updated",
)
_SIGN = "Sign the raw bytes with the secret of PUT /callbacks, as Standard Webhooks says."


def is_reachable(url: str, callback_url: str) -> bool:
    """Whether the WMS reaches a receiver here: on this machine, or by an address that was given."""
    host = urlsplit(url).hostname or ""
    try:
        return bool(callback_url) or host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def listening(desk: Desk) -> Receiver:
    """The receiver that the WMS was told of. Raises NotChecked where there is none."""
    desk.capable("callbacks")
    if desk.receiver is None:
        raise NotChecked(
            "The WMS can't reach this machine by itself. Run again with --listen and"
            " --callback-url, the address by which it can."
        )
    return desk.receiver


def signed(receiver: Receiver, deliveries: list[Delivery], event: str) -> CallbackEvent:
    """The one of some callbacks that is of a type and rightly signed. Raises Wrong."""
    events, trouble = receiver.events(deliveries)
    found = next((one for one in events if one.type == event), None)
    if found is None:
        raise Wrong(trouble or f"What came is no {event}.", _SIGN)
    insist_on_fields("The callback", found.model_dump(), {"type": str, "data": dict})
    if not found.timestamp:
        raise Wrong("The callback has no timestamp.", "Give type, timestamp and data.")
    return found


def _registered(desk: Desk) -> None:
    receiver = listening(desk)
    body = {"url": receiver.url, "secret": receiver.secret, "events": list(TYPES)}
    answer = desk.wire.expect("PUT", "/callbacks", 200, json=body)
    desk.found["called back"] = True
    insist_on_fields("The answer", answer.body, {"url": str, "events": list})
    if receiver.secret in str(answer.body):
        raise Wrong("The answer repeats the secret.", "Don't answer secrets.")


def _comes_signed(desk: Desk) -> None:
    receiver = registered(desk)
    job_id = _job(desk, "16")
    if not until(lambda: receiver.about(job_id), desk.options.patience):
        raise Wrong(
            f"No job.finished came within {desk.options.patience:.0f} seconds.",
            "Post job.finished with {job_id} when a job ends.",
        )
    event = signed(receiver, receiver.about(job_id), "job.finished")
    insist_on_fields("Its data", event.data, {"job_id": str})


def _comes_again(desk: Desk) -> None:
    receiver = registered(desk)
    receiver.refusing = True
    try:
        job_id = _job(desk, "17")
        came = until(lambda: receiver.about(job_id), desk.options.patience)
    finally:
        receiver.refusing = False
    if not came:
        raise NotChecked("No callback came at all.")
    if not until(lambda: receiver.about(job_id)[1:], desk.options.patience):
        raise Wrong(
            f"A callback answered 503 did not come again within {desk.options.patience:.0f} s.",
            "Try again what brought no 2xx: soon at first, then ever later, for some hours.",
        )
    if len({one.id for one in receiver.about(job_id)}) > 1:
        raise Wrong("It came again under another webhook-id.", "Keep the webhook-id.")


def registered(desk: Desk) -> Receiver:
    """The receiver, once callbacks are set. Raises NotChecked otherwise."""
    receiver = listening(desk)
    if "called back" not in desk.found:
        raise NotChecked("Callbacks could not be set.")
    return receiver


def _job(desk: Desk, number: str) -> str:
    """Send an order by a job, which must end in a callback. Raises NotChecked without one."""
    answer = desk.post((desk.order(number),), str(uuid.uuid4()))
    if answer.status != 202:
        raise NotChecked("The WMS answers batches at once, so that no job ends later.")
    return job_of(answer)


CALLBACKS = (
    Check(44, "PUT /callbacks sets address, secret and types", _registered),
    Check(45, "When a job ends job.finished is posted, rightly signed", _comes_signed),
    Check(46, "A callback that was refused comes again, under the same id", _comes_again),
)
