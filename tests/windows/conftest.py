"""What the steps under Wine took, listed at the end of the tests."""

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    passed = [r for kind in ("passed", "failed") for r in terminalreporter.getreports(kind) if r.when == "call"]
    if lines := [f"{name}: {value}" for report in passed for name, value in report.user_properties if value]:
        terminalreporter.section("under Wine")
        terminalreporter.write_line("\n".join(lines))
