"""Which access scopes a type or field needs, read from the schema's own words."""

import re
from typing import Any

Json = dict[str, Any]

SCOPE = re.compile(r"\b(?:read|write)_[a-z_]+\b")
# The schema says nothing machine-readable of these; SHOPIFY'S documentation of the mutations does.
BY_KIND = {
    "Mutation.orderUpdate": "`write_orders` access scope.",
    "Mutation.refundCreate": "`write_orders` access scope.",
    "QueryRoot.returnableFulfillments": "`read_returns` access scope.",
}


def access_rules(pruned: Json) -> Json:
    """Return ``{"types": {name: rule}, "fields": {"Type.field": rule}, "protected": [...]}``.

    A rule is ``{"any": [scopes], "text": words}``: one of the scopes opens the item. Protected
    fields hold personal data, which Shopify hides from apps without its approval.
    """
    rules: Json = {"types": {}, "fields": {}, "protected": []}
    for item in pruned["__schema"]["types"]:
        _put(rules["types"], item["name"], item.get("requiredAccess"))
        for field in item.get("fields") or ():
            name = f"{item['name']}.{field['name']}"
            _put(rules["fields"], name, BY_KIND.get(name) or field.get("requiredAccess"))
            if field.get("isProtected"):
                rules["protected"].append(name)
    return rules


def _put(rules: Json, name: str, text: str | None) -> None:
    scopes = list(dict.fromkeys(SCOPE.findall(text or "")))
    if scopes:
        rules[name] = {"any": scopes, "text": (text or "").strip()}
