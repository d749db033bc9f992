"""Checks of the connection: who answers, what it can do, whom it lets in."""

from collections import Counter
from typing import Any

from pydantic import ValidationError

from app.wms.account import MAX_BATCH, Capabilities, ConnectionInfo
from app.wms.conformance.desk import Desk
from app.wms.conformance.findings import Check, Wrong, insist_on_fields

_FIELDS = {
    "api_version": str,
    "system": dict,
    "account": str,
    "capabilities": dict,
    "max_batch": int,
    "warehouses": list,
    "carriers": list,
    "default_fields": list,
    "metadata_fields": list,
}


def _insist_on_no_version(desk: Desk) -> None:
    """Name the likeliest reason why nothing is there: an app URL that ends in the version."""
    versioned = desk.wire.url.lower().endswith("/v1")
    if versioned and desk.wire.ask("GET", "/connection").status == 404:
        raise Wrong(
            "GET /connection answered 404: the app URL ends in /v1, and /v1 is added to it.",
            "Leave out the /v1 at the end of the app URL.",
        )


def _connection(desk: Desk) -> None:
    _insist_on_no_version(desk)
    body = desk.wire.expect("GET", "/connection", 200).body
    insist_on_fields("GET /connection", body, _FIELDS)
    try:
        ConnectionInfo.model_validate(body)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise Wrong(f"{where}: {first['msg']}.", f"Give {where} as the contract says.") from None
    desk.info = body
    if not 1 <= body["max_batch"] <= MAX_BATCH:
        raise Wrong(f"max_batch is {body['max_batch']}.", f"Give one from 1 to {MAX_BATCH}.")
    missing = [name for name in Capabilities.model_fields if name not in body["capabilities"]]
    if missing:
        raise Wrong(f"Not said: {', '.join(missing)}.", "Say each capability, true or false.")


def _lists(desk: Desk) -> None:
    _codes("warehouses", desk.info["warehouses"])
    _codes("carriers", desk.info["carriers"])
    defaults = [row for row in desk.info["warehouses"] if row.get("default") is True]
    if len(defaults) != 1:
        raise Wrong(f"{len(defaults)} warehouses are the default.", "Mark exactly one as default.")


def _codes(what: str, rows: list[Any]) -> None:
    for row in rows:
        insist_on_fields(f"An entry of {what}", row, {"code": str, "name": str})
    twice = [code for code, times in Counter(row["code"] for row in rows).items() if times > 1]
    if twice:
        raise Wrong(f"{what} has {', '.join(twice)} twice.", "Give each code once.")


def _no_token(desk: Desk) -> None:
    desk.wire.refuses("GET", "/connection", 401, token=None)


def _wrong_token(desk: Desk) -> None:
    desk.wire.refuses("GET", "/connection", 401, token=f"not-{desk.run}")


CONNECTING = (
    Check(1, "GET /connection says who answers and what it can do", _connection),
    Check(2, "Warehouses and carriers have codes; one warehouse is the default", _lists),
    Check(3, "A request without a token is refused: 401", _no_token),
    Check(4, "A request with a wrong token is refused: 401", _wrong_token),
)
