"""Matching of one segment of a path against a pattern such as ``{name}.ipynb`` or ``{time:timestamp}``.

This module is on the path of every run, so it imports `re` only for patterns that need it.
"""

from layout_lint.model.entry import text

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable


class SegmentType:
    """A named type of a capture: ``{time:timestamp}``.

    Attributes:
        name: how layouts write it.
        about: what it stands for, as it is put into a message: "a UTC time as YYYY-MM-DD-HH-mm-ss".
        fault: says why a text is not of the type, or returns "" where it is.
    """

    __slots__ = ("about", "fault", "name")

    def __init__(self, name: str, about: str, fault: "Callable[[str], str]") -> None:
        self.name = name
        self.about = about
        self.fault = fault


class Segment:
    """A pattern over one segment.

    Literal text, captures, and ``*`` for any text, none too; a capture stands for one character at least. A pattern
    that begins with a capture or ``*`` does not match a name that begins with a dot, as in a shell.

    Attributes:
        prefix, suffix: the literal text before the first and after the last capture.
        captures: name ("" for ``*``) and type (None for any text) of each capture, in order.
        between: the literal texts between the captures, one fewer than there are captures.
        sole: the capture's name where the pattern is one capture of any text and nothing else, such as ``{name}``.
    """

    __slots__ = ("_expression", "between", "captures", "prefix", "sole", "suffix")

    def __init__(
        self,
        prefix: bytes,
        captures: "tuple[tuple[str, SegmentType | None], ...]",
        between: "tuple[bytes, ...]",
        suffix: bytes,
    ) -> None:
        self.prefix = prefix
        self.captures = captures
        self.between = between
        self.suffix = suffix
        self._expression: re.Pattern[bytes] | None = None
        bare = not (prefix or suffix or between) and len(captures) == 1 and captures[0][1] is None
        self.sole = captures[0][0] if bare else ""

    @property
    def weight(self) -> "tuple[int, int]":
        """How specific the pattern is: the more literal text, then the more typed captures, the higher."""
        literal = len(self.prefix) + len(self.suffix) + sum(map(len, self.between))
        return literal, sum(kind is not None for _, kind in self.captures)

    def match(self, name: bytes) -> "tuple[bytes, ...] | None":
        """Returns what the captures stand for in `name`, or None where the pattern does not fit."""
        if not self.captures:
            return () if name == self.prefix else None
        if not self.prefix and name[:1] in (b".", b""):
            return None
        if not self.between:
            end = len(name) - len(self.suffix)
            least = len(self.prefix) + bool(self.captures[0][0])
            if end < least or not name.startswith(self.prefix) or not name.endswith(self.suffix):
                return None
            return (name[len(self.prefix) : end],)
        if self._expression is None:
            import re  # noqa: PLC0415 - few layouts have a pattern with two captures

            literals = map(re.escape, (*self.between, self.suffix))
            runs = [b"(.+?)" if name else b"(.*?)" for name, _ in self.captures]
            rest = b"".join(run + literal for run, literal in zip(runs, literals, strict=True))
            self._expression = re.compile(re.escape(self.prefix) + rest, re.DOTALL)
        found = self._expression.fullmatch(name)
        return found.groups() if found else None

    def fault(self, values: "tuple[bytes, ...]", captured: "dict[str, str]") -> str:
        """Returns why values that fit the pattern are still wrong, or "".

        Args:
            values: what `match` returned.
            captured: the captures of the folders above: a name that is captured again must stand for the same.
        """
        for (name, kind), raw in zip(self.captures, values, strict=True):
            value = text(raw)
            if captured.get(name, value) != value:
                return f"`{value}` must be `{captured[name]}`, as `{{{name}}}` is above it"
            if kind is not None and (why := kind.fault(value)):
                return why
        return ""

    def bind(self, values: "tuple[bytes, ...]", captured: "dict[str, str]") -> "dict[str, str]":
        """Returns `captured` with what `match` returned added to it."""
        named = {name: text(raw) for (name, _), raw in zip(self.captures, values, strict=True) if name}
        return {**captured, **named} if named else captured
