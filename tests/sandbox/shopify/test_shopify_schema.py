"""The committed schema: small, attributed, and enough for what the app asks."""

import json

from graphql import (
    Visitor,
    build_client_schema,
    concat_ast,
    introspection_from_schema,
    parse,
    validate,
    visit,
)

from sandbox.shopify.access import RULES
from sandbox.shopify.endpoint import make_kitchen
from sandbox.shopify.mutations import MUTATIONS
from sandbox.shopify.queries import QUERIES
from sandbox.shopify.schema_build import HERE, full_schema, operation_sources
from sandbox.shopify.schema_prune import prune

SCHEMA = make_kitchen().schema


def test_the_file_is_small_and_carries_its_licence() -> None:
    text = (HERE / "schema.graphql").read_text("utf-8")
    assert len(text) < 300_000
    assert "Copyright 2025-present, Shopify Inc. ISC License" in text[:400]


def test_the_apps_operations_run_on_the_committed_schema() -> None:
    sources = operation_sources()
    assert sources
    document = concat_ast([parse(source) for source in sources])
    assert [error.message for error in validate(SCHEMA, document)] == []


def test_every_resolver_belongs_to_a_field_and_every_root_field_has_one() -> None:
    resolvers = QUERIES | MUTATIONS
    for kind, field in resolvers:
        assert field in SCHEMA.type_map[kind].fields, f"{kind}.{field} is not in the schema"
    for kind in ("QueryRoot", "Mutation"):
        missing = {name for name in SCHEMA.type_map[kind].fields if (kind, name) not in resolvers}
        assert missing <= {"webhookSubscriptions"}


def test_access_rules_name_scopes() -> None:
    assert RULES["types"]["Order"]["any"][0] == "read_orders"
    assert "read_merchant_managed_fulfillment_orders" in RULES["types"]["FulfillmentOrder"]["any"]
    assert "MailingAddress.address1" in RULES["protected"]
    assert all(rule["any"] for rule in {**RULES["types"], **RULES["fields"]}.values())


def test_pruning_keeps_all_that_leads_to_types_used() -> None:
    whole = full_schema()
    query = parse("{ orders(first: 1) { nodes { id customer { id } } } }")
    introspection = json.loads(json.dumps(introspection_from_schema(whole)))
    pruned = build_client_schema(prune(introspection, whole, [query]), assume_valid=True)
    order = pruned.type_map["Order"].fields
    assert {"name", "tags", "createdAt", "customer"} <= set(order)
    assert "lineItems" not in order
    assert set(pruned.type_map["QueryRoot"].fields) == {"orders"}
    assert validate(pruned, query) == []


def test_every_operation_kept_for_others_uses_fields_that_exist() -> None:
    class Count(Visitor):
        fields = 0

        def enter_field(self, *_: object) -> None:
            Count.fields += 1

    document = parse((HERE / "extra.graphql").read_text("utf-8"))
    visit(document, Count())
    errors = [error.message for error in validate(SCHEMA, document)]
    assert [message for message in errors if "never used" not in message] == []
    assert Count.fields > 200
