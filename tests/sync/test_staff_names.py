"""Staff are called by their names: Shopify is asked once, apart from pages and actions."""

from datetime import timedelta
from typing import Any

import pytest

from app.db import session
from app.domain.states import Effect
from app.models import Shop, ShopToken, StaffMember
from app.sync import retention, runs
from app.sync.owing import owe
from tests.world import OTHER_SHOP, SHOP, World

EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"


def token_of(world: World, user: str, shop: str = SHOP) -> str:
    """A fresh ID token of a staff member."""
    return str(world.shopify.ask("POST", f"/sandbox/{shop}/id-token", user=user)["token"])


def introduce(world: World, user: str = "7", shop: str = SHOP) -> Any:
    """What the page's script or an extension asks; returns the name."""
    headers = {"Authorization": f"Bearer {token_of(world, user, shop)}"}
    answer = world.http.call("POST", "/api/me", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()["name"]


def page(world: World, path: str, user: str = "7") -> str:
    """A page as a staff member sees it."""
    answer = world.http.call("GET", path, params={"shop": SHOP, "id_token": token_of(world, user)})
    assert answer.status_code == 200
    return answer.text


def exchanges(world: World, after: int) -> int:
    """How often Shopify was asked for a token since a mark."""
    entries = world.shopify.ask("GET", f"/sandbox/ledger?kind=token&after={after}")
    return len(entries)


def passes(world: World, time: timedelta) -> None:
    """Let time pass since Shopify was asked for names."""
    with world.app.app_context():
        for person in session().query(StaffMember):
            person.asked_at -= time
        session().commit()


def known(world: World) -> list[tuple[str, str]]:
    """Who is kept by which name."""
    with world.app.app_context():
        people = session().query(StaffMember).order_by(StaffMember.shop_id, StaffMember.user_id)
        found = [(person.user_id, person.name) for person in people]
        session().rollback()
        return found


def test_shopify_is_asked_once_and_the_log_says_anna(world: World) -> None:
    gid = world.order()
    world.settle()
    world.send(gid)
    assert "Staff 7" in page(world, "/logs")
    mark = world.mark()
    assert introduce(world) == introduce(world) == "Anna Bianchi"
    assert exchanges(world, mark) == 1
    assert "Anna Bianchi" in page(world, "/logs")
    assert "Staff 7" not in page(world, "/logs")
    assert known(world) == [("7", "Anna Bianchi")]


def test_a_page_asks_shopify_nothing_and_its_script_only_while_nobody_is_known(
    world: World,
) -> None:
    mark = world.mark()
    assert "/me.js" in page(world, "/")
    assert exchanges(world, mark) == 0
    introduce(world)
    for path in ("/", "/orders", "/logs", "/settings"):
        assert "/me.js" not in page(world, path)
    assert "/me.js" in page(world, "/", "8"), "another person"


def test_the_token_of_a_person_is_not_kept(world: World) -> None:
    before = stored_token(world)
    introduce(world)
    assert stored_token(world) == before


def stored_token(world: World) -> str | None:
    """The access token the shop's work is done with."""
    with world.app.app_context():
        token = session().query(ShopToken).one().access_token
        session().rollback()
        return token


@pytest.mark.parametrize("failure", [{"do": "status", "value": 503}, {"do": "drop_before"}])
def test_a_failure_leaves_a_number_and_is_not_repeated_at_once(
    world: World, failure: dict[str, Any]
) -> None:
    world.shopify_fails({"where": "token", "match": EXCHANGE, **failure})
    assert introduce(world) is None
    world.shopify_fails()
    mark = world.mark()
    assert introduce(world) is None
    assert exchanges(world, mark) == 0
    passes(world, timedelta(minutes=61))
    assert introduce(world) == "Anna Bianchi"


def test_somebody_shopify_does_not_know_stays_a_number(world: World) -> None:
    assert introduce(world, "99") is None
    assert known(world) == [("99", "")]


def test_a_name_is_asked_for_again_after_a_month(world: World) -> None:
    introduce(world)
    rename(world, "Anna", "Verdi")
    passes(world, timedelta(days=29))
    assert introduce(world) == "Anna Bianchi"
    passes(world, timedelta(days=2))
    assert introduce(world) == "Anna Verdi"


def test_an_old_name_stays_when_shopify_does_not_answer(world: World) -> None:
    introduce(world)
    passes(world, timedelta(days=31))
    world.shopify_fails({"where": "token", "match": EXCHANGE, "do": "status", "value": 503})
    assert introduce(world) == "Anna Bianchi"


def rename(world: World, first: str, last: str) -> None:
    """Give number 7 another name at Shopify."""
    world.shopify.ask("POST", f"/sandbox/{SHOP}/staff", id=7, first_name=first, last_name=last)


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        ("Cher", "", "Cher"),
        ("", "", None),
        (" Anna  Maria\n", "de\tRossi ", "Anna Maria de Rossi"),
        ("שלום", "🌸", "שלום 🌸"),
        ("X" * 200, "Y", "X" * 120),
    ],
)
def test_names_are_what_people_call_themselves(
    world: World, first: str, last: str, name: str | None
) -> None:
    rename(world, first, last)
    assert introduce(world) == name


def test_each_shop_has_its_own_people(world: World) -> None:
    rename(world, "Anna", "Verdi")
    world.install(OTHER_SHOP)
    assert introduce(world, "7", OTHER_SHOP) == "Anna Bianchi"
    assert introduce(world) == "Anna Verdi"
    assert [name for _user, name in known(world)] == ["Anna Verdi", "Anna Bianchi"]


def test_names_go_with_the_shop(world: World) -> None:
    introduce(world)
    world.shopify.ask("POST", f"/sandbox/{SHOP}/uninstall")
    world.until(lambda: world.drain() or not stored_tokens(world), "the uninstall")
    assert known(world) == [("7", "Anna Bianchi")], "it may come back"
    world.shopify.ask("POST", f"/sandbox/{SHOP}/redact")
    world.until(lambda: world.drain() or not known(world), "the removal")


def stored_tokens(world: World) -> int:
    """How many shops can be worked for."""
    with world.app.app_context():
        count = session().query(ShopToken).count()
        session().rollback()
        return count


def test_who_has_not_been_here_for_as_long_as_the_log_goes_back_is_forgotten(world: World) -> None:
    world.choose(retention_days=30)
    introduce(world)
    passes(world, timedelta(days=59))
    introduce(world, "8")
    prune(world)
    assert len(known(world)) == 2
    passes(world, timedelta(days=2))
    prune(world)
    assert known(world) == [("8", "Marco Rossi")]


def prune(world: World) -> None:
    """Tidy up, as every night."""
    with world.app.app_context():
        shop = session().query(Shop).one()
        run = runs.begin(shop.id, retention.PRUNE, runs.SCHEDULE)
        owe(shop.id, ("run", run.id), Effect.RUN)
        session().commit()
    world.settle()
