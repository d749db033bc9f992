"""A shop's Admin API: sends operations within the shop's budget and judges the answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from gql.transport.exceptions import TransportError
from graphql import ExecutionResult

from app.config import Config
from app.errors import TryLater
from app.shopify import transport
from app.shopify.answers import Problem, is_throttled, problems_of, raise_for_transport
from app.shopify.bucket import Bucket
from app.shopify.cost import learn, requested_cost
from app.shopify.documents import Document, load
from app.shopify.origin import origin_of

dispose = transport.dispose
# The longest array that Shopify takes in one call.
LONGEST_ARRAY = 250
_THROTTLED_PAUSE = 1.0


@dataclass(frozen=True, slots=True)
class Answer:
    """The data of an operation, and what Shopify held back from it."""

    data: dict[str, Any]
    problems: tuple[Problem, ...]


class Shopify:
    """One shop, reached with one access token."""

    def __init__(
        self,
        domain: str,
        access_token: str,
        *,
        config: Config,
        bucket: Bucket,
        priority: int = 1,
        timeout: float = 10.0,
    ) -> None:
        """``priority`` is the bucket's (0 staff and tags, 2 imports); ``timeout`` in seconds."""
        base, host = origin_of(config, domain)
        self.domain = domain
        self._url = f"{base}/admin/api/{config.shopify_api_version}/graphql.json"
        self._headers = {"Host": host, "X-Shopify-Access-Token": access_token}
        self._bucket = bucket
        self._priority = priority
        self._timeout = timeout

    def execute(self, name: str, variables: Mapping[str, object]) -> dict[str, Any]:
        """Run ``operations/<name>.graphql`` and return its data. Raises as ``run``."""
        return self.run(load(name), variables).data

    def run(self, document: Document, variables: Mapping[str, object]) -> Answer:
        """Send a document and return what came.

        Raises TryLater (no points left, pacing, an outage), Rejected (token, scope, shop), and
        Uncertain for a mutation whose answer was lost. Fields hidden from the app are no error:
        they come as problems.
        """
        taken = self._take(document, variables)
        try:
            result = transport.send(self._url, self._headers, document, variables, self._timeout)
        except TransportError as failure:
            self._bucket.settle(taken, taken, None)
            raise_for_transport(failure, is_mutation=document.is_mutation)
        status = self._settle(document, variables, taken, result)
        if is_throttled(result.errors):
            _raise_throttled(requested_cost(document, variables), status)
        problems = problems_of(
            result.errors, has_data=bool(result.data), is_mutation=document.is_mutation
        )
        return Answer(result.data or {}, problems)

    def _take(self, document: Document, variables: Mapping[str, object]) -> float:
        cost = requested_cost(document, variables)
        wait = self._bucket.take(cost, self._priority)
        if wait > 0:
            raise TryLater("The shop's Shopify budget is used up for now.", wait, counts=False)
        return cost

    def _settle(
        self,
        document: Document,
        variables: Mapping[str, object],
        taken: float,
        result: ExecutionResult,
    ) -> Mapping[str, float]:
        cost = (result.extensions or {}).get("cost") or {}
        requested, actual = cost.get("requestedQueryCost"), cost.get("actualQueryCost")
        if requested:
            learn(document, variables, float(requested))
        used = 0.0 if is_throttled(result.errors) else float(taken if actual is None else actual)
        status: Mapping[str, float] = cost.get("throttleStatus") or {}
        self._bucket.settle(taken, used, status)
        return status


def _raise_throttled(cost: float, status: Mapping[str, float]) -> NoReturn:
    short = cost - float(status.get("currentlyAvailable", 0.0))
    wait = short / float(status.get("restoreRate") or 100.0)
    message = "Shopify's budget for this shop is used up for now."
    raise TryLater(message, max(_THROTTLED_PAUSE, wait), counts=False)
