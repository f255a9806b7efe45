"""Rules about `requirements.txt`, which SageMaker's containers and Lambda's builds hand to pip."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from layout_lint.api import FileContent, Problem, Related, rule
from layout_lint_rules.code.requirement_lines import option_names, option_value, refused_option, requirements_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from packaging.requirements import Requirement

    from layout_lint.api import Content, Context, Severity, Span
    from layout_lint_rules.code.editables import NotEditable
    from layout_lint_rules.code.requirement_lines import RequirementLine, Requirements

_URL = re.compile(r"(?:https?|ftp|(?:git|hg|svn|bzr)\+[a-z]+|git|ssh)://|file:", re.IGNORECASE)
_ARCHIVE = re.compile(r"\.(?:whl|zip|tar|tgz|tbz|txz|tlz|tar\.(?:gz|bz2|xz|lzma|lz))(?=\s*(?:\[|;|$))", re.IGNORECASE)
_VARIABLE = re.compile(r"\$\{[A-Z0-9_]+\}")
_PER_REQUIREMENT = frozenset(("--hash", "--global-option", "-C", "--config-settings", "--config-setting"))
_EDITABLE = frozenset(("-e", "--editable"))


class Parsed(NamedTuple):
    """A line that names a package.

    Attributes:
        requirement: what packaging makes of it.
        span: its place.
    """

    requirement: Requirement
    span: Span


class Judged(NamedTuple):
    """What there is to say of the lines of a file.

    Attributes:
        refused: problems of lines that pip refuses.
        parsed: the lines that name a package, those with a URL too.
    """

    refused: list[Problem]
    parsed: list[Parsed]


@rule("LL410", "refused-requirement", on=FileContent, having="kind=requirements")
def refused_requirement(event: FileContent, context: Context) -> Iterator[Problem]:
    """A line of a requirements file is one that pip refuses.

    pip then installs nothing at all, and the training job, the endpoint or the build ends before any of the code
    runs. Continued lines, comments, environment markers, extras, hashes and options are read as pip reads them; what a
    requirement may look like is settled by the library `packaging`, which pip uses itself.

    Once one line has a `--hash`, pip refuses the file where another has none; the first of these is reported. Silent
    about it where the line has an environment marker, and where `-r` or `-c` name files that may hold the hash.

    After `-e` must stand a folder or the URL of a repository. A name is a warning, as a folder may have it.

    Silent where a line holds a variable such as `${TOKEN}`, which pip replaces first.

    No fix: only the author knows which version was meant.

    Example:
        `torch=2.1.0`, with one `=`
    """
    yield from event.content.parsed(judge).refused
    found = event.content.parsed(requirements_of)
    if "hash" in found.text:
        yield from _without_hash(found, event, context)


@rule("LL411", "requirement-from-url", on=FileContent, having="kind=requirements", severity="warning")
def requirement_from_url(event: FileContent, context: Context) -> Iterator[Problem]:
    """A requirement comes from a URL, a repository or a local path, not from the package index.

    A training job often has no way to the URL, its container has no git, and a local path leads to nothing in it. What
    stands at a URL or a branch can also change from one job to the next.

    No fix: only the author knows which release has the same code.

    Example:
        `git+https://github.com/example/ncf.git@main`
    """
    found = event.content.parsed(requirements_of)
    for line in found.lines:
        if _is_place(line) or (_EDITABLE.intersection(option_names(line.options)) and not _not_editable(line)):
            yield Problem(
                "this requirement is installed from a URL or a path, not from the package index",
                hint="name a released version, or bring the package with the code",
                span=_whole(found, line),
            )
    for requirement, span in event.content.parsed(judge).parsed:
        if requirement.url:
            yield Problem(
                f"`{requirement.name}` is installed from a URL, not from the package index",
                hint=f"name a released version: `{requirement.name}==…`",
                span=span,
            )


@rule("LL412", "option-in-requirements", on=FileContent, having="kind=requirements", severity="warning")
def option_in_requirements(event: FileContent, context: Context) -> Iterator[Problem]:
    """A requirements file sets an option of pip.

    `--index-url` and `--extra-index-url` decide where packages come from, for everyone who installs from the file, and
    may carry credentials; a second index can also be made to serve a package of the same name. `-r` and `-c` name
    files that may not be in the archive that SageMaker unpacks. Such settings belong into pip's configuration.

    Options of a single requirement (`--hash`, `--config-settings`) are no finding, and `-e` is one of LL411.

    No fix: where pip is configured is the team's choice.

    Example:
        `--extra-index-url https://pypi.example.com/simple`
    """
    found = event.content.parsed(requirements_of)
    for line in found.lines:
        names = [name for name in option_names(line.options) if name not in _PER_REQUIREMENT | _EDITABLE]
        if names:
            start = len(line.text) - len(line.options)
            yield Problem(
                f"option `{names[0]}` in a requirements file changes the whole installation",
                hint="set it in pip's configuration, or name the packages here",
                span=found.span(line, start, len(line.text)),
            )


@rule("LL413", "unpinned-requirement", on=FileContent, having="kind=requirements", severity="info")
def unpinned_requirement(event: FileContent, context: Context) -> Iterator[Problem]:
    """A requirement allows more than one version.

    The same code then trains with other libraries next month, and the container that serves the model need not have
    those that trained it. A version is fixed by `==` or `===`, without `*`.

    Silent for requirements from a URL.

    No fix: only the author knows which version was tested.

    Example:
        `numpy>=1.24`
    """
    for requirement, span in event.content.parsed(judge).parsed:
        if not requirement.url and not _pin(requirement):
            yield Problem(
                f"`{requirement.name}` is not pinned to one version",
                hint=f"write `{requirement.name}==` and the version that was tested",
                span=span,
            )


@rule("LL414", "repeated-requirement", on=FileContent, having="kind=requirements", severity="warning")
def repeated_requirement(event: FileContent, context: Context) -> Iterator[Problem]:
    """A package is required twice.

    Only one of the lines is changed at the next update. Where the two are pinned to different versions pip refuses the
    file, and the finding is an error.

    Names are compared as the index does: case, `-`, `_` and `.` make no difference. Silent where the two lines have
    different environment markers.

    No fix: only the author knows which of the two lines holds.

    Example:
        `scikit-learn==1.3.0` and `Scikit_Learn==1.4.0`
    """
    listed = event.content.parsed(judge).parsed
    if not listed:
        return
    from packaging.utils import canonicalize_name  # noqa: PLC0415 - only where a line needs a closer look

    first: dict[tuple[str, str], Parsed] = {}
    for parsed in listed:
        requirement = parsed.requirement
        key = (canonicalize_name(requirement.name), str(requirement.marker or ""))
        earlier = first.setdefault(key, parsed)
        if earlier is not parsed:
            pins = {_pin(earlier.requirement), _pin(requirement)} - {""}
            there = Related(context.source.target, event.path, "the first one", earlier.span)
            yield Problem(
                f"`{requirement.name}` is required twice, first on line {earlier.span.line}",
                hint="keep one of the two lines",
                span=parsed.span,
                related=(there,),
                severity="error" if len(pins) > 1 else None,
            )


def _without_hash(found: Requirements, event: FileContent, context: Context) -> Iterator[Problem]:
    from layout_lint_rules.code.requirement_hashes import unhashed  # noqa: PLC0415 - few files have hashes

    missing = unhashed(found)
    if missing is not None:
        asking = _whole(found, missing.asking)
        lines = "this line has" if len(missing.lines) == 1 else f"this line and {len(missing.lines) - 1} more have"
        what = "has one" if missing.asking.requirement.strip() else "asks for them"
        yield Problem(
            f"{lines} no `--hash`, and line {asking.line} {what}, so pip refuses all of the file",
            hint="give each line its hashes, as `pip-compile --generate-hashes` does, or none",
            span=_whole(found, missing.lines[0]),
            related=(Related(context.source.target, event.path, "the line that asks for hashes", asking),),
        )


def judge(content: Content) -> Judged:
    """Returns what there is to say of a requirements file's lines, to be given to `Content.parsed`.

    Raises:
        UnreadableContentError: it cannot be read.
    """
    found = content.parsed(requirements_of)
    judged = Judged([], [])
    if found.fault:
        judged.refused.append(
            Problem(f"pip cannot read the file: {found.fault}", hint="save it as UTF-8", span=found.fault_span)
        )
    for line in found.lines:
        _judge_line(found, line, judged)
    return judged


def _judge_line(found: Requirements, line: RequirementLine, judged: Judged) -> None:
    refused = refused_option(line.options) if line.options else ""
    if refused and not _VARIABLE.search(line.text):
        start = len(line.text) - len(line.options)
        judged.refused.append(Problem(refused, span=found.span(line, start, len(line.text))))
    wrong = _not_editable(line) if line.options and not refused else None
    if wrong:
        severity: Severity | None = None if wrong.is_certain else "warning"
        judged.refused.append(Problem(wrong.message, hint=wrong.hint, span=_whole(found, line), severity=severity))
    if line.requirement.strip() and not _is_place(line) and not _VARIABLE.search(line.requirement):
        _judge_requirement(found, line, judged)


def _not_editable(line: RequirementLine) -> NotEditable | None:
    """Returns why pip refuses what a line installs as editable, or None where it takes it or it cannot be known."""
    value = option_value(line.options, _EDITABLE) if not line.requirement.strip() else None
    if not value or _VARIABLE.search(value):
        return None
    from layout_lint_rules.code.editables import not_editable  # noqa: PLC0415 - few files have an editable

    return not_editable(value)


def _judge_requirement(found: Requirements, line: RequirementLine, judged: Judged) -> None:
    from packaging.requirements import InvalidRequirement, Requirement  # noqa: PLC0415 - as above

    start = len(line.requirement) - len(line.requirement.lstrip())
    text = line.requirement.strip()
    try:
        requirement = Requirement(text.rstrip("; \t"))
    except (InvalidRequirement, RecursionError) as error:
        low, high = _caret(error, len(text))
        words = str(error).partition("\n")[0].rstrip(".: ") or "it is not a requirement"
        span = found.span(line, start + low, start + high)
        judged.refused.append(Problem(f"pip refuses this line: {_plain(words)}", hint=_remedy(text), span=span))
    else:
        judged.parsed.append(Parsed(requirement, found.span(line, start, start + len(text))))


def _caret(error: Exception, length: int) -> tuple[int, int]:
    """Returns the character at which packaging gave up; all where it does not tell."""
    found: tuple[int, int] | None = getattr(error.__cause__, "span", None)
    if found is None:
        return 0, length
    at = min(found[1], length)
    return at, min(at + 1, length)


def _plain(words: str) -> str:
    return words[:1].lower() + words[1:]


def _remedy(text: str) -> str:
    name = re.match(r"[\w.-]+(?:\[[^\]]*\])?", text)
    if name and re.match(r"\s*=(?!=)", text[name.end() :]):
        return "did you mean `==`?"
    return "write it as `name==version`" if ";" not in text else ""


def _is_place(line: RequirementLine) -> bool:
    """Tells whether a line has a URL or a path where others have a name; ``name @ url`` has a name."""
    text = line.requirement.strip()
    if _URL.match(text) or text.startswith((".", "/", "\\")):
        return True
    before = re.split(r"[@;]", text, maxsplit=1)[0]
    return "/" in before or ("@" not in text and _ARCHIVE.search(before) is not None)


def _pin(requirement: Requirement) -> str:
    """Returns the one version that a requirement allows, or ""."""
    for one in requirement.specifier:
        if one.operator in ("==", "===") and not one.version.endswith("*"):
            return one.version
    return ""


def _whole(found: Requirements, line: RequirementLine) -> Span:
    start = len(line.text) - len(line.text.lstrip())
    return found.span(line, start, len(line.text))
