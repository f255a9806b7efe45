"""From edits to steps: what has to hold is checked on the disk, and nothing is changed."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from layout_lint.model.edit import AddLine, CreateFile, CreateFolder, Edit, Rename, ReplaceBytes, Untrack
from layout_lint.model.error import Mistake, UserError
from layout_lint.stores.contents import Content
from layout_lint.stores.git_index import SUBMODULE, Index
from layout_lint.stores.journal import CLEAR, FOLDER, MOVE, PUT, SWAP, Step
from layout_lint.stores.outcome import Changes
from layout_lint.stores.planned import Node, PlannedTree
from layout_lint.stores.tree import digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from layout_lint.stores.tree import Tree

KEEP = ".gitkeep"


@dataclass(frozen=True, slots=True)
class Planned:
    """What is to be done.

    Attributes:
        steps: in their order: first new contents of files that are there, then names.
        contents: what a `SWAP` or `PUT` writes, by the number of the step.
        index: the index as it shall be, None where it stays as it is.
        changes: the same for people.
    """

    steps: tuple[Step, ...]
    contents: dict[int, bytes]
    index: Index | None
    changes: Changes


class Plan:
    """Edits, one after the other, each on the tree that those before it leave.

    Only the places in a file's bytes always refer to the file as it was at first, so that fixes of one file that do
    not know of each other fit together.
    """

    def __init__(
        self, tree: Tree, prefix: str, token: str, read_index: Callable[[], tuple[Index, Index]] | None
    ) -> None:
        """Takes the tree.

        Args:
            tree: below its root the plan's paths are.
            prefix: the folder that the edits' paths are below, "" or ending in ``/``.
            token: letters that no name but ours has.
            read_index: returns git's index, twice, of which the second may be changed; None where there is no git.
        """
        self._tree = PlannedTree(tree, is_git=read_index is not None)
        self._prefix = prefix
        self._token = token
        self._read_index = read_index
        self._index: tuple[Index, Index] | None = None
        self._swapped: dict[str, tuple[Node, str]] = {}
        self._steps: list[tuple[Step, Node]] = []
        self._spares = 0
        self._left: list[tuple[str, int]] = []
        self._created: list[Node] = []
        self._renamed: list[tuple[str, str]] = []
        self._untracked: list[str] = []

    def add(self, edits: Sequence[Edit]) -> None:
        """Plans all edits.

        Raises:
            UserError: all edits that cannot be carried out, and why.
        """
        mistakes: list[Mistake] = []
        for edit in edits:
            try:
                self._add(edit)
            except UserError as error:
                mistakes += (Mistake(one.message, hint=one.hint, path=edit.path) for one in error.mistakes)
            except OSError as error:
                mistakes.append(Mistake(error.strerror or str(error), path=edit.path))
        if mistakes:
            raise UserError(dict(zip(map(str, mistakes), mistakes, strict=True)).values())

    def finish(self) -> Planned:
        """Returns what is to be done."""
        steps: list[Step] = []
        contents: dict[int, bytes] = {}
        for path, (node, _) in sorted(self._swapped.items()):
            content = node.content
            if content and content.before != content.after() and node.found:
                contents[len(steps)] = content.after()
                before, after = digest(content.before), digest(content.after())
                steps.append(Step(SWAP, path, before=before, after=after, mode=node.found.st_mode & 0o7777))
        changed = tuple(step.path for step in steps)
        for step, node in self._steps:
            if step.do == PUT and node.content:
                contents[len(steps)] = node.content.after()
                steps.append(replace(step, after=digest(contents[len(steps)])))
            else:
                steps.append(_stamped(step, node, changed))
        steps += self._emptied()
        index = self._index[1] if self._index and self._index[0].rows != self._index[1].rows else None
        changes = Changes(self._final_names(), changed, tuple(self._renamed), tuple(self._untracked))
        return Planned(tuple(steps), contents, index, changes)

    def _emptied(self) -> Iterator[Step]:
        """Yields the steps that clear away folders on disk, and those around them, out of which all was moved."""
        later = [step for step, _ in self._steps]
        for folder, at in self._left:
            path = final(folder, later[at:])
            while path and not self._prefix.startswith(path + "/"):
                node = self._tree.folder(path)
                if node is None or node.found is None or not node.is_left_empty(self._tree.tree):
                    break
                yield Step(CLEAR, path, mode=node.found.st_mode & 0o7777)
                path, _, name = path.rpartition("/")
                above = self._tree.folder(path)
                if above:
                    above.put(name, None)

    def _final_names(self) -> tuple[str, ...]:
        made = [(at, step) for at, (step, _) in enumerate(self._steps) if step.do in (PUT, FOLDER)]
        wanted = {id(node) for node in self._created}
        later = [step for step, _ in self._steps]
        return tuple(
            final(step.path, later[at + 1 :]) + ("/" if step.do == FOLDER else "")
            for at, step in made
            if id(self._steps[at][1]) in wanted
        )

    def _add(self, edit: Edit) -> None:
        path = self._path(edit.path)
        if isinstance(edit, ReplaceBytes):
            self._content(path).replace(edit.start, edit.end, edit.before, edit.after)
        elif isinstance(edit, AddLine):
            self._add_line(path, os.fsencode(edit.line))
        elif isinstance(edit, CreateFile):
            self._create(path, edit.content)
        elif isinstance(edit, CreateFolder):
            self._create_folder(path)
        elif isinstance(edit, Rename):
            if edit.path.endswith("/") != edit.to.endswith("/"):
                raise UserError(f"`{edit.to}` is not of the same kind")
            self._rename(path, self._path(edit.to), is_folder=edit.path.endswith("/"))
        elif isinstance(edit, Untrack):
            self._untrack(path, is_folder=edit.path.endswith("/"))
        else:
            raise UserError(f"a work tree cannot carry out `{edit.kind}`")

    def _path(self, path: str) -> str:
        """Returns the path below the tree's root, without the slash of a folder.

        Raises:
            UserError: it leaves the root, or is git's.
        """
        names = path.removesuffix("/").split("/")
        if {"", ".", ".."}.intersection(names) or "\0" in path:
            raise UserError(f"`{path}` is not a path below the checked folder")
        if any(name.casefold() == ".git" for name in names):
            raise UserError("what is called `.git` belongs to git, and a fix must not touch it")
        return self._prefix + path.removesuffix("/")

    def _content(self, path: str) -> Content:
        node = self._tree.find(path)
        if node is None:
            raise UserError("it is not there any more")
        content = self._tree.content(node, path)
        if node.disk is not None:
            self._swapped[node.disk] = node, path
        return content

    def _add_line(self, path: str, line: bytes) -> None:
        if b"\n" in line or b"\r" in line:
            raise UserError("a line that is added cannot hold a line ending")
        if self._tree.find(path) is None:
            self._create(path, b"")
        self._content(path).add_line(line)

    def _create(self, path: str, content: bytes) -> None:
        if self._tree.find(path):
            raise UserError("it is there already, and a fix overwrites nothing")
        node = Node(None, None, is_folder=False)
        node.content = Content(content)
        self._attach(path, node)
        self._steps.append((Step(PUT, path), node))
        self._created.append(node)

    def _create_folder(self, path: str) -> None:
        there = self._tree.folder(path)
        if there is None:
            self._attach(f"{path}/{KEEP}", None)
            self._created.append(self._steps[-1][1])
        if self._read_index:
            self._create(f"{path}/{KEEP}", b"")
        elif there:
            raise UserError("it is there already")

    def _attach(self, path: str, node: Node | None) -> None:
        """Puts a node into its folder, which is made where it is not there; None makes the folder only."""
        folder, _, name = path.rpartition("/")
        above = self._tree.folder(folder)
        if above is None:
            above = Node(None, None, is_folder=True)
            self._attach(folder, above)
            self._steps.append((Step(FOLDER, folder), above))
        if node:
            above.put(name, node)

    def _rename(self, path: str, to: str, *, is_folder: bool) -> None:
        node = self._tree.find(path)
        if node is None or node.is_folder != is_folder:
            raise UserError("it is not there any more")
        if to == path or to.startswith(path + "/"):
            raise UserError(f"it cannot be renamed to `{to}`")
        other = self._tree.find(to)
        if other and other is not node:
            raise UserError(f"`{to}` is there already, and a fix overwrites nothing")
        self._require_movable(node, path)
        self._rename_in_index(path, to)
        self._move(node, path, to, by_case=other is node)
        self._renamed.append((path + "/" * is_folder, to + "/" * is_folder))

    def _move(self, node: Node, path: str, to: str, *, by_case: bool) -> None:
        if by_case:  # two names of one entry: only over a third name will every system change it
            folder = path.rpartition("/")[0]
            spare = f"{folder}/{spare_name(self._token, -1 - self._spares)}".lstrip("/")
            self._spares += 1
            self._steps.append((Step(MOVE, path, to=spare), node))
        self._detach(path)
        self._attach(to, node)
        self._steps.append((Step(MOVE, spare if by_case else path, to=to), node))

    def _detach(self, path: str) -> None:
        folder, _, name = path.rpartition("/")
        above = self._tree.folder(folder)
        if above:
            above.put(name, None)
            self._left.append((folder, len(self._steps)))

    def _require_movable(self, node: Node, path: str) -> None:
        if not node.is_folder or node.disk is None or not self._read_index:
            return
        for folder, folders, files in os.walk(os.path.join(self._tree.tree.root, node.disk)):
            if ".git" in folders or ".git" in files:
                below = os.path.relpath(folder, self._tree.tree.root)
                raise UserError(f"`{below}/` in it is a repository of its own, which `git mv` must move, not a fix")
            folders[:] = [name for name in folders if name != ".git"]
        index = self._indexes()[1]
        if any(row[1] == SUBMODULE for below in index.below(path) for row in index.rows[below]):
            raise UserError("there is a submodule in it, which `git mv` must move, not a fix")

    def _indexes(self) -> tuple[Index, Index]:
        if self._index is None:
            if self._read_index is None:
                raise UserError("there is no git repository here, so nothing can be taken out of its index")
            self._index = self._read_index()
        return self._index

    def _rename_in_index(self, path: str, to: str) -> None:
        if not self._read_index:
            return
        index = self._indexes()[1]
        if not index.below(path):
            return
        if taken := [one for one in index.in_the_way(to) if one != path and not one.startswith(path + "/")]:
            raise UserError(f"git's index holds `{taken[0]}` already, where `{to}` would stand")
        index.rename(path, to)

    def _untrack(self, path: str, *, is_folder: bool) -> None:
        index = self._indexes()[1]
        if not index.below(path):
            raise UserError("git's index does not hold it")
        index.remove(path)
        self._untracked.append(path + "/" * is_folder)


def final(path: str, later: Sequence[Step]) -> str:
    """Returns the name that an entry has after later steps."""
    for step in later:
        if step.do == MOVE and (path == step.path or path.startswith(step.path + "/")):
            path = step.to + path[len(step.path) :]
    return path


def spare_name(token: str, step: int) -> str:
    """Returns a name that no entry has, for what is on its way to its place."""
    return f".layout-lint-{token}-{step}"


def _stamped(step: Step, node: Node, changed: Sequence[str]) -> Step:
    if step.do != MOVE or node.is_folder or node.found is None or node.disk in changed:
        return step
    return replace(step, stamp=(node.found.st_size, node.found.st_mtime_ns))
