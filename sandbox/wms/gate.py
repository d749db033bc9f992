"""Before and after every request of the connector API: token, faults, ledger, error shape."""

import hmac
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import unquote

from flask import Blueprint, Response, current_app, g, make_response, request
from werkzeug.exceptions import HTTPException

from sandbox.wms.accounts import Account, Connector
from sandbox.wms.bodies import any_json
from sandbox.wms.defects import has, instead, spoil
from sandbox.wms.documents import identity
from sandbox.wms.problems import Problem
from sandbox.wms.strikes import Dropped, linger, strike_after, strike_before
from sandbox.wms.world import World

View = Callable[..., Any]


def world() -> World:
    """The world of the running app."""
    found: World = current_app.extensions["wms"]
    return found


def connector() -> Connector:
    """The connector whose token the request carries."""
    found: Connector = g.connector
    return found


def account() -> Account:
    """The account the request works on."""
    return world().account(connector())


def place(where: str, *, waits: bool = True) -> Callable[[View], View]:
    """Mark a view as a place where faults may strike; ``waits`` off if it does delays itself."""

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(**arguments: Any) -> Response:
            asked = unquote(request.query_string.decode()) + request.get_data(as_text=True)
            g.fault = world().faults.take(where, connector().id, asked)
            if waits:
                linger(g.fault)
            early = strike_before(g.fault)
            return early or strike_after(g.fault, _answer(view, arguments))

        return answer

    return decorate


def _answer(view: View, arguments: dict[str, Any]) -> Response:
    try:
        return make_response(view(**arguments))
    except Problem as problem:
        return problem.response()


def guard(api: Blueprint) -> None:
    """Put every route of a blueprint behind the token, into the ledger and in problem form."""
    api.before_request(_authenticate)
    api.before_request(lambda: instead(world().settings))
    api.after_request(_write_down)
    api.after_request(lambda answer: spoil(world().settings, answer))
    api.register_error_handler(Problem, lambda problem: problem.response())
    api.register_error_handler(Dropped, _never_sent)
    api.register_error_handler(HTTPException, _as_problem)


def _authenticate() -> None:
    found = world().connectors.get((request.view_args or {}).pop("connector_id"))
    if found is None:
        raise Problem(404, "invalid", "There is no connector here. Copy the app URL again.")
    sent = request.headers.get("Authorization", "")
    if not _is_let_in(sent, found):
        raise Problem(
            401,
            "invalid",
            "The token is wrong. Copy it again from the connector's page.",
            headers={"WWW-Authenticate": "Bearer"},
        )
    if not found.enabled:
        raise Problem(403, "invalid", "This connector is switched off.")
    g.connector = found


def _is_let_in(sent: str, found: Connector) -> bool:
    if has(world().settings, "any_token" if sent else "open_door"):
        return True
    return hmac.compare_digest(sent.encode(), f"Bearer {found.token}".encode())


def _write_down(answer: Response) -> Response:
    fault = g.get("fault")
    world().ledger.append(
        "request",
        connector=g.connector.id if "connector" in g else None,
        method=request.method,
        path=request.path,
        query=request.query_string.decode(),
        key=request.headers.get("Idempotency-Key"),
        status=None if answer.status_code == 499 else answer.status_code,
        orders=_identities(),
        replayed=g.get("replayed", False),
        fault=fault and fault["do"],
    )
    return answer


def _never_sent(_: Dropped) -> Response:
    return Response(status=499)


def _identities() -> list[Any]:
    """External ids and revisions of the orders in the body, also of a request that was dropped."""
    body = any_json()
    orders = body.get("orders") if isinstance(body, dict) else None
    return [identity(raw) for raw in orders] if isinstance(orders, list) else []


def _as_problem(error: HTTPException) -> Response:
    status = error.code or 500
    code = "unsupported" if status in (404, 405) else "invalid"
    return Problem(status, code, error.description or error.name).response()
