"""Many findings of one kind in a bucket become one, and nothing is lost from the count."""

from __future__ import annotations

import pytest

from layout_lint.config.settings import Settings
from layout_lint.engine.check import Check
from layout_lint.plugins.checking import layouts_of
from layout_lint.plugins.load import load as load_plugins
from layout_lint.testing import make_source

GOOD = ["data/v1/a.csv", "code/ncf/source.tar.gz", "repackage/ncf/2024-05-01-12-30-00/model.tar.gz"]


def _lines(tree: list[str], most: int, *, bucket: bool = True) -> list[str]:
    registry = load_plugins(whole=True)
    settings = Settings({"select": ["LL102", "LL103"]})
    check = Check(registry, layouts_of(settings, registry), settings, most_alike=most)
    check.run(make_source(tree, bucket=bucket), [(b"", "ml-bucket")])
    return [f"{one.code} {one.path}: {one.message}" for one in check.finish().findings]


def _runs(count: int) -> list[str]:
    return [*GOOD, *(f"model/ncf/run-{number}/output/output.tar.gz" for number in range(count))]


def test_the_first_are_told_one_by_one_and_the_rest_together() -> None:
    about = "is missing (What training left in its model directory)"
    others = ", ".join(f"`model/ncf/run-{number}/output/model.tar.gz`" for number in (2, 3, 4))
    what = "8 more findings of LL102 at `model/{pipeline}/{execution}/output/model.tar.gz`"
    assert _lines(_runs(10), 2) == [
        f"LL102 model/ncf/: {what}, such as {others}",
        f"LL102 model/ncf/run-0/output/model.tar.gz: file `model/ncf/run-0/output/model.tar.gz` {about}",
        f"LL102 model/ncf/run-1/output/model.tar.gz: file `model/ncf/run-1/output/model.tar.gz` {about}",
    ]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_one_alone_is_never_folded(count: int) -> None:
    lines = _lines(_runs(count), 2)
    assert len(lines) == count
    assert not [line for line in lines if "more findings" in line]


def test_the_folded_finding_stands_at_the_folder_that_all_are_in() -> None:
    tree = [*GOOD, "code/a/x", "code/a/source.tar.gz", "code/b/x", "code/b/source.tar.gz", "code/b/y"]
    assert [line.partition(":")[0] for line in _lines(tree, 1)] == ["LL103 code/a/x", "LL103 code/b/"]


def test_a_repository_tells_every_one() -> None:
    tree = [f"mlpipelines/p/v{number}/train.py" for number in range(5)]
    registry = load_plugins(whole=True)
    settings = Settings({"select": ["LL102"]})
    check = Check(registry, layouts_of(settings, registry), settings, most_alike=1)
    check.run(make_source(tree, git=True), [(b"", "ml-project")])
    assert len([one for one in check.finish().findings if one.path.endswith("inference.py")]) == 5


def test_an_unexpected_folder_says_what_is_in_it() -> None:
    tree = [*_runs(1)[:-1], "model/ncf/run-1/output/model.tar.gz", *(f"tmp/part-{number:04}" for number in range(1200))]
    some = "`tmp/part-0000`, `tmp/part-0001`, `tmp/part-0002`"
    said = f"LL103 tmp/: folder `tmp/` is not part of the layout: 1,000 or more objects, such as {some}"
    assert [line for line in _lines(tree, 5) if "tmp/" in line] == [said]


def test_many_misnamed_objects_do_not_cost_a_request_each(monkeypatch: pytest.MonkeyPatch) -> None:
    tree = [*GOOD, *(f"code/p{number}/source_v1.tar.gz" for number in range(200))]
    source = make_source(tree, bucket=True)
    asked: list[bytes] = []
    has = source.has

    def counted(key: bytes) -> bool:
        asked.append(key)
        return has(key)

    monkeypatch.setattr(source, "has", counted)
    registry = load_plugins(whole=True)
    settings = Settings({"select": ["LL104"]})
    check = Check(registry, layouts_of(settings, registry), settings)
    check.run(source, [(b"", "ml-bucket")])
    findings = check.finish().findings
    assert len(findings) == 200
    assert all(one.fix is not None for one in findings)
    assert len(asked) == 20
