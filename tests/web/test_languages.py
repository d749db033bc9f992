"""Languages and times: what a page says in which."""

from datetime import UTC, datetime, timedelta

from app.db import db
from app.models import Shop
from app.web import languages, times
from tests.web.catalogue import extracted, untranslated
from tests.web.conftest import World


def test_every_page_speaks_italian_when_asked(shop_a: World) -> None:
    shop_a.order(1001, reason="sku")
    for path, words in (
        ("/", "Esegui ora"),
        ("/orders", "Da inviare"),
        ("/orders/1001", "Ogni riga ha uno SKU"),
        ("/logs", "Ultime 24 ore"),
        ("/settings/connection", "Prova connessione"),
    ):
        page = shop_a.get(f"{path}?locale=it-IT").text
        assert '<html lang="it" dir="ltr">' in page
        assert words in page, path
        assert words in shop_a.get(path, headers={"Accept-Language": "it-CH, de;q=0.5"}).text
        assert words not in shop_a.get(f"{path}?locale=xx").text


def test_refusals_speak_italian_too(shop_a: World) -> None:
    headers = {"Accept-Language": "it"}
    answer = shop_a.ask("POST", "/api/orders/send", json={"ids": []}, headers=headers)
    assert answer.json["error"] == "Indica gli ordini in ids, come lista di id."


def test_times_are_in_the_shops_zone(shop_a: World) -> None:
    moment = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    shop_a.order(1001, placed_at=moment)
    page = shop_a.get("/orders").text
    assert 'datetime="2026-07-01T22:30:00Z"' in page
    assert "2 Jul" in page
    assert "00:30" in page


def test_a_zone_we_do_not_know_reads_as_utc(shop_a: World) -> None:
    with shop_a.app.app_context():
        db.session.query(Shop).update({"timezone": "../etc/passwd"})
        db.session.commit()
    shop_a.order(1001)
    assert shop_a.get("/orders").status_code == 200


def test_every_catalogue_is_complete() -> None:
    """Every sentence of the code and templates is translated, and no translation is stale."""
    wanted = extracted()
    assert len(wanted) > 150
    for language in languages.offered()[1:]:
        assert untranslated(language, wanted) == []


def test_durations_and_days_are_written_as_the_language_does(shop_a: World) -> None:
    begun = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
    ended = begun + timedelta(milliseconds=1_240)
    for language, words in (("en", "1.2 s"), ("it", "1,2 s")):
        with shop_a.app.test_request_context(f"/?locale={language}"):
            assert times.took(begun, ended) == words
            assert times.took(begun, begun)[1:] == f"{words[1]}0 s"
    assert "Dal " in shop_a.get("/?locale=it").text
