"""Which language a page speaks. Catalogues are read from their .po files when first needed."""

import io
from functools import cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, request
from flask_babel import Babel, Domain, get_locale

FOLDER = Path(__file__).parent / "translations"
DEFAULT = "en"


def register(app: Flask) -> None:
    """Translate what the pages and refusals say."""
    _Babel(app, default_locale=DEFAULT, locale_selector=choose)  # type: ignore[no-untyped-call]
    app.jinja_env.globals.update(language=language, direction=direction)


@cache
def offered() -> list[str]:
    """The languages there are: English, and one for each catalogue."""
    return [DEFAULT, *sorted(file.parent.parent.name for file in FOLDER.glob("*/*/messages.po"))]


def choose() -> str:
    """The language asked for in the address, else by the browser, else English."""
    wanted = request.args.get("locale", "").replace("_", "-").partition("-")[0].lower()
    if wanted in offered():
        return wanted
    return request.accept_languages.best_match(offered()) or DEFAULT


def language() -> str:
    """The page's language tag."""
    return str(get_locale() or DEFAULT).replace("_", "-")


def direction() -> str:
    """Whether the page's language is written from the left (ltr) or from the right (rtl)."""
    locale = get_locale()
    return locale.text_direction if locale is not None else "ltr"


@cache
def catalogue(name: str) -> NullTranslations:
    """The translations of a language, made from its .po file; empty for English."""
    file = FOLDER / name / "LC_MESSAGES" / "messages.po"
    if not file.is_file():
        return NullTranslations()
    compiled = io.BytesIO()
    with file.open("rb") as source:
        write_mo(compiled, read_po(source, locale=name))
    compiled.seek(0)
    return Translations(compiled)


class _Catalogues(Domain):
    def get_translations(self) -> NullTranslations:
        locale = get_locale()
        return catalogue(locale.language if locale is not None else DEFAULT)


class _Babel(Babel):
    domain_instance = _Catalogues()  # type: ignore[no-untyped-call]
