"""Every refusal in one sentence, as JSON for scripts and as a page for people. Nothing leaks."""

import structlog
from flask import Flask, Response, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import DataError, OperationalError, SQLAlchemyError
from werkzeug.exceptions import HTTPException, InternalServerError

from app.db import session
from app.errors import Rejected, TryLater, Uncertain
from app.web.requests_log import correlation_id
from app.web.sentences import said

RETRY_SESSION = "X-Shopify-Retry-Invalid-Session-Request"
_JSON_PATHS = ("/api/", "/webhooks", "/wms/", "/healthz", "/readyz", "/metrics")


def register(app: Flask) -> None:
    """Answer every kind of failure, foreseen or not."""
    app.register_error_handler(Rejected, _on_rejected)
    app.register_error_handler(TryLater, _on_try_later)
    app.register_error_handler(Uncertain, _on_try_later)
    app.register_error_handler(DataError, _on_data_error)
    app.register_error_handler(OperationalError, _on_database)
    app.register_error_handler(SQLAlchemyError, _on_surprise)
    app.register_error_handler(HTTPException, _on_http)
    app.register_error_handler(Exception, _on_surprise)


def wants_json() -> bool:
    """Whether a program asked, not a person."""
    return request.path.startswith(_JSON_PATHS)


def refuse(status: int, sentence: str, code: str = "", **more: object) -> Response:
    """The JSON of a refusal: what happened, why, what to do."""
    response = jsonify({"error": said(sentence), **({"code": code} if code else {}), **more})
    response.status_code = status
    return response


def refuse_session() -> Response:
    """401; App Bridge repeats the request once with a fresh ID token."""
    sentence = _("Your session has ended. Reload the page in the Shopify admin.")
    response = refuse(401, sentence, "session-expired")
    response.headers[RETRY_SESSION] = "1"
    return response


def answer(status: int, sentence: str, code: str = "") -> Response:
    """A refusal in the form the asker understands."""
    if wants_json():
        return refuse(status, sentence, code)
    page = render_template("refusal.html", sentence=said(sentence), correlation=correlation_id())
    return make_response(page, status)


def _on_rejected(error: Rejected) -> ResponseReturnValue:
    session().rollback()
    return answer(getattr(error, "status", 409), error.message, error.code)


def _on_try_later(error: TryLater | Uncertain) -> ResponseReturnValue:
    session().rollback()
    response = answer(503, error.message, "try-later")
    response.headers["Retry-After"] = str(max(1, round(getattr(error, "wait", 0) or 5)))
    return response


def _on_data_error(_error: DataError) -> ResponseReturnValue:
    session().rollback()
    return answer(422, _("A value has characters or a size that can't be stored."), "invalid")


def _on_database(error: OperationalError) -> ResponseReturnValue:
    structlog.get_logger().error("database", exception=type(error.orig).__name__)
    session().rollback()
    sentence = _("The database didn't answer. Nothing was changed. Try again in a minute.")
    response = answer(503, sentence, "try-later")
    response.headers["Retry-After"] = "5"
    return response


def _on_http(error: HTTPException) -> ResponseReturnValue:
    """Keep the status and headers of an HTTP error; say it in our words."""
    if error.code is None or error.code < 400:
        return error.get_response()
    response = answer(error.code, _sentence(error.code))
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _sentence(status: int) -> str:
    sentences = {
        400: _("This request can't be read. Check its form and send it again."),
        404: _("There is nothing at this address. Check it, or start from Home."),
        405: _("This address doesn't answer that method."),
        413: _("This request is too large. Send it in smaller parts."),
        415: _("This request has the wrong content type. Send JSON."),
        429: _("Too many requests in a minute. Wait a little, then try again."),
    }
    return sentences.get(status, sentences[400])


def _on_surprise(error: Exception) -> ResponseReturnValue:
    structlog.get_logger().error("failed", exc_info=error)
    session().rollback()
    sentence = _(
        "Tagdock failed to do this, and wrote down why. Try again; if it fails again, give your"
        " operator the id %(correlation)s.",
        correlation=correlation_id(),
    )
    return answer(InternalServerError.code, sentence, "failed")
