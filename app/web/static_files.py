"""Static files under names that change with their content, so browsers may keep them for good."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, Response, current_app, request

FOLDER = Path(__file__).parent / "static"
_FOREVER = "public, max-age=31536000, immutable"


def register(app: Flask) -> None:
    """Give the templates ``hashed``, and let hashed files be kept."""
    app.jinja_env.globals.update(hashed=hashed)
    app.after_request(_keep)


def hashed(name: str) -> str:
    """The address of a static file, with its content's hash. It needs no routing: a refusal is
    drawn even where the request's host makes no sense."""
    return f"{request.root_path}{current_app.static_url_path}/{name}?v={_hash(name)}"


@cache
def _hash(name: str) -> str:
    return hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()[:12]


def _keep(response: Response) -> Response:
    if request.endpoint == "static" and "v" in request.args and response.status_code == 200:
        response.headers["Cache-Control"] = _FOREVER
    return response
