"""The list of warehouses: changed by one entry at a time, always with one default."""

from typing import Any

from sandbox.wms.problems import Problem

Warehouse = dict[str, Any]


def with_new(known: list[Warehouse], code: str, name: str) -> list[Warehouse]:
    """The list with one more. Raises Problem 422 for an empty or a known code."""
    code, name = code.strip(), name.strip()
    if not code or not name:
        raise Problem(422, "invalid", "A warehouse needs a code and a name.")
    if code in codes(known):
        raise Problem(422, "invalid", f"There is a warehouse {code} already.")
    return [*known, {"code": code, "name": name, "default": not known}]


def with_default(known: list[Warehouse], code: str) -> list[Warehouse]:
    """The list with another default. Raises Problem 404."""
    _check_known(known, code)
    return [item | {"default": item["code"] == code} for item in known]


def without(known: list[Warehouse], code: str) -> list[Warehouse]:
    """The list without one. Raises Problem 404, and 409 for the default."""
    _check_known(known, code)
    if any(item["code"] == code and item["default"] for item in known):
        raise Problem(409, "invalid", f"{code} is the default. Make another one the default first.")
    return [item for item in known if item["code"] != code]


def codes(known: list[Warehouse]) -> list[str]:
    """The codes that orders may name."""
    return [item["code"] for item in known]


def _check_known(known: list[Warehouse], code: str) -> None:
    if code not in codes(known):
        raise Problem(404, "warehouse-unknown", f"There is no warehouse {code}.")
