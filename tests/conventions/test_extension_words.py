"""The admin extensions' words: complete in every language, none unused, the same as the pages'."""

import re
from itertools import combinations

import pytest

from app.web import languages
from app.web import words as pages
from tests.conventions.extension_files import (
    EXTENSIONS,
    FOLDER,
    SHARED,
    all_code,
    branches,
    extension,
    flat,
    locales,
    placeholders,
    sources,
    spoken_key,
)

NAMES = {
    "order-block": {"en.default": "WMS sync", "it": "Sincronizzazione WMS"},
    "send-to-wms": {"en.default": "Send to WMS", "it": "Invia al WMS"},
    "update-status": {"en.default": "Update sync status", "it": "Aggiorna stato"},
}
LANGUAGES = {"en.default", "it"}
LONGEST_HEADING = 40

each_extension = pytest.mark.parametrize("folder", EXTENSIONS, ids=lambda path: path.name)


@each_extension
def test_the_name_is_a_translated_word_of_the_product(folder):
    assert extension(folder)["name"] == "t:name"
    names = {language: words["name"] for language, words in locales(folder).items()}
    headings = {language: words["heading"] for language, words in locales(folder).items()}
    assert names == headings == NAMES[folder.name]
    assert max(map(len, headings.values())) <= LONGEST_HEADING


@each_extension
def test_every_language_has_the_same_keys_and_placeholders(folder):
    english = {key: placeholders(text) for key, text in flat(locales(folder)["en.default"])}
    assert set(locales(folder)) == LANGUAGES
    for language, words in locales(folder).items():
        said = {key: placeholders(text) for key, text in flat(words)}
        assert said.keys() == english.keys(), language
        assert {key for key in said if said[key] - english[key]} == set(), language


@each_extension
def test_every_plural_has_both_forms(folder):
    for words in locales(folder).values():
        for path, node in branches(words):
            if {"one", "other"} & node.keys():
                assert node.keys() == {"one", "other"}, path


@each_extension
def test_the_code_says_every_key_and_no_other(folder):
    code = "\n".join(path.read_text("utf-8") for path in sources(folder))
    keys = {spoken_key(key) for key, _ in flat(locales(folder)["en.default"])} - {"name"}
    literal = set(re.findall(r"'([a-zA-Z]+(?:\.[a-zA-Z]+)*)'", code))
    families = set(re.findall(r"t\(`([a-z]+)\.\$\{", code))
    assert set(re.findall(r"\bt\('([\w.]+)'", code)) <= keys
    assert {
        key for key in keys if key not in literal and key.split(".")[0] not in families
    } == set()
    assert families <= {key.split(".")[0] for key in keys}


@each_extension
def test_no_family_of_words_has_a_member_that_the_code_never_says(folder):
    code = "\n".join(path.read_text("utf-8") for path in [*sources(folder), SHARED / "values.js"])
    said = set(re.findall(r"'([\w.-]+)'", code))
    keys = {spoken_key(key) for key, _ in flat(locales(folder)["en.default"])} - {"name"}
    assert {key for key in keys if not {key, key.partition(".")[2]} & said} == set()


@pytest.mark.parametrize(
    ("module", "constant", "handle", "family"),
    [
        ("reasons.js", "NAMED", "send-to-wms", "reason"),
        ("gates.js", "LABELLED", "order-block", "gate"),
        ("states.js", "WAREHOUSE_STATES", "order-block", "warehouse"),
    ],
)
def test_every_word_that_the_code_lists_has_a_name(module, constant, handle, family):
    code = (SHARED / module).read_text("utf-8")
    listed = re.search(constant + r" = new Set\(\[(.*?)\]", code, re.DOTALL)
    assert listed
    named = set(re.findall(r"'([\w-]+)'", listed[1]))
    words = locales(FOLDER / handle)["en.default"][family].keys()
    literal = set(re.findall(rf"t\('{family}\.(\w+)'", all_code()))
    assert named == words - literal


def test_the_language_of_a_locale_file_stands_in_it():
    for folder in EXTENSIONS:
        said = {name: words["language"] for name, words in locales(folder).items()}
        assert said == {"en.default": "en", "it": "it"}


def test_words_that_two_extensions_share_are_the_same():
    for language in LANGUAGES:
        said = [dict(flat(locales(folder)[language])) for folder in EXTENSIONS]
        for one, other in combinations(said, 2):
            shared = (one.keys() & other.keys()) - {"name", "heading"}
            assert {key for key in shared if one[key] != other[key]} == set()


@pytest.mark.parametrize("language", ["en", "it"])
def test_the_card_and_the_pages_say_the_same_words(language):
    card = locales(FOLDER / "order-block")["en.default" if language == "en" else language]
    for family, ours in page_words().items():
        shown = {key: in_language(label, language) for key, label in ours.items()}
        assert {key: card[family].get(key) for key in shown} == shown


def test_the_card_draws_the_badges_of_the_pages():
    code = (SHARED / "states.js").read_text("utf-8")
    drawn = re.findall(r"(\w+): \{tone: '([\w-]+)', icon: '([\w-]+)'\}", code)
    badges = {state: (badge.tone, badge.icon) for state, badge in pages.STATES.items()}
    assert {state: tuple(rest) for state, *rest in drawn} == badges


@pytest.mark.parametrize("language", ["en", "it"])
def test_the_actions_and_the_pages_name_reasons_alike(language):
    action = locales(FOLDER / "send-to-wms")["en.default" if language == "en" else language]
    ours = {gate: str(said.short) for gate, said in pages.GATES.items()}
    ours |= {code: str(label) for code, label in pages.REASONS.items()}
    shown = {key: in_language(label, language) for key, label in ours.items()}
    assert {key: action["reason"].get(key) for key in shown} == shown


def page_words() -> dict[str, dict[str, str]]:
    """Return the labels of the pages by the card's family of words."""
    return {
        "state": {state: str(badge.label) for state, badge in pages.STATES.items()},
        "gate": {gate: str(said.label) for gate, said in pages.GATES.items()},
        "warehouse": {state: str(label) for state, label in pages.OUTBOUND.items()},
    }


def in_language(label: str, language: str) -> str:
    """Return a label of the pages in a language."""
    return languages.catalogue(language).gettext(label)
