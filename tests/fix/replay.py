"""What the edits of fixes make of files, worked out from the edits alone, in the plainest way."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from unittest import mock

from layout_lint.engine.fix.plan import Plan, plan
from layout_lint.model.edit import AddLine, CreateFile, CreateFolder, Edit, Rename, ReplaceBytes
from layout_lint.sources.changes import Changes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from layout_lint.sources.overlay import Overlay


@dataclass
class Rounds:
    """The edits that were carried out, as the fixes name them: those of one round know of none of the others.

    Attributes:
        plans: what was carried out.
    """

    plans: list[Plan] = field(default_factory=list)
    _made: dict[int, tuple[Changes, Changes, list[Edit]]] = field(default_factory=dict)

    def note(self, old: Changes, new: Changes, edits: list[Edit]) -> None:
        """Notes what one round would do to the changes so far."""
        self._made[id(new)] = (new, old, edits)

    def __iter__(self) -> Iterator[list[Edit]]:
        """Yields the edits of each round that was kept."""
        rounds = []
        changes = self.plans[-1].tree.changes if self.plans else Changes()
        while id(changes) in self._made:
            _, changes, edits = self._made[id(changes)]
            rounds.append(edits)
        return reversed(rounds)


@contextmanager
def watched() -> Iterator[Rounds]:
    """Yields the rounds of fixes that are carried out meanwhile."""
    rounds = Rounds()
    after = Changes.after

    def noted(self: Changes, edits: Iterable[Edit], tree: Overlay) -> Changes:
        batch = [*edits]
        rounds.note(self, new := after(self, batch, tree), batch)
        return new

    def planned(*arguments: object, **options: object) -> Plan:
        rounds.plans.append(plan(*arguments, **options))  # type: ignore[arg-type]
        return rounds.plans[-1]

    with mock.patch.object(Changes, "after", noted), mock.patch("layout_lint.cli.fixing.plan", planned):
        yield rounds


def replayed(files: dict[str, bytes], rounds: Iterable[list[Edit]]) -> dict[str, bytes]:
    """Returns what files hold after all rounds, by their names then.

    Asserts that every span holds what its edit says, and that no edit removes a file or writes over one.
    """
    now: dict[str, bytes | None] = {**files}  # None for what only keeps a folder
    for edits in rounds:
        for path in {one.path for one in edits if isinstance(one, ReplaceBytes)}:
            spans = {one for one in edits if isinstance(one, ReplaceBytes) and one.path == path}
            now[path] = _spliced(now[path] or b"", sorted(spans, key=lambda one: (one.start, one.end)))
        for edit in sorted({*edits}, key=_turn):
            _carry_out(edit, now)
    return {name: content or b"" for name, content in now.items() if content is not None or _is_alone(name, now)}


def _turn(edit: Edit) -> tuple[int, int, str]:
    """Renames come last, the deepest first."""
    if not isinstance(edit, Rename):
        return 0, 0, edit.path
    return 1, -max(one.removesuffix("/").count("/") for one in (edit.path, edit.to)), edit.path


def _is_alone(name: str, files: dict[str, bytes | None]) -> bool:
    folder = name[: name.rfind("/") + 1]
    return not any(other.startswith(folder) and other != name for other in files)


def _spliced(content: bytes, spans: list[ReplaceBytes]) -> bytes:
    kept, at = [], 0
    for one in spans:
        assert at <= one.start, "two fixes name the same bytes"
        assert content[one.start : one.end] == one.before
        kept += [content[at : one.start], one.after]
        at = one.end
    return b"".join([*kept, content[at:]])


def _carry_out(edit: Edit, files: dict[str, bytes | None]) -> None:
    if isinstance(edit, CreateFile):
        assert edit.path not in files
        files[edit.path] = edit.content
    elif isinstance(edit, CreateFolder):
        if not any(name.startswith(edit.path) for name in files):
            files[edit.path + ".gitkeep"] = None
    elif isinstance(edit, AddLine):
        _add(edit, files)
    elif isinstance(edit, Rename):
        for name in [one for one in files if one == edit.path or (edit.path[-1] == "/" and one.startswith(edit.path))]:
            to = edit.to + name[len(edit.path) :]
            assert to not in files
            files[to] = files.pop(name)


def _add(edit: AddLine, files: dict[str, bytes | None]) -> None:
    """Adds a line that is not there, in the file's own line endings."""
    old, line = files.get(edit.path) or b"", edit.line.encode()
    if line not in old.splitlines():
        end = b"\r\n" if b"\r\n" in old else b"\n"
        files[edit.path] = old + end + line if old and not old.endswith(b"\n") else old + line + end
