"""Shopify's search syntax (``status:any tag:vip updated_at:>…``), and its words for orders."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.shopify.values import Node, moment_of, number_of

Test = Callable[[Node], bool]
Match = Callable[[Node, str, str], bool]

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<open>\() | (?P<close>\)) | (?P<word>OR|AND|NOT)(?=[\s(]|$)
      | (?P<minus>-)?(?P<field>[A-Za-z_]+):(?P<comparator><=|>=|<|>)?
        (?P<value>"[^"]*"|'[^']*'|[^\s()]+)
      | (?P<minus2>-)?(?P<text>"[^"]*"|'[^']*'|[^\s()]+)
    )""",
    re.VERBOSE,
)
_DAYS = {"today": 0, "yesterday": 1, "past_day": 1, "past_week": 7, "past_month": 30}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What can be asked of a kind of row: fields (row, comparator, value), times, plain text."""

    fields: dict[str, Match]
    times: dict[str, str]
    text: Callable[[Node, str], bool]


def compile_with(vocabulary: Vocabulary, query: str | None) -> Test:
    """Return a test of rows of a kind; no query matches all."""
    return _Parser(query or "", vocabulary).either()


def compile_search(query: str | None) -> Test:
    """Return a test of an indexed order. Closed and cancelled orders need ``status:any``."""
    parser = _Parser(query or "", ORDERS)
    test = parser.either()
    if "status" in parser.fields:
        return test
    return lambda order: _status(order, "open") and test(order)


class _Parser:
    """Turns the words of a query into one test; unknown fields match nothing."""

    def __init__(self, query: str, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.words = [match for match in _TOKEN.finditer(query) if match.group().strip()]
        self.fields: set[str] = set()
        self.at = 0

    def _peek(self) -> re.Match[str] | None:
        return self.words[self.at] if self.at < len(self.words) else None

    def _next_is(self, group: str, text: str) -> bool:
        word = self._peek()
        if word is not None and word[group] == text:
            self.at += 1
            return True
        return False

    def either(self) -> Test:
        tests = [self._all()]
        while self._next_is("word", "OR"):
            tests.append(self._all())
        return tests[0] if len(tests) == 1 else lambda order: any(test(order) for test in tests)

    def _all(self) -> Test:
        tests: list[Test] = []
        while (word := self._peek()) is not None and not word["close"] and word["word"] != "OR":
            if not self._next_is("word", "AND"):
                tests.append(self._one())
        return tests[0] if len(tests) == 1 else lambda order: all(test(order) for test in tests)

    def _one(self) -> Test:
        if self._next_is("word", "NOT"):
            return _not(self._one())
        if self._next_is("open", "("):
            inner = self.either()
            self._next_is("close", ")")
            return inner
        word = self.words[self.at]
        self.at += 1
        test = self._term(word)
        return _not(test) if word["minus"] or word["minus2"] else test

    def _term(self, word: re.Match[str]) -> Test:
        if word["field"] is None:
            text = _unquoted(word["text"]).casefold()
            return lambda row: self.vocabulary.text(row, text)
        field, value = word["field"].lower(), _unquoted(word["value"])
        comparator = word["comparator"] or ""
        self.fields.add(field)
        if field in self.vocabulary.times:
            return _time(self.vocabulary.times[field], comparator, value)
        match = self.vocabulary.fields.get(field)
        return lambda row: match is not None and match(row, comparator, value)


def _not(test: Test) -> Test:
    return lambda order: not test(order)


def _unquoted(text: str) -> str:
    return text[1:-1] if text[:1] in "\"'" and text[-1:] == text[:1] and len(text) > 1 else text


def _text(order: Node, text: str) -> bool:
    words = [order["name"], order["name"].lstrip("#"), order.get("email") or "", *order["skus"]]
    words += order["tags"]
    return any(text == str(word or "").casefold() for word in words)


def _same(key: str) -> Match:
    return lambda order, _, value: str(order.get(key) or "").casefold() == value.casefold()


def _fulfillment(order: Node, _: str, value: str) -> bool:
    status = order["displayFulfillmentStatus"].lower()
    names = {"unshipped": "unfulfilled", "shipped": "fulfilled", "partial": "partially_fulfilled"}
    return bool(status == names.get(value.lower(), value.lower()))


def _status(order: Node, value: str) -> bool:
    closed, cancelled = order["closedAt"] is not None, order["cancelledAt"] is not None
    tests = {
        "any": True,
        "open": not closed and not cancelled,
        "closed": closed and not cancelled,
        "cancelled": cancelled,
        "not_closed": not closed,
    }
    return tests.get(value.lower(), False)


def _tagged(order: Node, value: str) -> bool:
    return value.casefold() in {tag.casefold() for tag in order["tags"]}


_FIELDS: dict[str, Match] = {
    "id": lambda order, _, value: bool(order["id_number"] == number_of(value)),
    "name": lambda order, _, value: order["name"].lstrip("#") == value.lstrip("#"),
    "tag": lambda order, _, value: _tagged(order, value),
    "tag_not": lambda order, _, value: not _tagged(order, value),
    "status": lambda order, _, value: _status(order, value),
    "financial_status": _same("displayFinancialStatus"),
    "fulfillment_status": _fulfillment,
    "return_status": _same("returnStatus"),
    "email": _same("email"),
    "source_name": _same("sourceName"),
    "test": lambda order, _, value: order["test"] == (value.lower() == "true"),
    "sku": lambda order, _, value: value in order["skus"],
}
_TIMES = {"created_at": "createdAt", "updated_at": "updatedAt", "processed_at": "processedAt"}
ORDERS = Vocabulary(_FIELDS, _TIMES, _text)


def _time(key: str, comparator: str, value: str) -> Test:
    start = _moment(value)
    if start is None:
        return lambda _order: False
    end = start + timedelta(days=1) if len(value) == len("2026-01-31") else start
    compare: dict[str, Callable[[datetime], bool]] = {
        ">": lambda moment: moment > end,
        ">=": lambda moment: moment >= start,
        "<": lambda moment: moment < start,
        "<=": lambda moment: moment <= end,
        "": lambda moment: start <= moment <= end,
    }
    return lambda order: compare[comparator](moment_of(order[key]))


def _moment(value: str) -> datetime | None:
    if value.lower() in _DAYS:
        return datetime.now(UTC) - timedelta(days=_DAYS[value.lower()])
    try:
        return moment_of(value)
    except ValueError:
        return None


SORT_KEYS: dict[str, Callable[[Node], Any]] = {
    "CREATED_AT": lambda order: order["createdAt"],
    "PROCESSED_AT": lambda order: order["processedAt"],
    "UPDATED_AT": lambda order: order["updatedAt"],
    "ORDER_NUMBER": lambda order: order["number"],
    "TOTAL_PRICE": lambda order: float(order["totalPriceSet"]["shopMoney"]["amount"]),
}


def sort_value(order: Node, key: str) -> Any:
    """Return what an order is sorted by, with its number to break ties."""
    number = number_of(order["id"])
    return (SORT_KEYS[key](order), number) if key in SORT_KEYS else (number, number)
