"""Order tags: written for several orders in one document, and read back."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.shopify.client import Answer, Shopify
from app.shopify.documents import TagShape, tag_document
from app.shopify.reading import moment
from app.shopify.values import TagEdit, TagResult

MOST_TAGGED = 10


def write_tags(client: Shopify, edits: Sequence[TagEdit]) -> list[TagResult]:
    """Add, then remove tags of at most ten orders in one document, and read them back.

    Returns a result for each edit, in order. Every edit must add or remove something. Adding a tag
    that is there and removing one that is not change nothing, so after Uncertain the same edits may
    be written again.
    """
    if len(edits) > MOST_TAGGED or not all(edit.add or edit.remove for edit in edits):
        raise ValueError(f"write_tags takes at most {MOST_TAGGED} edits, none of them empty")
    if not edits:
        return []
    shapes = tuple(TagShape(add=bool(edit.add), remove=bool(edit.remove)) for edit in edits)
    answer = client.run(tag_document(shapes), _variables(edits))
    return [_result(answer, position, edit) for position, edit in enumerate(edits)]


def _variables(edits: Sequence[TagEdit]) -> dict[str, object]:
    variables: dict[str, object] = {}
    for position, edit in enumerate(edits):
        variables[f"id{position}"] = edit.order_id
        if edit.add:
            variables[f"add{position}"] = list(edit.add)
        if edit.remove:
            variables[f"remove{position}"] = list(edit.remove)
    return variables


def _result(answer: Answer, position: int, edit: TagEdit) -> TagResult:
    """Judge an order's mutations together; the last one's read-back is what counts."""
    aliases = [f"add{position}"] * bool(edit.add) + [f"remove{position}"] * bool(edit.remove)
    payloads = [answer.data.get(alias) or {} for alias in aliases]
    sentences = [error["message"] for each in payloads for error in each.get("userErrors") or ()]
    sentences += [p.message for p in answer.problems if p.path and p.path[0] in aliases]
    node: Mapping[str, Any] = payloads[-1].get("node") or {}
    if not node and not sentences:
        sentences = ["Shopify does not know this order, or hides it from the app."]
    return TagResult(
        order_id=edit.order_id,
        tags=tuple(node["tags"]) if node else None,
        updated_at=moment(node["updatedAt"]) if node else None,
        error=" ".join(sentences) or None,
    )
