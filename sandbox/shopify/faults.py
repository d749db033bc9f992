"""Switches that make the stand-in fail the way networks and platforms do."""

import threading
from dataclasses import asdict, dataclass
from typing import Any

PLACES = frozenset({"graphql", "webhook", "token"})
DEEDS = frozenset(
    {
        "delay",
        "drop_after",
        "drop_before",
        "duplicate",
        "ignore_tags",
        "late",
        "shuffle",
        "status",
        "throttle",
    }
)


class UnknownFault(ValueError):
    """A rule names a place or a deed that does not exist; the message lists those that do."""


@dataclass(slots=True)
class Rule:
    """``do`` something ``where`` a name contains ``match`` (empty: everything), ``times`` times."""

    where: str
    do: str
    match: str = ""
    value: Any = None
    times: int | None = None

    def __post_init__(self) -> None:
        if self.where not in PLACES:
            raise UnknownFault(f"where must be one of {', '.join(sorted(PLACES))}.")
        if self.do not in DEEDS:
            raise UnknownFault(f"do must be one of {', '.join(sorted(DEEDS))}.")

    def applies(self, where: str, names: tuple[str, ...]) -> bool:
        """Whether the rule has uses left and matches a place and one of the names."""
        if self.where != where or self.times == 0:
            return False
        return not self.match or any(self.match in name for name in names)


class Faults:
    """The rules in force; taking one uses it up by one."""

    def __init__(self) -> None:
        self._rules: list[Rule] = []
        self._lock = threading.Lock()

    def replace(self, rules: list[dict[str, Any]]) -> None:
        """Put new rules in force; raise UnknownFault and keep the old ones when one is wrong."""
        fresh = [Rule(**rule) for rule in rules]
        with self._lock:
            self._rules = fresh

    def listed(self) -> list[dict[str, Any]]:
        """Return the rules with what is left of their ``times``."""
        with self._lock:
            return [asdict(rule) for rule in self._rules]

    def take(self, where: str, *names: str) -> dict[str, Any]:
        """Return ``{do: value}`` of every rule that applies here, using each up by one."""
        taken: dict[str, Any] = {}
        with self._lock:
            for rule in self._rules:
                if rule.applies(where, names):
                    rule.times = None if rule.times is None else rule.times - 1
                    taken[rule.do] = rule.value
        return taken
