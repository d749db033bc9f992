"""Answers a page, or with ``&part=`` the one part of it that the page's script refreshes."""

import re
from typing import Any

from flask import Response, make_response, render_template, request

_INDENTATION = re.compile(r"\n\s+")


def page(template: str, parts: dict[str, str], **values: Any) -> Response:
    """Render a page, or the part of it that was asked for, with an ETag (304 when unchanged).

    ``parts`` maps the name of a part to its template.
    """
    name = parts.get(request.args.get("part", ""))
    if name is None:
        return make_response(_tight(render_template(template, **values)))
    response = make_response(_tight(render_template(name, **values)))
    response.add_etag()
    response.make_conditional(request)
    return response


def _tight(page: str) -> str:
    """The page without its indentation, which is a tenth of a long table."""
    return _INDENTATION.sub("\n", page)
