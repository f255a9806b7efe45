"""What is known of one archive: plain enough to be kept, and told again as long as the archive is the same."""

from __future__ import annotations

import hashlib
import marshal
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from layout_lint.model.node import Layout

_FORM = 1
"""Changes with the meaning of what is kept."""
_PARTS = 6


class Verdicts(Protocol):
    """Where verdicts are kept between runs; `layout_lint.engine.results.Results` is of this form."""

    def get(self, key: bytes, /) -> tuple[Any, ...] | None:
        """Returns what was put under this key, or None."""

    def put(self, key: bytes, said: tuple[Any, ...], /) -> None:
        """Keeps a tuple of plain types that `marshal` takes."""

    def save(self) -> None:
        """Makes sure that what was put is kept."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """All that was found out about one archive.

    Attributes:
        faults: kind and text of each fault of the archive itself.
        said: what rules said of its members, as `layout_lint.engine.said.dump` makes it.
        unread: path and reason of what could not be looked at inside.
        scanned: member, scanner and what it found.
        identity: the content identity, or "".
        whole: it was read to its end, and every checksum was right.
    """

    faults: tuple[tuple[str, str], ...] = ()
    said: tuple[Any, ...] = ()
    unread: tuple[tuple[str, str], ...] = ()
    scanned: tuple[tuple[str, str, Any], ...] = ()
    identity: str = ""
    whole: bool = False

    @property
    def is_good(self) -> bool:
        """Whether nothing is wrong with the archive itself, whatever its members are."""
        return self.whole and not self.faults

    @property
    def is_silent(self) -> bool:
        """Whether there is nothing to report of the archive and what is in it."""
        return self.whole and not (self.faults or self.said or self.unread or self.scanned)

    def dump(self) -> tuple[Any, ...] | None:
        """Returns it in plain types; None where a scanner found what has none."""
        plain = (self.faults, self.said, self.unread, self.scanned, self.identity, self.whole)
        try:
            marshal.dumps(plain)
        except ValueError:
            return None
        return plain


def restore(kept: tuple[Any, ...] | None) -> Verdict | None:
    """Returns the verdict that `Verdict.dump` was called of, None where there is none."""
    return Verdict(*kept) if kept is not None and len(kept) == _PARTS else None


def fingerprint(layouts: Mapping[str, Layout], name: str, *others: object) -> bytes:
    """Returns bytes that differ where anything differs that a verdict by this layout depends on.

    Args:
        layouts: every layout by name.
        name: the one for the inside of the archive.
        others: what it depends on beside layouts; the `repr` of each counts.
    """
    parts: list[object] = [_FORM, others]
    todo, done = [name], set()
    while todo:
        one = todo.pop()
        if one in done or one not in layouts:
            continue
        done.add(one)
        for node in layouts[one].root.descendants():
            attributes = sorted(map(repr, node.attributes.items()))
            parts.append((one, node.pattern, node.is_folder, node.need, node.low, node.high, node.mount, attributes))
            todo.append(node.mount)
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogateescape")).digest()
