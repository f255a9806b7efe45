"""What audits keep by key is the same whether it fits into memory or waits in a temporary file."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layout_lint.config.settings import Settings
from layout_lint.engine import gathered
from layout_lint.engine.context import Context
from layout_lint.engine.derivations import Derivations
from layout_lint.engine.gathered import Gathered
from layout_lint.engine.match import Matcher
from layout_lint.engine.needs import Needs
from layout_lint.layouts.compile import compile_layouts
from layout_lint.model.entry import Entry
from layout_lint.model.error import UserError
from layout_lint.plugins.checking import layouts_of
from layout_lint.plugins.load import load
from layout_lint.sources.memory import MemorySource
from layout_lint.sources.s3_page import Object

REGISTRY = load((), whole=True)
LAYOUTS = layouts_of(Settings({}), REGISTRY)
NEEDED_LATER = (
    b"name: later\ntree:\n  a/:\n    '{pipeline}/': {$needs: 'b/{pipeline}.txt'}\n  b/:\n    '{pipeline}.txt': {}\n"
)
PIPELINES = st.sampled_from(["a", "b", "ncf", "\udcff"])
MONTHS = st.integers(1, 9)


@given(st.lists(st.tuples(PIPELINES, st.integers())), st.integers(1, 5))
def test_nothing_is_lost(given_values: list[tuple[str, int]], most: int) -> None:
    kept: Gathered[list[Any]] = Gathered(most)
    expected: dict[str, list[int]] = {}
    for key, number in given_values:
        (kept.get(key) or kept.put(key, [])).append(number)
        expected.setdefault(key, []).append(number)
    assert {key: [one for value in values for one in value] for key, values in kept} == expected


@st.composite
def buckets(draw: st.DrawFn) -> list[Entry]:
    keys = set()
    for name in draw(st.sets(PIPELINES)):
        keys |= {f"code/{name}/source.tar.gz"} if draw(st.booleans()) else set()
        keys |= {f"model/{name}/run-{one}/output/model.tar.gz" for one in draw(st.sets(MONTHS))}
        keys |= {f"repackage/{name}/2024-0{one}-01-00-00-00/model.tar.gz" for one in draw(st.sets(MONTHS))}
    sorted_keys = sorted(key.encode("utf-8", "surrogateescape") for key in keys)
    return [Object(key, 1, f"e{at}", f"2024-0{draw(MONTHS)}-01T00:00:00.000Z") for at, key in enumerate(sorted_keys)]


def told(entries: list[Entry], most: int) -> list[str]:
    found = []
    for audit in (Derivations(LAYOUTS, most), Needs(LAYOUTS, most)):
        source = MemorySource(entries, is_bucket=True)
        for event in Matcher(source, LAYOUTS).match(LAYOUTS["ml-bucket"]):
            if type(event).__name__ == "Present" and audit.wants(event.node):
                audit.present(event)  # type: ignore[arg-type] # the line before says so
        found += [repr(event) for event in audit.events(Context(source, REGISTRY))]
    return sorted(found)


@given(buckets(), st.integers(1, 3))
def test_audits_say_the_same_in_little_memory(entries: list[Entry], most: int) -> None:
    assert told(entries, most) == told(entries, 1000)


@given(st.sets(st.sampled_from("abcd")), st.sets(st.sampled_from("abcd")), st.integers(1, 3))
def test_what_is_needed_may_come_after_what_needs_it(needing: set[str], there: set[str], most: int) -> None:
    known = compile_layouts([("later.yaml", NEEDED_LATER)])
    audit = Needs(known, most)
    source = MemorySource([*(f"a/{one}/x".encode() for one in needing), *(f"b/{one}.txt".encode() for one in there)])
    for event in Matcher(source, known).match(known["later"]):
        if type(event).__name__ == "Present" and audit.wants(event.node):
            audit.present(event)  # type: ignore[arg-type] # as above
    unmet = [event.path for event in audit.events(Context(source, REGISTRY))]
    assert unmet == [f"a/{one}/" for one in sorted(needing - there)]


def test_no_room_for_temporary_files_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> sqlite3.Connection:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(gathered, "_temporary", full)
    kept: Gathered[list[int]] = Gathered(1)
    kept.put("a", [])
    with pytest.raises(UserError, match="temporary files cannot be written") as raised:
        kept.put("b", [])
    assert "TMPDIR" in raised.value.mistakes[0].hint
