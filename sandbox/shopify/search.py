"""Shopify's search syntax for orders: ``status:any tag:vip (id:1 OR id:2) updated_at:>'…'``."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.shopify.values import Node, moment_of, number_of

Test = Callable[[Node], bool]

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


def compile_search(query: str | None) -> Test:
    """Return a test of an indexed order. Closed and cancelled orders need ``status:any``."""
    parser = _Parser(query or "")
    test = parser.either()
    if "status" in parser.fields:
        return test
    return lambda order: _status(order, "open") and test(order)


class _Parser:
    """Turns the words of a query into one test; unknown fields match nothing."""

    def __init__(self, query: str) -> None:
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
        return lambda order: any(test(order) for test in tests)

    def _all(self) -> Test:
        tests: list[Test] = []
        while (word := self._peek()) is not None and not word["close"] and word["word"] != "OR":
            if not self._next_is("word", "AND"):
                tests.append(self._one())
        return lambda order: all(test(order) for test in tests)

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
            return lambda order: _text(order, text)
        field, value = word["field"].lower(), _unquoted(word["value"])
        self.fields.add(field)
        if field in _TIMES:
            return _time(_TIMES[field], word["comparator"] or "", value)
        match = _FIELDS.get(field)
        return lambda order: match is not None and match(order, value)


def _not(test: Test) -> Test:
    return lambda order: not test(order)


def _unquoted(text: str) -> str:
    return text[1:-1] if text[:1] in "\"'" and text[-1:] == text[:1] and len(text) > 1 else text


def _text(order: Node, text: str) -> bool:
    words = [order["name"], order["name"].lstrip("#"), order.get("email") or "", *order["skus"]]
    words += order["tags"]
    return any(text == str(word or "").casefold() for word in words)


def _same(key: str) -> Callable[[Node, str], bool]:
    return lambda order, value: str(order.get(key) or "").casefold() == value.casefold()


def _fulfillment(order: Node, value: str) -> bool:
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


_FIELDS: dict[str, Callable[[Node, str], bool]] = {
    "id": lambda order, value: number_of(order["id"]) == number_of(value),
    "name": lambda order, value: order["name"].lstrip("#") == value.lstrip("#"),
    "tag": _tagged,
    "tag_not": lambda order, value: not _tagged(order, value),
    "status": _status,
    "financial_status": _same("displayFinancialStatus"),
    "fulfillment_status": _fulfillment,
    "email": _same("email"),
    "source_name": _same("sourceName"),
    "test": lambda order, value: order["test"] == (value.lower() == "true"),
    "sku": lambda order, value: value in order["skus"],
}
_TIMES = {"created_at": "createdAt", "updated_at": "updatedAt", "processed_at": "processedAt"}


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
