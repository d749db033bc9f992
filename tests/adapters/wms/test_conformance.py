"""The conformance command: the reference WMS passes, one with a defect fails in its lines."""

import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import request as asked
from vendor import SKU, Vendor, numbers

from app.wms.conformance.checks import CHECKS
from app.wms.conformance.documents import document, line
from app.wms.conformance.report import NOT_CHECKED, PASSED, Verdict
from sandbox.serve import serve
from sandbox.wms import batches, create_app
from sandbox.wms.defects import NAMES
from sandbox.wms.settings import LACKABLE
from sandbox.wms.shipments import Shipment
from sandbox.wms.world import World
from tests.contract import Contract

ALL = [check.number for check in CHECKS]
HAND = [47, 48, 49, 50, 51, 52, 53]
DOCS = Path(__file__).parents[3] / "docs" / "writing-a-wms.md"
README = Path(__file__).parents[3] / "sandbox" / "wms" / "README.md"

# The lines in which each defect must fail.
LINES: dict[str, list[int]] = {
    "no_max_batch": [1],
    "two_default_warehouses": [2],
    "open_door": [3],
    "any_token": [4],
    "wrong_token_403": [3, 4],
    "errors_as_html": [7, 23, 28, 35, 43],
    "errors_without_code": [3, 4, 7, 16, 17, 20, 23, 28, 34, 35, 41, 42, 43, 48, 51],
    "no_wms_id": [5],
    "reference_without_job": [6],
    "unknown_order_200": [7],
    "lost_in_jobs": [8],
    "duplicates_created": [9, 12, 32],
    "overwrites_revisions": [10],
    "updates_created": [11],
    "takes_lower_revisions": [12, 32],
    "one_bad_fails_all": [13],
    "rejects_silently": [10, 14],
    "keeps_rejected": [15],
    "no_limit": [16],
    "takes_nonsense": [17],
    "refuses_new_fields": [18],
    "ignores_keys": [19, 20, 21],
    "keys_without_body": [20],
    "keys_kept_late": [21],
    "job_without_progress": [22],
    "unknown_job_200": [23],
    "log_without_cursor": [24],
    "log_without_end": [24],
    "hold_in_name_only": [25, 28],
    "release_in_name_only": [26, 28],
    "ship_by_in_name_only": [27, 28],
    "changes_unknown_orders": [28],
    "lacking_404": [29],
    "cancels_relatively": [30],
    "cancel_in_name_only": [30, 31, 34, 35, 48, 54],
    "cancel_forgotten": [32],
    "never_reopens": [33],
    "cancels_older_revisions": [34],
    "cancels_unknown_orders": [35],
    "feeds_without_has_more": [36, 37, 38, 39, 40, 47, 52, 53],
    "stock_without_version": [37, 40, 53],
    "ignores_limit": [37, 40],
    "starts_over": [40, 41, 42],
    "passes_over": [40],
    "any_cursor": [41],
    "expired_cursor_400": [42],
    "returns_of_unknown_orders": [43],
    "tells_the_secret": [44],
    "no_callbacks": [45, 50],
    "unsigned_callbacks": [45, 50],
    "wrongly_signed_callbacks": [45, 50],
    "callbacks_once": [46],
    "callbacks_renamed": [46],
    "late_shipments_skipped": [47],
    "cancels_packed": [34, 48],
    "same_version": [49],
    "no_shipment_callbacks": [50],
    "returns_forgotten": [51],
    "cancellations_untold": [52],
    "stock_as_differences": [53],
}
# What can't be found out where an earlier line failed.
UNKNOWN: dict[str, list[int]] = {
    "updates_created": [12],
    "lacking_404": [25, 26],
    "cancel_in_name_only": [32, 33],
    "feeds_without_has_more": [48, 49, 50, 51],
    "late_shipments_skipped": [48, 49, 50, 51],
    "no_callbacks": [46],
}
# A warehouse in which a defect can be seen.
WHERE: dict[str, dict[str, Any]] = {
    "lacking_404": {"lacks": ["hold"]},
}
# Where something never comes it is not waited for as long as where it does.
HASTE: dict[str, dict[str, float]] = {
    "no_callbacks": {"patience": 0.3},
    "callbacks_once": {"patience": 6.0},
    "no_shipment_callbacks": {"patience": 6.0},
    "late_shipments_skipped": {"wait": 2.0},
    "cancellations_untold": {"wait": 2.0},
}


@pytest.fixture(scope="module")
def vendor() -> Iterator[Vendor]:
    """A vendor with one reference WMS, which each test begins anew."""
    with serve(create_app()) as server:
        found = Vendor(server)
        yield found
        found.http.close()


def _stay_inside(patch: pytest.MonkeyPatch) -> None:
    """Let the order that is looked for inside its job stay there."""
    held = World._held
    patch.setattr(World, "_held", lambda world, job: "-2'" in str(job.orders) or held(world, job))


def _meet(patch: pytest.MonkeyPatch) -> None:
    """Let the two requests that come at once under one key wait for each other."""
    both = threading.Barrier(2)
    patch.setattr(batches, "linger", lambda _: b'-10"' in asked.get_data() and both.wait(60))


# What shows for a moment only is made to last, however slowly a check looks.
BRIEF = {"lost_in_jobs": _stay_inside, "keys_kept_late": _meet}


@pytest.mark.parametrize("name", LINES)
def test_a_defect_fails_in_its_lines_and_in_no_other(
    vendor: Vendor, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name in BRIEF:
        BRIEF[name](monkeypatch)
    vendor.begin(defects=[name], **WHERE.get(name, {}))
    haste = HASTE.get(name, {})
    verdicts = vendor.check(expired_cursor=vendor.expired_cursor(), **haste)
    said = "\n".join(map(str, verdicts))
    assert numbers(verdicts) == LINES[name], said
    assert numbers(verdicts, NOT_CHECKED) == UNKNOWN.get(name, []), said
    assert all(verdict.what and verdict.mend for verdict in failed(verdicts)), said
    made = [verdict.number for verdict in verdicts]
    assert made == (ALL if name != "no_max_batch" else [1])


def test_every_defect_is_looked_for_and_every_check_can_fail() -> None:
    assert set(LINES) == set(NAMES)
    assert {number for lines in LINES.values() for number in lines} == set(ALL)


def test_the_reference_wms_passes_and_is_left_tidy(vendor: Vendor) -> None:
    vendor.begin()
    verdicts = vendor.check(expired_cursor=vendor.expired_cursor())
    assert numbers(verdicts, PASSED) == ALL, "\n".join(map(str, verdicts))
    left = {order["number"]: order["state"] for order in vendor.orders()}
    shipped = [number for number in left if number.endswith("-20")]
    assert {left.pop(number) for number in shipped} == {"shipped"}
    assert set(left.values()) == {"cancelled"}
    assert all(number.startswith("CHECK-") for number in left)


def test_the_reference_wms_passes_when_it_answers_at_once(vendor: Vendor) -> None:
    vendor.begin(mode="sync")
    verdicts = vendor.check()
    assert numbers(verdicts) == [], "\n".join(map(str, verdicts))
    assert numbers(verdicts, NOT_CHECKED) == [42, 45, 46], "no cursor given, and no job ends later"


def test_what_needs_a_hand_is_said_and_nothing_is_waited_for(vendor: Vendor) -> None:
    vendor.begin()
    verdicts = vendor.check(wait=0.0)
    assert numbers(verdicts) == []
    assert numbers(verdicts, NOT_CHECKED) == [42, *HAND]
    assert all("run again with --" in verdict.what for verdict in unchecked(verdicts))
    assert vendor.asked == []
    assert {order["state"] for order in vendor.orders()} == {"cancelled"}


def test_a_warehouse_without_packing_is_asked_to_ship_and_to_correct(vendor: Vendor) -> None:
    vendor.begin(lacks=["packed_event"])
    assert numbers(vendor.check()) == []
    assert [what.partition(" ")[0] for what in vendor.asked] == [
        "Ship",
        "Correct",
        "Cancel",
        "Count",
    ]


def test_what_it_lacks_is_not_checked_and_refused_rightly(vendor: Vendor) -> None:
    vendor.begin(lacks=list(LACKABLE))
    verdicts = vendor.check()
    assert numbers(verdicts) == [], "\n".join(map(str, verdicts))
    reasons = {verdict.number: verdict.what for verdict in unchecked(verdicts)}
    assert reasons[25] == "The WMS says that it lacks hold."
    assert reasons[39] == "The WMS answers GET /cancellations with 501: it lacks it."
    assert 29 in numbers(verdicts, PASSED)


def test_the_stated_minimum_passes(vendor: Vendor) -> None:
    vendor.begin(
        mode="sync", lacks=["hold", "sla", "returns", "callbacks", "cancellations", "cancel_lines"]
    )
    verdicts = vendor.check()
    assert numbers(verdicts) == [], "\n".join(map(str, verdicts))
    passed = numbers(verdicts, PASSED)
    assert {36, 37, 40, 41} <= set(passed)
    assert {39, 52}.isdisjoint(passed)


def test_a_wms_that_wants_it_slower_is_asked_again(vendor: Vendor) -> None:
    vendor.begin()
    value = {"status": 429, "retry_after": 0}
    vendor.call("PUT", "faults", [{"where": "any", "do": "status", "value": value, "times": 4}])
    assert numbers(vendor.check(wait=0.0)) == []


def test_a_line_may_come_in_parts(vendor: Vendor, monkeypatch: pytest.MonkeyPatch) -> None:
    def in_lots(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [each | {"quantity": 1} for each in lines for _ in range(each["quantity"])]

    item = Shipment.item

    def told(shipment: Shipment, *where: str, **wishes: bool) -> dict[str, Any]:
        found = item(shipment, *where, **wishes)
        return found | {"lines": in_lots(found["lines"])}

    monkeypatch.setattr(Shipment, "item", told)
    vendor.begin()
    verdicts = vendor.check()
    assert numbers(verdicts) == [], "\n".join(map(str, verdicts))
    assert 47 in numbers(verdicts, PASSED)


def test_a_wms_elsewhere_is_not_told_to_call_this_machine(vendor: Vendor) -> None:
    vendor.begin()
    port = vendor.url.rpartition(":")[2]
    path = vendor.connector["app_url"].partition(f":{port}")[2]
    verdicts = vendor.check(url=f"http://127.0.0.1.nip.invalid:{port}{path}", timeout=2.0)
    assert numbers(verdicts) == [1]
    named = vendor.check(callback_url="http://127.0.0.1:9/nowhere", patience=0.1, wait=0.0)
    assert numbers(named) == [45], "the address given is the one used"


def test_the_orders_it_sends_are_the_contracts() -> None:
    order = document("run", "WH", "1", 1, [line(SKU, 2, 1)])
    Contract().validate({"$ref": "#/components/schemas/Order"}, order)


def test_the_page_for_vendors_has_every_check_by_its_number() -> None:
    rows = re.findall(r"(?m)^\| (\d+) \| (.+?) \|", DOCS.read_text(encoding="utf-8"))
    assert rows == [(str(check.number), check.title) for check in CHECKS]
    assert len(set(ALL)) == len(ALL)


def test_the_readme_has_every_defect_with_the_lines_it_fails_in() -> None:
    text = README.read_text(encoding="utf-8")
    rows = re.findall(r"(?m)^\| `(\w+)` \|.*\| ([\d, ]+) \|$", text)
    assert dict(rows) == {name: ", ".join(map(str, lines)) for name, lines in LINES.items()}


def failed(verdicts: list[Verdict]) -> list[Verdict]:
    return [verdict for verdict in verdicts if verdict.number in numbers(verdicts)]


def unchecked(verdicts: list[Verdict]) -> list[Verdict]:
    return [verdict for verdict in verdicts if verdict.outcome == NOT_CHECKED]
