"""A configuration on its way through a Python file: the names that hold it, and what it is copied and filled into."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from layout_lint_rules.code.conditions import is_certain, side_of
from layout_lint_rules.code.fills import copied, filled, filled_from_text
from layout_lint_rules.code.reading import Read
from layout_lint_rules.code.uses import use_of_mapping, use_of_object

if TYPE_CHECKING:
    from layout_lint_rules.code.assignments import Assignments
    from layout_lint_rules.code.fills import Filled
    from layout_lint_rules.code.reading import Reads
    from layout_lint_rules.code.settings import Settings

_MOST_BOUND = 8
_MOST_LOADED = 512
"""How often a name may be bound again to what is made of it (``config = Settings(**config)``), and how often read."""

_MOST_CALLS = 64
"""How many calls are looked at that may be given the whole configuration."""


@dataclass(slots=True, eq=False)
class _Holder:
    """A name, or an expression without one, that holds the whole configuration.

    Attributes:
        above: the holders that it got the configuration from.
        required: the places that fail where a key is not in it.
        refusing: the classes that refuse keys in it that they do not name.
        is_changed: something may have put keys into it.
    """

    above: list[_Holder] = field(default_factory=list)
    required: list[Read] = field(default_factory=list)
    refusing: list[str] = field(default_factory=list)
    is_changed: bool = False


class Following:
    """Follows a configuration through a file.

    Args:
        found: the file's bindings.
        reads: what is added to; it stops being closed where a configuration gets out of sight.
    """

    def __init__(self, found: Assignments, reads: Reads) -> None:
        self._found = found
        self._reads = reads
        self._holders: list[_Holder] = []
        self._known: dict[int, tuple[str, _Holder]] = {}
        self._todo: list[tuple[ast.expr, str, _Holder]] = []
        self._names: set[str] = set()
        self._calls = 0
        self._later: dict[int, list[ast.Name]] = {}
        self._names_of: dict[int, list[str]] = {}
        for name, values in found.values.items():
            for value in values:
                self._names_of.setdefault(id(value), []).append(name)

    def start(self, node: ast.expr, shape: str, above: list[_Holder] | None = None) -> None:
        """Adds an expression that is the configuration.

        Args:
            node: the expression.
            shape: ``mapping``, or ``object`` where the keys are attributes.
            above: the holders that it got the configuration from, if any.
        """
        holder = self._holder(above or [])
        self._known[id(node)] = shape, holder
        self._todo.append((node, shape, holder))

    def start_text(self, call: ast.Call) -> bool:
        """Adds a call of one of `TEXT_READERS` that is given the configuration's text; tells whether it is followed."""
        made = filled_from_text(self._found, call) if self._is_one_more() else None
        if made is not None:
            self._fill(made, self._holder([]))
        return made is not None

    def _fill(self, made: Filled, holder: _Holder) -> None:
        """Adds what the classes that a call fills from a holder cannot do without."""
        is_sure = is_certain(made.call, self._found.source.parents)
        for one in made.classes:
            self._fill_fields(one, made.given, holder, is_sure=is_sure)
            if is_sure and made.is_whole and one.others == "forbid":
                holder.refusing.append(one.name)
            if one.others == "allow":
                self._reads.is_closed = False

    def finish(self) -> None:
        """Follows what was added to its ends, and adds what is read there to the file's reads."""
        while self._todo:
            node, shape, holder = self._todo.pop()
            names = () if isinstance(node, ast.Name) else self._names_of.get(id(node), ())
            for name in names:
                self._bind(name)
                self._todo += [(load, shape, holder) for load in self._later.pop(id(node), ())]
            if not names:
                self._judge(node, shape, holder)
        if not all(self._names.issuperset(self._names_of.get(one, ())) for one in self._known):
            self._reads.is_closed = False
        required = []
        for holder in self._holders:
            holder.is_changed = holder.is_changed or any(one.is_changed for one in holder.above)
            if not holder.is_changed:
                required += holder.required
                self._reads.refusing += holder.refusing
        self._reads.required += sorted(required, key=lambda read: read.span)

    def _is_one_more(self) -> bool:
        self._calls += 1
        return self._calls <= _MOST_CALLS

    def _holder(self, above: list[_Holder]) -> _Holder:
        self._holders.append(_Holder(above))
        return self._holders[-1]

    def _fill_fields(self, one: Settings, given: frozenset[str], holder: _Holder, *, is_sure: bool) -> None:
        for stated in one.fields:
            if is_sure and stated.is_required and not given.intersection(stated.keys):
                span = self._found.source.span(stated.place)
                holder.required.append(Read(stated.keys[0], span, instead=stated.keys[1:]))
            else:
                self._reads.optional.update(stated.keys)

    def _bind(self, name: str) -> None:
        """Follows a name if all that it is bound to is the configuration, or made of what it held before."""
        values = [value for value in self._found.values[name] if value is None or not _is_made_of(value, name)]
        if name in self._names or not values or not all(id(value) in self._known for value in values):
            return
        known = [self._known[id(value)] for value in values]
        again = [one for one in self._found.values[name] if one is not None and one not in values]
        loads = self._found.loads.get(name, [])
        if len({shape for shape, _ in known}) != 1 or len(again) > _MOST_BOUND or (again and len(loads) > _MOST_LOADED):
            return
        self._names.add(name)
        holder = self._holder([one for _, one in known])
        for load in loads:
            sides = [side_of(load, value, self._found.source.parents) for value in again]
            if "" in sides:
                holder.is_changed = True
                self._reads.is_closed = False
            elif "after" in sides:
                last = again[len(sides) - 1 - sides[::-1].index("after")]
                self._later.setdefault(id(last), []).append(load)
            else:
                self._todo.append((load, known[0][0], holder))

    def _judge(self, node: ast.expr, shape: str, holder: _Holder) -> None:
        """Adds what the place of a configuration does with it."""
        if shape == "mapping" and self._is_handed_over(node, holder):
            return
        use = (use_of_mapping if shape == "mapping" else use_of_object)(self._found, node)
        if not use.key or use.span is None or use.node is None:
            self._reads.is_closed = False
            holder.is_changed = holder.is_changed or use.how == "given"
        elif use.how == "required" and is_certain(use.node, self._found.source.parents):
            holder.required.append(Read(use.key, use.span))
        else:
            self._reads.optional.add(use.key)

    def _is_handed_over(self, node: ast.expr, holder: _Holder) -> bool:
        """Follows the configuration into a copy or into classes that it fills; tells whether it is put into one."""
        parents = self._found.source.parents
        above = parents[node]
        call = parents[above] if isinstance(above, ast.keyword) else above
        if not isinstance(call, ast.Call) or not self._is_one_more():
            return False
        shape = copied(self._found, call, node)
        made = None if shape else filled(self._found, call, node)
        if shape:
            self._reads.optional.update(word.arg for word in call.keywords if word.arg is not None)
            self.start(call, shape, [holder])
        elif made is not None:
            self._fill(made, holder)
        return bool(shape or made)


def _is_made_of(value: ast.expr, name: str) -> bool:
    """Tells whether a value is a call that is given all that a name holds: ``Settings(**config)``."""
    if not isinstance(value, ast.Call):
        return False
    given = [*value.args, *(word.value for word in value.keywords if word.arg is None)]
    return len(given) == 1 and isinstance(given[0], ast.Name) and given[0].id == name
