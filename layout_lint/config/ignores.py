"""Patterns for paths, read as git reads a line of ``.gitignore`` (https://git-scm.com/docs/gitignore).

A pattern with a ``/`` at its beginning or in its middle is anchored at the settings' folder, any other one
matches at every depth; ``*`` and ``?`` stay within one segment, ``**`` as a whole segment goes over any
number of them; a ``/`` at the end asks for a folder. What matches a folder matches all that is below it.
There is no negation.
"""

from __future__ import annotations

import re

_STAR = r"[^/]*"
_PIECE = re.compile(
    r"""
    \[ [!^]? \]? (?: \\. | (?!\[:) [^]\\] )* \]   # a set may begin with a ], and holds no class
    | \\.
    | [^[\\]
    """,
    re.DOTALL | re.VERBOSE,
)


def matches(pattern: str, path: str) -> bool:
    """Returns whether a pattern matches a path.

    Args:
        pattern: one that `fault` says nothing about.
        path: relative, with ``/`` between segments; a folder's ends in ``/``.
    """
    return expression(pattern).fullmatch(path) is not None


def fault(pattern: str) -> str:
    """Says why a pattern can match nothing or is not one, as the end of a sentence, or returns ""."""
    segments = pattern.split("/")
    if not pattern.strip("/"):
        return "must name a file or a folder"
    if pattern.startswith("!"):
        return "must not begin with `!`: there is no negation; write `\\!` where a name begins with it"
    if "." in segments or ".." in segments or "" in segments[1:-1]:
        return "must have no segment that is empty, `.` or `..`"
    if any(_pieces(segment) is None for segment in segments):
        return "has a `[` without its `]`, a class such as `[:alpha:]`, or a single `\\` at its end"
    return ""


def expression(pattern: str) -> re.Pattern[str]:
    """Returns the regular expression that matches the whole of every path that the pattern matches.

    What lies between two stars is matched once, where it first fits (an atomic group), so that no pattern of
    a checked repository can make the search take exponential time.
    """
    body = pattern.removesuffix("/")
    anchored = "/" in body
    # git reads every segment of two or more stars as two.
    segments = [re.sub(r"\A\*{2,}\Z", "**", segment) for segment in body.removeprefix("/").split("/")]
    last = segments.pop()
    if not anchored:
        segments = ["**", *segments]
    ending = "(?:/.*)?" if body == pattern else "/.*"
    source = _folders(segments) + (".+" if last == "**" and anchored else _segment(last)) + ending
    return re.compile(source, re.DOTALL)


def _folders(segments: list[str]) -> str:
    """Returns the expression for all but the last segment, an atomic group for what is between two ``**``."""
    groups: list[str] = [""]
    for segment in segments:
        if segment != "**":
            groups[-1] += _segment(segment) + "/"
        elif len(groups) == 1 or groups[-1]:
            groups.append("")
    first, *others = groups
    if not others:
        return first
    *middle, end = others
    return first + "".join(f"(?>(?:[^/]*/)*?{group})" for group in middle) + f"(?:[^/]*/)*?{end}"


def _segment(segment: str) -> str:
    """Returns the expression for one segment, which is never empty."""
    chunks = [""]
    for piece in _pieces(segment) or ["(?!)"]:
        if piece != _STAR:
            chunks[-1] += piece
        elif len(chunks) == 1 or chunks[-1]:
            chunks.append("")
    first, *others = chunks
    if not others:
        return first
    *middle, end = others
    return f"(?=[^/]){first}" + "".join(f"(?>[^/]*?{chunk})" for chunk in middle) + _STAR + end


def _pieces(segment: str) -> list[str] | None:
    """Returns one expression for each character or set of a segment, or None where it is broken."""
    pieces: list[str] = []
    at = 0
    while found := _PIECE.match(segment, at):
        piece = found[0]
        if piece[0] == "[":
            pieces.append(_set(piece[1:-1]))
        elif piece[0] == "\\":
            pieces.append(re.escape(piece[1]))
        else:
            pieces.append({"*": _STAR, "?": "[^/]"}.get(piece) or re.escape(piece))
        at = found.end()
    return pieces if at == len(segment) else None


def _set(inside: str) -> str:
    """Returns the expression for a set; as in git, a range that runs backwards holds its first character."""
    inverse = inside[:1] in ("!", "^")
    members = re.findall(r"(\\.|[^\\])(?:-(\\.|[^\\]))?", inside[inverse:], re.DOTALL)
    ranges = [(low[-1], max(low[-1], high[-1:])) for low, high in members]
    held = "".join(f"{re.escape(low)}-{re.escape(high)}" for low, high in ranges)
    return f"(?!/)[{'^' if inverse else ''}{held}]"
