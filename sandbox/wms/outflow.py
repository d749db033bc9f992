"""Points 7 to 11: the feeds through which the warehouse's doings flow back."""

from typing import Any

from flask import Blueprint, jsonify, request

from sandbox.wms import cursors, returning
from sandbox.wms.accounts import FEEDS
from sandbox.wms.bodies import Announcement, checked
from sandbox.wms.capabilities import need
from sandbox.wms.defects import has
from sandbox.wms.gate import account, place, world
from sandbox.wms.problems import Problem


def register(api: Blueprint) -> None:
    """Add the routes."""
    for name in FEEDS:
        view = place(name)(lambda name=name: feed(name))
        api.get(f"/{name}", endpoint=f"{name}_feed")(view)
    api.post("/returns")(place("returns")(announce_return))


def feed(name: str) -> Any:
    """A page of a feed: what changed behind the cursor, at least once."""
    need(world().settings, name)
    size = cursors.limit(request.args.get("limit", ""))
    if has(world().settings, "ignores_limit"):
        size = cursors.MOST
    position = _position(name)
    with account().lock:
        items, end, more = account().feeds[name].page(position, size)
    if more and has(world().settings, "passes_over"):
        end += 1
    following = cursors.encode(account().epoch, name, end)
    return jsonify(items=items, next_cursor=following, has_more=more)


def _position(name: str) -> int:
    if has(world().settings, "starts_over"):
        return 0
    try:
        return cursors.decode(account().epoch, name, request.args.get("cursor", ""))
    except Problem as problem:
        if problem.status == 400 and has(world().settings, "any_cursor"):
            return 0
        raise


def announce_return() -> Any:
    """Point 9: goods will come back."""
    need(world().settings, "returns")
    wanted = checked(Announcement)
    with account().lock:
        return jsonify(returning.announce(account(), wanted))
