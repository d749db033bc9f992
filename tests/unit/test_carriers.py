"""What Shopify calls a carrier of the warehouse's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.carriers import KNOWN, company_for, is_known


@pytest.mark.parametrize(
    ("code", "name", "company"),
    [
        ("dhl", "DHL", "DHL Express"),
        ("dhl_express", "", "DHL Express"),
        ("", "dhl-paket", "DHL Parcel"),
        ("brt", "Bartolini", "BRT"),
        ("BRT", "BRT Corriere Espresso", "BRT"),
        ("gls-it", "GLS", "GLS"),
        ("gls-it", "GLS Italy", "GLS Italy"),
        ("poste", "", "Poste Italiane"),
        ("ups", "United Parcel Service", "UPS"),
        ("deutschepost", "", "Deutsche Post (EN)"),
        ("demopost", "DemoPost", "DemoPost"),
        ("demopost", "", "demopost"),
        ("usps", "A truck", "USPS"),
        ("", "", ""),
        ("--", "!?", "!?"),
    ],
)
def test_known_carriers_get_shopifys_name_and_others_keep_theirs(
    code: str, name: str, company: str
) -> None:
    assert company_for(code, name, {}) == company


def test_the_merchants_own_names_come_first() -> None:
    own = {"DHL": "My courier", "demo-post": "Demo Post International"}
    assert company_for("dhl", "DHL Paket", own) == "My courier", "by its code"
    assert company_for("7", "dhl", own) == "My courier", "by its name"
    assert company_for("DemoPost", "", own) == "Demo Post International", "in another spelling"
    assert company_for("ups", "UPS", own) == "UPS"


def test_the_code_goes_before_the_name_in_the_merchants_own() -> None:
    assert company_for("a", "b", {"b": "Second", "a": "First"}) == "First"


def test_an_own_name_without_letters_is_nobodys() -> None:
    assert company_for("", "", {"--": "Nobody"}) == ""
    assert company_for("!", "DHL", {"?": "Nobody"}) == "DHL Express"


@pytest.mark.parametrize("company", KNOWN)
def test_every_name_that_shopify_knows_is_found_however_it_is_written(company: str) -> None:
    for written in (company, company.upper(), company.replace(" ", "_"), f" {company}. "):
        assert company_for("", written, {}) == company
        assert company_for(written, "", {}) == company
    assert is_known(company)
    assert not is_known(company.upper() + "!")


@given(code=st.text(max_size=20), name=st.text(max_size=20))
def test_a_name_is_never_lost(code: str, name: str) -> None:
    company = company_for(code, name, {})
    assert company in (*KNOWN, name, code)
    assert bool(company) is bool(code or name)
