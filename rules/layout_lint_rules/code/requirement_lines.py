"""Reading of `requirements.txt` as pip reads it: encoding, continued lines, comments, options.

Source: `src/pip/_internal/req/req_file.py` and `utils/encoding.py` of pypa/pip, and "Requirements File Format" in pip's
documentation.
"""

from __future__ import annotations

import codecs
import re
import shlex
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from layout_lint.api import Positions

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from layout_lint.api import Content, Span

OPTIONS = {
    "-i": True,
    "--index-url": True,
    "--pypi-url": True,
    "--extra-index-url": True,
    "--no-index": False,
    "-c": True,
    "--constraint": True,
    "-r": True,
    "--requirement": True,
    "-e": True,
    "--editable": True,
    "-f": True,
    "--find-links": True,
    "--no-binary": True,
    "--only-binary": True,
    "--prefer-binary": False,
    "--require-hashes": False,
    "--pre": False,
    "--trusted-host": True,
    "--use-feature": True,
    "--global-option": True,
    "--hash": True,
    "-C": True,
    "--config-settings": True,
    "--config-setting": True,
}
"""The options that pip takes in a requirements file, and whether a value must follow."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_COOKIE = re.compile(rb"#.*?coding[:=]\s*([-\w.]+)")
_COMMENT = re.compile(r"(?:^|(?<!\s)\s+)#.*")
_REMARK = r"#[^\\\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]*+"
_PLAIN = re.compile(
    r"[ \t]*+(?:([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)==[0-9]+(?:\.[0-9]+)*+(?:\+[a-z0-9]++)?"
    rf"(?:[ \t]++(?:{_REMARK})?)?|{_REMARK})?(?:\r?\n|\Z)"
)
_FIRST_OPTION = re.compile(r"(?:(?<= )|^\s*)(-)")
_SETTING = (re.compile(r".*=.*", re.DOTALL), "`--config-settings` must be `key=value`")
_FORMS = {
    "--hash": (
        re.compile(r"(?:sha256|sha384|sha512):.+"),
        "`--hash` must be `sha256:`, `sha384:` or `sha512:` and a digest",
    ),
    "-C": _SETTING,
    "--config-setting": _SETTING,
    "--config-settings": _SETTING,
}
"""The form of an option's value, and what to say where it has another."""


@dataclass(frozen=True, slots=True)
class RequirementLine:
    """One logical line of a requirements file: continued lines joined, without its comment.

    Attributes:
        text: what pip reads.
        requirement: the part before the first option.
        options: the part from the first option on.
        pieces: for each physical line, where its text begins in `text` and where in the file.
    """

    text: str
    requirement: str
    options: str
    pieces: tuple[tuple[int, int], ...]

    def index(self, offset: int) -> int:
        """Returns the index into the file's text of a character of `text`; of its end, the index after the last."""
        begins, at = next(piece for piece in reversed(self.pieces) if piece[0] <= max(offset, 0))
        return at + offset - begins


class Requirements:
    """A requirements file that was read.

    Attributes:
        text: the text.
        lines: its logical lines that are not empty; none where each is a package with a version, and no package
            comes twice: there is nothing to say of such a file.
        fault: why the bytes are no text, as a clause, or "".
        fault_span: where.
    """

    def __init__(self, data: bytes) -> None:
        """Reads a file; never raises.

        Args:
            data: the file's bytes.
        """
        bom, codec = next(((bom, codec) for bom, codec in _BOMS if data.startswith(bom)), (b"", _cookie(data)))
        raw = data[len(bom) :]
        self.fault = ""
        self.lines: list[RequirementLine] = []
        self._broken = 0
        try:
            self.text = raw.decode(codec)
        except UnicodeDecodeError as error:
            self.text = raw.decode("utf-8", "replace")
            self._broken = len(raw[: error.start].decode(codec, "replace"))
            self.fault = f"it is not {codec.upper()}"
        except (LookupError, UnicodeError):
            self.text = raw.decode("utf-8", "replace")
            self.fault = f"there is no text encoding `{codec}`"
        else:
            self.lines = [] if _is_plain(self.text) else list(_lines(self.text))

    @property
    def fault_span(self) -> Span:
        """The first byte that is no text, or the file's start."""
        start = min(self._broken, len(self.text))
        return self._positions.span(start, min(start + 1, len(self.text)))

    def span(self, line: RequirementLine, start: int, end: int) -> Span:
        """Returns the place of a part of a logical line, in characters of its `text`."""
        return self._positions.span(line.index(start), line.index(end - 1) + 1 if end > start else line.index(start))

    @cached_property
    def _positions(self) -> Positions:
        return Positions(self.text)


def requirements_of(content: Content) -> Requirements:
    """Returns the content read as a requirements file, to be given to `Content.parsed`.

    Raises:
        UnreadableContentError: it cannot be read.
    """
    return Requirements(content.data)


def refused_option(options: str) -> str:
    """Returns why pip refuses the options of a line, as a clause, or "" where it takes them.

    Args:
        options: the options as they stand.
    """
    try:
        words = shlex.split(options)
    except ValueError as error:
        return f"its options cannot be split: {str(error).lower()}"
    while words:
        word = words.pop(0)
        name, value = _split(word)
        if not name:
            continue
        found = _option(name)
        if found is None:
            return f"pip has no option `{name}` in a requirements file"
        if OPTIONS[found] and value is None and not words:
            return f"option `{name}` has no value"
        given = value if value is not None or not OPTIONS[found] else words.pop(0)
        if not OPTIONS[found] and value is not None:
            return f"option `{name}` takes no value"
        form = _FORMS.get(found)
        if form and not form[0].fullmatch(given or ""):
            return form[1]
    return ""


def option_names(options: str) -> list[str]:
    """Returns the options of a line by their full names, in order; what pip does not know is left out."""
    names = [_option(_split(word)[0]) for word in options.split()]
    return [name for name in names if name is not None]


def option_value(options: str, names: Collection[str]) -> str | None:
    """Returns the value of the first of some options that a line has, or None.

    Args:
        options: the options as they stand.
        names: full names of options, of which each takes a value.
    """
    try:
        words = iter(shlex.split(options))
    except ValueError:
        return None
    for word in words:
        name, value = _split(word)
        found = _option(name)
        if found is not None and OPTIONS[found] and value is None:
            value = next(words, None)
        if found in names:
            return value
    return None


def _split(word: str) -> tuple[str, str | None]:
    """Returns name and value of ``--name=value``, ``--name``, ``-nvalue`` and ``-n``; no name for other words."""
    if word.startswith("--"):
        name, equals, value = word.partition("=")
        return name, value if equals else None
    if word.startswith("-") and len(word) > 1:
        return word[:2], word[2:] or None
    return "", None


def _option(name: str) -> str | None:
    """Returns an option by its name or, as optparse allows, by an unambiguous beginning of it."""
    if name in OPTIONS:
        return name
    longer = [one for one in OPTIONS if name.startswith("--") and one.startswith(name)]
    return longer[0] if len(longer) == 1 else None


def _is_plain(text: str) -> bool:
    """Tells, the quick way, whether a file is as plain as most are: ``name==1.2.3`` and comments, no name twice."""
    names: list[str] = []
    index = 0
    while index < len(text):
        found = _PLAIN.match(text, index)
        if found is None or not found[0]:
            return False
        names += [found[1]] if found[1] else []
        index = found.end()
    return len({re.sub(r"[-_.]+", "-", name).casefold() for name in names}) == len(names)


def _lines(text: str) -> Iterator[RequirementLine]:
    joined, index = "", 0
    pieces: list[tuple[int, int]] = []
    for whole in text.splitlines(keepends=True):
        line = whole.splitlines()[0]
        is_comment = line.lstrip().startswith("#")
        joined += " " if is_comment else ""
        continues = line.endswith("\\") and not is_comment
        part = line.lstrip("\\") if continues else line
        pieces.append((len(joined), index + len(line) - len(part)))
        joined += part.rstrip("\\") if continues else part
        index += len(whole)
        if not continues:
            yield from _logical(joined, tuple(pieces))
            joined, pieces = "", []
    if pieces:
        yield from _logical(joined, tuple(pieces))


def _logical(joined: str, pieces: tuple[tuple[int, int], ...]) -> Iterator[RequirementLine]:
    text = _COMMENT.sub("", joined).rstrip()
    if text:
        found = _FIRST_OPTION.search(text)
        begins = found.start(1) if found else len(text)
        yield RequirementLine(text, text[:begins].rstrip(), text[begins:], pieces)


def _cookie(data: bytes) -> str:
    for line in data.split(b"\n", 2)[:2]:
        found = _COOKIE.match(line)
        if found:
            return found[1].decode("ascii", "replace")
    return "utf-8"
