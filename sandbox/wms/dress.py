"""What all pages of the Cloud App share: language, protection, a page for refusals."""

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response

from sandbox.wms.problems import Problem
from sandbox.wms.words import LANGUAGES, language, translate

POLICY = "default-src 'self'; frame-ancestors 'none'; form-action 'self'; base-uri 'none'"


def dress(pages: Blueprint) -> None:
    """Give the pages of a blueprint what they share."""
    pages.before_request(_refuse_foreign_forms)
    pages.after_request(_protect)
    pages.context_processor(_words)
    pages.register_error_handler(Problem, _refused)


def _refuse_foreign_forms() -> None:
    origin = request.headers.get("Origin")
    if request.method == "POST" and origin and urlsplit(origin).netloc != request.host:
        abort(403)


def _protect(answer: Response) -> Response:
    answer.headers["Content-Security-Policy"] = POLICY
    return answer


def _words() -> dict[str, Any]:
    return {"t": translate, "language": language(), "languages": LANGUAGES}


def _refused(problem: Problem) -> tuple[str, int]:
    return render_template("refused.html", problem=problem), problem.status
