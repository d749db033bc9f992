"""Pairs what was sent with what came back, so that no order of a batch is taken for settled."""

from collections import defaultdict
from collections.abc import Iterable

from app.wms.values import OrderResult

Sent = tuple[str, int]


def match_results(
    sent: Iterable[Sent], results: Iterable[OrderResult]
) -> tuple[dict[Sent, OrderResult], list[Sent]]:
    """Return the result of each (external_id, revision) sent, and those without a clear one.

    Clear means: it came back once, or more than once saying the same, with a status we know. What
    is missing has to be looked up by reference. Results nobody asked for are left out.
    """
    verdicts: dict[Sent, set[str]] = defaultdict(set)
    latest: dict[Sent, OrderResult] = {}
    for result in results:
        key = (result.external_id, result.revision)
        verdicts[key].add(result.status)
        latest[key] = result
    wanted = list(dict.fromkeys(sent))
    clear = [key for key in wanted if len(verdicts[key]) == 1 and _is_known(latest[key])]
    return {key: latest[key] for key in clear}, [key for key in wanted if key not in set(clear)]


def _is_known(result: OrderResult) -> bool:
    return result.accepted or result.rejected
