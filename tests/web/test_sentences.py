"""What the deeper layers say in English, said in another language."""

import pytest

from app.domain.rules import GATES
from app.web.sentences import translated
from app.wms.problems import ADVICE, explain, explain_taken
from app.wms.values import Problem

REFUSAL = (
    "Refused. The warehouse doesn't know a SKU of this order."
    " It says: “No TS-M. Sorry.” Add it there, then send again."
)
RIFIUTO = (
    "Rifiutato. Il magazzino non conosce uno SKU di questo ordine."
    " Dice: “No TS-M. Sorry.” Aggiungilo lì, poi invia di nuovo."
)
TOO_LATE = (
    "It was too late to cancel 2 of its units at the warehouse."
    " It says: “Packed. Gone.” Decide with the warehouse what to do."
)
TROPPO_TARDI = (
    "Era troppo tardi per annullare 2 delle sue unità in magazzino."
    " Dice: “Packed. Gone.” Decidi con il magazzino che cosa fare."
)


@pytest.mark.parametrize(
    ("english", "italian"),
    [
        ("In the warehouse WH-1, revision 2.", "Nel magazzino WH-1, revisione 2."),
        ("Not sent. The order is cancelled.", "Non inviato. L'ordine è annullato."),
        (REFUSAL, RIFIUTO),
        (
            "The warehouse takes no more for now. Send again in a few minutes.",
            "Per ora il magazzino non accetta altro. Invia di nuovo tra qualche minuto.",
        ),
        (TOO_LATE, TROPPO_TARDI),
        (
            "The warehouse did not cancel it. Decide with the warehouse what to do.",
            "Il magazzino non l'ha annullato. Decidi con il magazzino che cosa fare.",
        ),
        ("Nothing we ever say.", "Nothing we ever say."),
        ("", ""),
    ],
)
def test_our_sentences_are_translated_and_what_is_quoted_stays(english: str, italian: str) -> None:
    assert translated(english, "it") == italian
    assert translated(english, "en") == english


@pytest.mark.parametrize("code", sorted(ADVICE))
def test_every_refusal_of_a_warehouse_is_translated(code: str) -> None:
    for detail in ("", "its own words"):
        sentence = explain(Problem(code=code, detail=detail))
        assert "The warehouse" not in translated(sentence, "it")
        assert "It is" not in translated(sentence, "it")
        assert detail in translated(sentence, "it")


@pytest.mark.parametrize("code", sorted(ADVICE))
def test_every_issue_of_what_a_warehouse_took_is_translated(code: str) -> None:
    sentence = explain_taken(Problem(code=code, detail="its own words"))
    assert "refused" not in sentence
    assert "send again" not in sentence
    for begin in ("Taken, with an issue.", "Has an issue."):
        italian = translated(f"{begin} {sentence}", "it")
        left = [each for each in ("issue.", "The warehouse", "It is", "It says") if each in italian]
        assert left == []
        assert "its own words" in italian


def test_every_gate_has_its_words() -> None:
    from app.web.words import GATES as WORDS

    assert {gate.name for gate in GATES} <= set(WORDS)
