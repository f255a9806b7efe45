"""What a layout says of a bucket's folders as far as listing them is concerned: which ones somebody looks into."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.model.node import FORBIDDEN, TEMPORARY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.model.node import Node
    from layout_lint.model.segment import Segment


class Plan:
    """One folder of a layout.

    The matcher looks into the folders that the layout names and seeks past all others. A plan foretells that, so that
    requests can be sent ahead of the matcher. It costs requests where it is wrong, and never a key.

    Attributes:
        is_seen: whether the matcher looks inside.
        is_opaque: the layout itself says that nobody does: many keys may be expected there.
        is_free: nothing is foretold of the inside; all of it is wanted.
    """

    __slots__ = ("_folders", "_spellings", "is_free", "is_opaque", "is_seen")

    def __init__(self, *, is_seen: bool = True, is_opaque: bool = False, is_free: bool = False) -> None:
        self.is_seen = is_seen
        self.is_opaque = is_opaque
        self.is_free = is_free
        self._folders: dict[bytes, Plan] = {}
        self._spellings: list[tuple[Segment, Plan, bool]] = []

    @classmethod
    def of(cls, node: Node) -> Plan:
        """Returns the plan of a layout's folder and of all below it."""
        if node.mount:
            return FREE
        plan = cls(is_seen=not node.opaque and node.need not in (TEMPORARY, FORBIDDEN), is_opaque=node.opaque)
        plans = {child: cls.of(child) for child in node.children() if child.is_folder and child is not node.rest}
        plan._folders = {name: plans[child] for name, child in node.folders.items()}
        plan._spellings = [(segment, plans[meant], True) for segment, meant in node.aliases if meant in plans]
        plan._spellings += [(one.segment, plans[one], False) for one in node.patterns if one in plans and one.segment]
        return plan

    def child(self, name: bytes) -> Plan:
        """Returns the plan of the folder with this name, as the matcher would choose it."""
        if self.is_free:
            return FREE
        if name in self._folders:
            return self._folders[name]
        nearly = HIDDEN
        for segment, plan, is_alias in self._spellings:
            values = segment.match(name)
            if values is None:
                continue
            if is_alias or not segment.fault(values, {}):
                return plan
            nearly = plan if nearly is HIDDEN else nearly
        return nearly

    def below(self, way: bytes) -> Plan:
        """Returns the plan of the folder that `way` leads to: segments, each with a slash at its end."""
        plan = self
        for name in way.split(b"/")[:-1]:
            plan = plan.child(name)
        return plan

    def hidden(self, key: bytes, start: int) -> bytes:
        """Returns the outermost folder around a key that nobody looks into, or b"".

        Args:
            key: a key below this plan's folder.
            start: the length of that folder's own key.
        """
        plan = self
        slash = key.find(b"/", start)
        while slash >= 0 and not plan.is_free:
            plan = plan.child(key[start:slash])
            start = slash + 1
            if not plan.is_seen:
                return key[:start]
            slash = key.find(b"/", start)
        return b""

    def delimiter(self, *, is_root: bool = False) -> bytes:
        """Returns what to roll this folder's keys up by: ``/``, one ``/name/``, or b"" where nothing would be gained.

        A folder is taken apart by ``/`` only where that is a request for each folder that the layout names, and never
        one for each that stands in the bucket. ``/name/`` is the first name that is opaque in all folders of a kind.

        Args:
            is_root: of what is listed: it is taken apart so that its folders can be listed at once.
        """
        if self.is_free or not self.is_seen:
            return b""
        patterns = [plan for _, plan, is_alias in self._spellings if not is_alias]
        if not any(plan.is_seen for plan in patterns):
            seen = [plan for plan in self._folders.values() if plan.is_seen]
            if any(plan.is_opaque for plan in patterns) or any(is_root or plan.holds_opaque() for plan in seen):
                return b"/"
        return next((b"/" + name + b"/" for plan in self._children() for name in plan.opaque_names()), b"")

    def _children(self) -> Iterator[Plan]:
        yield from self._folders.values()
        yield from (plan for _, plan, is_alias in self._spellings if not is_alias)

    def holds_opaque(self) -> bool:
        """Returns whether a folder somewhere below this one is opaque."""
        return any(plan.is_opaque or plan.holds_opaque() for plan in self._children())

    def opaque_names(self) -> Iterator[bytes]:
        """Yields the names of opaque folders, those right in this folder first."""
        yield from (name for name, plan in self._folders.items() if plan.is_opaque)
        for plan in self._children():
            yield from plan.opaque_names()


FREE = Plan(is_free=True)
"""Of a folder of which nothing is known, such as one that mounts another layout."""
HIDDEN = Plan(is_seen=False)
"""Of a folder that the layout does not name: the matcher reports it and seeks past it."""
