"""A shop's settings, kept in its row: read as one typed value, changed as a whole or not at all."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from app.db import database_now, session
from app.domain.settings import Settings, changed
from app.domain.settings_told import changes_between
from app.models import Shop
from app.sync import journal, stock_changes
from app.sync.looking import look_again
from app.sync.shipping import unsettle


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a change. ``stale``: somebody else saved first, and nothing was changed.
    ``errors``: a sentence for each key that is not valid; nothing was changed."""

    stale: bool = False
    errors: dict[str, str] = field(default_factory=dict)


def settings_of(shop: Shop) -> Settings:
    """The shop's settings as a value."""
    return Settings.from_stored(shop.settings)


def save(shop: Shop, changes: Mapping[str, Any], *, version: int, actor: str) -> Saved:
    """Change some settings, if ``version`` is the one the person saw. Orders that wait are looked
    at again by the new rules. The caller commits."""
    session().refresh(shop, with_for_update=True)
    if version != shop.settings_version:
        return Saved(stale=True)
    before = settings_of(shop)
    after, errors = changed(before, changes)
    if after is None:
        return Saved(errors=errors)
    if after != before:
        _keep(shop, before, after, actor)
    return Saved()


def _keep(shop: Shop, before: Settings, after: Settings, actor: str) -> None:
    after = stock_changes.settings_changed(shop, before, after, actor)
    shop.settings = after.to_stored()
    shop.settings_version += 1
    shop.settings_changed_at, shop.settings_changed_by = database_now(), actor
    changes = changes_between(before, after)
    text = f"Settings changed: {', '.join(map(str, changes))}."
    details = {"version": shop.settings_version, "changes": [asdict(each) for each in changes]}
    journal.write(shop.id, "settings", text, actor=actor, details=details)
    look_again(shop.id)
    if (after.fulfil, after.fulfil_on) != (before.fulfil, before.fulfil_on):
        unsettle(shop.id)
