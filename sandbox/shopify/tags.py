"""How Shopify treats tags: unique without regard to case, at most 40 characters, sorted."""

from collections.abc import Iterable

LONGEST = 40


def normal(tags: Iterable[str]) -> list[str]:
    """Return tags trimmed, without blanks and doubles (the first spelling stays), sorted."""
    kept: dict[str, str] = {}
    for tag in tags:
        if tag.strip():
            kept.setdefault(tag.strip().casefold(), tag.strip())
    return sorted(kept.values(), key=lambda tag: (tag.casefold(), tag))


def added(tags: list[str], more: Iterable[str]) -> list[str]:
    """Return the tags with more added; a tag there already keeps its spelling."""
    return normal([*tags, *split(more)])


def removed(tags: list[str], unwanted: Iterable[str]) -> list[str]:
    """Return the tags without the unwanted, whatever their case."""
    gone = {tag.strip().casefold() for tag in split(unwanted)}
    return [tag for tag in tags if tag.casefold() not in gone]


def split(tags: Iterable[str]) -> list[str]:
    """Split at commas, which cannot be part of a tag."""
    return [part for tag in tags for part in tag.split(",")]


def too_long(tags: Iterable[str]) -> list[str]:
    """Return the tags that are longer than Shopify allows."""
    return [tag for tag in split(tags) if len(tag.strip()) > LONGEST]
