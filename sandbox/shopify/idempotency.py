"""``@idempotent(key:)``: a mutation that needs it, done once for each key within a day.

A repetition is answered from what the first attempt made, as it is now. The same key with other
arguments, or after an attempt that ended in user errors, is refused.
"""

import json
import time
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLError, GraphQLResolveInfo, get_directive_values

from sandbox.shopify.call import Call, call_of
from sandbox.shopify.mutating import Payload, Resolver, UserError

REMEMBERED = 24 * 3600
MISSING = "The @idempotent directive is required for this mutation but was not provided."
OTHER = "The same idempotency key cannot be used with different operation parameters."
FAILED = "A previous request with this idempotency key failed. Retry with a new idempotency key."


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was asked under a key, when, and the answer."""

    asked: str
    at: float
    payload: Payload

    @property
    def failed(self) -> bool:
        """Whether it ended in user errors."""
        return bool(self.payload["userErrors"])


def once(resolve: Resolver) -> Resolver:
    """Return a resolver that demands a key and answers a repetition without doing it again."""

    def keyed(source: Any, info: GraphQLResolveInfo[Call], **arguments: Any) -> Payload:
        key, call = key_of(info), call_of(info)
        asked = json.dumps([info.field_name, arguments], sort_keys=True)
        known = _known(call.shop.attempts, key)
        if known is None:
            payload: Payload = resolve(source, info, **arguments)
            call.shop.attempts[key] = Attempt(asked, time.monotonic(), payload)
            return payload
        return _again(known, asked)

    return keyed


def _known(attempts: dict[str, Attempt], key: str) -> Attempt | None:
    attempt = attempts.get(key)
    fresh = attempt is not None and time.monotonic() - attempt.at < REMEMBERED
    return attempt if fresh else None


def _again(known: Attempt, asked: str) -> Payload:
    if known.asked != asked:
        return {"userErrors": [UserError(OTHER, None, "IDEMPOTENCY_KEY_PARAMETER_MISMATCH").row()]}
    if known.failed:
        return {
            "userErrors": [UserError(FAILED, None, "IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED").row()]
        }
    return known.payload


def key_of(info: GraphQLResolveInfo[Call]) -> str:
    """Return the key of a field's directive; raise Shopify's error when it has none."""
    directive = info.schema.get_directive("idempotent")
    if directive is None:
        raise GraphQLError(MISSING, extensions={"code": "BAD_REQUEST"})
    values = get_directive_values(directive, info.field_nodes[0], info.variable_values)
    key = str((values or {}).get("key", ""))
    if not key.strip():
        raise GraphQLError(MISSING, extensions={"code": "BAD_REQUEST"})
    return key
