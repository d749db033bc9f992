"""Addresses made from the URL map's rules."""

import re
from collections.abc import Mapping

from werkzeug.routing import Map, Rule

_PART = re.compile(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>")
# What answers with something else than a page of its own: data, files, parts of a page.
_NO_PAGE = re.compile(
    r"^/(api|auth|static|healthz|readyz|metrics)\b|\.(csv|json)$|/(bundle|events|wms)$"
    r"|/(answers|documents)/"
)


def pages(rules: Map) -> set[str]:
    """The addresses that answer with a page, as rules."""
    read = (rule for rule in rules.iter_rules() if "GET" in (rule.methods or ()))
    return {rule.rule for rule in read if not _NO_PAGE.search(rule.rule)}


def address(rule: Rule, parts: Mapping[str, str]) -> str:
    """The rule with each variable part filled in; one that ``parts`` lacks is a KeyError."""
    return _PART.sub(lambda found: parts[found[1]], rule.rule)
