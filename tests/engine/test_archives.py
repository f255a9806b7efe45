"""Archives of a bucket are audited by the layout for their inside, in order, and only once as long as they stay."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from layout_lint.archives.limits import Limits
from layout_lint.engine.archives import NONE
from layout_lint.sources.folder import FolderSource
from tests.archives.hostile import GOOD, MODEL_TAR, member, packed
from tests.engine.bucket_archives import (
    MODEL,
    PACKAGE,
    SOURCE,
    SOURCES,
    Bucket,
    Kept,
    audit,
    changed,
    inside,
    lines,
    registry,
    source_archive,
    whole,
)

if TYPE_CHECKING:
    from pathlib import Path


def test_a_bucket_that_nothing_is_wrong_with() -> None:
    report, archives = audit(Bucket(whole()))
    assert (lines(report), report.not_audited) == ([], [])
    assert (archives.read, archives.known) == (3, 0)
    assert archives.size == sum(len(whole()[key]) for key in (SOURCE, MODEL, PACKAGE))


def with_link() -> bytes:
    """Returns a ``source.tar.gz`` in which the requirements are a link."""
    files = {name: content for name, content in SOURCES.items() if name != "requirements.txt"}
    members = [member(name, content=content) for name, content in files.items()]
    return packed(*members, member("requirements.txt", b"2", linkname="../requirements.txt"))


LEAK = b"key = '" + b"AKIA" + b"Q3EGVDTPZ2M7RLXA'\n"
"""Put together here, so that no scanner takes this file for a leak."""
CODE = [member(f"code/{name}", content=SOURCES[name]) for name in ("inference.py", "requirements.txt")]

STORIES: dict[str, tuple[dict[str, bytes], list[str]]] = {
    "what stands beside the model": (
        {MODEL: packed(MODEL_TAR, member("optimizer.pth"), member("logs/a"))},
        [f"LL103 {MODEL}!/logs/", f"LL103 {MODEL}!/optimizer.pth"],
    ),
    "no model": ({MODEL: packed(member("checkpoint"))}, [f"LL103 {MODEL}!/checkpoint", f"LL102 {MODEL}!/model.pth"]),
    "a package without its code": ({PACKAGE: packed(MODEL_TAR)}, [f"LL101 {PACKAGE}!/code/"]),
    "a package without inference code": (
        {PACKAGE: packed(MODEL_TAR, member("code/requirements.txt", content=b"torch==2.4.1\n"))},
        [f"LL102 {PACKAGE}!/code/inference.py"],
    ),
    "sources without training code": ({SOURCE: source_archive({"train.py": None})}, [f"LL102 {SOURCE}!/train.py"]),
    "another spelling": (
        {SOURCE: source_archive({"model_config.json": None, "model-config.json": b'{"factor_num": "1"}'})},
        [f"LL104 {SOURCE}!/model-config.json"],
    ),
    "content": (
        {SOURCE: source_archive({"model_config.json": b'{"factor_num": "32",}'})},
        [f"LL202 {SOURCE}!/model_config.json"],
    ),
    "a credential in a module": (
        {SOURCE: source_archive({"aws.py": LEAK, "lib/sub/.env": LEAK, "lib/table.csv": LEAK})},
        [f"LL490 {SOURCE}!/aws.py", f"LL490 {SOURCE}!/lib/sub/.env"],
    ),
    "a credential in a module of a package": (
        {PACKAGE: packed(MODEL_TAR, *CODE, member("code/lib/aws.py", content=LEAK))},
        [f"LL490 {PACKAGE}!/code/lib/aws.py"],
    ),
    "a credential in a module below a folder around everything": (
        {SOURCE: source_archive({"lib/aws.py": LEAK}, "v1/")},
        [f"LL508 {SOURCE}", f"LL490 {SOURCE}!/v1/lib/aws.py"],
    ),
    "a misnamed file is looked at as that": (
        {SOURCE: source_archive({"train.py": None, "Train.py": b"x ="})},
        [f"LL104 {SOURCE}!/Train.py", f"LL401 {SOURCE}!/Train.py"],
    ),
    "content in a package": (
        {PACKAGE: packed(MODEL_TAR, member("code/inference.py", content=b"x ="), member("code/requirements.txt"))},
        [f"LL401 {PACKAGE}!/code/inference.py"],
    ),
    "a link in place of a file": (
        {MODEL: packed(member("model.pth", b"2", linkname="checkpoint"), member("checkpoint"))},
        [f"LL510 {MODEL}", f"LL103 {MODEL}!/checkpoint"],
    ),
    "a link in place of a file whose content is looked at": (
        {SOURCE: with_link()},
        [f"LL510 {SOURCE}"],
    ),
    "a folder around everything": ({SOURCE: source_archive(folder="source_v1/")}, [f"LL508 {SOURCE}"]),
    "a folder around it, and content": (
        {SOURCE: source_archive({"model_config.json": b'{"factor_num": 1}'}, "./v1/")},
        [f"LL508 {SOURCE}", f"LL213 {SOURCE}!/v1/model_config.json"],
    ),
    "a damaged one": ({MODEL: GOOD[:-1]}, [f"LL504 {MODEL}"]),
    "two faults, and the members": (
        {MODEL: packed(MODEL_TAR, member("a", b"6")) + packed(member("b"))},
        [f"LL507 {MODEL}", f"LL511 {MODEL}"],
    ),
}


@pytest.mark.parametrize("story", STORIES)
def test_what_is_said_of_archives(story: str) -> None:
    objects, expected = STORIES[story]
    report, _ = audit(Bucket(changed(objects)))
    assert inside(report) == expected
    assert report.not_audited == []


def test_a_finding_in_a_member_has_its_place_and_its_text() -> None:
    objects = {SOURCE: source_archive({"model_config.json": b'{\n"factor_num": "32",}'})}
    report, archives = audit(Bucket(changed(objects)))
    (finding,) = report.findings
    assert finding.span is not None
    assert (finding.span.line, finding.span.column) == (2, 19)
    assert finding.fix is None, "nothing can be written into an archive"
    read = archives.reader(lambda path: path.encode())
    assert read(finding.path) == b'{\n"factor_num": "32",}'
    assert read("data/v1/part-0") == b"data/v1/part-0"
    with pytest.raises(FileNotFoundError):
        read(f"{SOURCE}!/train.py")


def test_a_comment_in_a_member_suppresses() -> None:
    bad = b"x = 1  # layout-lint: ignore[LL402, LL415] packed by hand\n"
    report, _ = audit(Bucket(changed({SOURCE: source_archive({"train.py": bad})})), 'ignore = ["LL415"]')
    assert inside(report) == []
    report, _ = audit(Bucket(changed({SOURCE: source_archive({"train.py": bad})})), 'ignore = ["LL415"]', inline=False)
    assert inside(report) == [f"LL402 {SOURCE}!/train.py"]


def test_settings_ignore_and_grade_what_is_inside() -> None:
    settings = '[severity]\nLL213 = "info"\n[[ignores]]\npath = "code/**/train.py"\nrules = ["LL402"]\nreason = "old"\n'
    objects = {SOURCE: source_archive({"train.py": b"x = 'factor_num'", "model_config.json": b'{"factor_num": 1}'})}
    report, archives = audit(Bucket(changed(objects)), settings)
    assert [(one.code, one.severity) for one in report.findings if "!/" in one.path] == [("LL213", "info")]
    assert list(archives.used_ignores) == [0]


def test_a_rule_that_is_not_selected_does_not_look_inside() -> None:
    report, _ = audit(Bucket(changed({MODEL: packed(member("x"))})), 'select = ["LL504"]')
    assert report.findings == []


ACME = (
    """
name: acme-model
extends: model-archive
tree:
  model.pth: {$severity: warning}
  card.json: {$need: optional}
""",
    """
name: acme-bucket
extends: ml-bucket
tree:
  model/:
    "{pipeline}/":
      "{execution}/":
        output/:
          model.tar.gz: {$archive: acme-model}
  reports/:
    "{report}.tar.gz": {$archive: source-archive}
""",
)


def test_a_team_says_itself_what_archives_hold() -> None:
    objects = changed({MODEL: packed(member("card.json"), member("x")), "reports/may.tar.gz": GOOD})
    report, _ = audit(Bucket(objects), own=ACME)
    assert [(one.code, one.severity) for one in report.findings if f"{MODEL}!/" in one.path] == [
        ("LL102", "warning"),
        ("LL103", "warning"),
    ]
    assert "LL102 reports/may.tar.gz!/train.py" in inside(report)


def test_many_findings_of_one_rule_are_summed_up() -> None:
    names = [member(f"shard-{number:03}.bin") for number in range(150)]
    report, _ = audit(Bucket(changed({MODEL: packed(MODEL_TAR, *names)})))
    assert len(report.findings) == 21
    (summary,) = [one for one in report.findings if one.path == MODEL]
    assert summary.code == "LL103"
    assert "130 more findings of LL103" in summary.message


def test_a_content_that_is_too_large_to_keep_is_named() -> None:
    objects = {SOURCE: source_archive({"requirements.txt": b"torch==2.4.1\n" * 100})}
    report, _ = audit(Bucket(changed(objects)), limits=Limits(content=1000))
    assert [(one.path, one.reason) for one in report.not_audited] == [
        (f"{SOURCE}!/requirements.txt", "its content has more than 1,000 bytes")
    ]


def test_an_archive_that_cannot_be_read_is_named_and_the_others_are_read() -> None:
    class Denied(Bucket):
        def open(self, key: bytes, identity: str = "") -> Any:
            if key.decode() == SOURCE:
                raise PermissionError(13, "AccessDenied: it needs `s3:GetObject`", "s3://team/" + SOURCE)
            return super().open(key, identity)

    kept = Kept()
    report, archives = audit(Denied(changed({MODEL: GOOD[:-1]})), verdicts=kept)
    assert [(one.target, one.path, one.reason) for one in report.not_audited] == [
        ("s3://team", SOURCE, "AccessDenied: it needs `s3:GetObject`")
    ]
    assert inside(report) == [f"LL504 {MODEL}"]
    assert (len(kept), archives.read) == (2, 2), "the denied one is asked for again next time"


def test_nothing_is_read_where_nobody_wants_it() -> None:
    source = Bucket(changed({MODEL: b"no archive"}))
    report, archives = audit(source, mode=NONE)
    assert (inside(report), source.opened, archives.read) == ([], [], 0)


def test_nothing_is_read_where_no_rule_about_archives_is_selected() -> None:
    source = Bucket(changed({MODEL: packed(member("x"))}))
    report, _ = audit(source, 'select = ["LL1", "LL2"]')
    assert (inside(report), source.opened) == ([], [])


def test_an_empty_object_is_told_of_once_and_not_asked_for() -> None:
    source = Bucket(changed({MODEL: b""}))
    report, archives = audit(source)
    assert inside(report) == [f"LL122 {MODEL}"]
    assert MODEL not in source.opened
    assert not archives.good(MODEL, "etag")


def test_a_rule_that_crashes_inside_is_named_and_nothing_is_kept() -> None:
    found = registry()
    found._functions = {**found._functions, "LL202": _crash}
    kept = Kept()
    objects = changed({SOURCE: source_archive({"model_config.json": b'{"factor_num": "32",}'})})
    report, _ = audit(Bucket(objects), found=found, verdicts=kept)
    assert len([one for one in report.findings if "raised RuntimeError: no" in one.message]) == 1
    assert [(one.path, one.reason) for one in report.not_audited] == [
        (SOURCE, "rule LL202 raised: what it looks for was not audited")
    ]
    source = Bucket(objects)
    assert inside(audit(source, verdicts=kept)[0]) == [f"LL202 {SOURCE}!/model_config.json"]
    assert source.opened == [SOURCE], "what was said of the others is known"


def _crash(*_: object) -> None:
    raise RuntimeError("no")


def test_findings_come_in_the_same_order_whoever_is_first() -> None:
    class Slow(Bucket):
        def open(self, key: bytes, identity: str = "") -> Any:
            time.sleep(0.05 if key.startswith(b"code/a0") else 0)
            return super().open(key, identity)

    objects = {f"code/a{number:02}/source.tar.gz": source_archive({"train.py": None}) for number in range(12)}
    reports = [audit(source)[0] for source in (Slow(objects), Bucket(objects))]
    assert reports[0].findings == reports[1].findings
    assert len(inside(reports[0])) == 12


def test_progress_is_told() -> None:
    told: list[tuple[int, int, int]] = []
    audit(Bucket(whole()), progress=lambda *counts: told.append(counts))
    assert [(done, count) for done, count, _ in told] == [(1, 3), (2, 3), (3, 3)]


def test_a_folder_that_stands_for_a_bucket_has_archives_too(tmp_path: Path) -> None:
    for key, content in changed({MODEL: GOOD[:-1], PACKAGE: b""}).items():
        path = tmp_path / key
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
    report, archives = audit(FolderSource(str(tmp_path), is_bucket=True), verdicts=Kept())
    assert [line for line in inside(report) if "LL5" in line] == [f"LL504 {MODEL}", f"LL503 {PACKAGE}"]
    assert archives.read == 3


def scanning_plugin(tmp_path: Path) -> str:
    path = tmp_path / "acme_scan.py"
    path.write_text(
        '''
from layout_lint.api import MemberScanned, MemberScanner, Problem, hookimpl, rule

class Scan:
    def __init__(self):
        self.count = 0
    def feed(self, data):
        self.count += data.count(b"import os")
    def finish(self):
        return self.count or None

def start(name, size):
    if name == "crash.pth":
        raise RuntimeError("no")
    return Scan() if name.endswith(".pth") else None

@rule("ACME501", "imports-in-model", on=MemberScanned)
def imports_in_model(event, context):
    """A model says import.

    Example:
        import os
    """
    yield Problem(f"`{event.member}` says it {event.found} times", path=f"{event.path}!/{event.member}")

@hookimpl
def layout_lint_rules():
    return [imports_in_model]

@hookimpl
def layout_lint_member_scanners():
    return [MemberScanner("imports", "imports", start)]
''',
        encoding="utf-8",
    )
    return str(path)


def test_scanners_of_plugins_see_the_members(tmp_path: Path) -> None:
    found = registry((scanning_plugin(tmp_path),))
    objects = {MODEL: packed(member("model.pth", content=b"import os" + bytes(300_000) + b"import os"))}
    kept = Kept()
    for opened in ([MODEL], []):
        source = Bucket(objects)
        report, _ = audit(source, found=found, verdicts=kept)
        (finding,) = [one for one in report.findings if one.code == "ACME501"]
        assert (finding.path, finding.message) == (f"{MODEL}!/model.pth", "`model.pth` says it 2 times")
        assert source.opened == opened


def test_a_scanner_that_crashes_is_named_and_asked_again(tmp_path: Path) -> None:
    found = registry((scanning_plugin(tmp_path),))
    kept = Kept()
    for _ in range(2):
        report, _ = audit(Bucket({MODEL: packed(MODEL_TAR, member("crash.pth"))}), found=found, verdicts=kept)
        assert [one.path for one in report.not_audited] == [MODEL]
        assert "raised RuntimeError" in report.not_audited[0].reason
    assert not kept


def test_an_interrupted_audit_keeps_what_it_found() -> None:
    class Interrupting(Bucket):
        def open(self, key: bytes, identity: str = "") -> Any:
            if key.decode() == PACKAGE:
                raise KeyboardInterrupt
            return super().open(key, identity)

    kept = Kept()
    report, _ = audit(Interrupting(changed({MODEL: GOOD[:-1]})), verdicts=kept)
    assert inside(report) == [f"LL504 {MODEL}"]
    assert report.not_audited
    assert len(kept) == 2
