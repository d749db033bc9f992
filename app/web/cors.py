"""Lets extensions in: they run at origin ``null`` and send their ID token themselves."""

from flask import Flask, Response, request

HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST, PUT, OPTIONS",
    "Access-Control-Allow-Headers": "Authorization, Content-Type",
    "Access-Control-Expose-Headers": (
        "Retry-After, X-Request-Id, X-Shopify-Retry-Invalid-Session-Request"
    ),
    "Access-Control-Max-Age": "600",
}


def register(app: Flask) -> None:
    """Answer preflights, and mark every answer of the APIs."""
    app.before_request(_answer_preflight)
    app.after_request(_mark)


def _answer_preflight() -> Response | None:
    preflight = request.method == "OPTIONS" and request.path.startswith("/api/")
    return Response(status=204) if preflight else None


def _mark(response: Response) -> Response:
    if request.path.startswith("/api/"):
        response.headers.update(HEADERS)
    return response
