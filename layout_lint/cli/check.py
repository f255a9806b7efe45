"""Opened targets, their settings and layouts, and one report of them all.

This module is on the path of every run, so it imports next to nothing.
"""

import os

from layout_lint.cli.opening import open_targets
from layout_lint.config import load as config
from layout_lint.config.find import shown
from layout_lint.model.report import Report
from layout_lint.plugins.checking import bucket_roots, check_source, layouts_of
from layout_lint.plugins.unchanged import Unchanged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from layout_lint.cli.opening import Target
    from layout_lint.cli.options import Options
    from layout_lint.config.settings import Settings
    from layout_lint.engine.audit import Audit
    from layout_lint.engine.check import Listener
    from layout_lint.plugins.checking import Roots
    from layout_lint.plugins.registry import Registry
    from layout_lint.plugins.unchanged import Earlier


def check_targets(
    options: "Options",
    registry: "Registry",
    listener: "Listener | None" = None,
    earlier: "Earlier | None" = None,
) -> Report:
    """Opens and checks every target and returns one report.

    Args:
        options: what the user asked for.
        registry: what plugins bring.
        listener: is given the target and each event.
        earlier: what earlier runs have written down of a target.

    Raises:
        UserError: the user's mistake.
    """
    if options.bucket or are_buckets(options.targets):
        from layout_lint.cli.auditing import audited  # noqa: PLC0415 - not for repositories

        if options.since or options.tracked_only:
            from layout_lint.model.error import Mistake, UserError  # noqa: PLC0415 - only after a mistake

            raise UserError([Mistake("`--since` and `--tracked-only` ask git, and a bucket has none")])
        return audited(options, registry, listener)
    whole = Report()
    for target in open_targets(options, registry):
        warn_of_unfinished(target)
        settings = load_settings(target.folder, options)
        if listener is None and target.only is None:
            report = _check_again(target, settings, options, registry, earlier)
        else:
            report = check_target(target, settings, options, registry, listener)
        use_baseline_of(report, target, settings, options, registry)
        whole.merge(report)
    return whole


def are_buckets(targets: "Sequence[str]") -> bool:
    """Returns whether targets are buckets, which are audited whole by whatever command they are named to.

    Raises:
        UserError: some are and some are not.
    """
    buckets = sum(target[:5].lower() == "s3://" for target in targets)
    if buckets in (0, len(targets)):
        return bool(buckets)
    from layout_lint.model.error import Mistake, UserError  # noqa: PLC0415 - only after a mistake

    raise UserError([Mistake("buckets and folders are looked at in different ways", hint="name them in two calls")])


def warn_of_unfinished(target: "Target") -> None:
    """Says that a killed fix has left a repository half changed, where it has."""
    repository = getattr(target.source, "repository", None)
    if repository is not None and os.path.lexists(f"{repository.git_dir}/layout-lint/unfinished"):
        from layout_lint.cli.undo import warn_of_unfinished as warn  # noqa: PLC0415 - only after a killed fix

        warn(target.folder)


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
    *,
    audits: "Callable[[], Sequence[Audit]] | None" = None,
    most_alike: int = 0,
) -> Report:
    """Checks one opened target with its settings.

    Args:
        target: what is checked.
        settings: for its folder.
        options: what the user asked for.
        registry: what plugins bring.
        listener: is given each event.
        audits: makes what else looks at a root of it.
        most_alike: in a bucket, how many findings of one rule at one node are told one by one; 0 for very many.

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
        audits=audits,
        most_alike=most_alike,
    )


def _check_again(
    target: "Target", settings: "Settings", options: "Options", registry: "Registry", earlier: "Earlier | None"
) -> Report:
    """Checks a target, or returns what is known of it where nothing has changed since earlier runs."""
    roots = roots_of(target, settings, options)
    inline = not options.no_inline
    unchanged = Unchanged(target.source, settings, registry, roots, inline=inline, earlier=earlier)
    report = unchanged.report()
    if report is not None:
        target.source.close()
        return report
    report = check_target(target, settings, options, registry)
    unchanged.learn(report)
    return report


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
