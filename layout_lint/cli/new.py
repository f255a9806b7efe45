"""``layout-lint new``: makes a project, or a part of one, such as a pipeline, from what its layout asks for."""

from __future__ import annotations

import os
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

from layout_lint.cli.saying import tell
from layout_lint.engine.parts import parts, word_of
from layout_lint.engine.scaffold import Supply
from layout_lint.layouts import templates
from layout_lint.model.edit import CreateFile
from layout_lint.model.error import Mistake, UserError, did_you_mean
from layout_lint.plugins.checking import check_source
from layout_lint.reporters.escape import printable
from layout_lint.sources.changes import Changes
from layout_lint.sources.overlay import Overlay

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from layout_lint.cli.options import Options
    from layout_lint.config.settings import Settings
    from layout_lint.model.edit import Edit
    from layout_lint.model.finding import Finding
    from layout_lint.model.node import Layout, Node
    from layout_lint.plugins.registry import Registry
    from layout_lint.sources.source import Source

PROJECT = "project"
"""What is made as a whole, whatever the layout calls its parts."""
_LONGEST = 128
_JOINTS = str.maketrans("", "", "._-")


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asks `new` for.

    Attributes:
        what: ``project``, or the word of a part.
        given: the arguments after it: a folder, or names.
        names: names for what is made along with it, by word.
        no_git: make no git repository of a new project.
    """

    what: str
    given: tuple[str, ...]
    names: Mapping[str, str]
    no_git: bool


def run_new(options: Options, wish: Wish) -> int:
    """Makes what the user asks for and returns the exit code.

    Raises:
        UserError: the user's mistake; nothing is made then.
        layout_lint.sources.source.Unreadable: the repository as a whole cannot be read.
    """
    if wish.what == PROJECT:
        from layout_lint.cli.new_project import run_new_project  # noqa: PLC0415 - it needs what is below

        return run_new_project(options, wish)
    from layout_lint.cli.new_part import run_new_part  # noqa: PLC0415 - as above

    return run_new_part(options, wish)


@dataclass(frozen=True, slots=True)
class Ground:
    """Where something is made, and what is known there.

    Attributes:
        source: of the repository or folder.
        base: the key of the place in it that follows the layout, "" or ending in ``/``.
        layout: the place's.
        layouts: every layout by name.
        settings: of the place.
        registry: what plugins bring.
    """

    source: Source
    base: bytes
    layout: Layout
    layouts: Mapping[str, Layout]
    settings: Settings
    registry: Registry

    def supply(self, names: Mapping[str, str]) -> Supply:
        """Returns what scaffolds are made with."""
        own = [os.path.join(self.settings.folder, name) for name in self.settings.layouts]

        def template(node: Node, captures: Mapping[str, str], path: str) -> bytes | None:
            name = node.attributes.get("template")
            found = templates.read(str(name), own, self.registry.layouts) if name else None
            return None if found is None else templates.fill(found, captures, path)

        return Supply(self.layouts, template, names)

    def findings(self, edits: Sequence[Edit]) -> list[Finding]:
        """Returns what a check would say of the place, and of the content of new files, once the edits are made."""
        tree = Overlay(self.source)
        tree = Overlay(self.source, Changes().after(edits, tree))
        roots = [(self.base, self.layout.name)]
        new = frozenset(tree.planned)
        report = check_source(tree, self.registry, self.settings, self.layouts, roots, whole=False, only=new)
        return report.findings


def require_words(names: Mapping[str, str], layout: Layout, layouts: Mapping[str, Layout]) -> None:
    """Holds the words of ``--name`` against the parts of a layout, and the names against what is portable.

    Raises:
        UserError: all that do not fit.
    """
    words = [part.word for part in parts(layout, layouts)]
    mistakes = [no_part(word, layout, words) for word in names if word not in words]
    mistakes += (mistake for word, name in names.items() if (mistake := unfit(name, word)) is not None)
    if mistakes:
        raise UserError(mistakes)


def no_part(word: str, layout: Layout, words: Sequence[str]) -> Mistake:
    """Returns what to say of a word that a layout has no part for."""
    listed = ", ".join(f"`{one}`" for one in dict.fromkeys((PROJECT, *words)))
    hint = did_you_mean(word_of(word), [PROJECT, *words]) or f"there is {listed}"
    return Mistake(f"the layout `{layout.name}` has no `{word}` to make", hint=hint)


def unfit(name: str, word: str) -> Mistake | None:
    """Returns why a name is none that works wherever it goes, or None where it is one.

    The names of folders end up in keys of S3, in names of pipelines and on file systems that overlook case or accents,
    so new ones are made of what means the same everywhere.
    """
    plain = name.isascii() and name.translate(_JOINTS).isalnum()
    if plain and name[0].isalnum() and name[-1] != "." and len(name) <= _LONGEST:
        return None
    near = templates.slug(name)[:_LONGEST].strip("-")
    said = f"`{printable(name)}` cannot be the name of a {word}: "
    if len(name) > _LONGEST:
        return Mistake(f"{said}it has more than {_LONGEST} characters", hint="choose a shorter name")
    rule = "it must be ASCII letters, digits, `.`, `_` and `-`, begin with a letter or digit, and not end with `.`"
    return Mistake(said + rule, hint=f"such as `{near}`" if near != "unnamed" else "choose another name")


def left_out(path: str) -> Mistake:
    """Returns what to say of a path that git ignores."""
    hint = "`git check-ignore -v` says which line does it"
    return Mistake(f"git ignores `{path}`, so no commit would hold it", hint=hint)


def tell_left(findings: Sequence[Finding]) -> None:
    """Says what is still to do in what was made, where the layout or its templates leave something open."""
    if findings:
        tell("", "left to you:", *(f"  {one.path}: {one.code} {one.message}" for one in findings))


def still_open(edits: Iterable[Edit]) -> list[str]:
    """Returns what to say of files that were made from templates."""
    if any(isinstance(one, CreateFile) and os.path.dirname(one.path) and one.content for one in edits):
        return ["  fill in what the templates cannot know, such as the names of your buckets"]
    return []


def quoted(path: str) -> str:
    """Returns a path as an argument of a shell, a folder's without its slash."""
    return shlex.quote(path.rstrip("/") or ".")
