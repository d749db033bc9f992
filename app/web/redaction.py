"""Takes personal data and secrets out of what leaves for somebody who helps."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from app.domain.people import MARKER, NOT_PERSONAL, PERSONAL
from app.web.requests_log import without_secrets

_SHORTEST = 3
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_PHONE = re.compile(r"\+\d[\d ().-]{6,}\d")
_ONLY_PHONE = re.compile(r"[+\d ().-]{6,}")
# What we made ourselves and is in nobody's name.
_OURS = re.compile(
    r"gid://shopify/\w+/\d+(#\d+)?"
    r"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|\d{4}-\d\d-\d\dT[\d:.+Z]+"
)


class Eraser:
    """Erases what it was told of from any text, and what looks like a contact or a secret."""

    def __init__(
        self, documents: Iterable[Mapping[str, Any]], secrets: Iterable[str], keep: Iterable[str]
    ) -> None:
        """``documents`` name the people, ``keep`` what is not erased although it is one's name or
        address too, such as the town of a warehouse."""
        told = {part for document in documents for part in _personal(document)}
        spared = {text.casefold() for text in keep}
        personal = sorted((t for t in told if t.casefold() not in spared), key=len, reverse=True)
        patterns = [*map(re.escape, filter(None, secrets)), *map(_pattern, personal)]
        self._told = re.compile("|".join(patterns), re.IGNORECASE) if patterns else None

    def clean(self, value: Any) -> Any:
        """The same JSON without any of it."""
        return without_secrets(None, "", {"value": self._clean(value)})["value"]

    def _clean(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            return {self._key(str(key)): self._clean(inner) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self._clean(inner) for inner in value]
        return self._text(value) if isinstance(value, str) else value

    def _key(self, key: str) -> str:
        """A name within the JSON, which another system may have chosen."""
        return str(without_secrets(None, "", {"": self._text(key)})[""])

    def _text(self, text: str) -> str:
        if _OURS.fullmatch(text):
            return text
        text = self._told.sub(MARKER, text) if self._told else text
        return _PHONE.sub(MARKER, _ADDRESS.sub(MARKER, text))


def _pattern(text: str) -> str:
    """A pattern for a personal text standing alone; for a phone number, however it is spaced."""
    if _ONLY_PHONE.fullmatch(text):
        return r"\+?" + r"[\s().-]*".join(re.findall(r"\d", text))
    return rf"(?<!\w){re.escape(text)}(?!\w)"


def _personal(document: Mapping[str, Any]) -> Iterator[str]:
    """Every text about people in a document, and each word of a name."""
    for key in PERSONAL & document.keys():
        for name, text in _texts(key, document[key]):
            pieces = [text, *(text.split() if name in ("name", "company") else ())]
            yield from (piece for piece in pieces if len(piece) >= _SHORTEST)


def _texts(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield name, value.strip()
    inner = value.items() if isinstance(value, Mapping) else ((name, each) for each in _list(value))
    for key, each in inner:
        if key not in NOT_PERSONAL:
            yield from _texts(str(key), each)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
