"""Opened targets, their settings and layouts, and one report of them all.

This module is on the path of every run, so it imports next to nothing.
"""

import os

from layout_lint.cli.opening import open_targets
from layout_lint.config import load as config
from layout_lint.config.find import shown
from layout_lint.model.report import Report
from layout_lint.plugins.checking import bucket_roots, check_source, layouts_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from layout_lint.cli.opening import Target
    from layout_lint.cli.options import Options
    from layout_lint.config.settings import Settings
    from layout_lint.engine.check import Listener
    from layout_lint.plugins.checking import Roots
    from layout_lint.plugins.registry import Registry


def check_targets(options: "Options", registry: "Registry", listener: "Listener | None" = None) -> Report:
    """Opens and checks every target and returns one report.

    Raises:
        UserError: the user's mistake.
    """
    whole = Report()
    for target in open_targets(options, registry):
        settings = load_settings(target.folder, options)
        report = check_target(target, settings, options, registry, listener)
        use_baseline_of(report, target, settings, options, registry)
        whole.merge(report)
    return whole


def use_baseline_of(
    report: Report, target: "Target", settings: "Settings", options: "Options", registry: "Registry"
) -> None:
    """Takes out of a target's report what the baseline knows, where there is one.

    Raises:
        UserError: the baseline cannot be read.
    """
    file = options.baseline or (settings.baseline and shown(os.path.join(settings.folder, settings.baseline)))
    if file:
        from layout_lint.cli.baseline import use_baseline  # noqa: PLC0415 - only with a baseline

        use_baseline(report, target, settings, registry, file)


def check_target(
    target: "Target",
    settings: "Settings",
    options: "Options",
    registry: "Registry",
    listener: "Listener | None" = None,
) -> Report:
    """Checks one opened target with its settings.

    Raises:
        UserError: the user's mistake.
    """
    offset = _offset(target, settings)
    return check_source(
        target.source,
        registry,
        settings,
        layouts_of(settings, registry),
        roots_of(target, settings, options),
        bucket=target.name,
        offset=offset,
        whole=not offset and target.only is None,
        only=target.only,
        inline=not options.no_inline,
        listener=listener,
    )


def load_settings(folder: str, options: "Options") -> "Settings":
    """Returns the settings for a checked folder, with what the command line says over them.

    Raises:
        UserError: all that is wrong with them.
    """
    settings = config.load(folder, config=options.config or None, isolated=options.isolated)
    if not (options.layout or options.select or options.ignore or options.severity or options.values):
        return settings
    return settings.override(
        layout=options.layout or None,
        select=options.select or (),
        ignore=options.ignore or (),
        severity=options.severity,
        values=options.values,
    )


def roots_of(target: "Target", settings: "Settings", options: "Options") -> "Roots":
    """Returns key and layout of each root of a target."""
    if target.name:
        return bucket_roots(settings, target.name, options.layout)
    if options.layout or not settings.roots:
        return [(b"", settings.layout)]
    folder = os.path.realpath(target.folder)
    roots = []
    for path, layout in settings.roots.items():
        place = os.path.realpath(os.path.join(settings.folder, path))
        if place == folder:
            roots.append((b"", layout))
        elif place.startswith(os.path.join(folder, "")):
            roots.append((os.fsencode(os.path.relpath(place, folder)) + b"/", layout))
    return sorted(roots) or [(b"", settings.layout)]


def _offset(target: "Target", settings: "Settings") -> str:
    """Returns the way from the settings' folder down to the target, which per-path ignores are written against."""
    if not settings.folder or target.name:
        return ""
    way = os.path.relpath(os.path.realpath(target.folder), os.path.realpath(settings.folder))
    return "" if way == "." or way.startswith("..") else way + "/"
