"""The goods, people and odd cases of the seeded shops."""

from typing import Any

Spec = dict[str, Any]

NO_SYNC = "wms-no-sync"

PRODUCTS: list[tuple[str, str, str]] = [
    ("Maglietta Basic · M", "TS-M", "19.90"),
    ("Maglietta Basic · L", "TS-L", "19.90"),
    ("Felpa con cappuccio", "HD-01", "49.00"),
    ("Tazza in ceramica", "MUG-330", "12.50"),
    ("Caffè in grani 1 kg", "COF-1000", "21.00"),
    ("Tè verde sencha", "TEA-050", "9.80"),
    ("Borraccia termica", "BTL-500", "27.90"),
    ("Zaino urbano", "BAG-20L", "79.00"),
    ("Quaderno A5", "NB-A5", "7.40"),
    ("Penna a sfera", "PEN-BLK", "2.20"),
    ("Candela profumata", "CND-02", "16.00"),
    ("Olio extravergine 750 ml", "OIL-750", "18.60"),
    ("Pasta di Gragnano", "PST-500", "3.90"),
    ("Cuffie wireless", "HP-BT1", "89.00"),
    ("Caricatore USB-C", "CHG-65W", "34.90"),
    ("Lampada da tavolo", "LMP-01", "64.00"),
    ("Coperta in lana", "BLK-140", "58.00"),
    ("Puzzle 1000 pezzi", "PZL-1000", "22.00"),
    ("Poster Milano", "PST-MI", "14.00"),
    ("Calzini a righe", "SOC-42", "6.50"),
]

# Real-life names: accents, other scripts, right-to-left, apostrophes, companies, one emoji.
PEOPLE: list[Spec] = [
    {"name": "Anna Rossi", "address1": "Via Torino 12", "city": "Milano", "zip": "20123"},
    {"name": "Gian-Luca D'Angelo", "address1": "Corso Garibaldi 7/B", "city": "Napoli"},
    {"name": "Zoë Müller-Lüdenscheidt", "address1": "Straße des 17. Juni 135", "country": "DE"},
    {"name": "Jean-François Lefèvre", "address1": "12 rue de l’Église", "country": "FR"},
    {"name": "محمد الأحمد", "address1": "شارع الملك فهد ١٢", "city": "Milano", "zip": "20124"},
    {"name": "נועה כהן", "address1": "Via Padova 200", "city": "Milano", "zip": "20127"},
    {"name": "山田 太郎", "address1": "Via Paolo Sarpi 30", "city": "Milano", "zip": "20154"},
    {"name": "Łukasz Żółć", "address1": "Viale Monza 4", "city": "Milano", "zip": "20125"},
    {"name": "Nguyễn Thị Ánh", "address1": "Via Appia Nuova 61", "city": "Roma", "zip": "00183"},
    {"name": "Élodie 🌸 Martin", "address1": "3 place Bellecour", "country": "FR"},
    {"name": "Sinéad O’Connor", "address1": "Via Nazionale 90", "city": "Roma", "zip": "00184"},
    {"name": "Björk Guðmundsdóttir", "address1": "Via Merulana 1", "city": "Roma", "zip": "00185"},
    {
        "name": "Marco Bianchi",
        "company": "Bianchi & Figli S.r.l.",
        "address1": "Strada Provinciale 17 km 4,5 — capannone 3, interno C, cit. “B. e F.”",
        "address2": "Consegna solo 8:30–12:00",
        "city": "Torino",
        "zip": "10121",
    },
]


def address(person: Spec) -> Spec:
    """Return a whole address of a person of the list."""
    country = person.get("country", "IT")
    places = {"IT": ("Milano", "20121"), "DE": ("Berlin", "10623"), "FR": ("Lyon", "69002")}
    city, code = places[country]
    provinces = {"Milano": "MI", "Roma": "RM", "Torino": "TO", "Napoli": "NA"}
    whole = {"city": city, "zip": code, "phone": "+390255512345", "country_code": country}
    whole |= {key: value for key, value in person.items() if key != "country"}
    return whole | {"province_code": provinces.get(whole["city"])}


def plain(number: int) -> Spec:
    """Return an order that nothing keeps from being sent: one to five lines, paid, shipped."""
    lines = [
        {"sku": PRODUCTS[(number * 3 + line * 7) % len(PRODUCTS)][1], "quantity": 1 + line % 3}
        for line in range(1 + number % 5)
    ]
    return {
        "lines": lines,
        "tags": [NO_SYNC],
        "shipping_address": address(PEOPLE[number % len(PEOPLE)]),
        "email": f"customer{number}@example.com",
    }


def odd_ones() -> list[Spec]:
    """Return the orders that each show one special case, oldest first."""
    return [*_old_ones(), *_unfit_ones(), *_special_ones()]


def _old_ones() -> list[Spec]:
    return [
        plain(1) | {"days": 95, "tags": [], "closed": True},
        plain(2) | {"days": 75, "tags": []},
    ]


def _unfit_ones() -> list[Spec]:
    return [
        plain(3) | {"days": 28, "tags": [], "cancel": True},
        plain(4) | {"days": 27, "tags": [], "test": True},
        plain(5) | {"days": 26, "tags": [], "paid": False, "gateway": "Bank Deposit"},
    ]


def _special_ones() -> list[Spec]:
    thirty = [{"sku": PRODUCTS[n % len(PRODUCTS)][1], "quantity": 1 + n % 4} for n in range(30)]
    gift = {"sku": "GIFT-50", "title": "Buono regalo 50 €", "price": "50.00", "gift_card": True}
    nameless = {"sku": None, "title": "Campione senza codice", "price": "5.00"}
    unknown = {"sku": "UNKNOWN-1", "title": "Articolo fuori catalogo", "price": "11.00"}
    return [
        plain(6) | {"lines": thirty, "note": "Trenta righe, per favore una sola spedizione."},
        plain(7) | {"lines": [{"sku": "MUG-330"}, nameless]},
        plain(8) | {"delivery": "PICK_UP", "shipping_address": None, "shipping_price": "0"},
        plain(9) | {"delivery": "LOCAL", "note": "Citofonare due volte 🔔"},
        plain(10) | {"paid": False, "gateway": "Cash on Delivery (COD)"},
        plain(11) | {"presentment_currency": "USD", "rate": "1.0835"},
        plain(12) | {"lines": [{"sku": "HD-01"}, {"sku": "BAG-20L", "place": "Roma"}]},
        plain(13) | {"lines": [gift, {"sku": "NB-A5", "quantity": 2}], "tags": []},
        plain(14) | {"lines": [{"sku": "TS-M"}, unknown]},
    ]
