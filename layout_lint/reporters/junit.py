"""JUnit XML, for servers that show tests: one suite for each checked root and for each file with findings.

XML 1.0 has no way to say most control characters, and names may hold them; all text is escaped as for a terminal.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from layout_lint.model.finding import Finding
from layout_lint.reporters.escape import printable
from layout_lint.reporters.findings import everything, place, where

if TYPE_CHECKING:
    from collections.abc import Sequence

    from layout_lint.model.finding import NotAudited
    from layout_lint.model.report import Report

_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def render(report: Report, colour: bool) -> str:  # noqa: ARG001 - the signature of every reporter
    """Returns one document, in ASCII.

    A finding is a test that failed, whatever its severity; what was not audited is a test that could not run. So that a
    clean run is no empty report, each root has a test that passes: it was checked.
    """
    findings, errors = len(report.findings), len(report.not_audited)
    tests = len(report.roots) + findings + errors
    top = Element("testsuites", _counts("layout-lint", tests, findings, errors), time=f"{report.seconds:.3f}")
    for target, path, layout in report.roots:
        suite = SubElement(top, "testsuite", _counts(where(target, path), 1, 0, 0))
        SubElement(suite, "testcase", name=f"checked against {printable(layout)}", classname=where(target, path))
    in_order = sorted(everything(report), key=lambda one: (one.target, one.path))
    for (target, path), group in groupby(in_order, key=lambda one: (one.target, one.path)):
        _suite(top, where(target, path), list(group))
    indent(top)
    text: bytes = tostring(top, "us-ascii", xml_declaration=False)
    return f"{_DECLARATION}{text.decode()}\n"


def _suite(top: Element, name: str, found: Sequence[Finding | NotAudited]) -> None:
    failures = sum(isinstance(one, Finding) for one in found)
    suite = SubElement(top, "testsuite", _counts(name, len(found), failures, len(found) - failures))
    for one in found:
        _case(suite, name, one)


def _case(suite: Element, name: str, one: Finding | NotAudited) -> None:
    if not isinstance(one, Finding):
        case = SubElement(suite, "testcase", name="not audited", classname=name)
        SubElement(case, "error", type="not-audited", message=printable(one.reason))
        return
    at = f" {one.span.line}:{one.span.column}" if one.span else ""
    rule = f"{printable(one.code)} {printable(one.rule)}"
    case = SubElement(suite, "testcase", name=rule + at, classname=name)
    failure = SubElement(case, "failure", type=one.severity, message=printable(one.message))
    failure.text = "\n".join(_details(one))


def _details(finding: Finding) -> list[str]:
    return [
        f"{place(finding.target, finding.path, finding.span)}: {printable(finding.message)}",
        *(
            f"see: {place(other.target, other.path, other.span)} ({printable(other.message)})"
            for other in finding.related
        ),
        *([f"help: {printable(finding.hint)}"] if finding.hint else []),
    ]


def _counts(name: str, tests: int, failures: int, errors: int) -> dict[str, str]:
    return {"name": name, "tests": str(tests), "failures": str(failures), "errors": str(errors)}
