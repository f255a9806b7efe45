"""Any report, for laws that must hold whatever it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from layout_lint.model.edit import AddLine, CreateFile, CreateFolder, Fix, Rename, ReplaceBytes, Untrack
from layout_lint.model.finding import SEVERITIES, Finding, NotAudited, Related, Span
from tests.reporters.reports import report

if TYPE_CHECKING:
    from layout_lint.model.report import Report

TEXTS = st.one_of(st.text(max_size=20), st.binary(max_size=20).map(lambda raw: raw.decode("utf-8", "surrogateescape")))
TARGETS = st.sampled_from([".", "", "repo", "../repo", "/srv/repo", "s3://bucket", "s3://bucket/team/"]) | TEXTS.filter(
    lambda text: "\0" not in text
)
SPANS = st.builds(Span, *[st.integers(1, 10**6)] * 4)
RELATED = st.builds(Related, TARGETS, TEXTS, TEXTS, st.none() | SPANS)
EDITS = st.one_of(
    st.builds(CreateFolder, TEXTS),
    st.builds(CreateFile, TEXTS, st.binary(max_size=20)),
    st.builds(ReplaceBytes, TEXTS, *[st.integers(0, 10**6)] * 2, st.binary(max_size=9), st.binary(max_size=9)),
    st.builds(Rename, TEXTS, TEXTS),
    st.builds(Untrack, TEXTS),
    st.builds(AddLine, TEXTS, TEXTS),
)
FIXES = st.builds(Fix, TEXTS, st.lists(EDITS, max_size=3).map(tuple), st.booleans())
FINDINGS = st.builds(
    Finding,
    code=st.from_regex(r"[A-Z]{2,5}[0-9]{3,4}", fullmatch=True),
    rule=TEXTS,
    severity=st.sampled_from(SEVERITIES),
    target=TARGETS,
    path=TEXTS,
    message=TEXTS,
    hint=TEXTS,
    span=st.none() | SPANS,
    related=st.lists(RELATED, max_size=2).map(tuple),
    fix=st.none() | FIXES,
)


@st.composite
def reports(draw: st.DrawFn) -> Report:
    made = report(
        draw(st.lists(FINDINGS, max_size=4)),
        draw(st.lists(st.builds(NotAudited, TARGETS, TEXTS, TEXTS), max_size=2)),
        seen=draw(st.integers(0)),
        requests=draw(st.integers(0)),
        layouts=draw(st.lists(TEXTS, max_size=2)),
        crashed=draw(st.lists(TEXTS, max_size=1)),
    )
    made.seconds = draw(st.floats(0, 10**6))
    return made
