"""A scanner of files inside of archives, and its rule: `layout-lint s3 --plugin windows_line_ends.py s3://BUCKET`."""

from collections.abc import Iterator

from layout_lint.api import Context, MemberScanned, MemberScanner, Problem, hookimpl, rule


class LineEnds:
    """Counts the line ends of Windows in one file, as its bytes pass by."""

    def __init__(self) -> None:
        self.count = 0
        self.last = b""

    def feed(self, data: bytes) -> None:
        """Takes the next bytes; a line end may be cut in two by the end of a piece."""
        self.count += (self.last + data).count(b"\r\n")
        self.last = data[-1:]

    def finish(self) -> int | None:
        """Returns what the rule is to judge, None where that is nothing."""
        return self.count or None


def start(name: str, size: int) -> LineEnds | None:
    """Begins with a file of the archive; None for those that are no scripts."""
    return LineEnds() if size and name.endswith((".sh", ".py")) else None


@hookimpl
def layout_lint_member_scanners() -> list[MemberScanner]:
    """Returns the scanner."""
    return [MemberScanner("line-ends", "Line ends of Windows in scripts", start)]


@hookimpl
def layout_lint_rules() -> list[object]:
    """Returns the rule that judges what the scanner found."""
    return [windows_line_ends]


@rule("TEAM002", "windows-line-ends", on=MemberScanned, severity="warning")
def windows_line_ends(event: MemberScanned, context: Context) -> Iterator[Problem]:
    """A script in an archive has the line ends of Windows, and its first line names no interpreter for Linux.

    Example:
        `code/serve.sh` in `model.tar.gz`, saved on Windows.
    """
    if event.scanner == "line-ends":
        yield Problem(f"`{event.member}` has {event.found} line ends of Windows", hint="save it with those of Linux")
