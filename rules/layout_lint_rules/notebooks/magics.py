"""What IPython takes in a cell beside Python: magics, shell lines and questions.

A line that IPython takes and Python does not is replaced by one that Python takes too and that means nothing, so that
the rest of the cell keeps its lines and columns.

Source: https://ipython.readthedocs.io/en/stable/interactive/reference.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_PYTHON_BODIES = frozenset(("%%capture", "%%local", "%%memit", "%%prun", "%%time", "%%timeit"))
"""Cell magics whose body is Python that runs in the notebook itself; `%%local` is sparkmagic's."""

_LINE = re.compile(r"[^\r\n]*+(?:\r\n|\r|\n|\Z)")
_CONTINUED = re.compile(r"(?:[^\r\n]*+(?<=\\)(?:\r\n|\r|\n))*+[^\r\n]*+(?:\r\n|\r|\n|\Z)")
_MAGIC = re.compile(r"([ \t]*+)(?:[%!?,;/].*|[%\w.*\[\]()]++\?\??[ \t;]*)")
_ASSIGNED = re.compile(r"""(?:[\w.,:*()\[\] \t]|(?!"{3})"[^"\\\r\n]*+"|(?!'{3})'[^'\\\r\n]*+')++=[ \t]*+(?=[%!])""")
_AUTOMAGIC = re.compile(
    r"""\s*(?:alias|bookmark|cat|cd|conda|config|cp|env|gui|history|less|ll|load|load_ext|ls|mamba|man|matplotlib
        |micromamba|mkdir|more|mv|pip|popd|prun|pushd|pycat|pylab|reload_ext|rerun|reset|rm|rmdir|run|save|set_env
        |store|time|timeit|unload_ext|uv|who|who_ls|whos|xdel)[ \t]+[^\s=!(][^\r\n]*+\s*""",
    re.VERBOSE,
)
"""A cell that is one line magic without its `%`, which IPython allows in a cell of one line (`%automagic`)."""

_PERHAPS = re.compile(r"^[ \t]*+[%!?,;/]|\?[ \t;]*+$|=[ \t]*+[%!]", re.MULTILINE)
"""Is in every line that is IPython's own, and in few others."""
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_PROMPT = re.compile(r"[ \t]*(?:>>>|In \[\d*\]:)")
_FLAT = re.compile(
    r"""(?: [^\r\n\#"'()\[\]{}\\]++
          | \#[^\r\n]*+
          | \"{3}(?:[^\\"]++|\\.?|"(?!""))*+(?:"{3}|\Z)
          | '{3}(?:[^\\']++|\\.?|'(?!''))*+(?:'{3}|\Z)
          | "(?:[^\\"\r\n]++|\\(?:\r\n|.)?)*+"?
          | '(?:[^\\'\r\n]++|\\(?:\r\n|.)?)*+'?
          | \\(?:\r\n|.)?
        )*+""",
    re.VERBOSE | re.DOTALL,
)
"""Comments, strings and all else up to the next bracket or line break that counts."""


def python_of(source: str) -> str | None:
    """Returns the Python in a cell, line for line and column for column where it stands in the cell.

    Args:
        source: the cell's source.

    Returns:
        None for a cell that is not Python, such as one that starts with `%%bash`, or that holds pasted prompts.
    """
    start = len(source) - len(source.lstrip())
    if _PROMPT.match(source, source.rfind("\n", 0, start) + 1):
        return None
    if source.startswith("%%", start):
        first = _line(source, start)
        if first.split(maxsplit=1)[0] not in _PYTHON_BODIES:
            return None
        source = source[:start] + _end_of(first) + source[start + len(first) :]
    return "".join(_lines(source)) if _candidates(source) else source


def escapes(source: str) -> list[str]:
    """Returns the statements of a cell that IPython takes and Python does not."""
    statements = _statements(source) if _candidates(source) else ()
    return [source[at:end] for at, end, better in statements if better is not None]


def is_automagic(source: str) -> bool:
    """Tells whether IPython takes a cell that is not Python for a line magic whose `%` is left out."""
    return _AUTOMAGIC.fullmatch(source) is not None


def _lines(source: str) -> Iterator[str]:
    for at, end, better in _statements(source):
        yield source[at:end] if better is None else better


def _statements(source: str) -> Iterator[tuple[int, int, str | None]]:
    """Yields start and end of each logical line, and what stands in for it where it is IPython's own.

    Lines within brackets and within strings of several lines start none. Those of IPython's own end with their line,
    whatever quotes and brackets they hold, or go on after a backslash.
    """
    at, candidates = 0, _candidates(source)
    while at < len(source):
        better = _replaced(_line(source, at)) if at in candidates else None
        if better is None:
            end = _statement_end(source, at)
        else:
            found = _CONTINUED.match(source, at)
            end = found.end() if found else len(source)
            better += "".join(_LINE_BREAK.findall(source[at:end]))
        yield at, end, better
        at = end


def _candidates(source: str) -> Collection[int]:
    """Returns the starts of the lines that may be IPython's own; most cells have none, and need no closer look."""
    if "\r" in source:
        return range(len(source))
    starts, at = set(), 0
    while found := _PERHAPS.search(source, at):
        starts.add(source.rfind("\n", at, found.start()) + 1 or at)
        at = source.find("\n", max(found.start(), found.end() - 1)) + 1
        if not at:
            break
    return starts


def _replaced(line: str) -> str | None:
    """Returns what stands in for a line that is IPython's own, without its line break; None for any other line."""
    text = line.rstrip("\r\n")
    magic = _MAGIC.fullmatch(text)
    if magic:
        return f"{magic[1]}pass"
    assigned = _ASSIGNED.match(text)
    return f"{assigned[0]}0" if assigned else None


def _statement_end(source: str, at: int) -> int:
    """Returns the index behind the line break that ends the logical line that starts at an index."""
    depth = 0
    while found := _FLAT.match(source, at):
        at = found.end() + 1
        mark = source[at - 1 : at]
        if mark in ("(", "[", "{"):
            depth += 1
        elif mark in (")", "]", "}"):
            depth = max(0, depth - 1)
        elif not mark:
            return at - 1
        elif not depth:
            return at + source.startswith("\r\n", at - 1)
    return len(source)


def _line(source: str, at: int) -> str:
    found = _LINE.match(source, at)
    return found[0] if found else ""


def _end_of(line: str) -> str:
    return line[len(line.rstrip("\r\n")) :]
