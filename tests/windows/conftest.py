"""What the steps under Wine took, listed at the end of the tests."""

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    # What a fixture adds after its test stands in the report of the clean-up, whose kind has no name.
    ended = [r for r in terminalreporter.getreports("") if r.when == "teardown"]
    if lines := [f"{name}: {value}" for report in ended for name, value in report.user_properties]:
        terminalreporter.section("under Wine")
        terminalreporter.write_line("\n".join(lines))
