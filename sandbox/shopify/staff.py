"""The people who work at a shop, as an online access token names them."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Staff:
    """One person. ``id`` is the number that ID tokens carry."""

    id: int
    first_name: str
    last_name: str
    email: str
    account_owner: bool = False
    locale: str = "en"
    collaborator: bool = False
    email_verified: bool = True

    def as_json(self) -> dict[str, Any]:
        """The person as ``associated_user``."""
        return asdict(self)


# Whom every shop has. The admin's pages are used by the owner, number 1.
EVERYWHERE = (
    Staff(1, "Giulia", "Conti", "giulia@example.com", account_owner=True, locale="it"),
    Staff(7, "Anna", "Bianchi", "anna@example.com", locale="it"),
    Staff(8, "Marco", "Rossi", "marco@example.com", locale="it"),
    Staff(42, "Lea", "Weber", "lea@example.com", locale="de", collaborator=True),
)


def everybody() -> dict[str, Staff]:
    """A new shop's people by number."""
    return {str(person.id): person for person in EVERYWHERE}


def hired(wishes: dict[str, Any]) -> Staff:
    """A person as the control API describes one; raises TypeError for a key nobody has."""
    number = int(wishes.pop("id"))
    names = {"first_name": "", "last_name": "", "email": f"staff-{number}@example.com"}
    return Staff(number, **{**names, **wishes})
