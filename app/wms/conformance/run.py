"""Makes the checks, one after the other."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from app.wms.conformance.callbacks import is_reachable
from app.wms.conformance.checks import CHECKS
from app.wms.conformance.desk import Desk
from app.wms.conformance.findings import Check, NotChecked, Wrong
from app.wms.conformance.options import Options
from app.wms.conformance.receiver import Receiver
from app.wms.conformance.report import FAILED, NOT_CHECKED, PASSED, Verdict
from app.wms.conformance.wire import Wire


def run(options: Options, say: Callable[[str], None]) -> Iterator[Verdict]:
    """The verdict of each check as it is made. When the first fails the others are left out:
    nothing else makes sense then. ``say`` asks for what is to be done at the warehouse. Raises
    CannotListen."""
    with _open(options, say) as desk:
        for check in CHECKS:
            verdict = _judge(desk, check)
            yield verdict
            if verdict.outcome == FAILED and check is CHECKS[0]:
                return


@contextmanager
def _open(options: Options, say: Callable[[str], None]) -> Iterator[Desk]:
    with ExitStack() as stack:
        wire = stack.enter_context(Wire(options.url, options.token, options.timeout))
        desk = Desk(options, wire, say)
        if is_reachable(options.url, options.callback_url):
            receiver = Receiver(options.listen, options.callback_url)
            desk.receiver = stack.enter_context(receiver)
        yield desk


def _judge(desk: Desk, check: Check) -> Verdict:
    try:
        check.test(desk)
    except Wrong as wrong:
        return Verdict(check.number, check.title, FAILED, wrong.what, wrong.mend)
    except NotChecked as reason:
        return Verdict(check.number, check.title, NOT_CHECKED, str(reason))
    return Verdict(check.number, check.title, PASSED)
