"""What the code and the templates say: as Babel finds it, and where it doesn't look."""

import ast
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from app.web import languages

WEB = Path(languages.__file__).parent
_METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2.ext:babel_extract")]
_KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None}
_KEYWORDS["pgettext"] = ((1, "c"), 2)


def extracted() -> Catalog:
    """Every sentence of app/web."""
    catalogue = Catalog()
    found = extract_from_dir(
        WEB,
        _METHODS,
        {"**/templates/**.html": {"trimmed": "true"}},
        keywords=_KEYWORDS,
    )
    for _, _, message, _, context in found:
        catalogue.add(message, context=context)
    for message in _inside_f_strings():
        catalogue.add(message)
    return catalogue


def _inside_f_strings() -> Iterator[str]:
    """What is said in the middle of an f-string, which Babel takes for one piece."""
    trees = (ast.parse(file.read_text("utf-8")) for file in WEB.rglob("*.py"))
    strings = (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.JoinedStr))
    for call in (node for string in strings for node in ast.walk(string)):
        said = isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
        if said and call.func.id in ("_", "gettext") and isinstance(call.args[0], ast.Constant):
            yield call.args[0].value


def untranslated(language: str, wanted: Catalog) -> list[str]:
    """The sentences that a language's catalogue lacks, or has in vain."""
    file = WEB / "translations" / language / "LC_MESSAGES" / "messages.po"
    with file.open("rb") as source:
        known = read_po(source, locale=language)
    lacking = [
        str(message.id)
        for message in wanted
        if message.id and not getattr(known.get(message.id, message.context), "string", None)
    ]
    fuzzy = [str(message.id) for message in known if message.id and message.fuzzy]
    return [*lacking, *fuzzy]
