"""Opaque cursors: a place in a list, good until the warehouse begins again."""

import base64
import binascii
from typing import Any

from sandbox.wms.problems import Problem

MOST = 200


def encode(epoch: str, feed: str, position: int) -> str:
    """A cursor behind ``position`` rows of a feed."""
    return base64.urlsafe_b64encode(f"{epoch}.{feed}.{position}".encode()).decode().rstrip("=")


def decode(epoch: str, feed: str, cursor: str) -> int:
    """How many rows lie before the cursor; 0 for the empty one.

    Raises Problem 410 for one of another life of the warehouse, 400 for one it never made.
    """
    if not cursor:
        return 0
    made_in, made_for, position = _parts(cursor)
    if made_for != feed:
        raise Problem(400, "invalid", "cursor: it belongs to another list.")
    if made_in != epoch:
        raise Problem(410, "invalid", "cursor: it has expired. Start again from empty.")
    return position


def limit(text: str, default: int = 100) -> int:
    """Rows a page, from 1 to 200. Raises Problem 400."""
    if not text:
        return default
    if not text.isdecimal() or not 1 <= int(text) <= MOST:
        raise Problem(400, "invalid", f"limit: it must be from 1 to {MOST}.")
    return int(text)


def page(rows: list[Any], position: int, size: int) -> tuple[list[Any], int, bool]:
    """A page's rows, the position behind it, whether more rows follow."""
    items = rows[position : position + size]
    end = position + len(items)
    return items, end, end < len(rows)


def _parts(cursor: str) -> tuple[str, str, int]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        made_in, made_for, rows = base64.urlsafe_b64decode(padded).decode().split(".")
        position = int(rows)
    except (binascii.Error, ValueError):
        raise _unknown() from None
    if position < 0:
        raise _unknown()
    return made_in, made_for, position


def _unknown() -> Problem:
    return Problem(400, "invalid", "cursor: it is not one this warehouse made.")
