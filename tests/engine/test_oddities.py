"""Empty objects are told of wherever they stand, and cost nothing where there are none."""

from __future__ import annotations

import pytest

from layout_lint.config.settings import Settings
from layout_lint.plugins.checking import check_source, layouts_of
from layout_lint.plugins.load import load
from layout_lint.sources.memory import MemorySource
from layout_lint.sources.s3_page import Object

REGISTRY = load((), whole=True)
SETTINGS = Settings({"select": ["LL122"]})
LAYOUTS = layouts_of(SETTINGS, REGISTRY)
OUTPUT = "model/ncf/run-1/output/"


@pytest.mark.parametrize(
    ("key", "size", "is_told"),
    [
        (f"{OUTPUT}model.tar.gz", 0, True),  # other audits look at each of these
        (f"{OUTPUT}output.tar.gz", 0, True),  # and nobody else at these
        (f"{OUTPUT}output.tar.gz", 1, False),
        (f"{OUTPUT}output.tar.gz", -1, False),  # the source does not know
        (OUTPUT, 0, False),  # a marker
        ("data/v1/part-1", 0, False),  # nobody looks there
        (f"{OUTPUT}stray", 0, False),  # the layout does not know it
    ],
)
def test_empty_objects(key: str, size: int, is_told: bool) -> None:
    source = MemorySource([Object(key.encode(), size, "", "")], is_bucket=True)
    report = check_source(source, REGISTRY, SETTINGS, LAYOUTS, [(b"", "ml-bucket")])
    assert [one.path for one in report.findings] == [key] * is_told
