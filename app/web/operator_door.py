"""The operator page's door: a token opens it for a working day, in a signed cookie.

The cookie holds no token, only a fingerprint of it: a new ``OPERATOR_TOKEN`` signs everybody out.
"""

import hmac
import re
from urllib.parse import urlsplit

import structlog
from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeTimedSerializer

from app.web import csp, limits
from app.web.answers import answer, wants_text
from app.web.current import config

blueprint = Blueprint("door", __name__)
COOKIE = "tagdock_operator"
SECONDS = 12 * 60 * 60
# No script at all, no frame around it, nothing from elsewhere.
_POLICY = (
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
# A path here and what is asked there: nothing that a browser takes for another host.
_PAGES = re.compile(r"/operator(/[\w./-]*)?(\?[!-\[\]-~]*)?", re.ASCII)
_log = structlog.get_logger()


def guard() -> ResponseReturnValue | None:
    """Let nobody past without the token; where none is set, say how the page is switched on."""
    csp.use(_POLICY)
    if not config().operator_token:
        return make_response(render_template("operator_off.html"), 404)
    if request.method == "POST" and not _is_from_here():
        return answer(403, _("This form was sent from another site. Open the operator page anew."))
    if request.endpoint in ("operator.door.sign_in", "operator.door.sign_out") or _is_open():
        return None
    return _refuse_script() if wants_text() else _ask(401)


@blueprint.post("/sign-in")
def sign_in() -> ResponseReturnValue:
    """Compare the token and hand out the cookie."""
    with limits.signing_in():
        right = _is_right(request.form.get("token", ""))
    _log.info("operator_signed_in" if right else "operator_refused", address=request.remote_addr)
    if not right:
        return _ask(401, wrong=True)
    goal = _goal(request.form.get("next", ""))
    home = url_for("operator.stores")
    response = make_response(redirect(f"{request.root_path}{goal}" if goal else home, 303))
    response.set_cookie(
        COOKIE,
        _signer().dumps(_fingerprint(config().operator_token)),
        max_age=SECONDS,
        path="/operator",
        httponly=True,
        samesite="Strict",
        secure=config().app_url.startswith("https://"),
    )
    return response


@blueprint.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """Take the cookie back."""
    response = make_response(redirect(url_for("operator.stores"), 303))
    response.delete_cookie(COOKIE, path="/operator")
    return response


def _refuse_script() -> Response:
    """401 in a sentence: a form is of no use to a script."""
    if "Authorization" in request.headers:
        sentence = _("This isn't the operator token. It is the value of OPERATOR_TOKEN.")
    else:
        sentence = _("Send the operator token along, as Authorization: Bearer and the token.")
    response = answer(401, sentence)
    response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _ask(status: int, *, wrong: bool = False) -> Response:
    asked = request.form.get("next", "") if request.method == "POST" else request.full_path
    goal = _goal(asked.rstrip("?"))
    return make_response(render_template("operator_sign_in.html", wrong=wrong, goal=goal), status)


def _goal(asked: str) -> str:
    """The page to go on to after signing in: one of the operator's, else empty."""
    return asked if _PAGES.fullmatch(asked) else ""


def _is_open() -> bool:
    """Whether this browser signed in a while ago, or this script sent the token along."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if scheme:
        with limits.signing_in():
            return scheme.lower() == "bearer" and _is_right(token.strip())
    try:
        found = _signer().loads(request.cookies.get(COOKIE, ""), max_age=SECONDS)
    except BadData:
        return False
    return hmac.compare_digest(str(found), _fingerprint(config().operator_token))


def _is_right(token: str) -> bool:
    """Compare fingerprints, which takes as long whatever is wrong and however long it is."""
    return hmac.compare_digest(_fingerprint(token), _fingerprint(config().operator_token))


def _fingerprint(token: str) -> str:
    return hmac.new(
        config().secret_key.encode(), token.encode("utf-8", "surrogatepass"), "sha256"
    ).hexdigest()


def _is_from_here() -> bool:
    """Whether the form is one of ours, as far as the browser tells; scripts tell nothing."""
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    return urlsplit(origin).netloc in (request.host, urlsplit(config().app_url).netloc)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(config().secret_key, salt="operator")
