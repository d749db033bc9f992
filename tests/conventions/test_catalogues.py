"""The catalogues: each sentence once, none that nobody says, none put aside."""

import ast
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from app.web import languages
from app.web.sentences import CONTEXT
from tests.web.catalogue import extracted

APP = Path(languages.__file__).parents[1]
FILES = sorted(languages.FOLDER.glob("*/LC_MESSAGES/messages.po"))

each_language = pytest.mark.parametrize("file", FILES, ids=lambda file: file.parts[-3])


def test_there_are_catalogues() -> None:
    assert [file.parts[-3] for file in FILES] == languages.offered()[1:]


@each_language
def test_no_sentence_stands_twice(file: Path) -> None:
    """Babel would silently take the last one."""
    entries = re.split(r"\n{2,}", file.read_text("utf-8"))
    keys = Counter((_part(entry, "msgctxt"), _part(entry, "msgid")) for entry in entries)
    assert [key for key, times in keys.items() if times > 1] == []


@each_language
def test_entries_stand_apart(file: Path) -> None:
    entries = re.split(r"\n{2,}", file.read_text("utf-8"))
    assert [entry for entry in entries if len(re.findall(r"(?m)^msgid ", entry)) != 1] == []


@each_language
def test_no_sentence_is_put_aside(file: Path) -> None:
    assert re.findall(r"(?m)^#~.*", file.read_text("utf-8")) == []


@each_language
def test_pages_say_every_sentence_that_is_translated_for_them(file: Path) -> None:
    said = extracted()
    unused = [
        message.id
        for message in _messages(file)
        if message.context != CONTEXT and not said.get(message.id, message.context)
    ]
    assert unused == []


@each_language
def test_the_deeper_layers_say_every_sentence_that_is_translated_for_them(file: Path) -> None:
    """They put sentences together from pieces; most neighbouring words stand in one piece."""
    code = _code()
    known = [str(message.id) for message in _messages(file) if message.context == CONTEXT]
    assert known
    assert [sentence for sentence in known if not _is_said(sentence, code)] == []


def _part(entry: str, name: str) -> str:
    """What follows a keyword of an entry, over all of its lines."""
    found = re.search(rf'(?m)^{name} ((?:".*"\n?)+)', entry)
    return "".join(ast.literal_eval(line) for line in found[1].splitlines()) if found else ""


def _messages(file: Path) -> list[object]:
    with file.open("rb") as source:
        return [message for message in read_po(source) if message.id]


def _code() -> str:
    """Every text in the code of the app, a line each."""
    trees = (ast.parse(file.read_text("utf-8")) for file in APP.rglob("*.py"))
    nodes = (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return "\n".join(_plain(node.value) for node in nodes if isinstance(node.value, str))


def _is_said(sentence: str, code: str) -> bool:
    pieces = [_plain(piece).split() for piece in re.split(r"%\(\w+\)s", sentence)]
    pairs = [" ".join(pair) for piece in pieces for pair in pairwise(piece)]
    words = pairs or [word for piece in pieces for word in piece]
    return 2 * sum(each in code for each in words) >= len(words)


def _plain(text: str) -> str:
    """A text's words alone."""
    return " ".join(re.findall(r"[\w'-]+", text))
