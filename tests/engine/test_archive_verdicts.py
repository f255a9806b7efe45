"""What earlier audits came to is told again as long as an archive, and all that judges it, is the same."""

from __future__ import annotations

import pytest

from layout_lint.engine.archives import ALL
from tests.archives.hostile import MODEL_TAR, member, packed
from tests.engine.bucket_archives import (
    MODEL,
    PACKAGE,
    SOURCE,
    Bucket,
    Kept,
    audit,
    changed,
    inside,
    package,
    source_archive,
    whole,
)


def etag(source: Bucket, key: str) -> str:
    return source._entries[key.encode()].identity


def test_an_archive_that_did_not_change_is_not_read_again_and_its_findings_are_told_again() -> None:
    kept = Kept()
    objects = changed({SOURCE: source_archive({"train.py": None}), PACKAGE: package()[:-1]})
    first, before = audit(Bucket(objects), verdicts=kept)
    source = Bucket(objects)
    second, after = audit(source, verdicts=kept)
    assert second.findings == first.findings
    assert inside(first) == [f"LL102 {SOURCE}!/train.py", f"LL504 {PACKAGE}"]
    assert (source.opened, after.read, after.known) == ([], 0, 3)
    assert after.identity(SOURCE) == before.identity(SOURCE) != ""
    for one in (before, after):
        assert [one.good(key, etag(source, key)) for key in (SOURCE, MODEL, PACKAGE)] == [True, True, False]
        assert not one.good(MODEL, "another etag")


CHANGES: dict[str, tuple[dict[str, bytes], str, list[str]]] = {
    "another content": ({MODEL: packed(MODEL_TAR, member("b"))}, "", [MODEL]),
    "another layout for the inside": ({}, '[values]\nmodel-file = "model.pt"\n', [MODEL, PACKAGE]),
    "another selection": ({}, 'ignore = ["LL103"]', [SOURCE, MODEL, PACKAGE]),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_an_archive_is_judged_by_has_changed(change: str) -> None:
    objects, settings, expected = CHANGES[change]
    kept = Kept()
    audit(Bucket(whole()), verdicts=kept)
    source = Bucket(changed(objects))
    audit(source, settings, verdicts=kept)
    assert sorted(source.opened) == sorted(expected)


def test_settings_that_hide_or_grade_findings_hold_for_those_of_earlier_audits() -> None:
    kept = Kept()
    objects = changed({SOURCE: source_archive({"model_config.json": b'{"factor_num": 1}'})})
    assert inside(audit(Bucket(objects), verdicts=kept)[0]) == [f"LL213 {SOURCE}!/model_config.json"]
    source = Bucket(objects)
    hidden = '[[ignores]]\npath = "*.json"\nrules = ["LL213"]\nreason = "agreed"\n'
    report, archives = audit(source, hidden, verdicts=kept)
    assert (inside(report), source.opened, list(archives.used_ignores)) == ([], [], [0])


def test_all_are_read_where_that_is_asked_for_and_where_nothing_tells_them_apart() -> None:
    kept = Kept()
    audit(Bucket(whole()), verdicts=kept)
    source = Bucket(whole())
    audit(source, verdicts=kept, mode=ALL)
    assert len(source.opened) == 3
    without = Bucket(whole(), etags=False)
    kept.clear()
    audit(without, verdicts=kept)
    assert (len(without.opened), len(kept)) == (3, 0)


def test_an_upload_of_the_same_size_is_read() -> None:
    kept = Kept()
    audit(Bucket(whole()), verdicts=kept)
    source = Bucket(whole(), upload="again")
    audit(source, verdicts=kept)
    assert len(source.opened) == 3


def test_what_was_kept_in_another_form_is_not_used() -> None:
    kept = Kept()
    audit(Bucket(whole()), verdicts=kept)
    for key in kept:
        kept[key] = ("old",)
    source = Bucket(whole())
    assert inside(audit(source, verdicts=kept)[0]) == []
    assert len(source.opened) == 3
