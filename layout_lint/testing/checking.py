"""Checks a tree in memory with the rules, layouts and plugins that are installed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from layout_lint.config.parse import parse
from layout_lint.config.settings import Settings
from layout_lint.plugins.checking import bucket_roots, check_source, layouts_of
from layout_lint.plugins.load import load as load_plugins
from layout_lint.testing.tree import make_source, told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from layout_lint.model.report import Report
    from layout_lint.plugins.checking import Roots
    from layout_lint.testing.tree import Tree

SETTINGS = "layout-lint.toml"


def check_tree(
    tree: Tree,
    layout: str = "ml-project",
    *,
    git: bool = False,
    bucket: bool = False,
    settings: str = "",
    layouts: Sequence[str] = (),
    plugins: Sequence[str] = (),
    target: str = "tree",
) -> Report:
    """Checks a tree that exists in memory only, and returns the report.

    Args:
        tree: paths, or a `File` (or a content) by path; a path that ends in ``/`` is an empty folder. Rules look at
            contents only where the tree tells them.
        layout: what ``--layout`` would say; "" for what the settings say, ``auto`` to have it recognised.
        git: the tree is a git repository.
        bucket: the tree is a bucket, which the settings know by the name `target`.
        settings: the text of a ``layout-lint.toml``.
        layouts: texts of layout files, as the settings' ``layouts`` would name them.
        plugins: modules and files, as ``--plugin`` would name them, on top of what is installed.
        target: how messages name the tree.

    Raises:
        UserError: the settings, a layout or a plugin are not right, or the layout cannot be recognised.
    """
    registry = load_plugins(plugins, whole=True)
    said = settings_of(settings)
    files = [(f"layout-{number}.yaml", text.encode()) for number, text in enumerate(layouts, 1)]
    name = target if bucket else ""
    return check_source(
        make_source(tree, git=git, bucket=bucket, target=target),
        registry,
        said,
        layouts_of(said, registry, files),
        bucket_roots(said, name, layout) if bucket else _roots(said, layout),
        bucket=name,
        only=told(tree),
    )


def findings(report: Report) -> list[str]:
    """Returns a report's findings as ``LL102 mlpipelines/ncf/v1/inference.py``, in the report's order.

    The root itself is shown as ``.``.
    """
    return [f"{finding.code} {finding.path or '.'}" for finding in report.findings]


def settings_of(text: str) -> Settings:
    """Returns what the text of a ``layout-lint.toml`` says."""
    values, places = parse(text.encode(), SETTINGS, "settings") or ({}, {})
    return Settings(values, places, SETTINGS, os.sep)


def _roots(settings: Settings, layout: str) -> Roots:
    """Returns key and layout of each root of a repository."""
    if layout or not settings.roots:
        return [(b"", layout or settings.layout)]
    return sorted((b"" if path == "." else f"{path}/".encode(), name) for path, name in settings.roots.items())
