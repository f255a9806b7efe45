"""The fixes of the rules about structure: what they do to a tree, and what is then left to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from layout_lint.api import AddLine, CopyKey, CreateFile, CreateFolder, Finding, Rename, Untrack
from layout_lint.testing import File, check_tree
from tests.git import Repository
from tests.rules.applying import carried_out

if TYPE_CHECKING:
    from pathlib import Path

    from layout_lint.api import Edit

VERSION = ["train.py", "inference.py", "requirements.txt", "model_config.json"]
PROJECT = {
    "data/.gitkeep": b"",
    "notebooks/.gitkeep": b"",
    "mlpipelines/ncf/training_pipeline.ipynb": b"",
    "mlpipelines/ncf/pipeline_config.json": b"",
    **{f"mlpipelines/ncf/v1/{name}": name.encode() for name in VERSION},
}
"""An ML project whose structure is right; what its files hold does not matter here."""


def found(tree: dict[str, bytes], layout: str = "ml-project", *, bucket: bool = False) -> list[Finding]:
    """Returns what the rules about structure say of a git repository, or of a bucket."""
    return check_tree(tree, layout, settings='select = ["LL1"]\n', git=not bucket, bucket=bucket).findings


def changed(
    *, without: tuple[str, ...] = (), renamed: dict[str, str] | None = None, **added: bytes
) -> dict[str, bytes]:
    """Returns the project without some paths, with others renamed, and with some on top."""
    tree = {path: data for path, data in PROJECT.items() if not path.startswith(without or ("//",))}
    for old, new in (renamed or {}).items():
        tree = {new + path.removeprefix(old) if path.startswith(old) else path: data for path, data in tree.items()}
    return {**tree, **added}


MENDED = [
    ("LL101", changed(without=("data/",)), [CreateFolder("data/")]),
    ("LL112", {**changed(without=("data/",)), "data/": b""}, [CreateFolder("data/")]),
    (
        "LL104",
        changed(renamed={"mlpipelines/ncf/pipeline_config.json": "mlpipelines/ncf/pipeline-config.json"}),
        [Rename("mlpipelines/ncf/pipeline-config.json", "mlpipelines/ncf/pipeline_config.json")],
    ),
    (
        "LL104",
        changed(renamed={"mlpipelines/ncf/v1/train.py": "mlpipelines/ncf/v1/Train.py"}),
        [Rename("mlpipelines/ncf/v1/Train.py", "mlpipelines/ncf/v1/train.py")],
    ),
    ("LL104", changed(renamed={"mlpipelines/": "ml_pipelines/"}), [Rename("ml_pipelines/", "mlpipelines/")]),
    (
        "LL107",
        {**PROJECT, "mlpipelines/ncf/code_pkg/source.tar.gz": b"x"},
        [Untrack("mlpipelines/ncf/code_pkg/"), AddLine(".gitignore", "code_pkg/")],
    ),
]


@pytest.mark.parametrize(("code", "tree", "edits"), MENDED)
def test_a_safe_fix_leaves_nothing_to_say(code: str, tree: dict[str, bytes], edits: list[Edit]) -> None:
    (finding,) = found(tree)
    assert finding.code == code
    assert finding.fix is not None
    assert finding.fix.safe
    assert list(finding.fix.edits) == edits
    after = carried_out(tree, [finding.fix])
    assert found(after) == []
    untouched = [one for one in tree.values() if one and one != b"x"]
    assert sorted(untouched) == sorted(one for path, one in after.items() if one and path != ".gitignore")


def test_a_temporary_folder_that_git_does_not_ignore_is_added_to_gitignore() -> None:
    tree = {**PROJECT, "mlpipelines/ncf/code_pkg/source.tar.gz": File(b"", staged=False)}
    (finding,) = check_tree(tree, git=True, settings='select = ["LL108"]\n').findings
    assert finding.fix is not None
    assert (finding.fix.safe, finding.fix.edits) == (True, (AddLine(".gitignore", "code_pkg/"),))


@pytest.mark.parametrize("name", ["code_pkg", "#x", "!x", "a*[b]?", "back\\slash", "x ", "x\ny", "[", "\t", "été"])
@pytest.mark.parametrize("end", ["", "/z"])
def test_a_line_of_gitignore_stands_for_just_that_name(name: str, end: str, tmp_path: Path) -> None:
    layout = f"name: it\ntree:\n  '*{'/' if end else ''}': {{$need: temporary}}\n"
    tree = {f"{name}{end}": File(b"", staged=False)}
    (finding,) = check_tree(tree, "it", git=True, layouts=[layout], settings='select = ["LL108"]\n').findings
    assert finding.fix is not None
    (edit,) = finding.fix.edits
    assert isinstance(edit, AddLine)
    repository = Repository(tmp_path)
    others = {f"{one}{end}" for one in ("other", f"{name}x", "aa[b]c")}
    repository.write({**dict.fromkeys([*tree, *others], ""), ".gitignore": f"{edit.line}\n"})
    seen = repository.git("ls-files", "-z", "--others", "--exclude-standard").decode().split("\0")
    assert {*filter(None, seen)} == {".gitignore", *others}


UNSAFE = [
    (
        "a near miss that is another word",
        changed(renamed={"mlpipelines/ncf/v1/train.py": "mlpipelines/ncf/v1/trainer.py"}),
        [Rename("mlpipelines/ncf/v1/trainer.py", "mlpipelines/ncf/v1/train.py")],
    ),
    (
        "a file in the wrong folder, and one place for it",
        changed(renamed={"mlpipelines/ncf/v1/train.py": "mlpipelines/ncf/train.py"}),
        [Rename("mlpipelines/ncf/train.py", "mlpipelines/ncf/v1/train.py")],
    ),
    (
        "two folders up",
        changed(renamed={"mlpipelines/ncf/v1/inference.py": "mlpipelines/inference.py"}),
        [Rename("mlpipelines/inference.py", "mlpipelines/ncf/v1/inference.py")],
    ),
    (
        "scratch folders are no source version",
        {
            **changed(renamed={"mlpipelines/ncf/v1/train.py": "mlpipelines/ncf/train.py"}),
            "mlpipelines/ncf/.cache/x": b"",
        },
        [Rename("mlpipelines/ncf/train.py", "mlpipelines/ncf/v1/train.py")],
    ),
]


@pytest.mark.parametrize(("tree", "edits"), [one[1:] for one in UNSAFE], ids=[one[0] for one in UNSAFE])
def test_an_unsafe_fix(tree: dict[str, bytes], edits: list[Edit]) -> None:
    (fix,) = [one.fix for one in found(tree) if one.code in ("LL104", "LL105") and one.fix]
    assert not fix.safe
    assert list(fix.edits) == edits
    assert [one.code for one in found(carried_out(tree, [fix]))] == ["LL103"] * any(".cache" in path for path in tree)


def test_what_the_layout_names_otherwise_is_no_source_version() -> None:
    tree = changed(renamed={"mlpipelines/ncf/v1/train.py": "mlpipelines/ncf/train.py"})
    findings = found({**tree, "mlpipelines/ncf/code_pkg/source.tar.gz": b""})
    moves = [one.fix.edits for one in findings if one.code == "LL105" and one.fix]
    assert moves == [(Rename("mlpipelines/ncf/train.py", "mlpipelines/ncf/v1/train.py"),)]


def test_no_starter_is_made_while_the_file_waits_to_be_moved() -> None:
    tree = changed(renamed={"mlpipelines/ncf/v1/train.py": "mlpipelines/ncf/train.py"})
    assert {one.code: one.fix for one in found(tree)}["LL102"] is None


NONE = [
    (
        "two source versions, and either could be the place",
        {**changed(renamed={"mlpipelines/ncf/v1/train.py": "mlpipelines/ncf/train.py"}), "mlpipelines/ncf/v2/x": b""},
        "LL105",
    ),
    ("the place is taken", {**PROJECT, "mlpipelines/ncf/train.py": b""}, "LL105"),
    (
        "no source version",
        {**changed(without=("mlpipelines/ncf/v1/",)), "mlpipelines/ncf/train.py": b""},
        "LL105",
    ),
    ("the right name is taken", {**PROJECT, "mlpipelines/ncf/pipeline-config.json": b""}, "LL104"),
    ("nobody knows what it is for", {**PROJECT, "mlpipelines/notes.txt": b""}, "LL103"),
]


@pytest.mark.parametrize(("tree", "code"), [one[1:] for one in NONE], ids=[one[0] for one in NONE])
def test_no_fix(tree: dict[str, bytes], code: str) -> None:
    fixes = [one.fix for one in found(tree) if one.code == code]
    assert fixes == [None]


def test_what_is_missing_is_made_round_by_round() -> None:
    tree = {"mlpipelines/ncf/v1/train.py": b"mine"}
    rounds = 0
    while fixes := [one.fix for one in found(tree) if one.fix]:
        tree, rounds = carried_out(tree, fixes), rounds + 1
    assert (rounds, tree.keys(), tree["mlpipelines/ncf/v1/train.py"]) == (1, PROJECT.keys(), b"mine")
    assert found(tree) == []


def test_folders_in_folders_are_made_round_by_round() -> None:
    tree: dict[str, bytes] = {".projenrc.ts": b"mine"}
    for _ in range(5):
        tree = carried_out(tree, [one.fix for one in found(tree, "devops-repo") if one.fix])
    assert found(tree, "devops-repo") == []
    assert "packages/infra/src/stacks/.gitkeep" in tree
    assert b"aws-cdk-lib" in tree["packages/infra/src/main.ts"]


def test_a_file_without_a_template_has_no_fix() -> None:
    layout = "name: it\ntree:\n  a: {$kind: x}\n  b/:\n"
    findings = check_tree(["b/"], "it", layouts=[layout]).findings
    assert [(one.code, one.fix) for one in findings] == [("LL102", None)]


def test_in_a_bucket_names_are_changed_by_unsafe_fixes_only() -> None:
    tree = {"models/ncf/run-1/output/model.tar.gz": b"", "code/ncf/source-v6.tar.gz": b""}
    fixes = {one.path: one.fix for one in found(tree, "ml-bucket", bucket=True) if one.code == "LL104"}
    assert {path: fix and (fix.safe, fix.edits) for path, fix in fixes.items()} == {
        "models/": (False, (CopyKey("models/", "model/"),)),
        "code/ncf/source-v6.tar.gz": (False, (CopyKey("code/ncf/source-v6.tar.gz", "code/ncf/source.tar.gz"),)),
    }


def test_looking_for_the_place_counts_no_entry_twice() -> None:
    tree = changed(renamed={"mlpipelines/ncf/v1/train.py": "mlpipelines/ncf/train.py"})
    seen = check_tree(tree, git=True, settings='select = ["LL105"]\n').seen
    assert seen == check_tree(tree, git=True, settings='select = ["LL103"]\n').seen


def test_a_pipelines_new_config_holds_its_name() -> None:
    tree = changed(renamed={"mlpipelines/ncf/": "mlpipelines/my_movies/"})
    del tree["mlpipelines/my_movies/pipeline_config.json"]
    (finding,) = found(tree)
    assert finding.fix is not None
    (edit,) = finding.fix.edits
    assert isinstance(edit, CreateFile)
    assert b'"PipelineName": "my-movies"' in edit.content
    assert b"/code/my_movies/source.tar.gz" in edit.content
