"""Plans over trees in memory, with rules of a line or two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.engine.fix.plan import Plan, plan
from layout_lint.engine.fix.proposals import Wish
from layout_lint.model.edit import AddLine, CreateFile, CreateFolder, Edit, Fix, Rename, ReplaceBytes
from layout_lint.model.entry import key_of, text
from layout_lint.model.finding import Finding
from layout_lint.model.report import Report
from layout_lint.model.rule import Rule
from layout_lint.sources.memory import MemorySource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from layout_lint.sources.source import Source

    Judge = Callable[[Source], Iterator[Finding]]


def finding(path: str, *edits: Edit, code: str = "XX101", safe: bool = True) -> Finding:
    fix = Fix("mend it", edits, safe) if edits else None
    return Finding(code, "any-rule", "error", "memory", path, "it is wrong", fix=fix)


def planned(judge: Judge, *, unsafe: bool = False, only: tuple[str, ...] = (), **files: bytes) -> Plan:
    """Plans for a tree in git, with one rule; ``__`` in the name of a file stands for a slash."""
    contents = {key_of(name.replace("__", "/")): content for name, content in files.items()}
    source = MemorySource(contents, is_git=True, contents=contents)

    def check(tree: Source) -> Report:
        report = Report()
        report.findings = sorted(judge(tree), key=lambda one: one.order)
        return report

    rules = [
        Rule(code=code, name=name, event="", selector="", severity="error", module="", function="", documentation="")
        for code, name in (("XX101", "any-rule"), ("XX202", "other-rule"))
    ]
    return plan(source, check, Wish(unsafe, only, rules))


def names(tree: Source) -> list[str]:
    cursor, found = tree.cursor(), []
    while (entry := cursor.next()) is not None:
        found.append(text(entry.key))
    return found


def missing(*paths: str) -> Judge:
    """A rule that wants files, each in a folder that must be there first."""

    def judge(tree: Source) -> Iterator[Finding]:
        for path in paths:
            folder = path[: path.rfind("/") + 1]
            if not tree.has(key_of(folder)):
                yield finding(folder, CreateFolder(folder))
            elif not tree.has(key_of(path)):
                yield finding(path, CreateFile(path, b"made\n"))

    return judge


def test_what_a_fix_makes_is_fixed_too_and_is_one_edit() -> None:
    made = planned(missing("a/one", "a/two", "b/three"))
    assert made.edits == tuple(CreateFile(path, b"made\n") for path in ("a/one", "a/two", "b/three"))
    assert [len(made.before.findings), len(made.after.findings)] == [3, 0]


def test_a_file_that_is_created_and_then_edited_is_one_edit() -> None:
    def judge(tree: Source) -> Iterator[Finding]:
        if not tree.has(b"a"):
            yield finding("a", CreateFile("a", b"x"))
        elif tree.read(b"a") == b"x":
            yield finding("a", ReplaceBytes("a", 0, 1, b"x", b"y"))

    assert planned(judge).edits == (CreateFile("a", b"y"),)


def test_a_file_is_edited_and_renamed_in_one_go() -> None:
    def judge(tree: Source) -> Iterator[Finding]:
        for path in names(tree):
            if path == "old":
                yield finding(path, Rename("old", "new"))
            if tree.read(key_of(path)) == b"x\n":
                yield finding(path, ReplaceBytes(path, 0, 1, b"x", b"y"), code="XX202")

    made = planned(judge, old=b"x\n")
    assert made.edits == (ReplaceBytes("old", 0, 1, b"x", b"y"), Rename("old", "new"))
    assert made.after.findings == []


def test_a_fix_that_brings_a_new_finding_is_given_up_and_the_others_are_not() -> None:
    def judge(tree: Source) -> Iterator[Finding]:
        if not tree.has(b"here/good"):
            yield finding("here/good", CreateFile("here/good"))
        if not tree.has(b"there/bad"):
            yield finding("there/bad", CreateFile("there/bad"))
        else:
            yield finding("there/bad", code="XX202")

    made = planned(judge)
    assert made.edits == (CreateFile("here/good"),)
    assert [one.reason for one in made.refused] == ["it would bring XX202 (any-rule) at `there/bad`"]
    assert [one.path for one in made.after.findings] == ["there/bad"]


def test_a_fix_that_spoils_a_file_is_given_up() -> None:
    def judge(tree: Source) -> Iterator[Finding]:
        if tree.read(b"a") == b"[1,]":
            yield finding("a", ReplaceBytes("a", 3, 4, b"]", b""))
        else:
            yield finding("a", code="XX202")

    made = planned(judge, a=b"[1,]")
    assert made.edits == ()
    assert [one.reason for one in made.refused] == ["it would bring XX202 (any-rule) at `a`"]


def test_a_fix_that_does_not_help_is_given_up() -> None:
    made = planned(lambda _: iter([finding("a", AddLine("b", "one"))]), a=b"")
    assert made.edits == ()
    assert [one.reason for one in made.refused] == ["it does not mend what it is for"]


def test_fixes_that_never_come_to_an_end_are_reported() -> None:
    def judge(tree: Source) -> Iterator[Finding]:
        yield finding("a", AddLine("a", f"{len(tree.read(b'a'))}"))

    made = planned(judge, a=b"\n")
    assert [one.reason for one in made.refused] == ["it was needed again and again"]


def test_clashing_fixes_are_reported_and_neither_is_carried_out() -> None:
    def judge(tree: Source) -> Iterator[Finding]:
        if tree.has(b"a"):
            yield finding("a", Rename("a", "b"))
            yield finding("a", Rename("a", "c"), code="XX202")

    made = planned(judge, a=b"")
    assert made.edits == ()
    assert len(made.refused) == 2
    assert "clashes with the fix of XX202 at `a`" in made.refused[0].reason


def test_what_stands_in_the_way_is_reported() -> None:
    def judge(_: Source) -> Iterator[Finding]:
        yield finding("a", Rename("a", "b"))

    made = planned(judge, a=b"", b=b"")
    assert [one.reason for one in made.refused] == ["`b` is there already"]


def test_a_file_that_does_not_hold_what_the_finding_spoke_of_stays_as_it_is() -> None:
    made = planned(lambda _: iter([finding("a", ReplaceBytes("a", 0, 1, b"x", b"y"))]), a=b"z")
    assert made.edits == ()
    assert [one.reason for one in made.refused] == ["`a` does not hold what the fix is for"]


def both(tree: Source) -> Iterator[Finding]:
    """A rule with a safe fix and one with a fix that is not."""
    if not tree.has(b"a"):
        yield finding("a", CreateFile("a"))
    if not tree.has(b"b"):
        yield finding("b", CreateFile("b"), code="XX202", safe=False)


def test_unsafe_fixes_wait_to_be_asked_for() -> None:
    made = planned(both)
    assert (made.edits, len(made.unsafe)) == ((CreateFile("a"),), 1)
    made = planned(both, unsafe=True)
    assert (made.edits, len(made.unsafe)) == ((CreateFile("a"), CreateFile("b")), 0)


def test_only_what_is_asked_for_is_fixed() -> None:
    assert planned(both, unsafe=True, only=("XX2",)).edits == (CreateFile("b"),)
    assert planned(both, unsafe=True, only=("any-rule",)).edits == (CreateFile("a"),)


def test_what_is_in_a_renamed_folder_is_mended_before_it_moves() -> None:
    def judge(tree: Source) -> Iterator[Finding]:
        for path in names(tree):
            folder, _, name = path.rpartition("/")
            if folder == "old":
                yield finding("old/", Rename("old/", "new/"))
            if name == "bad":
                yield finding(path, Rename(path, f"{folder}/good"), code="XX202")

    made = planned(judge, old__bad=b"", old__other=b"")
    assert made.edits == (Rename("old/bad", "old/good"), Rename("old/", "new/"))
    assert names(made.tree) == ["new/good", "new/other"]
