"""The hook as the project ships it, run by the real pre-commit on real repositories."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.acceptance.command import PROJECT, Done, environment, layout_lint, write
from tests.git import Repository

pytestmark = [pytest.mark.slow, pytest.mark.checkout]
ROOT = Path(__file__).parents[2]
SETTINGS = """repos:
- repo: {hooks}
  rev: {commit}
  hooks:
  - id: layout-lint
"""


class Hooked(Repository):
    """A repository that pins the hook, with the hook installed for its commits.

    Args:
        path: the folder.
        hooks: the repository of the hook, as `.pre-commit-config.yaml` names it.
        home: where pre-commit keeps the environments that it builds.
    """

    def __init__(self, path: Path, hooks: Repository, home: Path) -> None:
        super().__init__(path)
        self._home = home
        commit = hooks.git("rev-parse", "HEAD").decode().strip()
        self.write({".pre-commit-config.yaml": SETTINGS.format(hooks=hooks.path, commit=commit)})
        assert self.run(sys.executable, "-m", "pre_commit", "install", "--install-hooks").code == 0

    def run(self, *command: str, cwd: Path | None = None) -> Done:
        """Runs a command here, as a person at a shell would; says all that it wrote as its output."""
        done = subprocess.run(
            command,
            cwd=cwd or self.path,
            env=environment(PRE_COMMIT_HOME=str(self._home), PRE_COMMIT_COLOR="never"),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert "Traceback" not in done.stdout, done.stdout
        return Done(done.returncode, done.stdout, "")

    def try_commit(self, *words: str, cwd: Path | None = None) -> Done:
        """Runs `git commit` with the hook."""
        return self.run("git", "commit", "--message=some", *words, cwd=cwd)

    def count(self) -> int:
        """Returns how many commits there are."""
        return len(self.git("rev-list", "--all").split())


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """A repository with the files of the checkout, committed."""
    path = tmp_path_factory.mktemp("hooks")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        check=True,
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, path / name)
    repository = Repository(path)
    repository.commit()
    return repository


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pre-commit keeps the hook's environment, which is built once."""
    return tmp_path_factory.mktemp("pre-commit")


@pytest.fixture
def repository(tmp_path: Path, hooks: Repository, home: Path) -> Hooked:
    """A clean ML project that pins the hook; everything staged, nothing committed."""
    root = tmp_path / "project"
    write(root, PROJECT)
    made = Hooked(root, hooks, home)
    made.git("add", "--all")
    return made


@pytest.fixture
def committed(repository: Hooked) -> Hooked:
    """The same with a first commit."""
    assert repository.try_commit().code == 0
    return repository


@pytest.fixture(autouse=True)
def _no_git_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)


def test_the_first_commit_of_a_clean_repository_passes(repository: Hooked) -> None:
    done = repository.try_commit()
    assert done.code == 0, done.out
    assert "layout-lint" in done.out
    assert "Passed" in done.out
    assert repository.count() == 1


def test_findings_fail_the_first_commit_and_are_shown(repository: Hooked) -> None:
    repository.git("rm", "--cached", "--quiet", "mlpipelines/ncf/v1/train.py")
    done = repository.try_commit()
    assert done.code == 1
    assert "- exit code: 1" in done.out
    assert "mlpipelines/ncf/v1/train.py  LL102 missing-file" in done.out
    assert repository.run("git", "rev-parse", "--verify", "--quiet", "HEAD").code == 1, "there is no commit"


def test_an_untracked_file_never_satisfies_a_rule(committed: Hooked) -> None:
    (committed.path / "mlpipelines/ncf/v2").mkdir()
    for name in ("inference.py", "model_config.json", "requirements.txt", "train.py"):
        shutil.copy(committed.path / "mlpipelines/ncf/v1" / name, committed.path / "mlpipelines/ncf/v2")
    committed.git("add", "mlpipelines/ncf/v2")
    committed.git("rm", "--cached", "--quiet", "mlpipelines/ncf/v2/train.py")
    done = committed.try_commit()
    assert done.code == 1
    assert "mlpipelines/ncf/v2/train.py  LL102" in done.out
    assert (committed.path / "mlpipelines/ncf/v2/train.py").is_file()
    committed.git("add", "mlpipelines/ncf/v2/train.py")
    assert committed.try_commit().code == 0


def test_an_untracked_file_is_not_held_against_a_commit(committed: Hooked) -> None:
    write(committed.path, ["notebooks/notes.txt"])
    done = committed.try_commit("--allow-empty")
    assert done.code == 0, done.out


def test_a_commit_that_only_deletes_passes_no_files_and_is_checked(committed: Hooked) -> None:
    committed.git("rm", "--quiet", "mlpipelines/ncf/v1/inference.py")
    done = committed.try_commit()
    assert done.code == 1
    assert "mlpipelines/ncf/v1/inference.py  LL102" in done.out
    assert "no files to check" not in done.out


def test_only_the_contents_of_the_committed_files_are_looked_at(committed: Hooked) -> None:
    config = committed.path / "mlpipelines/ncf/pipeline_config.json"
    config.write_text("{}")
    committed.git("commit", "--quiet", "--no-verify", "--all", "--message=wrong")
    (committed.path / "README.md").write_text("# Project\n")
    committed.git("add", "README.md")
    assert committed.try_commit().code == 0
    config.write_text("[]")
    committed.git("add", "--all")
    done = committed.try_commit()
    assert done.code == 1
    assert "mlpipelines/ncf/pipeline_config.json:1:1" in done.out


def test_commit_all_takes_what_it_would_commit(committed: Hooked) -> None:
    (committed.path / "mlpipelines/ncf/v1/train.py").unlink()
    done = committed.try_commit("--all")
    assert done.code == 1
    assert "mlpipelines/ncf/v1/train.py  LL102" in done.out


def test_commit_of_one_path_looks_at_that_commit_and_not_at_what_is_staged(committed: Hooked) -> None:
    write(committed.path, {"notebooks/notes.txt": "", "README.md": "# Project\n"})
    committed.git("add", "notebooks/notes.txt", "README.md")
    done = committed.try_commit("--only", "README.md")
    assert done.code == 0, done.out
    done = committed.try_commit()
    assert done.code == 1
    assert "notebooks/notes.txt  LL103" in done.out


def test_unstaged_changes_play_no_part(committed: Hooked) -> None:
    (committed.path / "mlpipelines/ncf/v1/train.py").unlink()
    write(committed.path, {"README.md": "# Project\n"})
    committed.git("add", "README.md")
    assert committed.try_commit().code == 0
    assert not (committed.path / "mlpipelines/ncf/v1/train.py").exists()


def test_a_linked_worktree(committed: Hooked, tmp_path: Path) -> None:
    committed.git("worktree", "add", "--quiet", "-b", "other", str(tmp_path / "linked"))
    linked = tmp_path / "linked"
    assert committed.try_commit("--allow-empty", cwd=linked).code == 0
    (linked / "mlpipelines/ncf/v1/train.py").unlink()
    done = committed.try_commit("--all", cwd=linked)
    assert done.code == 1
    assert "mlpipelines/ncf/v1/train.py  LL102" in done.out
    assert (committed.path / "mlpipelines/ncf/v1/train.py").exists()


def test_a_subfolder_of_the_repository(committed: Hooked) -> None:
    committed.git("rm", "--quiet", "mlpipelines/ncf/v1/train.py")
    done = committed.try_commit(cwd=committed.path / "notebooks")
    assert done.code == 1
    assert "mlpipelines/ncf/v1/train.py  LL102" in done.out


def test_a_submodule(committed: Hooked, tmp_path: Path) -> None:
    (tmp_path / "outer").mkdir()
    outer = Repository(tmp_path / "outer")
    outer.git("submodule", "--quiet", "add", str(committed.path), "project")
    inside = outer.path / "project"
    assert committed.run(sys.executable, "-m", "pre_commit", "install", cwd=inside).code == 0
    assert committed.try_commit("--allow-empty", cwd=inside).code == 0
    (inside / "mlpipelines/ncf/v1/train.py").unlink()
    done = committed.try_commit("--all", cwd=inside)
    assert done.code == 1
    assert "mlpipelines/ncf/v1/train.py  LL102" in done.out


def test_a_mistake_in_the_settings_fails_the_commit(committed: Hooked) -> None:
    write(committed.path, {"layout-lint.toml": 'layuot = "ml-project"\n'})
    committed.git("add", "layout-lint.toml")
    done = committed.try_commit()
    assert done.code == 1
    assert "- exit code: 2" in done.out
    assert "did you mean `layout`?" in done.out


@pytest.fixture
def fixing(committed: Hooked) -> Hooked:
    """The same with the hook that fixes, before the one that checks."""
    config = committed.path / ".pre-commit-config.yaml"
    config.write_text(
        config.read_text().replace("  - id: layout-lint\n", "  - id: layout-lint-fix\n  - id: layout-lint\n")
    )
    committed.git("add", ".pre-commit-config.yaml")
    assert committed.try_commit().code == 0
    return committed


def test_the_hook_that_fixes_passes_where_there_is_nothing_to_fix(fixing: Hooked) -> None:
    done = fixing.try_commit("--allow-empty")
    assert done.code == 0, done.out
    assert "no findings" not in done.out


def test_the_hook_that_fixes_fails_and_says_what_to_stage(fixing: Hooked) -> None:
    write(fixing.path, {"README.md": "# Project\n"})
    fixing.git("add", "README.md")
    fixing.git("rm", "-r", "--quiet", "data")
    config = fixing.path / "mlpipelines/ncf/pipeline_config.json"
    config.write_text('{"PipelineName": "ncf-training",}\n')
    fixing.git("add", str(config))
    fixing.git("mv", "mlpipelines/ncf/v1/train.py", "mlpipelines/ncf/v1/Train.py")
    done = fixing.try_commit()
    assert done.code == 1
    assert "fixed  data/  LL101 create the folder `data/`" in done.out
    assert config.read_text() == '{"PipelineName": "ncf-training"}\n'
    command = next(line.strip() for line in done.out.splitlines() if line.strip().startswith("git add -- "))
    assert command == "git add -- data/.gitkeep mlpipelines/ncf/pipeline_config.json"
    fixing.git(*command.split()[1:])
    before = fixing.count()
    done = fixing.try_commit()
    assert done.code == 0, done.out
    assert fixing.count() == before + 1
    assert fixing.git("status", "--porcelain") == b""


def test_the_hook_that_fixes_keeps_unstaged_work(fixing: Hooked) -> None:
    config = fixing.path / "mlpipelines/ncf/pipeline_config.json"
    config.write_text('{"PipelineName": "ncf-training",}\n')
    fixing.git("add", str(config))
    (fixing.path / "mlpipelines/ncf/v1/train.py").write_text("import os  # not done yet\n")
    done = fixing.try_commit()
    assert done.code == 1
    assert config.read_text() == '{"PipelineName": "ncf-training"}\n'
    assert (fixing.path / "mlpipelines/ncf/v1/train.py").read_text() == "import os  # not done yet\n"


def test_the_hook_that_compares_archives_fails_until_they_are_built_anew(committed: Hooked) -> None:
    config = committed.path / ".pre-commit-config.yaml"
    config.write_text(config.read_text() + "  - id: layout-lint-build\n")
    write(committed.path, {".gitignore": "code_pkg/\n"})
    committed.git("add", "--all")
    assert committed.try_commit().code == 0, "nothing is built, so nothing is old"
    assert layout_lint("build", cwd=committed.path).code == 0
    train = committed.path / "mlpipelines/ncf/v1/train.py"
    train.write_text(train.read_text() + "# changed\n")
    committed.git("add", str(train))
    done = committed.try_commit()
    assert done.code == 1
    assert (
        "mlpipelines/ncf/code_pkg/source.tar.gz is not current with mlpipelines/ncf/v1/\n  changed train.py" in done.out
    )
    command = next(line for line in done.out.splitlines() if "build it anew: " in line).split("`")[1]
    assert layout_lint(*command.split()[1:], cwd=committed.path).code == 0
    done = committed.try_commit()
    assert done.code == 0, done.out
    assert "is current" not in done.out, "a hook that passes says nothing more"
    assert committed.git("status", "--porcelain") == b""


def test_run_on_all_files(committed: Hooked) -> None:
    done = committed.run(sys.executable, "-m", "pre_commit", "run", "--all-files")
    assert done.code == 0, done.out


def test_try_repo(committed: Hooked, hooks: Repository) -> None:
    command = (sys.executable, "-m", "pre_commit", "try-repo", str(hooks.path), "layout-lint", "--verbose")
    done = committed.run(*command)
    assert done.code == 0, done.out
    assert "no findings in 9 entries of ml-project" in done.out
    committed.git("rm", "--quiet", "-r", "data")
    done = committed.run(*command)
    assert done.code == 1
    assert "data/  LL101 missing-folder" in done.out
