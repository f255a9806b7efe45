"""Which archives a repository builds: every source version folder that its layout builds one of."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from layout_lint.cli.check import roots_of
from layout_lint.engine.match import Matcher
from layout_lint.engine.recognise import recognise
from layout_lint.layouts.builds import read_build
from layout_lint.model.entry import key_of
from layout_lint.model.error import Mistake, UserError, did_you_mean
from layout_lint.model.event import Present

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from layout_lint.cli.opening import Target
    from layout_lint.cli.options import Options
    from layout_lint.config.settings import Settings
    from layout_lint.model.node import Layout, Node
    from layout_lint.sources.source import Source


@dataclass(frozen=True, slots=True)
class Version:
    """One source version folder.

    Attributes:
        name: of the folder.
        key: below the source's root, ending in ``/``.
        layout: what the archive of it follows.
        most_bytes: how many bytes it may have by its layout, or 0 where that says nothing.
    """

    name: str
    key: bytes
    layout: Layout
    most_bytes: int


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A folder with source versions that are all built into one archive.

    Attributes:
        path: the folder's path below the source's root, ending in ``/``.
        archive: the archive's path below the source's root.
        versions: in natural order: `v2` before `v10`.
    """

    path: str
    archive: str
    versions: tuple[Version, ...]

    @property
    def name(self) -> str:
        """The last name of the path."""
        return self.path.rstrip("/").rpartition("/")[2]


def pipelines(
    target: Target, source: Source, settings: Settings, options: Options, layouts: Mapping[str, Layout]
) -> list[Pipeline]:
    """Returns every folder that archives are built in, sorted by path.

    Args:
        target: what was opened.
        source: which files there are in it.
        settings: which say what the roots of it are.
        options: as of `check`.
        layouts: every layout by name.

    Raises:
        UserError: a root's layout is not there, or cannot be recognised.
    """
    watched = frozenset(node for layout in layouts.values() for node in _building(layout.root))
    roots = roots_of(target, settings, options)
    found: dict[tuple[str, str], list[Version]] = {}
    for base, name in roots:
        layout = recognise(source, layouts, base) if name == "auto" else _known(layouts, name)
        inner = [other for other, _ in roots if other != base and other.startswith(base)]
        for event in Matcher(source, layouts, watched, excluded=inner).match(layout, base):
            if isinstance(event, Present) and event.node in watched:
                _add(found, event, layouts)
    return [Pipeline(path, archive, tuple(some)) for (path, archive), some in sorted(found.items())]


def chosen(known: Sequence[Pipeline], names: Sequence[str], root: str) -> list[Pipeline]:
    """Returns the pipelines that the user names, by name or by path; all where none is named.

    Raises:
        UserError: one is not there, or one name stands for several.
    """
    found = []
    for name in dict.fromkeys(names):
        fitting = [one for one in known if name.rstrip("/") == one.name or _is_at(name, root, one)]
        if not fitting:
            raise UserError([_no_pipeline(name, known)])
        if len(fitting) > 1:
            paths = ", ".join(f"`{one.path}`" for one in fitting)
            raise UserError([Mistake(f"`{name}` stands for {paths}", hint="name one by its path")])
        found += fitting
    return list(dict.fromkeys(found)) if names else list(known)


def only_version(pipeline: Pipeline, name: str) -> Version:
    """Returns the source version that is meant.

    Args:
        pipeline: has one or more.
        name: what the user says, or "".

    Raises:
        UserError: it has none of that name, or several and the user says nothing.
    """
    listed = ", ".join(f"`{one.name}`" for one in pipeline.versions)
    if name:
        for one in pipeline.versions:
            if one.name == name.rstrip("/"):
                return one
        hint = did_you_mean(name, [one.name for one in pipeline.versions]) or f"there is {listed}"
        raise UserError([Mistake(f"`{pipeline.path}` has no source version `{name}`", hint=hint)])
    if len(pipeline.versions) > 1:
        message = f"`{pipeline.path}` has {len(pipeline.versions)} source versions: {listed}"
        raise UserError([Mistake(message, hint="say which with `--source-version NAME`")])
    return pipeline.versions[0]


def _building(node: Node) -> Iterable[Node]:
    if "builds" in node.attributes:
        yield node
    for child in node.children():
        yield from _building(child)


def _add(found: dict[tuple[str, str], list[Version]], event: Present, layouts: Mapping[str, Layout]) -> None:
    layout, place = read_build(str(event.node.attributes["builds"]))
    above, _, name = event.path.rstrip("/").rpartition("/")
    path = f"{above}/" if above else ""
    size = event.node.attributes.get("max-size")
    version = Version(name, key_of(event.path), layouts[layout], size if isinstance(size, int) else 0)
    versions = found.setdefault((path, path + place), [])
    versions.append(version)
    versions.sort(key=lambda one: _natural(one.name))


def _natural(name: str) -> list[tuple[bool, int, str]]:
    """Returns what sorts names as people number them: `v2` before `v10`."""
    parts, digits = [""], False
    for character in name:
        if (character in "0123456789") != digits:
            digits = not digits
            parts.append("")
        parts[-1] += character
    return [(not place % 2, int(part) if place % 2 else 0, part) for place, part in enumerate(parts)]


def _known(layouts: Mapping[str, Layout], name: str) -> Layout:
    if name not in layouts:
        hint = did_you_mean(name, layouts) or "`layout-lint layouts` lists them"
        raise UserError([Mistake(f"there is no layout `{name}`", hint=hint)])
    return layouts[name]


def _is_at(name: str, root: str, pipeline: Pipeline) -> bool:
    return os.path.realpath(name) == os.path.realpath(os.path.join(root, pipeline.path))


def _no_pipeline(name: str, known: Sequence[Pipeline]) -> Mistake:
    names = [one.name for one in known]
    hint = did_you_mean(name, names) or (f"there is {', '.join(f'`{one}`' for one in names)}" if names else "")
    return Mistake(f"there is no pipeline `{name}` with a source version", hint=hint)
