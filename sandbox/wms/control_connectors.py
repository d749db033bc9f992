"""The control API's verbs for connectors: added, switched, given a new token, removed."""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from sandbox.wms.accounts import TECHNOLOGIES, Connector, new_token
from sandbox.wms.bodies import json_object
from sandbox.wms.gate import world
from sandbox.wms.problems import Problem

control_connectors = Blueprint("control_connectors", __name__, url_prefix="/sandbox")
control_connectors.register_error_handler(Problem, lambda problem: problem.response())


def app_url(connector: Connector) -> str:
    """What a merchant copies: the base of this connector's API."""
    return f"{request.host_url}c/{connector.id}"


@control_connectors.get("/connectors")
def connectors() -> Any:
    """All connectors with their tokens."""
    return jsonify([_connector(item) for item in world().connectors.values()])


@control_connectors.post("/connectors")
def add_connector() -> Any:
    """Add one: ``{label, technology?, account?}``."""
    wanted = json_object() if request.data else {}
    added = world().add_connector(
        wanted.get("label", "Shop"),
        wanted.get("technology", TECHNOLOGIES[0]),
        wanted.get("account", "ACME"),
    )
    return jsonify(_connector(added)), 201


@control_connectors.patch("/connectors/<connector_id>")
def change_connector(connector_id: str) -> Any:
    """Switch a connector or its automatic processes: ``{enabled?, automatic?}``."""
    found, wanted = world().connector(connector_id), json_object()
    found.enabled = bool(wanted.get("enabled", found.enabled))
    found.automatic = bool(wanted.get("automatic", found.automatic))
    return jsonify(_connector(found))


@control_connectors.delete("/connectors/<connector_id>")
def remove_connector(connector_id: str) -> Any:
    """Remove a connector; its account keeps the orders."""
    world().connectors.pop(world().connector(connector_id).id)
    return Response(status=204)


@control_connectors.post("/connectors/<connector_id>/rotate-token")
def rotate_token(connector_id: str) -> Any:
    """Give a connector a new token; the old one is refused from now on."""
    found = world().connector(connector_id)
    found.token = new_token()
    return jsonify(_connector(found))


@control_connectors.post("/connectors/<connector_id>/run")
def run_now(connector_id: str) -> Any:
    """Run a connector's job immediately: finish what it received, automatic or not."""
    found = world().connector(connector_id)
    return jsonify(released=world().account(found).jobs.release(connector=found.id))


def _connector(connector: Connector) -> dict[str, Any]:
    endpoint = connector.endpoint
    return {
        "id": connector.id,
        "label": connector.label,
        "technology": connector.technology,
        "account": connector.account,
        "app_url": app_url(connector),
        "token": connector.token,
        "enabled": connector.enabled,
        "automatic": connector.automatic,
        "callbacks": endpoint.url if endpoint else None,
    }
