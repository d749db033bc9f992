"""Addresses made from the URL map's rules."""

import re
from collections.abc import Mapping

from werkzeug.routing import Rule

_PART = re.compile(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>")


def address(rule: Rule, parts: Mapping[str, str]) -> str:
    """The rule with each variable part filled in; one that ``parts`` lacks is a KeyError."""
    return _PART.sub(lambda found: parts[found[1]], rule.rule)
