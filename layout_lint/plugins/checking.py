"""One opened source checked with a registry and settings; what the command line and the test kit share.

This module is on the path of every run, so it imports next to nothing.
"""

import os

from layout_lint.config.names import key
from layout_lint.model.error import Mistake, UserError, did_you_mean
from layout_lint.plugins.registry import require
from layout_lint.sources.source import Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from typing import Final

    from layout_lint.config.settings import Settings
    from layout_lint.engine.audit import Audit
    from layout_lint.engine.check import Listener
    from layout_lint.model.node import Layout
    from layout_lint.model.report import Report
    from layout_lint.plugins.registry import Registry
    from layout_lint.sources.source import Source

    Roots = Sequence[tuple[bytes, str]]

AUTO: "Final" = "auto"
BUCKET_LAYOUT: "Final" = "ml-bucket"
_MISSING: "Final" = "what was not looked at by then is missing here"


def check_source(
    source: "Source",
    registry: "Registry",
    settings: "Settings",
    layouts: "Mapping[str, Layout]",
    roots: "Roots",
    *,
    bucket: str = "",
    offset: str = "",
    whole: bool = True,
    only: "frozenset[bytes] | None" = None,
    inline: bool = True,
    listener: "Listener | None" = None,
    audits: "Callable[[], Sequence[Audit]] | None" = None,
    most_alike: int = 0,
) -> "Report":
    """Checks a source; one that cannot be read at all is named in the report.

    An audit of a bucket that the user interrupts returns what it found until then.

    Args:
        source: the repository, folder or bucket.
        registry: what plugins bring.
        settings: what the user wants.
        layouts: every layout by name, from `layouts_of`.
        roots: key (ending in ``/``, or "") and layout name, or ``auto``, of each root.
        bucket: how the settings name the source, where it is a bucket.
        whole: everything is checked that the settings speak of, so that what has no effect in them is a finding.
        offset: the way from the settings' folder to the source's root, "" or ending in ``/``.
        only: keys of the files whose content is looked at; None for all.
        inline: whether comments in files may suppress findings.
        listener: is given the target and each event.
        audits: makes what else looks at a root; called once for each.
        most_alike: in a bucket, how many findings of one rule at one node are told one by one; 0 for very many.

    Raises:
        UserError: the settings name a rule, a plugin or a layout that is not there, or no layout is recognised.
    """
    from layout_lint.engine.check import Check  # noqa: PLC0415 - not where nothing has changed since an earlier run
    from layout_lint.engine.select import verify  # noqa: PLC0415 - as above

    require(registry, settings)
    verify(registry.rules, settings)
    _known(roots, layouts, settings)
    held = settings.buckets[bucket].holds if bucket in settings.buckets else ()
    if held:
        from layout_lint.layouts.part import hold  # noqa: PLC0415 - for buckets that hold a part only

        layouts = hold(layouts, roots[0][1], held, settings, bucket)
    check = Check(registry, layouts, settings, only=only, inline=inline, listener=listener, most_alike=most_alike)
    try:
        check.run(source, roots, offset, audits)
    except Unreadable as error:
        from layout_lint.model.finding import NotAudited  # noqa: PLC0415 - only then

        path = "" if error.path == source.target else error.path.removeprefix(f"{source.target}/")
        reason = f"{error.reason}; {_MISSING}" if source.is_bucket and source.seen else error.reason
        check.report.not_audited.append(NotAudited(source.target, path, reason))
        check.report.incomplete = True
    except (KeyboardInterrupt, UserError) as error:
        mistake = None if isinstance(error, KeyboardInterrupt) else error
        if not source.is_bucket or (mistake is not None and not source.seen):
            raise
        from layout_lint.model.finding import NotAudited  # noqa: PLC0415 - as above

        # a mistake that shows when half of the bucket was listed is one that was right before: expired credentials
        said = "interrupted" if mistake is None else f"broken off: {mistake}"
        check.report.not_audited.append(NotAudited(source.target, "", f"{said}; {_MISSING}"))
        check.report.incomplete = True
        check.report.interrupted = mistake is None
    return check.finish(whole=whole and not check.report.incomplete)


def bucket_roots(settings: "Settings", bucket: str, layout: str) -> "Roots":
    """Returns the one root of a bucket and its layout.

    Args:
        settings: which may say it.
        bucket: how they name the bucket.
        layout: what the command line says, or "".
    """
    known = settings.buckets.get(bucket)
    said = layout or (known.layout if known is not None else AUTO)
    return [(b"", BUCKET_LAYOUT if said == AUTO else said)]


def layouts_of(
    settings: "Settings", registry: "Registry", own: "Sequence[tuple[str, bytes]] | None" = None
) -> "dict[str, Layout]":
    """Returns every layout by name: those of plugins, and the team's own.

    Args:
        settings: which name the team's layout files, and set values of layouts.
        registry: what plugins bring.
        own: name and content of the team's layout files; None to read those that the settings name.

    Raises:
        UserError: a layout file, or a value for layouts in the settings, is not right.
    """
    from layout_lint.layouts.load import load  # noqa: PLC0415 - not where nothing has changed since an earlier run

    if own is None:
        own = [_file(os.path.join(settings.folder, name), name) for name in settings.layouts]
    files = [*(_file(path, path) for path in registry.layouts), *own]
    try:
        return load(files, settings.values, registry.types, _templates(settings, registry))
    except UserError as error:
        for mistake, name in zip(error.mistakes, getattr(error, "unknown_values", ()), strict=False):
            place = settings.name_place(key("values", name))
            if place is not None:
                mistake.path, mistake.line, mistake.column = place
        raise


def _templates(settings: "Settings", registry: "Registry") -> "set[str]":
    """Returns the names of all templates: what stands in ``templates/`` beside the layout files."""
    from layout_lint.layouts.load import TEMPLATES  # noqa: PLC0415 - as above

    own = [os.path.join(settings.folder, name) for name in settings.layouts]
    found: set[str] = set()
    for folder in {os.path.dirname(path) for path in (*registry.layouts, *own)}:
        try:
            found.update(os.listdir(os.path.join(folder, TEMPLATES)))
        except OSError:
            continue
    return found


def _file(path: str, shown: str) -> "tuple[str, bytes]":
    try:
        with open(path, "rb") as file:
            return shown, file.read()
    except OSError as error:
        message = f"the layout file cannot be read: {error.strerror}"
        raise UserError([Mistake(message, path=shown, code="LL001")]) from error


def _known(roots: "Roots", layouts: "Collection[str]", settings: "Settings") -> None:
    """Checks that every layout that roots name exists.

    Raises:
        UserError: one does not.
    """
    for base, name in roots:
        if name != AUTO and name not in layouts:
            root = base.decode("utf-8", "surrogateescape").rstrip("/") or "."
            path, line, column = settings.place(key("roots", root)) or settings.place("layout") or ("", 0, 0)
            hint = did_you_mean(name, layouts) or f"there are {', '.join(f'`{one}`' for one in sorted(layouts))}"
            message = f"there is no layout `{name}`"
            raise UserError([Mistake(message, hint=hint, path=path, line=line, column=column, code="LL002")])
