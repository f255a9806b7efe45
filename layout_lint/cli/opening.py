"""From what the user named to opened sources.

This module is on the path of every run, so it imports next to nothing.
"""

import os

from layout_lint.model.error import Mistake, UserError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.cli.options import Options
    from layout_lint.plugins.registry import Registry
    from layout_lint.plugins.unchanged import Earlier
    from layout_lint.sources.source import Source


class Target:
    """One place to check, opened.

    Attributes:
        source: its keys.
        folder: the absolute path of the folder that settings are looked for in.
        name: for a bucket, how settings name it; "" for a repository.
        only: keys of the files whose content is looked at; None for all.
    """

    __slots__ = ("folder", "name", "only", "source")

    def __init__(self, source: "Source", folder: str, name: str = "", only: "frozenset[bytes] | None" = None) -> None:
        self.source = source
        self.folder = folder
        self.name = name
        self.only = only


def earlier_of(options: "Options") -> "Earlier | None":
    """Begins to look whether anything has changed on the one place that is to be checked; None for other calls.

    Raises:
        UserError: the current folder is in a bare repository.
    """
    named = options.targets[0] if options.targets else ""
    if options.bucket or options.since or options.view != "findings" or len(options.targets) > 1:
        return None
    if "://" in named or (named and not os.path.isdir(named)):
        return None
    from layout_lint.plugins.unchanged import Earlier  # noqa: PLC0415 - not for buckets

    return Earlier(named or _repository_of("."))


def open_targets(options: "Options", registry: "Registry") -> "Iterator[Target]":
    """Yields every place that the user named; files of one repository are one place.

    Raises:
        UserError: one is not there, or is nothing that can be checked.
    """
    files: dict[str, set[str]] = {}
    for named in options.targets or ("",):
        if named and "://" not in named and os.path.isfile(named):
            files.setdefault(_repository_of(os.path.dirname(named) or "."), set()).add(named)
        else:
            yield _open(named, options, registry)
    for folder, names in files.items():
        top = os.path.realpath(folder)
        keys = frozenset(os.fsencode(os.path.relpath(_place(name), top)) for name in names)
        yield _local(folder, options, keys)


def _place(name: str) -> str:
    """Returns where a file stands, over links to folders but not over the file itself if it is a link."""
    return os.path.join(os.path.realpath(os.path.dirname(name) or "."), os.path.basename(name))


def _open(named: str, options: "Options", registry: "Registry") -> Target:
    if named[:5].lower() == "s3://":
        from layout_lint.sources.s3 import S3Source, parse_uri  # noqa: PLC0415 - imports botocore

        bucket, prefix = parse_uri(named)
        s3 = S3Source(
            bucket,
            prefix,
            endpoint_url=options.endpoint_url or None,
            profile=options.profile or None,
            region=options.region or None,
        )
        return Target(s3, os.getcwd(), bucket)
    if "://" in named:
        for opens in registry.opens:
            source = opens(named)
            if source is not None:
                return Target(source, os.getcwd(), named)
        raise UserError([Mistake(f"nothing can open `{named}`", hint="a path, an `s3://` URI, or a plugin's target")])
    return _local(named or _repository_of("."), options)


def _repository_of(folder: str) -> str:
    """Returns the repository that a folder is in, or the folder itself."""
    from layout_lint.sources.git_places import find_repository  # noqa: PLC0415 - not for buckets

    repository = find_repository(folder)
    return folder if repository is None else os.path.relpath(repository.worktree)


def _local(folder: str, options: "Options", only: "frozenset[bytes] | None" = None) -> Target:
    from layout_lint.sources.local import open_local  # noqa: PLC0415 - not for buckets

    source = open_local(folder, tracked_only=options.tracked_only)
    if options.since:
        from layout_lint.sources.git import GitSource  # noqa: PLC0415 - only with `--since`
        from layout_lint.sources.git_changes import changed_in  # noqa: PLC0415 - as above

        if not isinstance(source, GitSource):
            raise UserError([Mistake(f"`{folder}` is no git repository", hint="`--since` needs one")])

        changes = changed_in(source, options.since)
        only = changes if only is None else only & changes
    return Target(source, os.path.abspath(folder), "", only)
