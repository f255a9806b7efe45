"""What the plugin registers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel

from acme_lint.rules import lost_words, unnumbered_ticket  # type: ignore[import-not-found,unused-ignore]
from layout_lint.api import FILE, ConfigModel, Cursor, Entry, MemberScanner, Reporter, SegmentType, Source, hookimpl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from layout_lint.api import Problem, Report


@hookimpl
def layout_lint_rules() -> list[Callable[..., Iterable[Problem]]]:
    return [unnumbered_ticket, lost_words]


@hookimpl
def layout_lint_layouts() -> list[Path]:
    return [Path(__file__).with_name("tickets.yaml")]


def _fault(text: str) -> str:
    return "" if text.startswith("ACME-") else f"`{text}` does not begin with `ACME-`"


@hookimpl
def layout_lint_segment_types() -> list[SegmentType]:
    return [SegmentType("ticket", "a ticket such as ACME-12", _fault)]


def render(report: Report, colour: bool) -> str:
    return "".join(f"{finding.code}|{finding.path}|{finding.message}|{colour}\n" for finding in report.findings)


class Ticket(BaseModel):
    """A ticket's file."""

    number: int


@hookimpl
def layout_lint_models() -> list[ConfigModel]:
    return [ConfigModel("acme-ticket", Ticket, "A ticket of ACME")]


@hookimpl
def layout_lint_reporters() -> list[Reporter]:
    return [Reporter("acme", "One finding a line, with bars", render)]


class Words:
    """Counts the words of one file, until one of them asks for an exception."""

    def __init__(self) -> None:
        self.text = b""

    def feed(self, data: bytes) -> None:
        self.text += data

    def finish(self) -> str:
        if b"raise" in self.text:
            raise ValueError("no words")
        return f"{self.text.count(b' ')} words lost"


def start(name: str, size: int) -> Words | None:  # noqa: ARG001
    return Words() if name.endswith(".txt") else None


@hookimpl
def layout_lint_member_scanners() -> list[MemberScanner]:
    return [MemberScanner("words", "Words in tickets", start)]


class Tickets(Source):
    """The keys ``open/<word>/note.txt`` of a target ``acme://<word>,<word>``."""

    def __init__(self, target: str) -> None:
        super().__init__(target)
        self.keys = sorted(f"open/{word}/note.txt".encode() for word in target.removeprefix("acme://").split(","))

    def cursor(self, prefix: bytes = b"", folders: Sequence[bytes] = ()) -> Cursor:  # noqa: ARG002
        return _Cursor([key for key in self.keys if key.startswith(prefix)])

    def has(self, key: bytes) -> bool:
        return any(one == key or (key.endswith(b"/") and one.startswith(key)) for one in self.keys)


class _Cursor(Cursor):
    def __init__(self, keys: list[bytes]) -> None:
        self.keys = keys

    def next(self) -> Entry | None:
        return Entry(self.keys.pop(0), FILE, 0) if self.keys else None

    def seek(self, past: bytes) -> Entry | None:
        self.keys = [key for key in self.keys if not key.startswith(past)]
        return self.next()


@hookimpl
def layout_lint_open(target: str) -> Source | None:
    return Tickets(target) if target.startswith("acme://") else None
