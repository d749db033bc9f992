"""Which revisions count as known: the contract's rule, and what defects make of it."""

from collections.abc import Callable
from typing import Any

from sandbox.wms.defects import has
from sandbox.wms.documents import Document
from sandbox.wms.orders import Order, is_repetition
from sandbox.wms.problems import Problem
from sandbox.wms.settings import Settings

# What a defect says of a revision (its number and content), None where it says nothing.
Misread = Callable[[Order, int, str], bool | None]
_MISREAD: dict[str, Misread] = {
    "never_reopens": lambda order, *_: True if order.state == "cancelled" else None,
    "cancel_forgotten": lambda order, *_: False if order.state == "cancelled" else None,
    "takes_lower_revisions": lambda order, revision, _: (
        False if revision < order.revision else None
    ),
    "overwrites_revisions": lambda order, revision, digest: (
        False if revision == order.revision and digest != order.content_hash else None
    ),
}


def is_known(settings: Settings, order: Order, revision: int, digest: str) -> bool:
    """Whether a revision is known already. Raises Problem ``revision-conflict``."""
    for name, misread in _MISREAD.items():
        said = misread(order, revision, digest) if has(settings, name) else None
        if said is not None:
            return said
    return is_repetition(order, revision, digest)


def check_new(
    settings: Settings, raw: dict[str, Any], document: Document, refused: dict[str, Any] | None
) -> None:
    """Raise Problem for a new revision that only a defect makes the warehouse refuse."""
    if has(settings, "keeps_rejected") and refused and refused["revision"] == document.revision:
        raise Problem(409, "revision-conflict", "This revision was rejected before.")
    if has(settings, "refuses_new_fields") and (more := set(raw) - set(Document.model_fields)):
        raise Problem(422, "invalid", f"{min(more)}: there is no such field.")
