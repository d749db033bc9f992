"""Sends the orders of a batch one by one, so that one which spoils it holds up no other.

A WMS that refuses a request as a whole, or fails over it time and again, may stumble over a single
order. Of what it has never received a new try is a new batch.
"""

import json
from uuid import uuid4

from app.db import database_now, session
from app.domain.states import ON_ITS_WAY, Effect
from app.errors import Rejected
from app.models import Batch, BatchMember
from app.sync import batches
from app.sync.engine import atomically
from app.sync.owing import owe
from app.wms.base import encode_batch

# How often the same bytes go again before their orders are sent one by one.
_PATIENCE = 2
# Refusals that say nothing about the orders in a request.
_OF_NO_ORDER = frozenset({"not-the-contract", "app-url-private", "unsupported"})


def is_called_for(batch_id: str) -> bool:
    """Note that the WMS has not received a batch, and tell whether that is enough. Commits."""

    def work() -> bool:
        batch = session().get_one(Batch, batch_id, populate_existing=True)
        batch.checks += 1
        return batch.checks > _PATIENCE and len(batch.members) > 1

    return atomically(work)


def helps(batch: Batch, problem: Rejected) -> bool:
    """Whether a refusal of a whole batch may be for the sake of one of its orders."""
    return problem.code not in _OF_NO_ORDER and len(batch.members) > 1


def divide(batch: Batch, lane: str) -> None:
    """Give each order of a batch that is still on its way a batch of its own, to be looked up and
    then posted. The caller closes the old one, and commits."""
    documents = {each["external_id"]: each for each in json.loads(batch.body)["orders"]}
    for _, outbound in batches.members(batch):
        if outbound.state not in ON_ITS_WAY:
            continue
        single = Batch(
            id=str(uuid4()),
            shop_id=batch.shop_id,
            connection_id=batch.connection_id,
            generation=batch.generation,
            body=encode_batch([documents[outbound.external_id]]),
            created_at=database_now(),
            members=[
                BatchMember(outbound_order_id=outbound.id, revision=outbound.sent_revision),
            ],
        )
        session().add(single)
        session().flush()
        owe(batch.shop_id, ("batch", single.id), Effect.CONFIRM, lane=lane)
