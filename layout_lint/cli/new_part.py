"""``layout-lint new pipeline NAME`` and its like: one more folder of those that a team names."""

from __future__ import annotations

import os
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from layout_lint.cli.check import load_settings
from layout_lint.cli.new import Ground, left_out, no_part, quoted, require_words, still_open, tell_left, unfit
from layout_lint.cli.new_place import find_place
from layout_lint.cli.opening import open_targets
from layout_lint.cli.saying import tell
from layout_lint.cli.show import registry as load_registry
from layout_lint.engine.context import Context
from layout_lint.engine.parts import captured, fault, folder_name, inside_of, parts, word_of
from layout_lint.engine.scaffold import scaffold
from layout_lint.model.edit import CreateFolder
from layout_lint.model.entry import key_of, text
from layout_lint.model.error import Mistake, UserError, did_you_mean
from layout_lint.plugins.checking import layouts_of
from layout_lint.reporters.escape import printable
from layout_lint.sources.git import GitSource
from layout_lint.stores.worktree import open_store, recover

if TYPE_CHECKING:
    from collections.abc import Sequence

    from layout_lint.cli.new import Wish
    from layout_lint.cli.opening import Target
    from layout_lint.cli.options import Options
    from layout_lint.engine.parts import Part
    from layout_lint.model.edit import Edit
    from layout_lint.model.finding import Finding
    from layout_lint.model.node import Layout, Node

_MOST = 10_000
"""How many neighbours are looked at for one whose name differs in case only."""


@dataclass(frozen=True, slots=True)
class _New:
    """One folder that is to be made: its path, ending in ``/``, and the edits that make it."""

    path: str
    edits: tuple[Edit, ...]


def run_new_part(options: Options, wish: Wish) -> int:
    """Makes a part in the repository, or else the folder, that the user is in; returns the exit code.

    Raises:
        UserError: the user's mistake; nothing is made then.
        layout_lint.sources.source.Unreadable: the repository as a whole cannot be read.
    """
    if wish.no_git:
        raise UserError([Mistake("`--no-git` is for `new project` only", hint="leave it out")])
    registry = load_registry(options)
    recovered = recover(os.getcwd())
    if recovered is not None:
        tell(recovered.sentence)
    target = next(open_targets(options, registry))
    try:
        settings = load_settings(target.folder, options)
        layouts = layouts_of(settings, registry)
        base, layout = find_place(target, settings, options, layouts)
        ground = Ground(target.source, base, layout, layouts, settings, registry)
        made = [_plan(ground, part, wish, target.folder) for part in _chosen(ground, wish)]
        edits = [edit for one in made for edit in one.edits]
        left = _require_good(ground, made, edits)
        open_store(target.folder).commit(edits, f"new {wish.what} {' '.join(wish.given)}")
    finally:
        target.source.close()
    _tell_made(made, target, layout, left)
    return 0


def _chosen(ground: Ground, wish: Wish) -> Sequence[Part]:
    """Returns the parts that a word and a number of names stand for.

    Raises:
        UserError: there are none.
    """
    known = parts(ground.layout, ground.layouts)
    named = [one for one in known if one.word == word_of(wish.what)]
    if not named:
        raise UserError([no_part(wish.what, ground.layout, [one.word for one in known])])
    require_words(wish.names, ground.layout, ground.layouts)
    fitting = [one for one in named if len(one.captures) == len(wish.given)]
    if not fitting:
        asked = " ".join([*(word_of(one).upper() for one in named[0].captures[:-1]), "NAME"])
        hint = f"write `layout-lint new {named[0].word} {asked}`"
        raise UserError([Mistake(f"a {named[0].word} takes {_count(named[0])}, not {len(wish.given)}", hint=hint)])
    return fitting


def _count(part: Part) -> str:
    return "1 name" if len(part.captures) == 1 else f"{len(part.captures)} names"


def _plan(ground: Ground, part: Part, wish: Wish, top: str) -> _New:
    """Returns one folder that is to be made.

    Raises:
        UserError: it cannot have that name, it is there, or a folder that it belongs into is not.
    """
    names = dict(zip(part.captures, wish.given, strict=True))
    inner, path, bound = ground.layout.root, text(ground.base), dict[str, str]()
    for node in part.way:
        capture = captured(node)
        if not capture:
            path += f"{node.name}/"
        elif node is not part.way[-1]:
            bound[capture] = _own_name(names[capture], node, os.path.join(top, path))
            path = _require_there(ground, path, node, bound[capture])
        inner = inside_of(node, ground.layouts) if node is not part.way[-1] else inner
    last, name = part.way[-1], names[part.captures[-1]]
    _require_fit(name, part, fault(last, inner, name, bound))
    _require_free(ground, path, folder_name(last, name), top)
    path += f"{folder_name(last, name)}/"
    edits = scaffold(last, path, {**bound, part.captures[-1]: name}, ground.supply(wish.names))
    return _New(path, edits or (CreateFolder(path),))


def _own_name(said: str, node: Node, above: str) -> str:
    """Returns what the capture of a folder stands for, of which the user may give the path as well."""
    name = said.rstrip("/")
    last = name.rpartition("/")[2]
    is_path = last != name and os.path.realpath(name) == os.path.realpath(os.path.join(above, folder_name(node, last)))
    return last if is_path else name


def _require_fit(name: str, part: Part, why: str) -> None:
    mistake = unfit(name, part.word)
    if mistake is None and why:
        mistake = Mistake(f"`{name}` cannot be the name of a {part.word}: {why}", hint="choose another name")
    if mistake is not None:
        raise UserError([mistake])


def _require_there(ground: Ground, above: str, node: Node, name: str) -> str:
    """Returns the path of a folder that is there.

    Raises:
        UserError: it is not.
    """
    path = f"{above}{folder_name(node, name)}/"
    if "/" not in name and ground.source.has(key_of(path)):
        return path
    there = Context(ground.source, ground.registry).folders(above, _MOST)
    word = word_of(captured(node))
    hint = did_you_mean(name, there) or f"make it first: `layout-lint new {word} NAME`"
    raise UserError([Mistake(f"there is no {word} `{printable(name)}` in `{above}`", hint=hint)])


def _require_free(ground: Ground, folder: str, name: str, top: str) -> None:
    """Checks that nothing has a name, nor one that some file system would take for the same.

    Raises:
        UserError: something has, or the way there leads over a link.
    """
    for end in (at for at, sign in enumerate(folder) if sign == "/"):
        if os.path.islink(os.path.join(top, folder[:end])):
            raise UserError([Mistake(f"`{folder[:end]}` is a link", hint="nothing is written through one")])
    there = set(Context(ground.source, ground.registry).folders(folder, _MOST))
    with suppress(OSError):  # what cannot be listed is refused where it is to be written
        there.update(os.listdir(os.path.join(top, folder)))
    for other in sorted(there):
        if _folded(other) == _folded(name):
            said = "exists already" if other == name else f"differs from `{folder}{other}` in case only"
            raise UserError([Mistake(f"`{folder}{name}` {said}", hint="choose another name")])


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _require_good(ground: Ground, made: Sequence[_New], edits: Sequence[Edit]) -> list[Finding]:
    """Returns what is left to do in the new folders, once the whole is made.

    Raises:
        UserError: something is wrong with a folder as such, or git would leave it out.
    """
    paths = tuple(one.path for one in made)
    found = [one for one in ground.findings(edits) if one.path.startswith(paths)]
    mistakes = [Mistake(one.message, hint=one.hint, path=one.path, code=one.code) for one in found if one.path in paths]
    source = ground.source
    if not mistakes and isinstance(source, GitSource):
        ignored = [one.path for one in edits if source.is_ignored(key_of(one.path))]
        if source.not_audited:  # git could not tell, so all counts as ignored
            ignored = []
        mistakes = [left_out(one) for one in ignored[:1]]
    if mistakes:
        raise UserError(mistakes)
    return found


def _tell_made(made: Sequence[_New], target: Target, layout: Layout, left: Sequence[Finding]) -> None:
    here = os.path.realpath(os.getcwd())
    top = os.path.realpath(target.folder)

    def shown(path: str) -> str:
        return os.path.relpath(os.path.join(top, path), here) + "/" * path.endswith("/")

    for one in made:
        tell(f"made {shown(one.path)} as the layout {layout.name} asks:", *(f"  {shown(e.path)}" for e in one.edits))
    tell_left(left)
    tell("", "next:", *still_open(edit for one in made for edit in one.edits))
    if target.source.is_git:
        tell(f"  git add -- {' '.join(quoted(shown(one.path)) for one in made)}")
    tell("  layout-lint undo   takes it back, as long as nothing of it was changed")
