"""The text formats, as a reader sees them."""

from __future__ import annotations

import random
import re
import subprocess
import sys
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from layout_lint.model.finding import NotAudited, Related
from layout_lint.reporters import text
from layout_lint.reporters.findings import where
from tests.reporters.reports import MIXED, finding, report

if TYPE_CHECKING:
    from collections.abc import Callable

    from layout_lint.model.report import Report

FORMATS = (text.full, text.concise, text.grouped)

FULL = """\
warning  mlpipelines/bert/pipeline_config.json:3:5  LL201 duplicate-key
         the key `PipelineName` is given twice
         see: mlpipelines/bert/pipeline_config.json:2:5 (the first of the two)

error    mlpipelines/bert/pipeline_config.json:12:18  LL202 wrong-type
         `PipelineParameters[1].Value` must be a string
         help: put it in quotes

error    mlpipelines/ncf/pipeline-config.json  LL104 misnamed-entry
         `mlpipelines/ncf/pipeline-config.json` is misnamed
         help: did you mean `mlpipelines/ncf/pipeline_config.json`?

not audited
  s3://bucket/team/code/ncf/  timeout
  s3://bucket/team/model/     access denied

3 findings (2 errors, 1 warning) in 1,234 entries of ml-project, 12 requests; 2 parts were not audited
"""

CONCISE = """\
mlpipelines/bert/pipeline_config.json:3:5: LL201 the key `PipelineName` is given twice
mlpipelines/bert/pipeline_config.json:12:18: LL202 `PipelineParameters[1].Value` must be a string
mlpipelines/ncf/pipeline-config.json: LL104 `mlpipelines/ncf/pipeline-config.json` is misnamed
s3://bucket/team/code/ncf/: not audited: timeout
s3://bucket/team/model/: not audited: access denied
3 findings (2 errors, 1 warning) in 1,234 entries of ml-project, 12 requests; 2 parts were not audited
"""

GROUPED = """\
mlpipelines/bert/pipeline_config.json
    3:5  warning  LL201  the key `PipelineName` is given twice
  12:18  error    LL202  `PipelineParameters[1].Value` must be a string
                         help: put it in quotes

mlpipelines/ncf/pipeline-config.json
  -  error    LL104  `mlpipelines/ncf/pipeline-config.json` is misnamed
                     help: did you mean `mlpipelines/ncf/pipeline_config.json`?

not audited
  s3://bucket/team/code/ncf/  timeout
  s3://bucket/team/model/     access denied

3 findings (2 errors, 1 warning) in 1,234 entries of ml-project, 12 requests; 2 parts were not audited
"""


@pytest.mark.parametrize(("render", "shown"), [*zip(FORMATS, (FULL, CONCISE, GROUPED), strict=True)])
def test_a_report_looks_like_this(render: Callable[[Report, bool], str], shown: str) -> None:
    assert render(MIXED, False) == shown


@pytest.mark.parametrize(
    ("made", "line"),
    [
        (report(seen=10_000), "no findings in 10,000 entries of ml-project"),
        (report(seen=1), "no findings in 1 entry of ml-project"),
        (report(seen=0, layouts=()), "no findings in 0 entries"),
        (report(requests=1), "no findings in 1,234 entries of ml-project, 1 request"),
        (report(layouts=("a", "b")), "no findings in 1,234 entries of a and b"),
        (report(layouts=("a", "b", "c", "b")), "no findings in 1,234 entries of a, b (2 roots) and c"),
        (report([finding("x")]), "1 finding (1 error) in 1,234 entries of ml-project"),
        (
            report([finding(name, severity="info") for name in "xy"]),
            "2 findings (2 info) in 1,234 entries of ml-project",
        ),
        (
            report([], [NotAudited(".", "x", "why")]),
            "no findings in 1,234 entries of ml-project; 1 part was not audited",
        ),
        (
            report(crashed=("LL103", "LL102")),
            "no findings in 1,234 entries of ml-project; 2 rules crashed: LL102, LL103",
        ),
    ],
)
def test_the_last_line_counts(made: Report, line: str) -> None:
    for render in FORMATS:
        assert render(made, False).splitlines()[-1] == line


@pytest.mark.parametrize("render", FORMATS)
def test_a_clean_run_says_one_line(render: Callable[[Report, bool], str]) -> None:
    assert render(report(), False) == "no findings in 1,234 entries of ml-project\n"


@pytest.mark.parametrize(
    ("target", "path", "shown"),
    [
        (".", "a/b.py", "a/b.py"),
        ("./", "a/b.py", "a/b.py"),
        (".", "", "."),
        ("", "pyproject.toml", "pyproject.toml"),
        ("..", "a", "../a"),
        ("repo", "a/", "repo/a/"),
        ("repo/", "a", "repo/a"),
        ("repo", "", "repo"),
        ("/srv/repo", "a", "/srv/repo/a"),
        ("/", "a", "/a"),
        ("s3://bucket", "data/", "s3://bucket/data/"),
        ("s3://bucket/team/", "data/", "s3://bucket/team/data/"),
        ("s3://bucket", "/odd//key", "s3://bucket//odd//key"),
    ],
)
def test_a_place_is_one_that_a_terminal_can_open(target: str, path: str, shown: str) -> None:
    assert where(target, path) == shown


@pytest.mark.parametrize("render", FORMATS)
def test_the_order_in_which_findings_came_makes_no_difference(render: Callable[[Report, bool], str]) -> None:
    shuffled = report(MIXED.findings, MIXED.not_audited, requests=12)
    for seed in range(5):
        random.Random(seed).shuffle(shuffled.findings)  # noqa: S311 - no secret
        random.Random(seed).shuffle(shuffled.not_audited)  # noqa: S311 - as above
        assert render(shuffled, False) == render(MIXED, False)


@pytest.mark.parametrize("render", FORMATS)
@pytest.mark.parametrize("evil", ["\x1b]0;title\x07", "a\nerror    fake", "\u202egpj", "\udcff", "\r", "\x9b2J"])
def test_nothing_in_a_report_reaches_the_terminal_unescaped(render: Callable[[Report, bool], str], evil: str) -> None:
    other = Related(evil, evil, evil)
    found = finding(evil, evil, code=evil, rule=evil, target=evil, hint=evil, related=(other,))
    made = report([found], [NotAudited(evil, evil, evil)], layouts=(evil,), crashed=(evil,))
    harmless = finding("x", "x", code="x", rule="x", target="x", hint="x", related=(Related("x", "x", "x"),))
    same = report([harmless], [NotAudited("x", "x", "x")], layouts=("x",), crashed=("x",))
    lines = render(made, False).splitlines()
    assert all(line.isprintable() for line in lines)
    assert len(lines) == len(render(same, False).splitlines())


@pytest.mark.parametrize("render", FORMATS)
def test_colour_changes_nothing_but_colour(render: Callable[[Report, bool], str]) -> None:
    for made in (MIXED, report()):
        coloured = render(made, True)
        assert "\x1b[" in coloured
        assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == render(made, False)
        assert coloured.count("\x1b[0m") * 2 == coloured.count("\x1b[")


def test_a_clean_run_imports_next_to_nothing() -> None:
    code = dedent("""\
        import sys
        from layout_lint.model.report import Report
        before = set(sys.modules)
        from layout_lint.reporters import text
        for render in (text.full, text.concise, text.grouped):
            render(Report(), True)
        print(*sorted(set(sys.modules) - before))
        """)
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.split() == [
        "layout_lint.reporters",
        "layout_lint.reporters.escape",
        "layout_lint.reporters.text",
    ]
