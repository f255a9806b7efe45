"""Where reports go: in which format to standard output, and which formats to which files.

This module is on the path of every run, so it imports next to nothing.
"""

import os

from layout_lint.model.error import Mistake, UserError, did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.cli.options import Options
    from layout_lint.plugins.registry import Registry

TEXT = ("text", "full")
"""The formats that ``--view tree`` stands in for."""
PROSE = (*TEXT, "grouped")
"""The formats for people, which other lines may stand beside; `concise` is for programs that read lines."""


class Output:
    """One format and where it goes.

    Attributes:
        format: the name of a reporter.
        file: a path, or "" for standard output.
    """

    __slots__ = ("file", "format")

    def __init__(self, named: str, file: str = "") -> None:
        self.format = named
        self.file = file

    def __repr__(self) -> str:
        return f"Output({self.format!r}, {self.file!r})"


def plan(options: "Options", registry: "Registry") -> "list[Output]":
    """Returns the outputs of a run, those to files first, after looking whether all of them can be written.

    Raises:
        UserError: all that is wrong with them, so that no run is in vain.
    """
    outputs = [Output(*_split(one)) for one in options.output_formats or ("text",)]
    mistakes = [*_formats(outputs, registry)]
    unbound = [one for one in outputs if not one.file]
    if options.output_file and len(unbound) == 1:
        unbound[0].file = options.output_file
    elif options.output_file and not unbound:
        mistakes.append(Mistake("`--output-file` is for a format without a file, and every format has one"))
    mistakes += _places(outputs, unbound)
    if options.view == "tree" and not any(one.format in TEXT for one in outputs):
        hint = "add `--output-format text`, or leave the view out"
        mistakes.append(Mistake("`--view tree` is a view of the format `text`, which is not asked for", hint=hint))
    if mistakes:
        raise UserError(mistakes)
    return sorted(outputs, key=lambda one: not one.file)


def _split(given: str) -> "tuple[str, str]":
    named, colon, file = given.partition(":")
    if colon and not (named and file):
        raise UserError([Mistake(f"`{given}` is neither NAME nor NAME:FILE", hint="as in `sarif:report.sarif`")])
    return named, file


def _formats(outputs: "list[Output]", registry: "Registry") -> "Iterator[Mistake]":
    known = sorted(registry.reporters)
    for one in outputs:
        if one.format not in registry.reporters:
            hint = did_you_mean(one.format, known) or f"there are {', '.join(f'`{name}`' for name in known)}"
            yield Mistake(f"there is no output format `{one.format}`", hint=hint)


def _places(outputs: "list[Output]", unbound: "list[Output]") -> "Iterator[Mistake]":
    if len(unbound) > 1:
        names = " and ".join(f"`{one.format}`" for one in unbound)
        hint = f"give the others a file, as in `{unbound[-1].format}:FILE`"
        yield Mistake(f"{names} cannot go to one place", hint=hint)
    taken: set[str] = set()
    for one in outputs:
        if not one.file:
            continue
        real = os.path.realpath(one.file)
        reason = "two formats are to go there" if real in taken else _obstacle(one.file)
        taken.add(real)
        if reason:
            yield Mistake(f"the report `{one.file}` cannot be written: {reason}")


def _obstacle(file: str) -> str:
    """Returns why a file cannot be written, or "" where it can as far as one sees."""
    folder = os.path.dirname(file) or "."
    if not os.path.isdir(folder):
        return f"there is no folder `{folder}`"
    if os.path.isdir(file):
        return "it is a folder"
    if is_replaced(file):
        return "" if os.access(folder, os.W_OK | os.X_OK) else f"you may not write in `{folder}`"
    return "" if os.access(file, os.W_OK) else "you may not write to it"


def is_replaced(file: str) -> bool:
    """Returns whether a report takes the place of a file, rather than going into a pipe or a device."""
    folder = os.path.join(os.path.realpath(os.path.dirname(file) or "."), "")
    return not folder.startswith(("/dev/", "/proc/")) and (not os.path.exists(file) or os.path.isfile(file))


def write(output: str, file: str) -> None:
    """Writes a report whole or not at all; a link is replaced, what it leads to stays as it was.

    Args:
        output: the report; what is no UTF-8 in it is escaped.
        file: its path; a pipe or a device is written to.

    Raises:
        UserError: it cannot be written.
    """
    data = output.encode("utf-8", "backslashreplace")
    try:
        if is_replaced(file):
            _replace(file, data)
        else:
            with open(file, "wb") as stream:
                stream.write(data)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UserError(f"the report `{file}` cannot be written: {reason}") from error


def _replace(file: str, data: bytes) -> None:
    new = os.path.join(os.path.dirname(file), f".layout-lint-{os.urandom(8).hex()}.tmp")
    try:
        with open(new, "xb") as stream:
            if os.path.isfile(file) and not os.path.islink(file):
                os.fchmod(stream.fileno(), os.stat(file).st_mode & 0o777)
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(new, file)
    except BaseException:
        if os.path.lexists(new):
            os.unlink(new)
        raise
