"""What fixes would change: a list of entries, and a unified diff of texts that `git apply` takes."""

from __future__ import annotations

from difflib import unified_diff
from typing import TYPE_CHECKING

from layout_lint.model.edit import CreateFile, CreateFolder, Rename, ReplaceBytes, Untrack
from layout_lint.model.entry import key_of, text
from layout_lint.reporters.escape import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.engine.fix.plan import Plan

_NO_NEWLINE = "\\ No newline at end of file\n"


class Diff:
    """Compares a plan's tree with the tree as it is."""

    def __init__(self, made: Plan) -> None:
        self._plan = made
        self._tree = made.tree

    def render(self, *, escape: bool) -> str:
        """Returns the list and the diff, "" where nothing would change.

        Args:
            escape: whether what a terminal would obey is escaped; such a diff cannot be applied.
        """
        lines = [*self._entries(), *self._texts()]
        if escape:
            lines = [_escaped(line) for line in lines]
        return "".join(lines)

    def _entries(self) -> Iterator[str]:
        for edit in self._plan.edits:
            path = printable(edit.path)
            if isinstance(edit, CreateFile | CreateFolder):
                yield f"create   {path}\n"
            elif isinstance(edit, Rename):
                yield f"rename   {path} -> {printable(edit.to)}\n"
            elif isinstance(edit, Untrack):
                yield f"untrack  {path}\n"
            elif isinstance(edit, ReplaceBytes):
                yield f"change   {path}\n"

    def _texts(self) -> Iterator[str]:
        changes = self._tree.changes
        for key, new in sorted(changes.contents.items()):
            base = changes.base_of(key)
            if base is not None and (old := self._tree.base.read(base)) != new:
                yield from self._changed(text(base), text(key), old, new)
        for key, made in sorted(self._tree.planned.items()):
            if made is not None:
                yield from self._created(text(key), made)

    def _changed(self, path: str, to: str, old: bytes, new: bytes) -> Iterator[str]:
        before, after = _quoted(f"a/{path}"), _quoted(f"b/{to}")
        yield f"diff --git {before} {after}\n"
        if path != to:
            yield f"rename from {_quoted(path)}\nrename to {_quoted(to)}\n"
        yield from _body(before, after, old, new)

    def _created(self, path: str, content: bytes) -> Iterator[str]:
        name = _quoted(f"b/{path}")
        yield f"diff --git {_quoted(f'a/{path}')} {name}\nnew file mode 100644\n"
        if content:
            yield from _body("/dev/null", name, b"", content)
        else:
            yield "index 0000000..e69de29\n"


def _body(before: str, after: str, old: bytes, new: bytes) -> Iterator[str]:
    if b"\0" in old + new:
        yield f"Binary files {before} and {after} differ\n"
        return
    for line in unified_diff(_lines(old), _lines(new), before, after):
        yield line if line.endswith("\n") else f"{line}\n{_NO_NEWLINE}"


def _lines(content: bytes) -> list[str]:
    """Returns lines as git counts them: a line feed ends them, and nothing else does."""
    lines = [f"{line}\n" for line in text(content).split("\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]


def _quoted(path: str) -> str:
    """Returns a path as git writes it in a diff: with C's escapes where it holds anything special."""
    if path.isascii() and path.isprintable() and '"' not in path and "\\" not in path:
        return path
    special = {ord('"'): '\\"', ord("\\"): "\\\\", 9: "\\t", 10: "\\n", 13: "\\r"}
    escaped = (special.get(one) or (chr(one) if 0x20 <= one < 0x7F else f"\\{one:03o}") for one in key_of(path))  # noqa: PLR2004 - printable ASCII
    return f'"{"".join(escaped)}"'


def _escaped(line: str) -> str:
    return "\t".join(printable(part) for part in line.rstrip("\n").split("\t")) + "\n"
