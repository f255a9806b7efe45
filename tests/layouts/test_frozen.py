"""Keeping compiled layouts: what comes back is what was kept, and a broken memory changes nothing."""

from __future__ import annotations

import marshal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layout_lint.layouts.frozen import freeze, thaw
from layout_lint.layouts.load import load
from layout_lint.model.error import UserError
from layout_lint.model.segment import Segment, SegmentType
from tests.layouts.strategies import fillings, keys, layouts

if TYPE_CHECKING:
    from layout_lint.model.node import Layout, Node

TEXT = b'name: it\nvalues: {file: a}\ntree: {"${file}": {}, "{t:timestamp}/": {}}\n'


def segment_parts(segment: Segment | None) -> Any:
    if segment is None:
        return None
    captures = tuple((name, kind.name if kind else None) for name, kind in segment.captures)
    return (segment.prefix, captures, segment.between, segment.suffix)


def parts(node: Node) -> Any:
    """Returns all that a node says, comparable with ``==``."""
    children = node.children()
    own = {name: getattr(node, name) for name in ("name", "pattern", "is_folder", "need", "low", "high", "opaque")}
    aliases = [(segment_parts(segment), children.index(child)) for segment, child in node.aliases]
    return (
        own,
        node.mount,
        node.attributes,
        segment_parts(node.segment),
        [(key, parts(child)) for key, child in (*node.files.items(), *node.folders.items())],
        [parts(child) for child in node.patterns],
        aliases,
        node.rest and parts(node.rest),
    )


def all_parts(found: dict[str, Layout]) -> Any:
    return {
        name: (layout.name, layout.about, layout.detect, layout.extends, layout.places, parts(layout.root))
        for name, layout in found.items()
    }


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture], deadline=None)
@given(layouts())
def test_what_is_thawed_is_what_was_frozen(found: dict[str, Layout]) -> None:
    kept = marshal.loads(marshal.dumps(freeze(found)))  # noqa: S302 - made here
    assert all_parts(thaw(kept, {})) == all_parts(found)


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_thawed_patterns_match_and_judge_as_before(data: st.DataObject) -> None:
    found = data.draw(layouts())
    thawed = thaw(freeze(found), {})
    nodes = list(zip(_all_nodes(found["main"].root), _all_nodes(thawed["main"].root), strict=True))
    for before, after in nodes:
        if before.segment is None or after.segment is None:
            continue
        name = data.draw(fillings(before.segment))
        values = before.segment.match(name)
        assert after.segment.match(name) == values
        if values is not None:
            assert after.segment.fault(values, {}) == before.segment.fault(values, {})


def _all_nodes(root: Node) -> list[Node]:
    found = [root]
    for node in found:
        found += node.children()
    return found


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_drawn_keys_are_sorted_and_no_file_is_a_folder_too(data: st.DataObject) -> None:
    found = data.draw(layouts())
    drawn = data.draw(keys(found["main"], found))
    assert drawn == sorted(set(drawn))
    assert not any(other.startswith(key + b"/") for key in drawn for other in drawn)


def test_a_layout_that_extends_another_is_kept_with_its_ancestors() -> None:
    found = load([("it", TEXT), ("other", b"name: other\nextends: it\n")], {}, {})
    assert found["other"].extends == ("it",)
    assert all_parts(thaw(freeze(found), {})) == all_parts(found)


def test_thawing_twice_gives_layouts_that_share_nothing() -> None:
    kept = freeze(load([("it", TEXT)], {}, {}))
    one, two = thaw(kept, {}), thaw(kept, {})
    one["it"].root.attributes["x"] = 1
    one["it"].places[b"a"].append("x/")
    assert two["it"].root.attributes == {}
    assert two["it"].places[b"a"] == [""]


def test_a_type_of_a_plugin_that_is_gone_is_not_passed_over() -> None:
    ticket = SegmentType("ticket", "a ticket", lambda _: "")
    kept = freeze(load([("it", b'name: it\ntree: {"{t:ticket}": {}}\n')], {}, {"ticket": ticket}))
    with pytest.raises(KeyError, match="ticket"):
        thaw(kept, {})


@pytest.fixture(autouse=True)
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LAYOUT_LINT_CACHE_DIR", str(tmp_path))
    return tmp_path


@pytest.fixture
def compilations(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Counts how often layouts are compiled."""
    from layout_lint.layouts import compile as module  # noqa: PLC0415 - as `load` imports it

    seen: list[object] = []
    compile_layouts = module.compile_layouts

    def counted(*given_to: Any) -> dict[str, Layout]:
        seen.append(given_to)
        return compile_layouts(*given_to)

    monkeypatch.setattr(module, "compile_layouts", counted)
    return seen


def test_layouts_are_compiled_once(compilations: list[object]) -> None:
    first = load([("it", TEXT)], {}, {})
    again = load([("elsewhere", TEXT)], {}, {})
    assert len(compilations) == 1
    assert all_parts(again) == all_parts(first)


def test_another_text_value_or_type_compiles_again(compilations: list[object]) -> None:
    ticket = SegmentType("ticket", "a ticket", lambda _: "")
    load([("it", TEXT)], {}, {})
    assert list(load([("it", TEXT + b"  \n")], {}, {})["it"].root.files) == [b"a"]
    assert list(load([("it", TEXT)], {"file": "b"}, {})["it"].root.files) == [b"b"]
    load([("it", TEXT)], {}, {"ticket": ticket})
    assert len(compilations) == 4


def test_a_corrupt_memory_is_ignored(memory: Path, compilations: list[object]) -> None:
    load([("it", TEXT)], {}, {})
    (kept,) = memory.iterdir()
    kept.write_bytes(kept.read_bytes()[:-1] + b"?")
    assert list(load([("it", TEXT)], {}, {})) == ["it"]
    assert len(compilations) == 2


def test_mistakes_are_not_kept_but_found_each_time() -> None:
    for _ in range(2):
        with pytest.raises(UserError, match=r"it.yaml:1:1: LL001 the layout has no `tree`"):
            load([("it.yaml", b"name: it\n")], {}, {})


def test_a_run_with_kept_layouts_imports_nothing_heavy(memory: Path) -> None:
    script = (
        "import os, sys; before = set(sys.modules)\n"
        "from layout_lint.layouts.load import load\n"
        f"load([('it', {TEXT!r})], {{}}, {{}})\n"
        "print(*sorted(set(sys.modules) - before))"
    )
    package = Path(sys.modules["layout_lint"].__path__[0]).parent
    command = [
        sys.executable,
        "-S",
        "-E",
        "-c",
        f"import sys; sys.path.insert(0, {str(package)!r})\n{script}",
    ]
    load([("it", TEXT)], {}, {})
    environment = {"LAYOUT_LINT_CACHE_DIR": str(memory)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert {name for name in done.stdout.split() if not name.startswith("layout_lint")} <= {"marshal", "zlib"}
    assert "layout_lint.layouts.compile" not in done.stdout.split()
