"""What an outbound order's frozen documents ask for."""

from app.db import session
from app.domain.documents import Document
from app.models import OutboundOrder, Revision


def lines_of(document: Document) -> dict[str, int]:
    """The quantities a document asks for, by order line."""
    return {line["line_id"]: line["quantity"] for line in document["lines"]}


def sent_lines(outbound: OutboundOrder) -> dict[str, int] | None:
    """What the revision sent last asks for; None when none was."""
    if not outbound.sent_revision:
        return None
    frozen = session().get(Revision, (outbound.id, outbound.sent_revision))
    return lines_of(frozen.document) if frozen else None


def document_there(outbound: OutboundOrder) -> Document | None:
    """The document of the revision that the WMS has; None when it has none."""
    frozen = there(outbound)
    return frozen.document if frozen else None


def there(outbound: OutboundOrder) -> Revision | None:
    """The revision that the WMS has; None when it has none."""
    return session().get(Revision, (outbound.id, outbound.confirmed_revision))


def had_under_it(outbound: OutboundOrder) -> None:
    """The WMS has taken something under the number of a revision that it had refused: it has the
    content of the one before under that number. The caller commits."""
    has, refused = there(outbound), session().get(Revision, (outbound.id, outbound.sent_revision))
    if has is not None and refused is not None and refused is not has:
        refused.document = {**has.document, "revision": refused.revision}
        refused.content_hash = has.content_hash
