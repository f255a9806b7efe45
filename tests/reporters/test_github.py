"""Annotations, read back as GitHub's runner reads them."""

from __future__ import annotations

import pytest
from hypothesis import given

from layout_lint.model.finding import Finding, NotAudited, Span
from layout_lint.model.report import Report
from layout_lint.reporters.escape import printable
from layout_lint.reporters.findings import ordered, place
from layout_lint.reporters.github import render
from tests.reporters.reports import MIXED, finding, report
from tests.reporters.strategies import reports

SHOWN = """\
::warning file=mlpipelines/bert/pipeline_config.json,line=3,endLine=3,col=5,endColumn=5,title=LL201 duplicate-key\
::mlpipelines/bert/pipeline_config.json:3:5: the key `PipelineName` is given twice
::error file=mlpipelines/bert/pipeline_config.json,line=12,endLine=12,col=18,endColumn=18,title=LL202 wrong-type\
::mlpipelines/bert/pipeline_config.json:12:18: `PipelineParameters[1].Value` must be a string%0Ahelp: put it in quotes
::error file=mlpipelines/ncf/pipeline-config.json,title=LL104 misnamed-entry\
::mlpipelines/ncf/pipeline-config.json: `mlpipelines/ncf/pipeline-config.json` is misnamed\
%0Ahelp: did you mean `mlpipelines/ncf/pipeline_config.json`?
::error title=not audited::s3://bucket/team/code/ncf/: not audited: timeout
::error title=not audited::s3://bucket/team/model/: not audited: access denied
"""


def read(line: str) -> tuple[str, dict[str, str], str]:
    """Returns command, properties and message of a line, as the runner splits and unescapes it."""
    assert line.startswith("::")
    information, _, message = line[2:].partition("::")
    command, _, listed = information.partition(" ")
    properties = dict(one.split("=", 1) for one in listed.split(","))
    return command, {key: _plain(value, "\r\n:,%") for key, value in properties.items()}, _plain(message, "\r\n%")


def _plain(text: str, escaped: str) -> str:
    for char in escaped:  # the percent sign comes last, or what it hides would be read twice
        text = text.replace(f"%{ord(char):02X}", char)
    return text


def test_annotations_look_like_this() -> None:
    assert render(MIXED, True) == SHOWN


@pytest.mark.parametrize(
    ("span", "shown"),
    [
        (None, {}),
        (Span(2, 3, 2, 7), {"line": "2", "endLine": "2", "col": "3", "endColumn": "6"}),
        (Span(2, 3, 2, 3), {"line": "2", "endLine": "2", "col": "3", "endColumn": "3"}),
        (Span(2, 3, 4, 1), {"line": "2", "endLine": "4"}),
    ],
)
def test_columns_are_given_where_there_is_one_line(span: Span | None, shown: dict[str, str]) -> None:
    found = Finding("LL199", "any-rule", "info", ".", "a", "m", span=span)
    command, properties, _ = read(render(report([found]), False).rstrip())
    assert command == "notice"
    assert properties == {"file": "a", "title": "LL199 any-rule", **shown}


@pytest.mark.parametrize("path", ["50%,a:b=c", "a::error::b", "a\n::error::b", "%0A", "a\r", "x,line=9"])
def test_a_name_cannot_leave_its_property(path: str) -> None:
    (line,) = render(report([finding(path, "m")]), False).splitlines()
    _, properties, message = read(line)
    assert properties == {"file": printable(path), "title": "LL199 any-rule"}
    assert message == f"{place('.', path, None)}: m"


@given(reports())
def test_whatever_a_report_holds_each_line_reads_back_as_one_finding(made: Report) -> None:
    lines = render(made, False).split("\n")
    assert lines.pop() == ""
    findings = ordered(made)
    assert len(lines) == len(findings) + len(made.not_audited)
    for line, one in zip(lines, findings, strict=False):
        assert line.isprintable()
        _, properties, message = read(line)
        assert properties["title"] == f"{printable(one.code)} {printable(one.rule)}"
        help_ = f"\nhelp: {printable(one.hint)}" if one.hint else ""
        assert message == f"{place(one.target, one.path, one.span)}: {printable(one.message)}{help_}"
        assert properties.get("line") == (str(one.span.line) if one.span else None)


def test_a_bucket_has_no_file_to_annotate() -> None:
    _, properties, message = read(render(report([], [NotAudited("s3://b", "x", "why")]), False).rstrip())
    assert (properties, message) == ({"title": "not audited"}, "s3://b/x: not audited: why")


def test_a_clean_run_annotates_nothing() -> None:
    assert render(report(), False) == ""
