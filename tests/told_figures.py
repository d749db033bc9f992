"""Prints at the end what tests tell of themselves, whichever process they ran in.

A test tells by ``request.node.user_properties.append((TOLD, "words"))`` before it is torn down.
"""

import pytest

TOLD = "told"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the words of each test."""
    for report in terminalreporter.getreports(""):
        if report.when == "teardown":
            for words in (value for name, value in report.user_properties if name == TOLD):
                terminalreporter.write_line(f"{report.nodeid.rpartition('::')[2]}: {words}")
