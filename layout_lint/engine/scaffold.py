"""Scaffolds: all that a layout asks for in a new folder, as edits. The layout is the one plan that there is for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from layout_lint.engine.parts import captured, fault, inside_of, spelled, word_of
from layout_lint.model.edit import CreateFile, CreateFolder
from layout_lint.model.entry import key_of
from layout_lint.model.error import Mistake, UserError
from layout_lint.model.node import FORBIDDEN, TEMPORARY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from layout_lint.model.edit import Edit
    from layout_lint.model.node import Layout, Node
    from layout_lint.model.segment import Segment


@dataclass(frozen=True, slots=True)
class Supply:
    """What a scaffold is made with.

    Attributes:
        layouts: every layout by name, for folders that mount one.
        template: returns what a file shall hold by its node, the captures and its path; None where nobody knows.
        names: by the word of a part, the name that the first folder of its kind gets; a part that is not required is
            made where it has a name here.
    """

    layouts: Mapping[str, Layout]
    template: Callable[[Node, Mapping[str, str], str], bytes | None]
    names: Mapping[str, str]


def scaffold(node: Node, path: str, captures: Mapping[str, str], supply: Supply) -> tuple[Edit, ...]:
    """Returns the edits that make what a folder must hold, in the layout's order.

    A required file is left out that nothing is known to put into, or that no name can be made up for.

    Args:
        node: the folder's; for a whole place the layout's root.
        path: where it stands, ending in ``/``, or "".
        captures: what the captures on the way to it, its own too, stand for.
        supply: what it is made with.

    Raises:
        UserError: the layout asks for a name that must be given.
    """
    return tuple(_inside(node, path, captures, supply, ()))


def _inside(
    node: Node, path: str, captures: Mapping[str, str], supply: Supply, mounted: tuple[str, ...]
) -> Iterator[Edit]:
    within = (*mounted, node.mount) if node.mount else mounted
    inner = inside_of(node, supply.layouts)
    for child, name, bound in _wanted(inner, captures, supply):
        if child.mount and child.mount in within:
            continue
        if not child.is_folder:
            content = supply.template(child, bound, path + name)
            if content is not None:
                yield CreateFile(path + name, content)
            continue
        made = list(_inside(child, f"{path}{name}/", bound, supply, within))
        yield from made or (CreateFolder(f"{path}{name}/"),)


def _wanted(node: Node, captures: Mapping[str, str], supply: Supply) -> Iterator[tuple[Node, str, Mapping[str, str]]]:
    """Yields the children to make, each with its name and the captures there."""
    for child in node.duties()[0]:
        yield child, child.name, captures
    for child in node.patterns:
        if child.need in (FORBIDDEN, TEMPORARY) or child.segment is None:
            continue
        given = _given(child, node, captures, supply)
        for number in range(1, max(child.low, int(bool(given))) + 1):
            values = (given,) if given and number == 1 else _values(child, child.segment, number, captures)
            if values is not None:
                bound = child.segment.bind(tuple(map(key_of, values)), dict(captures))
                yield child, spelled(child.segment, values), bound


def _given(node: Node, above: Node, captures: Mapping[str, str], supply: Supply) -> str:
    """Returns the name that the user gives a folder, or "".

    Raises:
        UserError: it cannot have that name.
    """
    word = word_of(captured(node)) if node.is_folder else ""
    given = supply.names.get(word, "") if word else ""
    if given and (why := fault(node, above, given, captures)):
        raise UserError([Mistake(f"`{given}` cannot be the name of a {word}: {why}", hint="choose another name")])
    return given


def _values(node: Node, segment: Segment, number: int, captures: Mapping[str, str]) -> tuple[str, ...] | None:
    """Returns what captures shall stand for where nobody says it, or None for a file that nothing fits.

    Raises:
        UserError: nothing fits a folder.
    """
    bare = not segment.prefix
    defaults = [_defaults(name, number, captures, bare=bare) for name, _ in segment.captures]
    for values in zip(*defaults, strict=True):
        if not segment.fault(tuple(map(key_of, values)), dict(captures)):
            return values
    if not node.is_folder:
        return None
    hint = f"say it with `--name {word_of(captured(node)) or 'PART'}=NAME`"
    raise UserError([Mistake(f"the layout asks for `{node.pattern}`, which needs a name of your choice", hint=hint)])


def _defaults(capture: str, number: int, captures: Mapping[str, str], *, bare: bool) -> Sequence[str]:
    """Returns names to try for the first, second … entry of a pattern, the likeliest first.

    Args:
        capture: its name, "" for ``*``.
        number: of the entry, from 1.
        captures: those above; one that is captured again stands for the same.
        bare: whether the name has no text before its first capture, which would say already what it is.
    """
    word = word_of(capture) or "example"
    tries = [f"{word}-{number}", f"v{number}", str(number), f"{number}.0.0", f"{number:04}"]
    if capture in captures:
        return [captures[capture]] * len(tries)
    first = tries[1] if word.endswith("version") else tries[0] if bare else tries[2]
    return sorted(tries, key=lambda one: one != first)
