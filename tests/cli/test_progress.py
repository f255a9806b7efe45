"""What an audit shows while it runs: one line on a terminal, lines in a log, nothing where nobody wants it."""

from __future__ import annotations

import time
from io import StringIO

from layout_lint.cli.progress import Progress


class _Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def _shown(stream: StringIO, done: float | None, *, quiet: bool = False) -> str:
    seen = 0

    def state() -> tuple[str, float | None]:
        nonlocal seen
        seen += 1
        return f"look {seen}", done

    with Progress(state, stream=stream, quiet=quiet, interval=0.005):
        end = time.monotonic() + 5
        while seen < 2 and not quiet and time.monotonic() < end:
            time.sleep(0.002)
    return stream.getvalue()


def test_a_log_gets_lines() -> None:
    assert _shown(StringIO(), None).splitlines()[:2] == ["layout-lint: 0:00 look 1", "layout-lint: 0:00 look 2"]


def test_a_log_says_how_much_is_done() -> None:
    assert _shown(StringIO(), 0.5).startswith("layout-lint: 50% 0:00 look 1\n")


def test_a_terminal_gets_one_line_that_is_gone_at_the_end() -> None:
    shown = _shown(_Terminal(), None)
    assert "\n" not in shown
    assert shown.startswith("\r\x1b[2K0:00 look 1\r\x1b[2K0:00 look 2")
    assert shown.endswith("\r\x1b[2K")


def test_a_terminal_gets_a_bar_where_the_end_is_known() -> None:
    assert "[##########          ] 0:00 look 1" in _shown(_Terminal(), 0.5)


def test_quiet_shows_nothing() -> None:
    assert _shown(StringIO(), None, quiet=True) == ""
