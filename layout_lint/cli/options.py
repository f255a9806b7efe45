"""What the user asked for, whoever parsed it.

This module is on the path of every run, so it imports nothing.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from layout_lint.cli.audit_options import AuditOptions


class Options:
    """The options of `check` and `s3`; each attribute is named like its option and holds the default until set.

    Attributes:
        audit: what is asked for of buckets beside all this; None where nothing is.
        bucket: targets are buckets (the command `s3`).
        since: look at the content of files only that have changed since this commit; "" for all.
        targets: what to check, as the user wrote it; empty for the repository (or folder) that the user is in.
        tracked_only: look at git's index alone.
        layout: a layout's name, or "" for what the settings say.
        config: a settings file, or "".
        isolated: read no settings file.
        select, ignore: rule selectors, or None where the option was not given.
        severity: selector and severity.
        values: name and value for layouts.
        plugins: modules and files to load.
        no_plugins: names of installed plugins to leave out.
        baseline: a file with findings to pass over, or "".
        no_inline: take no notice of comments that suppress findings.
        output_formats: names of reporters, each with ``:`` and a file where it does not go to standard output; empty
            for ``text``.
        output_file: where the format without a file goes, or "".
        statistics: whether text ends with the number of findings of each rule.
        view: "findings" or "tree".
        color: "auto", "always" or "never".
        endpoint_url, profile, region: for S3.
        fix: carry out the fixes of findings.
        unsafe_fixes: those that are not safe as well.
        diff: show what fixes would change, and change nothing.
        fix_only: rule selectors, or None for all.
        show_fixes: list the fixes that were carried out.
    """

    __slots__ = (
        "audit",
        "baseline",
        "bucket",
        "color",
        "config",
        "diff",
        "endpoint_url",
        "fix",
        "fix_only",
        "ignore",
        "isolated",
        "layout",
        "no_inline",
        "no_plugins",
        "output_file",
        "output_formats",
        "plugins",
        "profile",
        "region",
        "select",
        "severity",
        "show_fixes",
        "since",
        "statistics",
        "targets",
        "tracked_only",
        "unsafe_fixes",
        "values",
        "view",
    )

    def __init__(self, **given: "Any") -> None:
        self.bucket = False
        self.audit: AuditOptions | None = None
        self.targets: tuple[str, ...] = ()
        self.tracked_only = False
        self.since = ""
        self.layout = ""
        self.config = ""
        self.isolated = False
        self.select: list[str] | None = None
        self.ignore: list[str] | None = None
        self.severity: dict[str, str] = {}
        self.values: dict[str, str] = {}
        self.plugins: tuple[str, ...] = ()
        self.no_plugins: tuple[str, ...] = ()
        self.baseline = ""
        self.no_inline = False
        self.output_formats: tuple[str, ...] = ()
        self.output_file = ""
        self.statistics = False
        self.view = "findings"
        self.color = "auto"
        self.endpoint_url = ""
        self.profile = ""
        self.region = ""
        self.fix = False
        self.unsafe_fixes = False
        self.diff = False
        self.fix_only: list[str] | None = None
        self.show_fixes = False
        for name, value in given.items():
            setattr(self, name, value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Options) and all(getattr(self, n) == getattr(other, n) for n in self.__slots__)

    __hash__ = None  # type: ignore[assignment]


def quick(arguments: "list[str]") -> Options | None:
    """Reads the arguments of the plainest calls, the ones that hooks and people make all day.

    ``[check] [--tracked-only] [PATH …]`` needs no parser, and to import one takes longer than to check a small
    repository. Everything else is left to the real one, which gives equal `Options` for these.
    """
    words = arguments[1:] if arguments[:1] == ["check"] else arguments
    if words is arguments and arguments and arguments != ["--tracked-only"]:
        return None
    paths = tuple(word for word in words if word != "--tracked-only")
    if any(path.startswith("-") or not path for path in paths):
        return None
    return Options(targets=paths, tracked_only=len(paths) < len(words))
