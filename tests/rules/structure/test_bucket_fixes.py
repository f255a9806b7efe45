"""What is proposed for names and folders of a bucket."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from layout_lint.model.edit import CopyKey, Fix, PutMarker
from layout_lint.testing import check_tree

if TYPE_CHECKING:
    from collections.abc import Iterable

WHOLE = [
    "data/v1/x",
    "code/ncf/source.tar.gz",
    "model/ncf/run-1/output/model.tar.gz",
    "repackage/ncf/2024-05-01-12-00-00/model.tar.gz",
]


def fixes(tree: Iterable[str], code: str) -> list[Fix]:
    """Returns the fixes of one rule's findings in a bucket."""
    report = check_tree(tree, "ml-bucket", bucket=True)
    assert any(one.code == code for one in report.findings), report.findings
    return [one.fix for one in report.findings if one.code == code and one.fix is not None]


def test_a_missing_folder_is_made_as_a_marker() -> None:
    (fix,) = fixes(WHOLE[1:], "LL101")
    assert fix == Fix("make the folder `data/`", (PutMarker("data/"),), safe=True)


@pytest.mark.parametrize(
    ("path", "edit"),
    [
        ("models/ncf/run-1/output/model.tar.gz", CopyKey("models/", "model/")),
        ("code/als/source_v6.tar.gz", CopyKey("code/als/source_v6.tar.gz", "code/als/source.tar.gz")),
        ("code/als/sources.tar.gz", CopyKey("code/als/sources.tar.gz", "code/als/source.tar.gz")),
    ],
)
def test_a_misnamed_entry_is_copied_and_that_is_not_safe(path: str, edit: CopyKey) -> None:
    (fix,) = fixes([*WHOLE, path], "LL104")
    assert fix == Fix(f"copy it to `{edit.to}`", (edit,), safe=False)


def test_an_object_whose_right_name_is_taken_stays() -> None:
    assert fixes([*WHOLE, "code/ncf/source_v6.tar.gz"], "LL104") == []


@pytest.mark.parametrize(
    ("name", "time"),
    [
        ("2024-05-01T12:00:00Z", "2024-05-01-12-00-00"),
        ("2024-05-01T12:00:00.000Z", "2024-05-01-12-00-00"),
        ("2024-05-01T02:30:00+02:30", "2024-05-01-00-00-00"),
        ("2024-05-01T22:00:00-03:00", "2024-05-02-01-00-00"),
        ("2024-05-01T02:30:00+0230", "2024-05-01-00-00-00"),
        ("2024-05-01 12:00:00", "2024-05-01-12-00-00"),
        ("2024-05-01_12-00-00", "2024-05-01-12-00-00"),
        ("20240501-120000", "2024-05-01-12-00-00"),
        ("20240501T120000Z", "2024-05-01-12-00-00"),
        ("20240501120000", "2024-05-01-12-00-00"),
        ("2024.05.01-12.00.00", "2024-05-01-12-00-00"),
        ("2024-05-01T12:00:00.250Z", ""),
        ("2024-05-01-12-00-00-0500", ""),
        ("2024-05-01T12:00:00+15:00", ""),
        ("2024-02-30T12:00:00Z", ""),
        ("2024-13-01-12-00-00", ""),
        ("2024-05-01", ""),
        ("2024-05-01-12-00", ""),
        ("2024-5-1-12-0-0", ""),
        ("01-05-2024-12-00-00", ""),
        ("1714564800", ""),
        ("\u0662\u0660\u0662\u06640501120000", ""),
        ("0001-01-01T00:00:00+02:00", ""),
        ("run-1", ""),
    ],
)
def test_a_time_in_another_spelling_is_respelt_where_it_can_be_read_in_one_way(name: str, time: str) -> None:
    found = fixes([*WHOLE, f"repackage/als/{name}/model.tar.gz"], "LL113")
    edit = CopyKey(f"repackage/als/{name}/", f"repackage/als/{time}/")
    assert found == ([Fix(f"copy it to `{edit.to}`", (edit,), safe=False)] if time else [])


def test_in_a_repository_no_time_is_respelt() -> None:
    layout = "name: times\nabout: times\ntree:\n  {t:timestamp}/: {$opaque: true}\n".replace("{t:", '"{t:').replace(
        "}/:", '}/":'
    )
    report = check_tree(["20240501-120000/x"], "times", layouts=[layout])
    assert [(one.code, one.fix) for one in report.findings] == [("LL113", None)]
