"""Every refusal in one sentence, as JSON for scripts and as a page for people. Nothing leaks."""

from urllib.parse import urlencode

import structlog
from flask import Flask, Response, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import DataError, OperationalError, ProgrammingError, SQLAlchemyError
from werkzeug.exceptions import HTTPException, InternalServerError

from app.db import session
from app.errors import Rejected, TryLater, Uncertain
from app.web.migrated import is_migrated
from app.web.requests_log import correlation_id
from app.web.sentences import said

RETRY_SESSION = "X-Shopify-Retry-Invalid-Session-Request"
_KEPT = ("shop", "host", "locale")
_JSON_PATHS = ("/api/", "/webhooks", "/wms/", "/healthz", "/readyz", "/metrics")


def register(app: Flask) -> None:
    """Answer every kind of failure, foreseen or not."""
    app.register_error_handler(Rejected, _on_rejected)
    app.register_error_handler(TryLater, _on_try_later)
    app.register_error_handler(Uncertain, _on_try_later)
    app.register_error_handler(DataError, _on_data_error)
    app.register_error_handler(OperationalError, _on_database)
    app.register_error_handler(ProgrammingError, _on_statement)
    app.register_error_handler(SQLAlchemyError, _on_surprise)
    app.register_error_handler(HTTPException, _on_http)
    app.register_error_handler(Exception, _on_surprise)


def wants_json() -> bool:
    """Whether a program asked, not a person."""
    return request.path.startswith(_JSON_PATHS)


def wants_text() -> bool:
    """Whether a script asked for what operators otherwise see in a browser."""
    accepted = request.headers.get("Accept", "")
    return _is_operators() and "text/html" not in accepted


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
    if wants_text():
        return Response(f"{said(sentence)}\n", status, content_type="text/plain; charset=utf-8")
    page = render_template(
        "refusal.html",
        sentence=said(sentence),
        correlation=correlation_id(),
        operators=_is_operators(),
        start=_start() if status == 404 else "",
    )
    return make_response(page, status)


def _is_operators() -> bool:
    """Whether an operator asked, not a merchant."""
    return request.path.startswith("/operator")


def _start() -> str:
    """Where to start from; empty outside Shopify, where no page opens. It needs no routing."""
    if _is_operators():
        return f"{request.root_path}/operator"
    kept = {name: request.args[name] for name in _KEPT if name in request.args}
    return f"{request.root_path}/?{urlencode(kept)}" if "host" in kept or "shop" in kept else ""


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
    if _lacks_migrations():
        return _unmigrated()
    return _later(_("The database didn't answer. Nothing was changed. Try again in a minute."))


def _on_statement(error: ProgrammingError) -> ResponseReturnValue:
    """PostgreSQL says so of a table that isn't there; SQLite calls it operational."""
    session().rollback()
    return _unmigrated() if _lacks_migrations() else _on_surprise(error)


def _lacks_migrations() -> bool:
    try:
        return not is_migrated()
    except SQLAlchemyError:
        return False


def _unmigrated() -> Response:
    structlog.get_logger().error("not_migrated")
    command = "flask --app wsgi db upgrade"
    return _later(
        _("The database lacks migrations of this release. Run %(command)s.", command=command)
    )


def _later(sentence: str) -> Response:
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
    nothing = _("There is nothing at this address. Check it, or start from Home.")
    if _is_operators():
        nothing = _("There is nothing at this address. Check it, or start from the stores.")
    sentences = {
        400: _("This request can't be read. Check its form and send it again."),
        404: nothing,
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
