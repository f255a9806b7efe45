"""What a plugin can bring. Every hook collects; a plugin implements the ones it needs.

A plugin is a module or an object under the entry point group ``layout_lint``, or a module or file given with
``--plugin``. A module that implements none of these hooks may simply hold rules: functions declared with
`layout_lint.api.rule` are found in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from layout_lint.model.config_model import ConfigModel
    from layout_lint.model.finding import Problem
    from layout_lint.model.member import MemberScanner
    from layout_lint.model.reporter import Reporter
    from layout_lint.model.segment import SegmentType
    from layout_lint.sources.source import Source

GROUP = "layout_lint"
"""The entry point group, and the name that pluggy knows the project by."""

hookspec = pluggy.HookspecMarker(GROUP)
hookimpl = pluggy.HookimplMarker(GROUP)


@hookspec
def layout_lint_rules() -> Iterable[Callable[..., Iterable[Problem]]]:  # type: ignore[empty-body]
    """Returns functions declared with `layout_lint.api.rule`."""


@hookspec
def layout_lint_layouts() -> Iterable[Path]:  # type: ignore[empty-body]
    """Returns the paths of layout files; docs/layout-language.md tells what they hold."""


@hookspec
def layout_lint_segment_types() -> Iterable[SegmentType]:  # type: ignore[empty-body]
    """Returns types for captures: with the type ``ticket``, a layout can say ``{name:ticket}``."""


@hookspec
def layout_lint_models() -> Iterable[ConfigModel]:  # type: ignore[empty-body]
    """Returns pydantic models for config files: with ``team-config``, a layout can say ``$model: team-config``.

    A model of a name that is there already replaces it: a team extends `PipelineConfig` with keys of its own so.
    """


@hookspec
def layout_lint_reporters() -> Iterable[Reporter]:  # type: ignore[empty-body]
    """Returns output formats for ``--output-format``."""


@hookspec
def layout_lint_member_scanners() -> Iterable[MemberScanner]:  # type: ignore[empty-body]
    """Returns scanners of files inside of archives; what they find is judged by rules about `MemberScanned`."""


@hookspec(firstresult=True)
def layout_lint_open(target: str) -> Source | None:
    """Returns a source for a target that is no local path and no ``s3://`` URI, or None where it is not yours.

    Args:
        target: what the user wrote on the command line.
    """


SPECS: tuple[str, ...] = tuple(sorted(name for name in vars() if name.startswith("layout_lint_")))
"""The names of all hooks."""
