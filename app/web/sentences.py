"""Says in the page's language what the deeper layers say in English.

They know nothing of languages, and their sentences are kept in the log as they were. A catalogue
holds them under the context *said*, with ``%(name)s`` where a value stands. The parts ``rest`` and
``mend`` are sentences themselves; every other part, such as the warehouse's own words, stays.
"""

import re
from datetime import UTC, datetime
from functools import cache, lru_cache

from babel.messages.pofile import read_po
from flask_babel import get_locale

from app.web.languages import FOLDER
from app.web.times import moment

CONTEXT = "said"
_PLACE = re.compile(r"%\((\w+)\)s")
_SENTENCES = frozenset({"rest", "mend"})
# How the deeper layers write a moment.
_MOMENT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}) UTC", re.ASCII)
_END = re.compile(r"(?<=[.?!]) ")


Known = tuple[tuple[re.Pattern[str], str], ...]


def said(sentence: str) -> str:
    """One of our own sentences in the page's language, else as it is."""
    locale = get_locale()
    local = _MOMENT.sub(_in_zone, sentence)
    return translated(local, locale.language) if local and locale is not None else local


def _in_zone(found: re.Match[str]) -> str:
    return moment(datetime.strptime(found[1], "%Y-%m-%d %H:%M").replace(tzinfo=UTC))


@lru_cache(maxsize=4096)
def translated(sentence: str, language: str) -> str:
    """A sentence in a language, as far as its catalogue has it."""
    known = _catalogue(language)
    if not known:
        return sentence
    pieces = _END.split(sentence)
    return _whole(sentence, known) or " ".join(_whole(piece, known) or piece for piece in pieces)


def _whole(sentence: str, known: Known) -> str | None:
    matches = ((pattern.fullmatch(sentence), translation) for pattern, translation in known)
    return next((_filled(found, text, known) for found, text in matches if found), None)


def _filled(found: re.Match[str], translation: str, known: Known) -> str:
    parts = {
        name: _whole(text, known) or text if name in _SENTENCES else text
        for name, text in found.groupdict().items()
    }
    return _PLACE.sub(lambda place: parts[place[1]], translation)


@cache
def _catalogue(language: str) -> Known:
    """Each sentence as a pattern, with its translation; the longest first, being the most exact."""
    file = FOLDER / language / "LC_MESSAGES" / "messages.po"
    if not file.is_file():
        return ()
    with file.open("rb") as source:
        messages = [m for m in read_po(source, locale=language) if m.context == CONTEXT]
    messages.sort(key=lambda message: -len(_PLACE.sub("", str(message.id))))
    return tuple((_pattern(str(m.id)), str(m.string)) for m in messages if m.string)


def _pattern(sentence: str) -> re.Pattern[str]:
    texts = _PLACE.split(sentence)
    parts = [
        f"(?P<{text}>.+?)" if place % 2 else re.escape(text) for place, text in enumerate(texts)
    ]
    return re.compile("".join(parts), re.DOTALL)
