"""``POST /admin/api/<version>/graphql.json``: access, cost, throttling, execution."""

import functools
import json
import time
import uuid
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any, TypeGuard

from flask import Blueprint, Response, current_app, request
from graphql import MiddlewareManager, execute

from sandbox.serve import drop_connection
from sandbox.shopify.access import PROTECTED, denied
from sandbox.shopify.app_config import with_implied
from sandbox.shopify.call import Call, access_denied
from sandbox.shopify.cost import SINGLE_QUERY_LIMIT, actual, itemised, requested
from sandbox.shopify.mutations import MUTATIONS
from sandbox.shopify.prepared import Kitchen, Prepared
from sandbox.shopify.queries import QUERIES
from sandbox.shopify.schema import executable_schema
from sandbox.shopify.shop import Shop
from sandbox.shopify.world import World

blueprint = Blueprint("graphql", __name__)

LARGEST_INPUT = 250
INVALID_TOKEN = "[API] Invalid API key or access token (unrecognized login or wrong password)"
LIMITS_PAGE = "https://shopify.dev/api/usage/limits"
Answer = dict[str, Any]


@functools.cache
def make_kitchen() -> Kitchen:
    """Return what prepares documents. It takes a moment and keeps no state of a world, so all of a
    process share one."""
    return Kitchen(executable_schema(QUERIES | MUTATIONS))


@dataclass(slots=True)
class Asked:
    """A request that may be executed."""

    world: World
    shop: Shop
    prepared: Prepared
    variables: dict[str, Any]
    scopes: frozenset[str]
    debug: bool = False
    requested: int = 0

    def cost(self, actual_cost: int | None) -> Answer:
        """Return ``extensions`` with the cost."""
        cost: Answer = {
            "requestedQueryCost": self.requested,
            "actualQueryCost": actual_cost,
            "throttleStatus": self.world.bucket(self.shop).status(),
        }
        if self.debug:
            cost["fields"] = itemised(self.prepared.price, self.variables)
        return {"cost": cost}


@blueprint.post("/admin/api/<version>/graphql.json")
def graphql(version: str) -> Response:
    """Answer a GraphQL request of the shop in the Host header."""
    world: World = current_app.config["WORLD"]
    shop = world.shop(request.host.partition(":")[0])
    if shop is None:
        return _json({"errors": "Not Found"}, 404)
    with world.lock:
        token = world.tokens.valid(request.headers.get("X-Shopify-Access-Token", ""), shop.domain)
    if token is None:
        return _json({"errors": INVALID_TOKEN}, 401)
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or not isinstance(body.get("query"), str):
        return _json({"errors": {"query": "Required parameter missing or invalid"}}, 400)
    response = _answer(world, shop, with_implied(token.scopes), body)
    response.headers["X-Shopify-API-Version"] = version
    return response


def _answer(world: World, shop: Shop, scopes: frozenset[str], body: Answer) -> Response:
    kitchen: Kitchen = current_app.config["KITCHEN"]
    prepared = kitchen.prepare(body["query"], body.get("operationName"))
    faults = world.faults.take("graphql", prepared.name, *prepared.fields)
    if "delay" in faults:
        time.sleep(float(faults["delay"] or 1))
    if "drop_before" in faults:
        return _json(drop_connection())
    if "status" in faults:
        return _failed(int(faults["status"] or 503))
    debug = request.headers.get("Shopify-GraphQL-Cost-Debug") == "1"
    variables = prepared.defaults | (body.get("variables") or {})
    asked = Asked(world, shop, prepared, variables, scopes, debug)
    answer = _executed(kitchen, asked, faults)
    return _json(drop_connection() if "drop_after" in faults else answer)


def _failed(status: int) -> Response:
    response = _json({"errors": "Internal Server Error" if status >= 500 else "Refused"}, status)
    if status == 429:
        response.headers["Retry-After"] = "2.0"
    return response


def _executed(kitchen: Kitchen, asked: Asked, faults: Answer) -> Answer:
    if refusal := _refused(asked):
        _note(asked, 0)
        return refusal
    if "throttle" in faults or not _reserve(asked):
        _note(asked, None)
        return _throttled(asked)
    answer = _run(kitchen, asked, "ignore_tags" in faults)
    used = actual(asked.prepared.price, answer["data"])
    if asked.world.settings.throttle:
        asked.world.bucket(asked.shop).refund(max(0, asked.requested - used))
    _note(asked, used)
    return answer | {"extensions": asked.cost(used)}


def _refused(asked: Asked) -> Answer | None:
    """Return errors of the document or its inputs, else None and the price worked out."""
    if asked.prepared.errors:
        return {"errors": list(asked.prepared.errors)}
    if (size := _largest_list(asked.variables)) > LARGEST_INPUT:
        message = f"The input array size of {size} is greater than the maximum allowed of 250."
        return {"errors": [_error(message, "MAX_INPUT_SIZE_EXCEEDED")]}
    asked.requested = requested(asked.prepared.price, asked.variables)
    if asked.requested <= SINGLE_QUERY_LIMIT:
        return None
    message = (
        f"Query cost is {asked.requested}, which exceeds the single query max cost limit"
        f" ({SINGLE_QUERY_LIMIT})."
    )
    more = {"cost": asked.requested, "maxCost": SINGLE_QUERY_LIMIT, "documentation": LIMITS_PAGE}
    return {"errors": [_error(message, "MAX_COST_EXCEEDED", **more)]}


def _largest_list(value: Any) -> int:
    if isinstance(value, dict):
        return max((_largest_list(one) for one in value.values()), default=0)
    if isinstance(value, list):
        return max(len(value), *(_largest_list(one) for one in value), 0)
    return 0


def _reserve(asked: Asked) -> bool:
    if not asked.world.settings.throttle:
        return True
    return asked.world.bucket(asked.shop).take(asked.requested)


def _throttled(asked: Asked) -> Answer:
    error = _error("Throttled", "THROTTLED", documentation=LIMITS_PAGE)
    return {"errors": [error], "extensions": asked.cost(None)}


def _error(message: str, code: str, **more: Any) -> Answer:
    return {"message": message, "extensions": {"code": code} | more}


def _run(kitchen: Kitchen, asked: Asked, ignore_tags: bool) -> Answer:
    call = Call(asked.world, asked.shop, asked.scopes, ignore_tags)
    document = asked.prepared.document
    if document is None:
        return {"data": None}
    with asked.world.lock:
        result = execute(
            kitchen.schema,
            document,
            context_value=call,
            variable_values=asked.variables,
            operation_name=asked.prepared.name or None,
            middleware=_guard(asked),
            is_awaitable=_never,
        )
    formatted: Answer = dict(result.formatted)  # type: ignore[union-attr]
    return {"data": None} | formatted


def _never(_: Any) -> TypeGuard[Awaitable[Any]]:
    """Nothing here is asynchronous; saying so saves a look at every value."""
    return False


def _guard(asked: Asked) -> MiddlewareManager | None:
    """Refuse fields outside the scopes and blank personal data; None when there is no need to."""
    closed = denied(asked.prepared.needs, asked.scopes)
    hide = not asked.world.settings.personal_data
    if not closed and not hide:
        return None

    def guard(resolve: Any, source: Any, info: Any, **arguments: Any) -> Any:
        key = (info.parent_type.name, info.field_name)
        if key in closed:
            raise access_denied(info.field_name, closed[key])
        if hide and ".".join(key) in PROTECTED:
            return None
        return resolve(source, info, **arguments)

    return MiddlewareManager(guard)


def _note(asked: Asked, used: int | None) -> None:
    asked.world.ledger.add(
        "graphql",
        shop=asked.shop.domain,
        operation=asked.prepared.name or ",".join(asked.prepared.fields),
        fields=list(asked.prepared.fields),
        requested=asked.requested,
        actual=used,
        throttled=used is None,
    )


def _json(answer: Any, status: int = 200) -> Response:
    text = answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
    response = Response(text, status, content_type="application/json; charset=utf-8")
    response.headers["X-Request-Id"] = str(uuid.uuid4())
    return response
