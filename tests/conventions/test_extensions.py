"""The admin extensions: built by Shopify's CLI, small, and complete in every language."""

import gzip
import json
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from app.web import languages
from app.web import words as pages

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "app_extensions"
SHARED = FOLDER / "shared"
EXTENSIONS = sorted(path.parent for path in FOLDER.glob("*/shopify.extension.toml"))
TARGETS = {
    "admin.order-index.action.render",
    "admin.order-index.selection-action.render",
    "admin.order-details.action.render",
    "admin.order-details.action.should-render",
    "admin.order-details.block.render",
}
NAMES = {
    "order-block": {"en.default": "WMS sync", "it": "Sincronizzazione WMS"},
    "send-to-wms": {"en.default": "Send to WMS", "it": "Invia al WMS"},
    "update-status": {"en.default": "Update sync status", "it": "Aggiorna stato"},
}
LANGUAGES = {"en.default", "it"}
MOST_COMPRESSED = 64 * 1024
LONGEST_HEADING = 40

each_extension = pytest.mark.parametrize("folder", EXTENSIONS, ids=lambda path: path.name)


@pytest.fixture(scope="session")
def bundles() -> dict[str, list[Path]]:
    """Every extension's bundles, built again when a source is newer."""
    if not all(is_fresh(folder) for folder in EXTENSIONS):
        build()
    return {folder.name: sorted((folder / "dist").glob("*.js")) for folder in EXTENSIONS}


@each_extension
def test_the_bundles_are_small(folder, bundles):
    assert bundles[folder.name]
    for bundle in bundles[folder.name]:
        assert len(gzip.compress(bundle.read_bytes())) <= MOST_COMPRESSED, bundle.name


@each_extension
def test_the_bundles_register_the_targets_of_the_configuration(folder, bundles):
    code = "".join(bundle.read_text("utf-8") for bundle in bundles[folder.name])
    registered = re.findall(r'shopify\.extend\("([\w.-]+)"', code)
    assert sorted(registered) == sorted(targets(folder))


def test_together_they_cover_the_order_list_and_the_order_page():
    assert {target for folder in EXTENSIONS for target in targets(folder)} == TARGETS


@each_extension
def test_a_target_stands_once_in_an_extension(folder):
    assert len(targets(folder)) == len(set(targets(folder)))


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


def test_the_lock_file_pins_everything_and_names_no_address():
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))
    packages = {name: each for name, each in lock["packages"].items() if name}
    assert not [name for name, each in packages.items() if "resolved" in each]
    assert not [name for name, each in packages.items() if "integrity" not in each]
    asked = json.loads((ROOT / "package.json").read_text("utf-8"))
    versions = [*asked["dependencies"].values(), *asked["devDependencies"].values()]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions)


def test_the_shared_logic_passes_its_own_tests():
    node = shutil.which("node")
    assert node, "Node 20 or newer is needed."
    run(node, "--test", f"{SHARED / 'tests'}/")


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


def all_code() -> str:
    """Return every module of every extension."""
    return "\n".join(path.read_text("utf-8") for folder in EXTENSIONS for path in sources(folder))


def build() -> None:
    """Build every extension, as ``npm run build`` does; offline, some seconds."""
    assert (ROOT / "node_modules").is_dir(), "Run `npm ci` first."
    npm = shutil.which("npm")
    assert npm, "npm is needed to build the extensions."
    run(npm, "run", "build")


def run(*command: str) -> None:
    """Run a command in the project's folder; what it printed explains a failure."""
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=100, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def is_fresh(folder: Path) -> bool:
    """Say whether the extension's bundle is newer than all it is made from."""
    bundle = folder / "dist" / f"{folder.name}.js"
    made_from = [*sources(folder), folder / "shopify.extension.toml"]
    newest = max(path.stat().st_mtime for path in made_from)
    return bundle.exists() and bundle.stat().st_mtime >= newest


def extension(folder: Path) -> dict[str, Any]:
    """Return what the extension's configuration says of it."""
    config = tomllib.loads((folder / "shopify.extension.toml").read_text("utf-8"))
    (only,) = config["extensions"]
    return only


def targets(folder: Path) -> list[str]:
    """Return every target the configuration names, conditions included."""
    points = extension(folder)["targeting"]
    conditions = [each["target"] for each in points if "should_render" in each]
    return [each["target"] for each in points] + [
        target.removesuffix("render") + "should-render" for target in conditions
    ]


def sources(folder: Path) -> list[Path]:
    """Return the extension's modules and every shared module they import."""
    found: dict[Path, None] = dict.fromkeys(sorted((folder / "src").iterdir()))
    waiting = list(found)
    while waiting:
        path = waiting.pop()
        for name in re.findall(r"^import .*'(\.[^']+)';$", path.read_text("utf-8"), re.MULTILINE):
            module = (path.parent / name).resolve()
            if module not in found:
                found[module] = None
                waiting.append(module)
    return list(found)


def locales(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the extension's words by language."""
    files = (folder / "locales").glob("*.json")
    return {path.name.removesuffix(".json"): json.loads(path.read_text("utf-8")) for path in files}


def branches(words: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every object of a locale file with its path."""
    yield path, words
    for key, value in words.items():
        if isinstance(value, dict):
            yield from branches(value, f"{path}.{key}".removeprefix("."))


def flat(words: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield every text of a locale file with its path."""
    for path, node in branches(words):
        for key, value in node.items():
            if isinstance(value, str):
                yield f"{path}.{key}".removeprefix("."), value


def spoken_key(path: str) -> str:
    """Return the key the code says for a text: a plural's forms share one."""
    return re.sub(r"\.(one|other)$", "", path)


def placeholders(text: str) -> set[str]:
    """Return the names in double braces."""
    return set(re.findall(r"\{\{(\w+)\}\}", text))
