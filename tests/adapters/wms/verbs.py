"""Every verb of the adapter, and a way to ask that checks that nothing leaks."""

import pytest
from wire import TOKEN, http

from app.errors import Rejected, TryLater, Uncertain
from app.wms.base import CancelRequest, encode_batch

ACCOUNT = http(b'{"account": "ACME"}', "200 OK", "Content-Type: application/json")
BODY = encode_batch([{"external_id": "A", "revision": 1}])
ERRORS = (Rejected, TryLater, Uncertain)
VERBS = {
    "connection": lambda api: api.connection(),
    "send_batch": lambda api: api.send_batch("key", BODY),
    "by_ref": lambda api: api.by_ref("A"),
    "cancel": lambda api: api.cancel(CancelRequest(external_id="A", revision=1)),
    "job": lambda api: api.job("j"),
    "job_log": lambda api: api.job_log("j", "c"),
    "put_callbacks": lambda api: api.put_callbacks("https://x.example", "whsec_eA==", []),
}
WRITES = {"send_batch", "cancel"}


def ask(api, verb, *errors):
    """Ask for something that must fail, and return how, after checking that nothing leaked."""
    with pytest.raises(errors or ERRORS) as caught:
        VERBS[verb](api)
    error = caught.value
    assert TOKEN not in repr(error)
    assert TOKEN not in error.message
    assert error.__suppress_context__ or error.__context__ is None
    return error
