"""Carriers by the names that Shopify knows, so that its tracking links and e-mails work."""

from collections.abc import Mapping

# Names as Shopify lists them among its supported tracking companies.
KNOWN = (
    "Amazon Logistics UK",
    "Amazon Logistics US",
    "An Post",
    "Australia Post",
    "BRT",
    "Bpost",
    "Canada Post",
    "Chronopost",
    "Colissimo",
    "Correios",
    "Correos",
    "CTT Express",
    "DHL Express",
    "DHL eCommerce",
    "DHL Parcel",
    "DPD",
    "DPD Germany",
    "DPD UK",
    "Deutsche Post (EN)",
    "Evri",
    "FedEx",
    "GLS",
    "GLS Italy",
    "InPost",
    "La Poste",
    "Mondial Relay",
    "NACEX",
    "New Zealand Post",
    "Packeta",
    "Poste Italiane",
    "PostNL",
    "PostNord",
    "Royal Mail",
    "SDA",
    "SEUR",
    "SF Express",
    "Swiss Post",
    "TNT",
    "UPS",
    "USPS",
    "YunExpress",
)
# Other names that warehouses give them, squeezed to letters and digits.
_ALSO = {
    "bartolini": "BRT",
    "brtcorriereespresso": "BRT",
    "dhl": "DHL Express",
    "dhlexpressworldwide": "DHL Express",
    "dhlpaket": "DHL Parcel",
    "dpdde": "DPD Germany",
    "deutschepost": "Deutsche Post (EN)",
    "fedexexpress": "FedEx",
    "federalexpress": "FedEx",
    "glsit": "GLS Italy",
    "glsitaly": "GLS Italy",
    "hermesuk": "Evri",
    "laposte": "La Poste",
    "poste": "Poste Italiane",
    "posteit": "Poste Italiane",
    "postedeliverybusiness": "Poste Italiane",
    "sdaexpresscourier": "SDA",
    "tntexpress": "TNT",
    "unitedparcelservice": "UPS",
    "uspostalservice": "USPS",
}
_BY_WORD: dict[str, str] = {}


def company_for(code: str, name: str, additions: Mapping[str, str]) -> str:
    """The name to show in Shopify for a carrier that the WMS calls ``code`` and ``name``: the
    merchant's own, else Shopify's, else what the WMS calls it."""
    own = {_squeeze(word): company for word, company in additions.items()}
    for word in (_squeeze(code), _squeeze(name)):
        if word and word in own:
            return own[word]
    for word in (_squeeze(name), _squeeze(code)):
        if word in _BY_WORD:
            return _BY_WORD[word]
    return name or code


def is_known(company: str) -> bool:
    """Whether Shopify has this name among its carriers, and so knows how to follow its numbers."""
    return company in KNOWN


def _squeeze(word: str) -> str:
    return "".join(sign for sign in word.casefold() if sign.isalnum())


_BY_WORD.update({_squeeze(company): company for company in KNOWN} | _ALSO)
