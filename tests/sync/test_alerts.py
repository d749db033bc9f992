"""Alerts: one for each cause and hour, to everybody who wants to know, and a note when it is over.

A real mail server and a real web address on loopback take them.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from redis import Redis
from standardwebhooks import Webhook

from app.db import database_now, session
from app.domain.drift import Difference, Kind, Repair
from app.domain.states import Effect
from app.models import Alert, Connection, DriftRow, LogLine, Owed, ScheduleSlot, Shop, Trouble
from app.sync import alerts, schedule
from app.sync.claims import bury, claim
from app.sync.drift_rows import note
from app.sync.owing import owe
from sandbox.shopify.app_config import CLIENT_ID
from tests.post_office import PASSWORD, Post, PostOffice
from tests.receiver import Receiver
from tests.world import OTHER_SHOP, SHOP, World

ANNA, BRUNO = "anna@shop.example", "bruno@shop.example"
HOUR = timedelta(hours=1)


@pytest.fixture
def office(world: World) -> Iterator[PostOffice]:
    """A mail server with a login, that the app knows."""
    office = PostOffice(login=True)
    office.start()
    config = world.app.config["TAGDOCK"]
    object.__setattr__(config, "smtp_url", office.url)
    object.__setattr__(config, "mail_from", "Tagdock <alerts@tagdock.example>")
    yield office
    office.stop()


@pytest.fixture
def told(world: World, office: PostOffice) -> World:
    """A shop whose Anna wants to know, and who thinks that three orders in error are a pile."""
    wants(world, emails=[ANNA], errors=3)
    return world


# --- A broken connection ----------------------------------------------------------------------


def test_a_refused_token_is_told_once_an_hour_and_then_that_it_is_over(
    told: World, office: PostOffice
) -> None:
    fresh = refuse_token(told)
    for _ in range(5):
        look(told)
    (post,) = office.letters
    assert (post.recipients, post.user) == ([ANNA], "tagdock")
    assert post.subject.endswith("The warehouse refuses the connection")
    said = post.text
    assert "Token refused. Copy it again from the connector's page." in said
    assert "What to do:\nOpen the connection's settings" in said
    assert f"/store/tagdock-demo/apps/{CLIENT_ID}/settings/connection" in said
    assert f"/store/tagdock-demo/apps/{CLIENT_ID}/settings/alerts" in said
    passes(told, HOUR)
    look(told)
    look(told)
    assert subjects(office) == ["The warehouse refuses the connection"] * 2
    mend_token(told, fresh)
    look(told)
    look(told)
    assert subjects(office)[2:] == ["Connection re-established"]
    assert office.letters[2].text.startswith("Warehouse answers again.")
    assert nothing_left(told)


def test_a_connection_that_breaks_again_within_the_hour_waits_for_it(
    told: World, office: PostOffice
) -> None:
    mend_token(told, refuse_token(told))
    look(told)
    assert office.letters == [], "it was over before anybody looked"
    fresh = refuse_token(told)
    look(told)
    mend_token(told, fresh)
    look(told)
    fresh = refuse_token(told)
    look(told)
    assert len(office.letters) == 2, "told and ended; then the hour's rest"
    mend_token(told, fresh)
    look(told)
    assert len(office.letters) == 2, "nobody was told, so nobody hears of the end"
    refuse_token(told)
    passes(told, HOUR)
    look(told)
    assert len(office.letters) == 3


def test_a_warehouse_that_is_away_for_some_minutes_is_told(told: World, office: PostOffice) -> None:
    gid = told.order()
    told.settle()
    told.warehouse_fails({"where": "any", "do": "drop_before"})
    told.send(gid)
    told.until(lambda: worked(told) == "unreachable", "the outage noticed")
    look(told)
    assert office.letters == []
    with told.app.app_context():
        session().query(Connection).one().status_since = database_now() - timedelta(minutes=6)
        session().commit()
    look(told)
    assert subjects(office) == ["The warehouse can't be reached"]
    told.warehouse_fails()
    told.until(lambda: worked(told) == "established", "the warehouse found again")
    look(told)
    assert subjects(office)[1:] == ["Connection re-established"]


def test_an_answer_of_no_use_is_told_in_its_own_words(told: World, office: PostOffice) -> None:
    told.warehouse_fails({"where": "connection", "do": "redirect"})
    assert told.api("POST", "/api/connection/test")["status"] == "unusable"
    with told.app.app_context():
        session().query(Connection).one().status_since = database_now() - timedelta(minutes=6)
        session().commit()
    look(told)
    assert subjects(office) == ["The warehouse's answer is of no use"]
    assert "redirects" in office.letters[0].text
    told.warehouse_fails()
    assert told.api("POST", "/api/connection/test")["ok"]
    look(told)
    assert subjects(office)[1:] == ["Connection re-established"]


def test_another_account_is_told(told: World, office: PostOffice) -> None:
    other = told.wms.ask("POST", "/sandbox/connectors", label="Other", account="NEWCO")
    mend_token(told, other["token"], app_url=other["app_url"], ok=False)
    look(told)
    assert subjects(office) == ["Another warehouse account answers"]
    assert "NEWCO" in office.letters[0].text
    told.api("POST", "/api/connection/confirm")
    assert told.api("POST", "/api/connection/test")["ok"]
    look(told)
    assert subjects(office)[1:] == ["Connection re-established"]


def test_a_disconnected_shop_is_told_nothing_more(told: World, office: PostOffice) -> None:
    refuse_token(told)
    look(told)
    with told.app.app_context():
        row = session().query(Connection).one()
        row.token, row.status = None, "never_tested"
        session().commit()
    look(told)
    assert len(office.letters) == 1


# --- Errors and work given up -----------------------------------------------------------------


def test_errors_that_pile_up_are_told_and_told_again_only_when_they_grow(
    told: World, office: PostOffice
) -> None:
    refused_orders(told, 2)
    look(told)
    assert office.letters == []
    names = refused_orders(told, 1)
    look(told)
    refused_orders(told, 4)
    look(told)
    assert subjects(office) == ["Orders in error: 3"]
    assert f"{names[0]}: " in office.letters[0].text
    assert "UNKNOWN-1" in office.letters[0].text
    assert f"/apps/{CLIENT_ID}/orders?state=error" in office.letters[0].text
    passes(told, HOUR)
    look(told)
    assert subjects(office)[1:] == ["Orders in error: 7"]
    passes(told, HOUR)
    look(told)
    assert len(office.letters) == 2, "no more than before"
    told.wms.ask("PUT", "/sandbox/settings", unknown_skus=[])
    told.api("POST", "/api/jobs/import_orders/run")
    told.settle()
    look(told)
    assert subjects(office)[2:] == ["Fewer orders in error"]


def test_work_that_was_given_up_is_told(told: World, office: PostOffice) -> None:
    gid = told.order()
    told.settle()
    order = str(told.row(gid)["id"])
    with told.app.app_context():
        shop = shop_id()
        owe(shop, ("order", order), Effect.LOOK_UP)
        session().commit()
        bury(claim(shop, Effect.LOOK_UP, 1), "The warehouse\nnever answered.")
        session().commit()
    look(told)
    look(told)
    assert subjects(office) == ["Work given up: 1"]
    assert "Why:\nThe warehouse never answered." in office.letters[0].text
    with told.app.app_context():
        session().query(Owed).delete()
        session().commit()
    look(told)
    assert subjects(office)[1:] == ["Nothing is given up any more"]


def test_what_differs_is_told(told: World, office: PostOffice) -> None:
    with told.app.app_context():
        difference = Difference(
            Kind.TRACKING, "tracking:1", Repair.TRACK, "Other, WRONG", "DemoPost, DP-1"
        )
        note(shop_id(), difference, name="#1001")
        session().commit()
    look(told)
    look(told)
    assert subjects(office) == ["Shopify and the warehouse differ: 1"]
    why = "#1001: Other tracking. In Shopify: Other, WRONG. At the warehouse: DemoPost, DP-1."
    assert f"Why:\n{why}" in office.letters[0].text
    with told.app.app_context():
        session().query(DriftRow).delete()
        session().commit()
    look(told)
    assert subjects(office)[1:] == ["Shopify and the warehouse agree again"]


# --- Giving them --------------------------------------------------------------------------------


def test_a_mail_server_that_is_down_gets_each_alert_once_and_in_order(
    told: World, office: PostOffice, redis_url: str
) -> None:
    office.pause()
    fresh = refuse_token(told)
    look(told)
    again(told)
    with Redis.from_url(redis_url) as connection:
        connection.flushall()
    mend_token(told, fresh)
    look(told)
    assert office.letters == []
    assert [owed.dead_at for owed in owed_alerts(told)] == [None, None]
    office.start()
    told.until(lambda: again(told) or nothing_left(told), "both given")
    assert subjects(office) == ["The warehouse refuses the connection", "Connection re-established"]
    again(told)
    look(told)
    assert len(office.letters) == 2


def test_the_ticker_rings_for_alerts(told: World) -> None:
    refuse_token(told)
    due(told)
    with told.app.app_context():
        assert alerts.watch() == 1
        assert (shop_id(), "bulk") in schedule.due_shops()
        assert alerts.watch() == 0, "its next look is in a minute"


def test_a_letter_that_may_have_arrived_goes_again_under_the_same_id(
    told: World, office: PostOffice
) -> None:
    office.answers = {"DATA": "break"}
    refuse_token(told)
    look(told)
    told.until(lambda: again(told) or nothing_left(told), "the letter given")
    first, second = office.letters
    assert first.message["Message-ID"] == second.message["Message-ID"]


def test_one_whom_nobody_can_reach_costs_nobody_else_anything(
    told: World, office: PostOffice
) -> None:
    wants(told, emails=[ANNA, BRUNO], errors=3)
    office.refused[ANNA] = "550 5.1.1 No such person"
    refuse_token(told)
    look(told)
    assert [post.recipients for post in office.letters] == [[BRUNO]]
    assert nothing_left(told)
    lines = log(told)
    assert any("could not be sent by e-mail" in line and "No such person" in line for line in lines)
    assert any(line.startswith("Alert sent by e-mail: The warehouse refuses") for line in lines)


def test_who_wants_nothing_any_more_gets_nothing(told: World, office: PostOffice) -> None:
    office.pause()
    refuse_token(told)
    look(told)
    wants(told, emails=[BRUNO], errors=3)
    office.start()
    told.until(lambda: again(told) or nothing_left(told), "the old alert dropped")
    assert office.letters == []


def test_an_alert_that_nobody_took_for_a_day_is_dropped(told: World, office: PostOffice) -> None:
    office.pause()
    refuse_token(told)
    look(told)
    with told.app.app_context():
        session().query(Alert).one().created_at = database_now() - timedelta(hours=25)
        session().commit()
    again(told)
    assert nothing_left(told)
    assert any("Nobody took it for a day." in line for line in log(told))


def test_two_tickers_at_once_tell_once(told: World, office: PostOffice) -> None:
    refuse_token(told)
    due(told)

    def tick() -> int:
        with told.app.app_context():
            return alerts.watch()

    with ThreadPoolExecutor(4) as pool:
        looks = [future.result() for future in [pool.submit(tick) for _ in range(4)]]
    assert sum(looks) == 1
    told.drain()
    assert len(office.letters) == 1


def test_a_shop_hears_of_nothing_but_itself(told: World, office: PostOffice) -> None:
    told.install(OTHER_SHOP)
    wants(told, shop=OTHER_SHOP, emails=[BRUNO], errors=1)
    refuse_token(told)
    look(told)
    assert [post.recipients for post in office.letters] == [[ANNA]]


# --- The web address ----------------------------------------------------------------------------


def test_a_web_address_gets_a_signed_document(
    told: World, office: PostOffice, receiver: Receiver
) -> None:
    wants(told, emails=[ANNA], webhook_url=receiver.url, errors=3)
    receiver.answer = 503
    fresh = refuse_token(told)
    look(told)
    assert len(office.letters) == 1
    receiver.answer = 200
    told.until(lambda: again(told) or nothing_left(told), "the document taken")
    mend_token(told, fresh)
    look(told)
    assert len(office.letters) == 2, "one of each, whatever became of the other"
    refused, taken, over = receiver.posts
    assert refused.headers["webhook-id"] == taken.headers["webhook-id"]
    with told.app.app_context():
        secret = alerts.signing_secret(SHOP)
        assert alerts.signing_secret(OTHER_SHOP) != secret
    for post in receiver.posts:
        Webhook(secret).verify(post.body.decode(), post.headers)
    assert (taken.document["type"], over.document["type"]) == ("alert.raised", "alert.over")
    data = taken.document["data"]
    assert (data["shop"], data["cause"]) == (SHOP, "refused")
    assert data["title"] == "The warehouse refuses the connection"
    assert "Token refused" in data["why"]
    assert data["link"].endswith("/settings/connection")


def test_without_a_mail_server_the_web_address_is_told_alone(
    world: World, receiver: Receiver
) -> None:
    wants(world, emails=[ANNA], webhook_url=receiver.url, errors=3)
    refuse_token(world)
    look(world)
    assert len(receiver.posts) == 1
    assert nothing_left(world)


def test_a_private_web_address_gets_nothing(world: World) -> None:
    inside = {"webhook_url": "https://10.1.2.3/hook?key=in-the-address-77", "errors": 3}
    with world.app.app_context():
        # Saved when its name still led elsewhere.
        session().query(Shop).filter_by(domain=SHOP).update({"settings": {"alerts": inside}})
        session().commit()
    refuse_token(world)
    look(world)
    assert nothing_left(world)
    lines = log(world)
    assert any("10.1.2.3 is not on the public internet" in line for line in lines)
    assert not any("in-the-address-77" in line for line in lines)


def test_a_shop_that_wants_to_know_nothing_is_not_kept_account_of(world: World) -> None:
    refuse_token(world)
    look(world)
    with world.app.app_context():
        assert session().query(Trouble).count() == 0
        session().rollback()
    assert nothing_left(world)


def test_no_secret_is_in_a_letter_a_document_or_a_log(
    told: World, office: PostOffice, receiver: Receiver, capsys: pytest.CaptureFixture[str]
) -> None:
    wants(told, emails=[ANNA], webhook_url=receiver.url, errors=3)
    office.refused[ANNA] = f"450 {PASSWORD} is not the trouble"
    receiver.answer = 500
    fresh = refuse_token(told)
    look(told)
    office.refused.clear()
    receiver.answer = 200
    told.until(lambda: again(told) or nothing_left(told), "both given")
    with told.app.app_context():
        signing = alerts.signing_secret(SHOP)
    secrets = (PASSWORD, fresh, told.connector["token"], signing, "in-the-address-77")
    said = [post.message.as_string() + post.text for post in office.letters]
    said += [post.body.decode() for post in receiver.posts]
    said += log(told)
    said += [capsys.readouterr().out]
    assert len(said) > 3
    assert [secret for secret in secrets if any(secret in text for text in said)] == []


# --- The world ------------------------------------------------------------------------------------


def wants(world: World, *, shop: str = SHOP, **wanted: Any) -> None:
    """Set whom the shop's alerts go to."""
    version = world.api("GET", "/api/settings", shop=shop)["version"]
    world.api("PUT", "/api/settings", shop=shop, version=version, alerts=wanted)
    world.drain()


def refuse_token(world: World) -> str:
    """Have the warehouse refuse the token, and the app notice; returns one that works."""
    path = f"/sandbox/connectors/{world.connector['id']}/rotate-token"
    fresh = str(world.wms.ask("POST", path)["token"])
    assert not world.api("POST", "/api/connection/test")["ok"]
    return fresh


def mend_token(world: World, token: str, *, app_url: str = "", ok: bool = True) -> None:
    """Give the app another token, and let it test the connection."""
    url = app_url or world.connector["app_url"]
    body = {"label": "Warehouse", "app_url": url, "token": token, "automatic": False}
    world.api("PUT", "/api/connection", **body)
    assert world.api("POST", "/api/connection/test")["ok"] is ok
    world.drain()


def refused_orders(world: World, number: int) -> list[str]:
    """Place orders that the warehouse refuses, and send them; returns their names."""
    lines = [{"sku": "UNKNOWN-1", "quantity": 1}]
    gids = [world.order(lines=lines) for _ in range(number)]
    world.settle()
    world.send(*gids)
    world.settle()
    rows = [world.row(gid) for gid in gids]
    assert [row["tag_state"] for row in rows] == ["error"] * number
    return [row["name"] for row in rows]


def due(world: World) -> None:
    """Let the minute until the next look pass."""
    with world.app.app_context():
        for slot in session().query(ScheduleSlot).filter_by(job=alerts.WATCH):
            slot.next_at = database_now() - timedelta(seconds=1)
        session().commit()


def look(world: World) -> None:
    """Let the ticker look at the shops, and do what is owed then."""
    due(world)
    with world.app.app_context():
        assert alerts.watch()
    world.drain()


def again(world: World) -> None:
    """Let the waits before the next tries of alerts pass, and try."""
    with world.app.app_context():
        for row in session().query(Owed).filter_by(effect=Effect.ALERT):
            row.due_at, row.held_until = database_now(), None
        session().commit()
    world.drain()


def passes(world: World, time: timedelta) -> None:
    """Let some time pass since the last alerts."""
    with world.app.app_context():
        for row in session().query(Trouble).filter(Trouble.told_at.is_not(None)):
            row.told_at = row.told_at and row.told_at - time
        session().commit()


def worked(world: World) -> str:
    """The connection's status, after doing what is due."""
    world.drain()
    with world.app.app_context():
        status = session().query(Connection).one().status
        session().rollback()
        return status


def owed_alerts(world: World) -> list[Owed]:
    """The alerts that are owed."""
    with world.app.app_context():
        rows = session().query(Owed).filter_by(effect=Effect.ALERT).all()
        session().expunge_all()
        session().rollback()
        return rows


def nothing_left(world: World) -> bool:
    """Whether every alert has been given or dropped."""
    with world.app.app_context():
        left = session().query(Alert).count()
        session().rollback()
    return not left and not owed_alerts(world)


def log(world: World) -> list[str]:
    """The lines of the log about alerts."""
    with world.app.app_context():
        lines = [line.message for line in session().query(LogLine).filter_by(event="alert")]
        session().rollback()
        return lines


def shop_id() -> int:
    """The shop's row."""
    return session().query(Shop).filter_by(domain=SHOP).one().id


def subjects(office: PostOffice) -> list[str]:
    """What the letters are about, without the shop's name."""
    return [_without_name(post) for post in office.letters]


def _without_name(post: Post) -> str:
    return post.subject.partition(": ")[2]
