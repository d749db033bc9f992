"""What a check finds out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.wms.conformance.desk import Desk


class Wrong(Exception):
    """An answer that is not the contract's. ``mend``: what to change."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(what)
        self.what, self.mend = what, mend


class NotChecked(Exception):
    """A check that can't be made here; the message says why, and what to do to have it made."""


@dataclass(frozen=True, slots=True)
class Check:
    """A sentence that must be true. ``number`` is what vendors know it by."""

    number: int
    title: str
    test: "Callable[[Desk], None]"


def insist(what: str, found: Any, *wanted: Any) -> None:
    """Raise Wrong where ``what`` (a noun) is none of what is wanted."""
    if found not in wanted:
        expected = " or ".join(map(str, wanted))
        raise Wrong(f"{what} is {found}.", f"It must be {expected}.")


def insist_on_fields(where: str, found: Any, fields: dict[str, Any]) -> None:
    """Raise Wrong where an object lacks a field or has it in another type."""
    if not isinstance(found, dict):
        raise Wrong(f"{where} is no object.", f"Give an object with {', '.join(fields)}.")
    for name, kind in fields.items():
        if name not in found:
            raise Wrong(f"{where} has no {name}.", f"Give {name}.")
        if not isinstance(found[name], kind) or (isinstance(found[name], bool) and kind is int):
            raise Wrong(
                f"{where} has {name} as {type(found[name]).__name__}.",
                f"Give {name} in the type that the contract has.",
            )
