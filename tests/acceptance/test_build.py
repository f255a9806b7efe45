"""``layout-lint build``: what it writes, what it says, and what it leaves alone."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.acceptance.command import PROJECT, SCRIPT, Done, environment, is_harmless, layout_lint, write
from tests.git import Repository

if TYPE_CHECKING:
    from collections.abc import Callable

ARCHIVE = "mlpipelines/ncf/code_pkg/source.tar.gz"
V1 = "mlpipelines/ncf/v1"


@pytest.fixture
def ignoring(project: Repository) -> Repository:
    """The clean project, with `code_pkg/` in `.gitignore`, everything committed."""
    project.write({".gitignore": "code_pkg/\n"})
    project.commit()
    return project


def build(where: Repository | Path, *words: str) -> Done:
    done = layout_lint("build", *words, cwd=where.path if isinstance(where, Repository) else where)
    assert is_harmless(done.out + done.err)
    return done


def second(repository: Repository, version: str) -> None:
    shutil.copytree(repository.path / V1, repository.path / "mlpipelines/ncf" / version)
    (repository.path / "mlpipelines/ncf" / version / "train.py").write_text("2\n")


def test_it_builds_the_one_source_version_and_says_what_it_is(ignoring: Repository) -> None:
    done = build(ignoring)
    made = ignoring.path / ARCHIVE
    with tarfile.open(made) as opened:
        assert opened.getnames() == ["inference.py", "model_config.json", "requirements.txt", "train.py"]
    first, identity, sha256 = done.out.splitlines()
    assert (done.code, done.err) == (0, "")
    assert first == f"built {ARCHIVE} from {V1}/ (4 files, {made.stat().st_size:,} bytes)"
    assert sha256 == f"  sha256   {hashlib.sha256(made.read_bytes()).hexdigest()}"
    assert len(identity.removeprefix("  identity ")) == 64
    assert ignoring.git("status", "--porcelain") == b""
    assert os.listdir(made.parent) == [made.name]


def test_the_project_is_clean_after_it(ignoring: Repository) -> None:
    build(ignoring)
    assert layout_lint("check", cwd=ignoring.path).code == 0


def test_a_clone_on_another_day_by_another_user_builds_the_same(ignoring: Repository, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    ignoring.git("clone", "--quiet", str(ignoring.path), str(clone))
    before = os.umask(0o077)
    try:
        said = [build(ignoring), build(clone / "mlpipelines")]
    finally:
        os.umask(before)
    assert said[0] == said[1]
    assert (clone / ARCHIVE).read_bytes() == (ignoring.path / ARCHIVE).read_bytes()


WHAT = {
    "": ["new.py"],
    "--all": ["__pycache__/train.pyc", "new.py"],
    "--tracked-only": [],
}


@pytest.mark.parametrize("option", WHAT)
def test_what_goes_in(option: str, ignoring: Repository) -> None:
    ignoring.write({".gitignore": "code_pkg/\n__pycache__/\n", f"{V1}/new.py": "", f"{V1}/__pycache__/train.pyc": ""})
    assert build(ignoring, *filter(None, [option])).code == 0
    with tarfile.open(ignoring.path / ARCHIVE) as opened:
        assert [
            name for name in opened.getnames() if name not in os.listdir(ignoring.path / V1) or name == "new.py"
        ] == (WHAT[option])


def test_several_source_versions_need_a_word(ignoring: Repository) -> None:
    for name in ("v2", "v10"):
        second(ignoring, name)
    done = build(ignoring)
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "layout-lint: `mlpipelines/ncf/` has 3 source versions: `v1`, `v2`, `v10`"
        " (say which with `--source-version NAME`)\n"
    )
    assert build(ignoring, "--source-version", "v10").out.startswith(f"built {ARCHIVE} from mlpipelines/ncf/v10/ ")


def test_pipelines_are_named_by_name_or_path_and_all_are_built_else(ignoring: Repository) -> None:
    shutil.copytree(ignoring.path / "mlpipelines/ncf", ignoring.path / "mlpipelines/als")
    assert build(ignoring, "als").out.count("built ") == 1
    assert build(ignoring.path / "mlpipelines", "als/").out.count("built ") == 1
    assert not (ignoring.path / ARCHIVE).exists()
    assert build(ignoring, "mlpipelines/als", "als").out.count("built ") == 1
    assert build(ignoring).out.count("built ") == 2


def test_either_all_are_built_or_none(ignoring: Repository) -> None:
    shutil.copytree(ignoring.path / "mlpipelines/ncf", ignoring.path / "mlpipelines/als")
    (ignoring.path / V1 / "link.py").symlink_to("/etc/passwd")
    done = build(ignoring)
    assert (done.code, done.out) == (1, "")
    assert f"`{V1}/link.py` is a link that cannot be followed" in done.err
    assert not list(ignoring.path.glob("mlpipelines/*/code_pkg"))


@pytest.mark.parametrize("in_the_way", ["mlpipelines/ncf/code_pkg", ARCHIVE + "/folder"])
def test_where_one_cannot_be_placed_no_other_is(in_the_way: str, ignoring: Repository) -> None:
    shutil.copytree(ignoring.path / "mlpipelines/ncf", ignoring.path / "mlpipelines/als")
    ignoring.write({in_the_way: ""})
    done = build(ignoring)
    assert (done.code, done.out) == (1, "")
    assert not (ignoring.path / "mlpipelines/als/code_pkg").exists()
    ignoring.write({"mlpipelines/als/code_pkg/source.tar.gz": "old"})
    assert build(ignoring).code == 1
    assert os.listdir(ignoring.path / "mlpipelines/als/code_pkg") == ["source.tar.gz"]
    assert (ignoring.path / "mlpipelines/als/code_pkg/source.tar.gz").read_text() == "old"


def killed(repository: Repository, *words: str) -> list[str]:
    """Kills a build while it writes; returns what is in the folders of archives then."""
    process = subprocess.Popen(
        [SCRIPT, "build", *words], cwd=repository.path, env=environment(), stdout=subprocess.PIPE
    )
    with process:
        while not (left := [path for path in repository.path.glob("mlpipelines/*/code_pkg/.*") if path.stat().st_size]):
            assert process.poll() is None, "it was done before it could be killed"
        process.kill()
    return [path.name for path in left]


@pytest.mark.parametrize("pipelines", [["ncf"], ["ncf", "als"]])
def test_what_a_killed_build_has_left_is_removed_by_the_next(ignoring: Repository, pipelines: list[str]) -> None:
    (ignoring.path / V1 / "large.bin").write_bytes(os.urandom(90_000_000))
    if "als" in pipelines:
        shutil.copytree(ignoring.path / "mlpipelines/ncf", ignoring.path / "mlpipelines/als")
    assert killed(ignoring, *pipelines)
    (ignoring.path / V1 / "large.bin").unlink()
    shutil.rmtree(ignoring.path / "mlpipelines/als", ignore_errors=len(pipelines) == 1)
    assert build(ignoring).code == 0
    assert os.listdir(ignoring.path / ARCHIVE.rpartition("/")[0]) == ["source.tar.gz"]


def test_a_check_removes_it_too_unless_a_build_is_at_work(ignoring: Repository) -> None:
    build(ignoring)
    folder = ignoring.path / ARCHIVE.rpartition("/")[0]
    others = {".source.tar.gz.mine", "..hidden", ".other.tar.gz.0123456789abcdef"}
    for name in (*others, left := ".source.tar.gz.0123456789abcdef"):
        (folder / name).write_text("half")
    handle = os.open(ignoring.path, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_SH)
    assert build(ignoring, "--check").code == 0
    assert left in os.listdir(folder)
    os.close(handle)
    assert build(ignoring, "--check").code == 0
    assert {*os.listdir(folder)} == {*others, "source.tar.gz"}


def _code_pkg_elsewhere(repository: Repository) -> None:
    (repository.path / "elsewhere").mkdir()
    (repository.path / "mlpipelines/ncf/code_pkg").symlink_to("../../elsewhere")


MISTAKES: dict[str, tuple[Callable[[Repository], object], int, str]] = {
    "ncx": (lambda _: None, 2, "there is no pipeline `ncx` with a source version (did you mean `ncf`?)"),
    "--source-version v3": (lambda _: None, 2, "has no source version `v3` (there is `v1`)"),
    "--all --tracked-only": (lambda _: None, 2, "exclude each other"),
    "--max-size much": (lambda _: None, 2, "`--max-size`: `much` is no size"),
    "--max-size 0": (lambda _: None, 2, "nothing fits into 0 bytes"),
    "--max-size 100B": (lambda _: None, 1, f"`{V1}/` holds more than 100 B, `{V1}/train.py` alone 316 bytes"),
    "--layout ml-projet": (lambda _: None, 2, "did you mean `ml-project`?"),
    "--layout model-archive": (lambda _: None, 2, "there is nothing to build"),
    "ncf": (
        lambda one: one.git("rm", "--quiet", f"{V1}/train.py", f"{V1}/requirements.txt"),
        1,
        f"`{V1}/train.py` is missing, and the archive must hold it",
    ),
    "ncf/": (
        lambda one: one.git("mv", f"{V1}/model_config.json", f"{V1}/model-config.json"),
        1,
        f"`{V1}/model-config.json` must be called `{V1}/model_config.json` in the archive (rename it)",
    ),
    "mlpipelines/ncf": (_code_pkg_elsewhere, 1, "is no folder, so no archive can be put into it"),
    "--isolated": (lambda one: one.write({V1.replace("v1", "code_pkg"): ""}), 1, "is no folder"),
}


@pytest.mark.parametrize("call", MISTAKES)
def test_what_stands_against_it_is_said_and_nothing_is_written(call: str, ignoring: Repository) -> None:
    act, code, said = MISTAKES[call]
    act(ignoring)
    before = sorted(ignoring.path.rglob("*"))
    done = build(ignoring, *call.split())
    assert (done.code, done.out) == (code, ""), done
    assert said in done.err
    assert [path for path in sorted(ignoring.path.rglob("*")) if ".git/" not in str(path)] == [
        path for path in before if ".git/" not in str(path)
    ]


def test_all_that_is_missing_is_named(ignoring: Repository) -> None:
    ignoring.git("rm", "--quiet", f"{V1}/train.py", f"{V1}/requirements.txt")
    assert build(ignoring).err.count("is missing") == 2


def test_it_says_where_git_would_take_the_archive_in(project: Repository) -> None:
    done = build(project)
    assert done.code == 0
    assert done.err == (
        f"layout-lint: `{ARCHIVE}` is built and git does not ignore it (add `code_pkg/` to `.gitignore`)\n"
    )
    assert not (project.path / ".gitignore").exists()
    project.add(ARCHIVE.encode())
    assert f"must not be committed (take it out of the index with `git rm --cached {ARCHIVE}`)" in build(project).err


def test_a_plain_folder_is_built_without_a_word_about_git(tmp_path: Path, ignoring: Repository) -> None:
    write(tmp_path / "plain", PROJECT)
    done = build(tmp_path / "plain")
    assert (done.code, done.err) == (0, "")
    build(ignoring)
    assert (tmp_path / "plain" / ARCHIVE).read_bytes() == (ignoring.path / ARCHIVE).read_bytes()


def test_projects_inside_a_repository_are_built_too(tmp_path: Path) -> None:
    files = {f"notebooks/churn/{name}": text for name, text in PROJECT.items()}
    write(tmp_path / "devops", {**files, "packages/infra/src/main.ts": "", ".gitignore": "code_pkg/\n"})
    repository = Repository(tmp_path / "devops")
    repository.commit()
    assert build(repository).out.startswith(f"built notebooks/churn/{ARCHIVE} from notebooks/churn/{V1}/ ")


def test_a_teams_layout_says_what_is_built_where_and_how_large_it_may_be(ignoring: Repository) -> None:
    ignoring.write(
        {
            "layout-lint.toml": 'layout = "ours"\nlayouts = ["ours.yaml"]\n',
            "ours.yaml": (
                "name: ours\nextends: ml-project\ntree:\n  mlpipelines/:\n"
                "    '{pipeline}/':\n      dist/: {$need: temporary}\n"
                "      '{source_version}/': {$builds: source-archive at dist/code.tar.gz, $max-size: 9 kB}\n"
            ),
        }
    )
    assert build(ignoring).out.startswith(f"built mlpipelines/ncf/dist/code.tar.gz from {V1}/ ")
    ignoring.write({f"{V1}/large.txt": "x" * 9000})
    assert f"`{V1}/` holds more than 9 KB" in build(ignoring).err


class TestCheck:
    @pytest.mark.checkout
    def test_it_is_a_hook(self, ignoring: Repository) -> None:
        hooks = yaml.safe_load((Path(__file__).parents[2] / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
        (hook,) = (one for one in hooks if one["id"] == "layout-lint-build")
        assert hook["pass_filenames"] is False
        build(ignoring)
        assert layout_lint(*hook["entry"].split()[1:], cwd=ignoring.path).code == 0
        ignoring.write({f"{V1}/new.py": ""})
        assert layout_lint(*hook["entry"].split()[1:], cwd=ignoring.path).code == 1

    def test_what_is_not_built_need_not_be_current_unless_it_is_named(self, ignoring: Repository) -> None:
        assert build(ignoring, "--check") == Done(0, "", "")
        assert build(ignoring, "--check", "ncf") == Done(1, f"{ARCHIVE} is not built\n", "")

    def test_a_repository_without_pipelines_has_nothing_to_check(self, tmp_path: Path) -> None:
        write(tmp_path, ("packages/infra/src/main.ts",))
        assert build(tmp_path, "--check") == Done(0, "", "")

    def test_it_tells_what_building_would_change(self, ignoring: Repository) -> None:
        build(ignoring)
        assert build(ignoring, "--check") == Done(0, f"{ARCHIVE} is current with {V1}/\n", "")
        ignoring.write({f"{V1}/new.py": "", f"{V1}/train.py": "changed\n"})
        ignoring.git("mv", f"{V1}/inference.py", f"{V1}/old.py")
        ignoring.git("mv", f"{V1}/old.py", f"{V1}/inference.py")
        ignoring.git("update-index", "--chmod=+x", f"{V1}/inference.py")
        assert build(ignoring, "--check") == Done(
            1,
            f"{ARCHIVE} is not current with {V1}/\n"
            "  changed inference.py: mode 0755\n  added new.py\n  changed train.py\n"
            "  build it anew: `layout-lint build mlpipelines/ncf`\n",
            "",
        )
        (ignoring.path / V1 / "new.py").unlink()
        assert build(ignoring).code == 0
        assert build(ignoring, "--check").code == 0

    def test_it_writes_nothing(self, ignoring: Repository) -> None:
        build(ignoring)
        ignoring.write({f"{V1}/train.py": "changed\n"})
        before = (ignoring.path / ARCHIVE).read_bytes()
        assert build(ignoring, "--check").code == 1
        assert (ignoring.path / ARCHIVE).read_bytes() == before

    def test_with_several_source_versions_one_of_them_must_be_in_it(self, ignoring: Repository) -> None:
        second(ignoring, "v2")
        build(ignoring, "--source-version", "v2")
        assert build(ignoring, "--check").out == f"{ARCHIVE} is current with mlpipelines/ncf/v2/\n"
        assert build(ignoring, "--check", "--source-version", "v1").code == 1
        ignoring.write({"mlpipelines/ncf/v2/new.py": ""})
        assert build(ignoring, "--check") == Done(
            1,
            f"{ARCHIVE} is not current with mlpipelines/ncf/v2/, the nearest of 2 source versions\n  added new.py\n"
            "  build it anew: `layout-lint build --source-version v2 mlpipelines/ncf`\n",
            "",
        )

    def test_how_the_archive_was_packed_does_not_count(self, ignoring: Repository) -> None:
        (ignoring.path / ARCHIVE).parent.mkdir()
        command = ["tar", "-czf", ARCHIVE, "--mode=u+rw,go+r", "-C", V1, "."]
        subprocess.run(command, cwd=ignoring.path, check=True)
        assert build(ignoring, "--check").code == 0

    @pytest.mark.parametrize(
        ("content", "said"),
        [(b"", "it ends too early"), (b"PK", "not packed with gzip"), (None, "it cannot be read")],
    )
    def test_what_cannot_be_read_is_not_current(self, content: bytes | None, said: str, ignoring: Repository) -> None:
        made = ignoring.path / ARCHIVE
        made.parent.mkdir()
        if content is None:
            made.symlink_to("nowhere")
        else:
            made.write_bytes(content)
        done = build(ignoring, "--check")
        assert (done.code, done.err) == (1, "")
        assert said in done.out

    def test_a_folder_that_cannot_be_built_is_not_current(self, ignoring: Repository) -> None:
        build(ignoring)
        (ignoring.path / V1 / "link.py").symlink_to("/etc/passwd")
        done = build(ignoring, "--check")
        assert done.code == 1
        assert "link.py" in done.err
