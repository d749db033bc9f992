"""What a resolver knows of the request it answers."""

from dataclasses import dataclass
from datetime import timedelta

from graphql import GraphQLError, GraphQLResolveInfo

from sandbox.shopify.access import RULES
from sandbox.shopify.shop import Shop
from sandbox.shopify.values import Node, kind_of, moment_of, now
from sandbox.shopify.world import World

RECENT = timedelta(days=60)
DOCUMENTATION = "https://shopify.dev/api/usage/access-scopes"


@dataclass(frozen=True, slots=True)
class Call:
    """One GraphQL request: the world, its shop, the token's scopes (reading ones implied)."""

    world: World
    shop: Shop
    scopes: frozenset[str]
    ignore_tags: bool = False

    def sees_order(self, order: Node | None) -> bool:
        """Whether an order is young enough, or the token may read all orders."""
        if order is None:
            return False
        age = now() - moment_of(order["createdAt"])
        return age <= RECENT or "read_all_orders" in self.scopes

    def sees_fulfillment_order(self, one: Node) -> bool:
        """Whether a scope covers whoever fulfils it; the others are silently absent."""
        scope = f"read_{one['_managed']}_fulfillment_orders"
        return scope in self.scopes and self.sees_order(one["order"])

    def find(self, global_id: str) -> Node | None:
        """Return any node the token may see; raise access denied for a kind it may not."""
        kind = checked_kind(global_id)
        rule = RULES["types"].get(kind)
        if rule and not self.scopes & set(rule["any"]):
            raise access_denied("node", rule["text"])
        node = self.shop.find(kind, global_id)
        return node if node is not None and self._sees(kind, node) else None

    def _sees(self, kind: str, node: Node) -> bool:
        if kind == "Order":
            return self.sees_order(node)
        return kind != "FulfillmentOrder" or self.sees_fulfillment_order(node)


def call_of(info: GraphQLResolveInfo[Call]) -> Call:
    """Return the request a resolver runs for."""
    return info.context


def checked_kind(global_id: str) -> str:
    """Return the type a global id names; raise Shopify's error when it is no global id."""
    kind = kind_of(global_id)
    if not kind:
        raise GraphQLError(
            f"Invalid global id '{global_id}'", extensions={"code": "argumentLiteralsIncompatible"}
        )
    return kind


def access_denied(field: str, text: str) -> GraphQLError:
    """Return Shopify's refusal of a field."""
    words = text.split("\n", maxsplit=1)[0]
    return GraphQLError(
        f"Access denied for {field} field. Required access: {words}",
        extensions={
            "code": "ACCESS_DENIED",
            "documentation": DOCUMENTATION,
            "requiredAccess": words,
        },
    )
