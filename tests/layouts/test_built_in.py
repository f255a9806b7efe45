"""The layouts that come with the tool: each name of the standard has its place in them."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from layout_lint.layouts.compile import compile_layouts
from layout_lint.layouts.segment_types import BUILT_IN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.model.node import Layout, Node

MANY = re.compile(
    r"(func_|ml-project-|sample|(pipeline_name|src_ver|data_ver|pipeline_job_execution_id)_)[0-9]"
    r"|xxxxxx\.ipynb|YYYY-MM-DD-HH-mm-ss"
)
"""Names that stand for any number of names; all others are meant as they stand."""

PREFIXES = ("output", "debug-output")
"""Folders that the trees write without brackets."""

EXAMPLES = {"YYYY-MM-DD-HH-mm-ss": "2024-05-17-08-30-00"}

TREES = Path(__file__).with_name("standard_trees.txt").read_text(encoding="utf-8")


def built_in(**values: str) -> dict[str, Layout]:
    folder = files("layout_lint_rules") / "layouts"
    found = [(one.name, one.read_bytes()) for one in folder.iterdir() if one.name.endswith(".yaml")]
    return compile_layouts(found, {name.replace("_", "-"): value for name, value in values.items()})


LAYOUTS = built_in()


def entries() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yields the layout and the path of each entry of the trees, name by name, folders with a slash."""
    layout, path = "", [""]
    for line in TREES.splitlines():
        if line.startswith("["):
            layout = line.strip("[]")
        elif line.strip() and not line.endswith("..."):
            depth = (len(line) - len(line.lstrip())) // 4
            path = [*path[:depth], entry_name(line.strip("* "))]
            yield layout, tuple(path)


def entry_name(written: str) -> str:
    """Returns a name of the trees as it would stand on disk, behind a ``*`` where it stands for many."""
    name = written.translate({ord(sign): None for sign in "<>\\"})
    is_folder = written != name or name in PREFIXES
    return "*" * bool(MANY.fullmatch(name)) + EXAMPLES.get(name, name) + "/" * is_folder


def place(root: Node, path: tuple[str, ...]) -> Node | None:
    """Returns the node that has a place for a path; a name is literal in both, or free in both."""
    node: Node | None = root
    for step in path:
        node = child(node, step) if node is not None else None
    return node


def child(node: Node, step: str) -> Node | None:
    is_folder = step.endswith("/")
    name = step.lstrip("*").rstrip("/").encode()
    if not step.startswith("*"):
        return (node.folders if is_folder else node.files).get(name)
    for pattern in node.patterns:
        values = pattern.segment.match(name) if pattern.segment else None
        if pattern.is_folder == is_folder and pattern.segment is not None and values is not None:
            return pattern if not pattern.segment.fault(values, {}) else None
    return None


@pytest.mark.parametrize(("layout", "path"), list(entries()), ids="".join)
def test_each_entry_of_the_standard_has_its_place(layout: str, path: tuple[str, ...]) -> None:
    node = place(LAYOUTS[layout].root, path)
    assert node is not None
    assert node.need != "forbidden"
    assert node.need == "required" or path[-1].startswith("*") or path[-1] in ("code_pkg/", "debug-output/")


def required(node: Node) -> Iterator[str]:
    for one in node.children():
        if one.need == "required" or one.low:
            yield one.pattern
        yield from required(one)


@pytest.mark.parametrize("name", ["devops-repo", "ml-project", "ml-bucket"])
def test_nothing_is_required_that_the_standard_does_not_name(name: str) -> None:
    named = {place(LAYOUTS[name].root, path) for layout, path in entries() if layout == name}
    assert set(required(LAYOUTS[name].root)) <= {node.pattern for node in named if node is not None}


def node(layout: str, pattern: str) -> Node:
    """Returns a node of a layout by its pattern."""
    found = [LAYOUTS[layout].root]
    for one in found:
        found += one.children()
    return next(one for one in found if one.pattern == pattern)


def test_the_parser_of_the_trees_reads_all_of_them() -> None:
    counts = [sum(layout == name for layout, _ in entries()) for name in ("devops-repo", "ml-project", "ml-bucket")]
    assert counts == [17, 16, 21]


def test_there_are_three_layouts_and_three_for_archives() -> None:
    archives = ["model-archive", "repackaged-archive", "source-archive"]
    assert sorted(LAYOUTS) == sorted([*archives, "devops-repo", "ml-bucket", "ml-project"])
    assert all(layout.about for layout in LAYOUTS.values())


def test_places_are_told_by_what_only_they_have() -> None:
    found = {name: layout.detect for name, layout in LAYOUTS.items() if layout.detect}
    assert found == {
        "devops-repo": (b"packages/", b".projenrc.ts"),
        "ml-bucket": (b"repackage/",),
        "ml-project": (b"mlpipelines/",),
    }


@pytest.mark.parametrize(
    ("layout", "pattern", "attribute", "value"),
    [
        ("ml-project", "data/{sample}/", "max-size", 50 * 1024 * 1024),
        ("ml-project", "data/{sample}/", "opaque", True),
        ("ml-project", "notebooks/*.ipynb", "kind", "notebook"),
        ("ml-project", "mlpipelines/{pipeline}/", "count", "1.."),
        ("ml-project", "mlpipelines/{pipeline}/training_pipeline.ipynb", "kind", "notebook"),
        ("ml-project", "mlpipelines/{pipeline}/pipeline_config.json", "model", "pipeline-config"),
        ("ml-project", "mlpipelines/{pipeline}/pipeline_config.json", "aliases", ("pipeline-config.json",)),
        ("ml-project", "mlpipelines/{pipeline}/code_pkg/", "need", "temporary"),
        ("ml-project", "mlpipelines/{pipeline}/{source_version}/", "count", "1.."),
        ("ml-project", "mlpipelines/{pipeline}/{source_version}/train.py", "kind", "python"),
        ("ml-project", "mlpipelines/{pipeline}/{source_version}/requirements.txt", "kind", "requirements"),
        ("ml-project", "mlpipelines/{pipeline}/{source_version}/model_config.json", "model", "model-config"),
        (
            "ml-project",
            "mlpipelines/{pipeline}/{source_version}/model_config.json",
            "aliases",
            ("model-config.json",),
        ),
        ("ml-project", "mlpipelines/{pipeline}/{source_version}/**", "need", "optional"),
        ("ml-project", "**", "need", "optional"),
        ("devops-repo", "**", "need", "optional"),
        ("devops-repo", "notebooks/{ml-project}/", "layout", "ml-project"),
        ("devops-repo", "packages/infra/src/stacks/", "opaque", True),
        ("devops-repo", "packages/lambda/function/", "aliases", ("functions/",)),
        ("devops-repo", "packages/lambda/function/{function}/src/handler.py", "kind", "python"),
        ("ml-bucket", "data/{data_version}/", "opaque", True),
        ("ml-bucket", "code/{pipeline}/source.tar.gz", "archive", "source-archive"),
        ("ml-bucket", "code/{pipeline}/pipeline_config.json", "model", "pipeline-config"),
        ("ml-bucket", "model/{pipeline}/", "needs", ("code/{pipeline}/source.tar.gz",)),
        ("ml-bucket", "model/", "aliases", ("models/",)),
        ("ml-bucket", "model/{pipeline}/{execution}/output/model.tar.gz", "archive", "model-archive"),
        ("ml-bucket", "model/{pipeline}/{execution}/debug-output/", "opaque", True),
        ("ml-bucket", "repackage/{pipeline}/{time:timestamp}/model.tar.gz", "archive", "repackaged-archive"),
    ],
)
def test_what_the_layouts_say(layout: str, pattern: str, attribute: str, value: object) -> None:
    assert node(layout, pattern).attributes[attribute] == value


@pytest.mark.parametrize(
    ("layout", "folder"),
    [
        ("ml-project", "mlpipelines/"),
        ("ml-project", "notebooks/"),
        ("ml-project", "mlpipelines/{pipeline}/"),
        ("devops-repo", "packages/"),
        ("devops-repo", "packages/infra/"),
        ("devops-repo", "packages/infra/src/"),
        ("devops-repo", "packages/lambda/function/{function}/"),
        ("ml-bucket", "code/{pipeline}/"),
        ("ml-bucket", ""),
    ],
)
def test_folders_of_the_standard_do_not_admit_what_nobody_named(layout: str, folder: str) -> None:
    found = node(layout, folder)
    assert found.rest is None
    files = [one.segment for one in found.patterns if one.segment and not one.is_folder]
    assert not any(segment.match(b"surprise.txt") for segment in files)


def test_a_repackaged_time_must_be_one() -> None:
    (time,) = node("ml-bucket", "repackage/{pipeline}/").patterns
    assert time.segment is not None
    assert time.segment.captures == (("time", BUILT_IN["timestamp"]),)


def test_git_may_keep_an_empty_folder_of_the_standard() -> None:
    for layout, pattern in (("ml-project", "data/"), ("devops-repo", "packages/lambda/function/")):
        assert set(node(layout, pattern).files) >= {b".gitkeep", b".gitignore", b".gitattributes"}


def test_settings_change_sizes_the_models_name_and_close_the_root() -> None:
    found = built_in(max_sample_size="1 GB", model_file="model.safetensors", other_root_entries="forbidden")
    (sample,) = found["ml-project"].root.folders[b"data"].patterns
    assert sample.attributes["max-size"] == 10**9
    assert list(found["model-archive"].root.files) == [b"model.safetensors"]
    assert b"model.safetensors" in found["repackaged-archive"].root.files
    for name in ("ml-project", "devops-repo"):
        rest = found[name].root.rest
        assert rest is not None
        assert rest.need == "forbidden"


def test_archives_hold_what_sagemaker_reads() -> None:
    assert set(LAYOUTS["model-archive"].root.files) == {b"model.pth"}
    assert LAYOUTS["model-archive"].root.rest is None
    assert set(LAYOUTS["repackaged-archive"].root.folders[b"code"].files) == {
        b"inference.py",
        b"requirements.txt",
    }
    names = {b"train.py", b"inference.py", b"requirements.txt", b"model_config.json"}
    assert set(LAYOUTS["source-archive"].root.files) == names
