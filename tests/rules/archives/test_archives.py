"""Each fault of an archive is one finding of one rule, with a hint, and no rule speaks of a good archive."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from layout_lint.archives.faults import KINDS
from layout_lint_rules.archives import damage, members, size
from layout_lint_rules.plugin import layout_lint_rules
from tests.archives.hostile import GOOD, HOSTILE, member, packed
from tests.engine.bucket_archives import Bucket, audit, whole
from tests.rules.asking import declared

if TYPE_CHECKING:
    from layout_lint.model.finding import Finding

PLACE = "model/ncf/run-2/output/model.tar.gz"
CODES = {
    "not-gzip": "LL501",
    "not-tar": "LL502",
    "empty": "LL503",
    "truncated": "LL504",
    "corrupt": "LL505",
    "trailing-data": "LL506",
    "several-gzip-members": "LL507",
    "wrapped": "LL508",
    "unsafe-name": "LL509",
    "link": "LL510",
    "special-file": "LL511",
    "duplicate-name": "LL512",
    "sparse-file": "LL513",
    "ambiguous-header": "LL514",
    "bomb": "LL515",
    "too-many-members": "LL516",
}
SAMPLES = {kind: make for make, kind, _ in HOSTILE.values()} | {
    "empty": packed,
    "wrapped": lambda: packed(member("model/model.pth")),
}
"""An archive for each kind of fault; one of zero bytes is not read where the listing tells its size."""


def found(archive: bytes) -> list[Finding]:
    report, _ = audit(Bucket({**whole(), PLACE: archive}))
    assert report.not_audited == []
    return [one for one in report.findings if one.code.startswith("LL5")]


@pytest.mark.parametrize("kind", KINDS)
def test_a_rule_fires(kind: str) -> None:
    (finding,) = found(SAMPLES[kind]())
    assert (finding.code, finding.path) == (CODES[kind], PLACE)
    assert finding.severity == ("warning" if kind == "trailing-data" else "error")
    assert finding.message.startswith(f"`{PLACE}`")
    assert finding.hint
    assert not finding.message.endswith(".")


def test_no_rule_fires_at_a_good_archive() -> None:
    assert found(GOOD) == []


def test_every_kind_of_fault_has_its_rule() -> None:
    here = {damage.__name__, members.__name__, size.__name__}
    rules = [declared(one) for one in layout_lint_rules() if one.__module__ in here]
    assert [rule.code for rule in rules] == [CODES[kind] for kind in sorted(CODES, key=lambda kind: CODES[kind])]
    assert set(CODES) == set(KINDS) == set(SAMPLES)
    assert {(rule.event, rule.selector) for rule in rules} == {("ArchiveFault", "archive")}
