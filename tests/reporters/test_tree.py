"""The tree view: real checks over trees in memory, drawn."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from layout_lint.engine.match import Matcher
from layout_lint.layouts.compile import compile_layouts
from layout_lint.model.event import Missing, Present, Unexpected
from layout_lint.model.finding import NotAudited
from layout_lint.model.report import Report
from layout_lint.reporters.tree import KEPT, TreeView
from layout_lint.reporters.tree_lines import WRONG
from layout_lint.sources.memory import MemorySource
from tests.reporters.reports import finding

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from layout_lint.model.event import Event
    from layout_lint.model.finding import Finding

PROJECT = b"""\
name: project
about: A small project
tree:
  data/:
    "{sample}/": {$opaque: true}
  pipelines/:
    "{pipeline}/":
      config.json:
      train.py:
  "**": {$need: optional}
"""
COMPANY = b"""\
name: company
about: Many projects
tree:
  projects/:
    "{project}/": {$layout: project}
"""
LAYOUTS = compile_layouts([("project.yaml", PROJECT), ("company.yaml", COMPANY)])


def pipeline(name: str) -> list[str]:
    return [f"pipelines/{name}/config.json", f"pipelines/{name}/train.py"]


GOOD = ["README.md", "data/small/a/b.csv", *pipeline("ncf")]


def check(
    view: TreeView,
    files: Iterable[str],
    roots: Sequence[tuple[bytes, str]] = ((b"", "project"),),
    *,
    target: str = ".",
    bad: Collection[str] = (),
) -> Report:
    """Matches files in memory and finds what is missing, what is unexpected, and the files in `bad`."""
    source = MemorySource([name.encode("utf-8", "surrogateescape") for name in (*files, *bad)], target)
    made = Report()
    for base, layout in roots:
        made.roots.append((target, base.decode(), layout))
        excluded = {other for other, _ in roots if other != base}
        for event in Matcher(source, LAYOUTS, excluded=excluded).match(LAYOUTS[layout], base):
            view.add(target, event)
            made.findings += judged(event, target, bad)
    made.seen = len({*files, *bad})
    return made


def judged(event: Event, target: str, bad: Collection[str]) -> Iterator[Finding]:
    if isinstance(event, Missing):
        yield finding(event.path, f"`{event.path}` is missing", code="TT101", target=target)
    elif isinstance(event, Unexpected):
        message = f"`{event.path}` is not part of the layout"
        yield finding(event.path, message, code="TT102", severity="warning", target=target)
    elif isinstance(event, Present) and event.path in bad:
        yield finding(event.path, "a bad line", code="TT201", at=(2, 1), target=target)


def drawn(
    files: Iterable[str],
    roots: Sequence[tuple[bytes, str]] = ((b"", "project"),),
    *,
    bad: Collection[str] = (),
    colour: bool = False,
    ascii_only: bool = False,
) -> str:
    view = TreeView()
    return view.draw(check(view, files, roots, bad=bad), colour, ascii_only=ascii_only)


def test_a_tree_where_all_is_well() -> None:
    assert (
        drawn(GOOD)
        == """\
./  project
├── ✓ data/
│   └── ✓ small/  {sample} (not looked into)
└── ✓ pipelines/
    └── ✓ ncf/  {pipeline}
        ├── ✓ config.json
        └── ✓ train.py

no findings in 4 entries of project
"""
    )


MIXED = [
    "data/small/a.csv",
    "pipelines/bert/train.py",
    "pipelines/ncf/config.json",
    "pipelines/notes\x1b.txt",
]


def test_ticks_crosses_and_gaps_stand_where_things_are_and_should_be() -> None:
    assert (
        drawn(MIXED, bad=["pipelines/ncf/config.json"])
        == """\
./  project
├── ✓ data/
│   └── ✓ small/  {sample} (not looked into)
└──   pipelines/
    ├──   bert/  {pipeline}
    │   ├── ○ config.json  TT101 `config.json` is missing
    │   └── ✓ train.py
    ├──   ncf/  {pipeline}
    │   ├── ✗ config.json  TT201 :2:1 a bad line
    │   └── ○ train.py     TT101 `train.py` is missing
    └── ! notes\\x1b.txt    TT102 `notes\\x1b.txt` is not part of the layout

4 findings (3 errors, 1 warning) in 4 entries of project
"""
    )


def test_without_unicode_it_is_ascii_alone() -> None:
    assert (
        drawn([*MIXED, "data/größe/x"], bad=["pipelines/ncf/config.json"], ascii_only=True)
        == """\
./  project
|-- + data/
|   |-- + gr\\u00f6\\u00dfe/  {sample} (not looked into)
|   `-- + small/  {sample} (not looked into)
`--   pipelines/
    |--   bert/  {pipeline}
    |   |-- o config.json  TT101 `config.json` is missing
    |   `-- + train.py
    |--   ncf/  {pipeline}
    |   |-- x config.json  TT201 :2:1 a bad line
    |   `-- o train.py     TT101 `train.py` is missing
    `-- ! notes\\x1b.txt    TT102 `notes\\x1b.txt` is not part of the layout

4 findings (3 errors, 1 warning) in 5 entries of project
"""
    )


def test_of_many_clean_siblings_few_are_drawn_and_every_wrong_one() -> None:
    files = [name for number in range(1000) for name in pipeline(f"p{number:03}")]
    files.remove("pipelines/p500/train.py")
    assert (
        drawn(["data/small/a.csv", *files])
        == """\
./  project
├── ✓ data/
│   └── ✓ small/  {sample} (not looked into)
└──   pipelines/
    ├── ✓ p000/  {pipeline}
    │   ├── ✓ config.json
    │   └── ✓ train.py
    ├── ✓ p001/  {pipeline}
    │   ├── ✓ config.json
    │   └── ✓ train.py
    ├── ✓ p002/  {pipeline}
    │   ├── ✓ config.json
    │   └── ✓ train.py
    ├──   p500/  {pipeline}
    │   ├── ○ train.py  TT101 `train.py` is missing
    │   └── … what is fine in here is not drawn
    └── … 996 more {pipeline}/, all fine

1 finding (1 error) in 2,000 entries of project
"""
    )


def test_of_very_many_wrong_siblings_the_rest_is_counted() -> None:
    text = drawn(["data/small/a.csv", *(f"pipelines/p{number:03}/train.py" for number in range(100))])
    assert text.count("○ config.json") == WRONG
    assert "… 50 more entries with findings\n" in text
    assert "all fine" not in text


def test_of_twenty_thousand_entries_no_more_than_a_few_are_kept() -> None:
    view = TreeView()
    check(view, [name for number in range(10_000) for name in pipeline(f"p{number}")])
    pipelines = view._there["."].children["pipelines/"]
    assert len(pipelines.children) == KEPT
    assert [*pipelines.counts.values()] == [10_000]


def test_a_target_that_is_named_twice_is_drawn_once() -> None:
    view = TreeView()
    report = check(view, GOOD)
    once = view.draw(report, False)
    report.merge(check(view, GOOD))
    assert view.draw(report, False).split("\n\n")[:-1] == once.split("\n\n")[:-1]


def test_each_root_has_a_tree_and_the_outer_one_names_the_inner_one() -> None:
    files = ["projects/a/data/s/x", *(f"projects/a/{name}" for name in pipeline("p")), "projects/b/data/s/x"]
    text = drawn(files, [(b"", "company"), (b"projects/b/", "project")])
    assert (
        text.rpartition("\n\n")[0]
        == """\
./  company
└── ✓ projects/
    ├── ✓ a/  {project} (project)
    │   ├── ✓ data/
    │   │   └── ✓ s/  {sample} (not looked into)
    │   └── ✓ pipelines/
    │       └── ✓ p/  {pipeline}
    │           ├── ✓ config.json
    │           └── ✓ train.py
    └──   b/  (project, drawn below)

projects/b/  project
├── ✓ data/
│   └── ✓ s/  {sample} (not looked into)
└── ○ pipelines/  TT101 `pipelines/` is missing"""
    )


def test_an_inner_root_below_a_folder_with_many_children_is_drawn_whole() -> None:
    files = [f"projects/{project}/{name}" for project in "abcdefghz" for name in GOOD]
    text = drawn(files, [(b"", "company"), (b"projects/z/", "project")])
    assert "    ├──   z/  (project, drawn below)\n    └── … 5 more {project}/, all fine\n" in text
    assert "projects/z/  project\n├── ✓ data/" in text


def test_each_target_has_a_tree_of_its_own() -> None:
    view = TreeView()
    report = check(view, GOOD, target="one")
    report.merge(check(view, ["data/small/x"], target="two"))
    text = view.draw(report, False)
    one, two, summary = text.split("\n\n")
    assert one.startswith("one/  project\n├── ✓ data/")
    assert "○" not in one
    assert two.splitlines()[-1] == "└── ○ pipelines/  TT101 `pipelines/` is missing"
    assert summary.startswith("1 finding ")


def test_what_is_collapsed_in_one_target_is_drawn_in_the_next() -> None:
    view = TreeView()
    report = check(view, ["data/s/x", *(name for letter in "abcde" for name in pipeline(letter))], target="one")
    report.merge(check(view, ["data/s/x", *pipeline("e")], target="two"))
    one, two, _ = view.draw(report, False).split("\n\n")
    assert "✓ e/" not in one
    assert "    └── ✓ e/  {pipeline}\n        ├── ✓ config.json" in two


def test_the_inner_roots_of_one_target_are_not_named_in_another() -> None:
    view = TreeView()
    files = [f"projects/b/{name}" for name in GOOD]
    report = check(view, files, [(b"", "company")], target="one")
    report.merge(check(view, files, [(b"", "company"), (b"projects/b/", "project")], target="two"))
    one, *_ = view.draw(report, False).split("\n\n")
    assert "drawn below" not in one
    assert "        └── ✓ pipelines/\n" in one


def test_a_long_name_does_not_push_the_others_away() -> None:
    text = drawn(["data/s/x", "pipelines/p/train.py", f"pipelines/{'long' * 30}"])
    assert "○ config.json  TT101 `config.json` is missing\n" in text
    assert f"! {'long' * 30}  TT102 `" in text


def test_what_was_not_audited_has_a_mark_and_a_reason() -> None:
    view = TreeView()
    report = check(view, GOOD)
    report.not_audited = [
        NotAudited(".", "data/", "access denied"),
        NotAudited("s3://other", "", "no such bucket"),
    ]
    text = view.draw(report, False)
    assert "├── ? data/  not audited: access denied\n│   └── ✓ small/" in re.sub(" {3,}not", "  not", text)
    assert "\n\ns3://other: not audited: no such bucket\n\nno findings in" in text
    assert text.endswith("; 2 parts were not audited\n")


def test_every_finding_is_drawn_wherever_it_stands() -> None:
    view = TreeView()
    report = check(view, GOOD)
    deep = "/".join(["d"] * 3000)
    report.findings = [
        finding("", "at the root"),
        finding("", "also at the root"),
        finding("pipelines/ncf/train.py", "first", at=(3, 4)),
        finding("pipelines/ncf/train.py", "second", severity="info", at=(9, 1)),
        finding("a//b", "an odd key"),
        finding(deep, "deeper than calls go"),
        finding("settings.toml", "of no target", target=""),
    ]
    text = view.draw(report, False)
    for one in report.findings:
        assert one.message in text
    assert re.search(r"^\./  project +LL199 also at the root\n +LL199 at the root$", text, re.MULTILINE)
    assert re.search(r"✗ train.py +LL199 :3:4 first\n +LL199 :9:1 second$", text, re.MULTILINE)
    assert "\n\nsettings.toml: LL199 of no target\n\n" in text


@pytest.mark.parametrize("evil", ["a\nb", "\x1b[2J", "\u202egpj", "\udcff", "\x9b", " "])
def test_nothing_in_a_name_reaches_the_terminal_unescaped(evil: str) -> None:
    text = drawn([*GOOD, f"data/{evil}/x", f"pipelines/{evil}/train.py", f"pipelines/{evil}"])
    assert all(line.isprintable() for line in text.splitlines())


def test_colour_changes_nothing_but_colour_and_a_drawing_can_be_repeated() -> None:
    view = TreeView()
    report = check(view, MIXED, bad=["pipelines/ncf/config.json"])
    plain, coloured = view.draw(report, False), view.draw(report, True)
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain
    assert coloured != plain
    assert view.draw(report, False) == plain


def test_a_finding_keeps_its_message_where_it_is_about_another_path() -> None:
    view = TreeView()
    report = check(view, GOOD)
    report.findings = [finding("data/", "`data/` needs `pipelines/ncf/train.py`", code="TT300")]
    assert "TT300 `data/` needs `pipelines/ncf/train.py`" in view.draw(report, False)
