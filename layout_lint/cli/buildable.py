"""Which archives a repository builds: every source version folder that its layout builds one of."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from layout_lint.cli.check import roots_of
from layout_lint.engine.buildable import Pipelines, building, present
from layout_lint.engine.recognise import recognise
from layout_lint.model.error import Mistake, UserError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from layout_lint.cli.opening import Target
    from layout_lint.cli.options import Options
    from layout_lint.config.settings import Settings
    from layout_lint.engine.buildable import Pipeline, Version
    from layout_lint.model.node import Layout
    from layout_lint.sources.source import Source


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
    found = Pipelines(layouts)
    for event in present(source, layouts, rooted(target, source, settings, options, layouts), building(layouts)):
        found.add(event)
    return found.all()


def rooted(
    target: Target, source: Source, settings: Settings, options: Options, layouts: Mapping[str, Layout]
) -> list[tuple[bytes, Layout]]:
    """Returns key and layout of each root of a repository; arguments and errors as of `pipelines`."""
    return [
        (base, recognise(source, layouts, base) if name == "auto" else _known(layouts, name))
        for base, name in roots_of(target, settings, options)
    ]


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
