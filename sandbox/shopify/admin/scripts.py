"""Serves the two page scripts under the paths of Shopify's CDN, and the extension frames' host."""

from flask import Response, abort, request
from werkzeug.wrappers import Response as AnyResponse

from sandbox.shopify.admin.bundles import PARTS, bundle
from sandbox.shopify.admin.routes import blueprint


@blueprint.get("/cdn/shopifycloud/<name>")
def script(name: str) -> AnyResponse:
    """One script; any page may load it."""
    if name not in PARTS:
        abort(404, f"No such script; known: {', '.join(PARTS)}")
    response = Response(bundle(name), mimetype="text/javascript")
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "public, max-age=60"
    response.add_etag()
    return response.make_conditional(request)
