"""An operator prepares a store: its connection and rules, and the link for the merchant."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import structlog
from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import and_, or_, select

from app.db import session
from app.errors import Rejected
from app.models import PreparedStore
from app.models.prepared_store import FAILED, TAKEN, WAITING, WITHDRAWN
from app.shopify.origin import is_shop_domain
from app.sync.engine import atomically
from app.sync.preparing import Preparation, prepare, withdraw
from app.web.answers import answer
from app.web.current import config
from app.web.operator_list import ROWS
from app.web.order_list import clean
from app.web.paging import Cursor
from app.web.sentences import said

blueprint = Blueprint("prepare", __name__, url_prefix="/prepared")
_MOST_BYTES = 256 * 1024
_FIELDS = ("domain", "label", "app_url", "token", "automatic", "settings")
_SHOP = re.compile(r"(?:https?://)?(?:admin\.shopify\.com/store/)?([^/?#\s]+).*")
_log = structlog.get_logger()


@dataclass(slots=True)
class Form:
    """What was typed, and what is wrong with it, by field. A token is never shown again."""

    values: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    # A sentence for each key of the settings document.
    keys: dict[str, str] = field(default_factory=dict)

    @property
    def first(self) -> str:
        """The first field with an error, which takes the focus; the first of all without one."""
        return next((name for name in _FIELDS if name in self.errors), _FIELDS[0])


@blueprint.get("")
def index() -> ResponseReturnValue:
    """The form, and what has been prepared so far."""
    session().connection(execution_options={"reading": True})
    return _page(Form())


@blueprint.post("")
def save() -> ResponseReturnValue:
    """Prepare a store, or show the form again with what is wrong."""
    request.max_content_length = request.max_form_memory_size = _MOST_BYTES
    form = Form({name: request.form.get(name, "").strip() for name in _FIELDS})
    wanted = _read(form)
    if wanted is not None:
        _keep(form, wanted)
    if form.errors:
        return make_response(_page(form), 422)
    _log.info("store_prepared", store=form.values["domain"])
    return redirect(url_for("operator.prepare.index", store=form.values["domain"]), 303)


@blueprint.post(f"/<int(max={2**63 - 1}):prepared_id>/withdraw")
def take_back(prepared_id: int) -> ResponseReturnValue:
    """Withdraw a preparation that waits."""
    try:
        atomically(lambda: withdraw(prepared_id))
    except Rejected as refusal:
        return answer(409, refusal.message)
    return redirect(url_for("operator.prepare.index"), 303)


def install_link(domain: str) -> str:
    """What the merchant opens to install the app."""
    return f"{config().app_url}/auth?{urlencode({'shop': domain})}"


def store_domain(text: str) -> str:
    """The store's myshopify.com domain, from what people copy for it."""
    found = _SHOP.fullmatch(text.strip().lower())
    name = found[1] if found else ""
    return name if "." in name else f"{name}.myshopify.com"


def _read(form: Form) -> Preparation | None:
    """What was typed as values; None, with the form's errors set, when it can't be read."""
    form.values["domain"] = domain = store_domain(form.values["domain"])
    if not is_shop_domain(domain):
        form.errors["domain"] = _("Enter the store's own name.myshopify.com address.")
    document = _document(form)
    if form.errors or document is None:
        return None
    return Preparation(
        domain=domain,
        label=clean(form.values["label"]),
        app_url=form.values["app_url"],
        token=form.values["token"],
        automatic=bool(form.values["automatic"]),
        settings=document,
    )


def _document(form: Form) -> Mapping[str, Any] | None:
    """The settings document; its ``version``, which belongs to another store, is left out."""
    try:
        found = json.loads(form.values["settings"] or "{}")
    except (ValueError, RecursionError):
        form.errors["settings"] = _("This isn't valid JSON. Check its quotes and commas.")
        return None
    if not isinstance(found, dict):
        form.errors["settings"] = _("The settings must be a JSON object, such as {}.")
        return None
    return {key: value for key, value in found.items() if key != "version"}


def _keep(form: Form, wanted: Preparation) -> None:
    refusal = atomically(lambda: prepare(wanted))
    if refusal is None:
        return
    form.errors = {name: said(sentence) for name, sentence in refusal.fields.items()}
    form.keys = {key: said(sentence) for key, sentence in refusal.settings.items()}
    if form.keys:
        form.errors["settings"] = _("Some settings are not valid. Nothing was kept.")


def _page(form: Form) -> str:
    cursor = Cursor.read(request.args.get("cursor"))
    rows = _rows(cursor)
    more = len(rows) > ROWS
    return render_template(
        "operator_prepared.html",
        form=form,
        rows=rows[:ROWS],
        next=_cursor(rows[ROWS - 1]) if more else "",
        later=cursor is not None,
        done=_just_prepared(),
        states=_states(),
        install_link=install_link,
    )


def _rows(cursor: Cursor | None) -> list[PreparedStore]:
    """Up to one row more than a page, what changed last first."""
    changed, row_id = PreparedStore.changed_at, PreparedStore.id
    query = select(PreparedStore).order_by(changed.desc(), row_id.desc()).limit(ROWS + 1)
    if cursor is not None and cursor.at is not None:
        earlier = and_(changed == cursor.at, row_id < cursor.id)
        query = query.where(or_(changed < cursor.at, earlier))
    return list(session().scalars(query))


def _cursor(row: PreparedStore) -> str:
    return Cursor(False, row.changed_at, row.id).write()


def _just_prepared() -> PreparedStore | None:
    domain = request.args.get("store", "")
    if not is_shop_domain(domain):
        return None
    query = select(PreparedStore).where(PreparedStore.domain == domain)
    found = session().scalar(query)
    return found if found is not None and found.state == WAITING else None


def _states() -> dict[str, tuple[str, str]]:
    """Each state's word and tone."""
    return {
        WAITING: (_("Waiting for the install"), "info"),
        TAKEN: (_("Taken over"), "success"),
        WITHDRAWN: (_("Withdrawn"), "neutral"),
        FAILED: (_("Not taken over"), "critical"),
    }
