"""The admin's own words, in English and Italian. Pages and their scripts use the same ones."""

from flask import request

from sandbox.shopify.admin import goods_words
from sandbox.shopify.admin.english import ENGLISH
from sandbox.shopify.admin.italian import ITALIAN

LANGUAGES = {
    "en": goods_words.merged(ENGLISH, goods_words.ENGLISH),
    "it": goods_words.merged(ITALIAN, goods_words.ITALIAN),
}
COOKIE = "admin-language"


def language() -> str:
    """Return the page's language: ``?lang=``, else the one chosen before, else English."""
    chosen = request.args.get("lang") or request.cookies.get(COOKIE, "")
    return chosen if chosen in LANGUAGES else "en"
