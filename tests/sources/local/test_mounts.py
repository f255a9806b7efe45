"""Which file systems are relied on for the times that they tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from layout_lint.sources.mounts import mounts

if TYPE_CHECKING:
    from pathlib import Path

ROOT = "27 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n"
WORK = "40 27 0:30 / /work rw,relatime shared:1 - {} somewhere rw\n"

CASES = {
    "one file system": (ROOT, ["/work/project"], True),
    "a folder on another one": (ROOT + WORK.format("xfs"), ["/work/project"], True),
    "the mount point itself": (ROOT + WORK.format("xfs"), ["/work"], True),
    "a bucket": (ROOT + WORK.format("fuse.s3fs"), ["/work/project"], False),
    "a share": (ROOT + WORK.format("nfs4"), ["/work/project"], False),
    "a name that begins alike": (ROOT + WORK.format("nfs4"), ["/works/project"], True),
    "one of two folders": (ROOT + WORK.format("nfs4"), ["/home/me", "/work/project"], False),
    "something mounted below": (ROOT + WORK.format("xfs").replace("/work ", "/work/project/data "), ["/work"], False),
    "hidden by a later mount": (ROOT + WORK.format("xfs") + WORK.format("9p"), ["/work/project"], False),
    "shown by a later mount": (ROOT + WORK.format("9p") + WORK.format("xfs"), ["/work/project"], True),
    "a blank in a name": (ROOT + WORK.format("nfs").replace("/work ", "/my\\040work "), ["/my work/project"], False),
    "a name that is not ASCII": (ROOT + WORK.format("nfs").replace("/work ", "/données "), ["/données/a"], False),
    "nothing mounted": ("", ["/work"], False),
}


@pytest.mark.parametrize("case", CASES)
def test_where_times_are_relied_on(case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mounted, folders, expected = CASES[case]
    (tmp_path / "mountinfo").write_text(mounted, encoding="utf-8")
    monkeypatch.setattr("layout_lint.sources.mounts._MOUNTS", str(tmp_path / "mountinfo"))
    assert bool(mounts(*(folder.encode() for folder in folders))) is expected


def test_another_file_system_at_the_same_place_is_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("layout_lint.sources.mounts._MOUNTS", str(tmp_path / "mountinfo"))
    told = set()
    for lines in (ROOT, ROOT + WORK.format("xfs"), ROOT + WORK.format("xfs").replace("0:30", "0:31")):
        (tmp_path / "mountinfo").write_text(lines)
        told.add(mounts(b"/work/project"))
    assert len(told) == 3


def test_where_the_system_does_not_tell_nothing_is_relied_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("layout_lint.sources.mounts._MOUNTS", "/nowhere/mountinfo")
    assert mounts(b"/") == b""
