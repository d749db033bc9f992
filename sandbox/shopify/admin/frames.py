"""What extension frames are made of: the list, the frame's page, the built scripts, GraphQL."""

from typing import Any

from flask import Response, abort, current_app, jsonify, render_template, request, url_for

from sandbox.shopify.admin.extensions import Extension, built_file, find_extensions
from sandbox.shopify.admin.routes import blueprint, the_shop, the_world
from sandbox.shopify.admin.words import language

GRAPHQL_VERSION = "2026-10"


@blueprint.get("/store/<handle>/extensions.json")
def extensions(handle: str) -> Response:
    """List the installed app's extensions on ``?target=``, read anew each time."""
    shop, target = the_shop(handle), request.args.get("target", "")
    found = find_extensions(the_world().app.directory, language()) if shop.installed else []
    return jsonify([_described(handle, one) for one in found if one.target == target])


def _described(handle: str, one: Extension) -> dict[str, Any]:
    missing = one.missing
    return {
        "handle": one.handle,
        "name": one.name,
        "target": one.target,
        "translations": one.translations,
        "missing": str(missing.relative_to(one.folder.parents[1])) if missing else None,
        "bundle": _script_url(handle, one, one.bundle.name),
        "conditions": _script_url(handle, one, one.conditions.name) if one.conditions else None,
    }


def _script_url(handle: str, one: Extension, name: str) -> str:
    return url_for("admin.extension_script", handle=handle, extension=one.handle, name=name)


@blueprint.get("/store/<handle>/extensions/<extension>/<name>")
def extension_script(handle: str, extension: str, name: str) -> Response:
    """One script that the Shopify CLI has built."""
    the_shop(handle)
    path = built_file(the_world().app.directory, extension, name)
    if path is None:
        abort(404, "Build the extensions first: make extensions")
    response = Response(path.read_bytes(), mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/store/<handle>/extension-frame")
def extension_frame(handle: str) -> str:
    """The page an extension runs in, inside a sandboxed frame."""
    the_shop(handle)
    return render_template("admin/extension_frame.html", language=language())


@blueprint.post("/store/<handle>/graphql")
def graphql(handle: str) -> Response:
    """Answer ``shopify.query()`` of an extension with the app's own access to the shop."""
    world, shop = the_world(), the_shop(handle)
    with world.lock:
        token = world.tokens.fixed(shop.domain, shop.scopes)
    asked = request.get_json()
    answer = current_app.test_client().post(
        f"/admin/api/{asked.get('version') or GRAPHQL_VERSION}/graphql.json",
        base_url=f"http://{shop.domain}",
        headers={"X-Shopify-Access-Token": token.text},
        json={"query": asked.get("query", ""), "variables": asked.get("variables") or {}},
    )
    return Response(answer.get_data(), answer.status_code, mimetype="application/json")
