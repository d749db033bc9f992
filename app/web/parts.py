"""Answers a page, or with ``&part=`` the one part of it that the page's script refreshes."""

from typing import Any

from flask import Response, make_response, render_template, request


def page(template: str, parts: dict[str, str], **values: Any) -> Response:
    """Render a page, or the part of it that was asked for, with an ETag (304 when unchanged).

    ``parts`` maps the name of a part to its template.
    """
    name = parts.get(request.args.get("part", ""))
    if name is None:
        return make_response(render_template(template, **values))
    response = make_response(render_template(name, **values))
    response.add_etag()
    response.make_conditional(request)
    return response
