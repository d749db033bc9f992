"""A return: units of an order that are announced to come back, and what became of them. Pure."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from sandbox.wms.problems import Problem

Item = dict[str, Any]
Come = Counter[tuple[str, str]]
DISPOSITIONS = ("restock", "scrap", "quarantine")


@dataclass
class Return:
    """``expected`` are the lines as announced, ``received`` units by line and disposition."""

    external_id: str
    order_external_id: str
    warehouse: str
    expected: list[Item]
    state: str = "expected"
    version: int = 0
    received: Come = field(default_factory=Counter)

    def units(self) -> dict[str, int]:
        """Units by line as announced."""
        return {line["line_id"]: line["quantity"] for line in self.expected}

    def missing(self) -> Counter[str]:
        """Units by line that have not come."""
        rest = Counter(self.units())
        for (line_id, _), units in self.received.items():
            rest[line_id] -= units
        return +rest

    def held(self) -> Counter[str]:
        """Units by line that have come or still may."""
        units = Counter(self.units())
        if self.state == "closed":
            units.subtract(self.missing())
        return units

    def item(self) -> Item:
        """The feed's item: what is expected, and from the first reception on what came."""
        lines: list[Item] = [
            {"line_id": line_id, "quantity": units, "disposition": disposition}
            for (line_id, disposition), units in self.received.items()
        ]
        if self.state == "expected":
            lines = [
                {"line_id": line_id, "quantity": units, "disposition": None}
                for line_id, units in self.units().items()
            ]
        return {
            "external_id": self.external_id,
            "version": self.version,
            "state": self.state,
            "lines": lines,
        }

    def sku(self, line_id: str) -> str:
        """The SKU of one of its lines."""
        return next(str(line["sku"]) for line in self.expected if line["line_id"] == line_id)

    def come(self, wishes: list[Item] | None) -> Come:
        """Units that come now by line and disposition; all that are missing without wishes.

        Raises Problem 409 when none are missing, 422 for a line it does not have or too many.
        """
        missing = self.missing()
        if not missing:
            raise Problem(409, "invalid", "Everything announced has come.")
        if wishes is None:
            return Counter({(line_id, "restock"): units for line_id, units in missing.items()})
        come: Come = Counter()
        for wish in wishes:
            line_id = self._line(wish, missing)
            missing[line_id] -= wish["quantity"]
            come[line_id, wish.get("disposition", "restock")] += wish["quantity"]
        return come

    def _line(self, wish: Item, missing: Counter[str]) -> str:
        named = "line_id" if "line_id" in wish else "sku"
        found = [line["line_id"] for line in self.expected if line[named] == wish.get(named)]
        if not found:
            raise Problem(422, "invalid", f"lines: the return has no line {wish.get(named)}.")
        for line_id in found:
            if wish["quantity"] <= missing[line_id]:
                return str(line_id)
        most = max(missing[line_id] for line_id in found)
        raise Problem(
            422,
            "invalid",
            f"lines: {wish['quantity']} of {wish[named]} are too many, {most} are still expected.",
        )
