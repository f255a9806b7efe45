"""JUnit XML: well-formed whatever it holds, of the structure that servers read, nothing lost."""

from __future__ import annotations

from xml.etree.ElementTree import Element, fromstring

from hypothesis import given

from layout_lint.model.report import Report
from layout_lint.reporters.escape import printable
from layout_lint.reporters.findings import ordered, where
from layout_lint.reporters.junit import render
from tests.reporters.reports import MIXED, finding, report
from tests.reporters.strategies import reports

SHOWN = """\
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="layout-lint" tests="6" failures="3" errors="2" time="0.250">
  <testsuite name="." tests="1" failures="0" errors="0">
    <testcase name="checked against ml-project" classname="." />
  </testsuite>
  <testsuite name="mlpipelines/bert/pipeline_config.json" tests="2" failures="2" errors="0">
    <testcase name="LL201 duplicate-key 3:5" classname="mlpipelines/bert/pipeline_config.json">
      <failure type="warning" message="the key `PipelineName` is given twice">\
mlpipelines/bert/pipeline_config.json:3:5: the key `PipelineName` is given twice
see: mlpipelines/bert/pipeline_config.json:2:5 (the first of the two)</failure>
    </testcase>
    <testcase name="LL202 wrong-type 12:18" classname="mlpipelines/bert/pipeline_config.json">
      <failure type="error" message="`PipelineParameters[1].Value` must be a string">\
mlpipelines/bert/pipeline_config.json:12:18: `PipelineParameters[1].Value` must be a string
help: put it in quotes</failure>
    </testcase>
  </testsuite>
  <testsuite name="mlpipelines/ncf/pipeline-config.json" tests="1" failures="1" errors="0">
    <testcase name="LL104 misnamed-entry" classname="mlpipelines/ncf/pipeline-config.json">
      <failure type="error" message="`mlpipelines/ncf/pipeline-config.json` is misnamed">\
mlpipelines/ncf/pipeline-config.json: `mlpipelines/ncf/pipeline-config.json` is misnamed
help: did you mean `mlpipelines/ncf/pipeline_config.json`?</failure>
    </testcase>
  </testsuite>
  <testsuite name="s3://bucket/team/code/ncf/" tests="1" failures="0" errors="1">
    <testcase name="not audited" classname="s3://bucket/team/code/ncf/">
      <error type="not-audited" message="timeout" />
    </testcase>
  </testsuite>
  <testsuite name="s3://bucket/team/model/" tests="1" failures="0" errors="1">
    <testcase name="not audited" classname="s3://bucket/team/model/">
      <error type="not-audited" message="access denied" />
    </testcase>
  </testsuite>
</testsuites>
"""

ALLOWED = {
    "testsuites": ({"name", "tests", "failures", "errors", "time"}, {"testsuite"}),
    "testsuite": ({"name", "tests", "failures", "errors"}, {"testcase"}),
    "testcase": ({"name", "classname"}, {"failure", "error"}),
    "failure": ({"type", "message"}, set()),
    "error": ({"type", "message"}, set()),
}
"""Attributes, all of which must be there, and children: what the schema of Jenkins' xUnit plugin (junit-10.xsd) has in
common with what other servers read."""


def holds(element: Element) -> None:
    attributes, children = ALLOWED[element.tag]
    assert set(element.attrib) == attributes
    assert {child.tag for child in element} <= children
    for child in element:
        holds(child)


def test_a_report_looks_like_this() -> None:
    assert render(MIXED, True) == SHOWN


@given(reports())
def test_whatever_a_report_holds_it_reads_back(made: Report) -> None:
    shown = render(made, False)
    assert shown.isascii()
    top = fromstring(shown)  # noqa: S314 - our own
    holds(top)
    for group in (top, *top):
        for tag, count in (("testcase", "tests"), ("failure", "failures"), ("error", "errors")):
            assert len([*group.iter(tag)]) == int(group.attrib[count])
    read = sorted(
        (case.attrib["classname"], failure.attrib["type"], failure.attrib["message"])
        for case in top.iter("testcase")
        for failure in case.iter("failure")
    )
    assert read == sorted((where(one.target, one.path), one.severity, printable(one.message)) for one in ordered(made))
    reasons = sorted(error.attrib["message"] for error in top.iter("error"))
    assert reasons == sorted(printable(one.reason) for one in made.not_audited)


def test_what_xml_cannot_say_is_escaped() -> None:
    evil = "\0\x1b\x0b\ufffe\udcff\ud800 ]]>&<\"'"
    shown = render(report([finding(evil, evil, hint=evil)]), False)
    (failure,) = fromstring(shown).iter("failure")  # noqa: S314 - our own
    said = "\\x00\\x1b\\x0b\\ufffe\\xff\\ud800 ]]>&<\"'"
    assert failure.attrib["message"] == said
    assert failure.text == f"{said}: {said}\nhelp: {said}"


def test_a_clean_run_has_a_test_that_passed_for_each_root() -> None:
    top = fromstring(render(report(layouts=("a", "b")), False))  # noqa: S314 - our own
    assert [case.attrib["name"] for case in top.iter("testcase")] == ["checked against a", "checked against b"]
    assert not [*top.iter("failure"), *top.iter("error")]
