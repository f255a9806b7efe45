"""`layout-lint new`: what it makes has no finding, nor has a clone of it, and what it refuses leaves no trace."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from tests.acceptance.command import Done, is_harmless, layout_lint, write
from tests.git import Repository

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

PIPELINE = {
    "pipeline_config.json",
    "training_pipeline.ipynb",
    "v1/inference.py",
    "v1/model_config.json",
    "v1/requirements.txt",
    "v1/train.py",
}


@pytest.fixture(autouse=True)
def _state_of_the_test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Outside of git, originals are kept in the user's state folder."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))


@pytest.fixture
def new_project(tmp_path: Path) -> Repository:
    """A project that `new` made, committed; it passes in a clone."""
    require(layout_lint("new", "project", "ncf", cwd=tmp_path))
    return committed(tmp_path / "ncf")


@pytest.mark.parametrize("layout", ["ml-project", "devops-repo"])
def test_a_new_project_has_no_finding_at_once_in_a_commit_and_in_a_clone(tmp_path: Path, layout: str) -> None:
    done = require(layout_lint("new", "project", "ncf", "--layout", layout, cwd=tmp_path))
    assert "git add -- ." in done.out
    assert_clean(tmp_path / "ncf")
    repository = committed(tmp_path / "ncf")
    repository.git("clone", "--quiet", ".", str(tmp_path / "clone"))
    assert_clean(tmp_path / "clone")
    assert files(tmp_path / "clone") == files(tmp_path / "ncf")


def test_a_new_project_has_its_folders_a_pipeline_of_its_name_and_ignores_what_is_temporary(tmp_path: Path) -> None:
    require(layout_lint("new", "project", "ncf", cwd=tmp_path))
    pipeline = {f"mlpipelines/ncf/{name}" for name in PIPELINE}
    assert files(tmp_path / "ncf") == {".gitignore", "data/.gitkeep", "notebooks/.gitkeep", *pipeline}
    assert (tmp_path / "ncf/.gitignore").read_text() == "code_pkg/\n"
    config = json.loads((tmp_path / "ncf/mlpipelines/ncf/pipeline_config.json").read_text())
    assert config["PipelineName"] == "ncf"


def test_its_first_pipeline_and_source_version_can_be_named(tmp_path: Path) -> None:
    words = ("--pipeline", "ranking", "--source-version", "2024", "--name", "sample=ratings")
    require(layout_lint("new", "project", "ncf", *words, cwd=tmp_path))
    assert {"mlpipelines/ranking/2024/train.py", "data/ratings/.gitkeep"} <= files(tmp_path / "ncf")
    assert_clean(tmp_path / "ncf")


@pytest.mark.parametrize(
    ("folder", "pipeline"), [("My Project", "My-Project"), ("modèle_2", "mod-le-2"), ("数据", "unnamed")]
)
def test_a_project_whose_name_suits_no_pipeline_has_one_with_a_name_like_it(
    tmp_path: Path, folder: str, pipeline: str
) -> None:
    require(layout_lint("new", "project", folder, cwd=tmp_path))
    assert os.listdir(tmp_path / folder / "mlpipelines") == [pipeline]
    assert_clean(tmp_path / folder)


@pytest.mark.parametrize("prepare", ["an empty folder", "an empty repository"])
def test_the_empty_folder_that_the_user_is_in_will_do(tmp_path: Path, prepare: str) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    if prepare == "an empty repository":
        Repository(folder)
    require(layout_lint("new", "project", ".", cwd=folder))
    assert "mlpipelines/here/v1/train.py" in files(folder)
    assert_clean(folder)
    committed(folder)
    assert_clean(folder)


def test_without_git_the_folders_survive_a_repository_that_is_made_later(tmp_path: Path) -> None:
    done = require(layout_lint("new", "project", "ncf", "--no-git", cwd=tmp_path))
    assert "git add" not in done.out
    assert not (tmp_path / "ncf/.git").exists()
    assert_clean(tmp_path / "ncf")
    Repository(tmp_path / "ncf").git("clone", "--quiet", "--no-hardlinks", ".", str(tmp_path / "empty"))
    committed(tmp_path / "ncf").git("clone", "--quiet", ".", str(tmp_path / "clone"))
    assert_clean(tmp_path / "clone")


def test_inside_a_repository_a_project_becomes_a_part_of_it(tmp_path: Path) -> None:
    (tmp_path / "mono").mkdir()
    outer = Repository(tmp_path / "mono")
    done = require(layout_lint("new", "project", "ncf", cwd=outer.path))
    assert not (outer.path / "ncf/.git").exists()
    assert "git add -- ncf\n" in done.out
    outer.commit()
    require(layout_lint("new", "pipeline", "ranking", cwd=outer.path / "ncf"))
    outer.commit()
    outer.git("clone", "--quiet", ".", str(tmp_path / "clone"))
    assert layout_lint("check", "ncf", cwd=tmp_path / "clone").code == 0
    assert "mlpipelines/ranking/v1/train.py" in files(tmp_path / "clone/ncf")


def test_where_git_sets_variables_for_a_hook_the_repository_is_still_the_new_one(new_project: Repository) -> None:
    variables = {"GIT_DIR": str(new_project.path / ".git"), "GIT_WORK_TREE": str(new_project.path)}
    above = new_project.path.parent
    require(layout_lint("new", "project", "other", cwd=above, env=variables))
    assert (above / "other/.git/HEAD").is_file()


CALLS = {
    "pipeline ranking": {f"mlpipelines/ranking/{name}" for name in PIPELINE},
    "pipeline ranking --source-version 7": {f"mlpipelines/ranking/{name}".replace("v1", "7") for name in PIPELINE},
    "source-version ncf v2": {f"mlpipelines/ncf/v2/{name[3:]}" for name in PIPELINE if name.startswith("v1/")},
    "source_version mlpipelines/ncf/ v2": {
        f"mlpipelines/ncf/v2/{name[3:]}" for name in PIPELINE if name.startswith("v1/")
    },
    "sample ratings": {"data/ratings/.gitkeep"},
}


@pytest.mark.parametrize("call", CALLS)
def test_a_new_part_has_no_finding_at_once_in_a_commit_and_in_a_clone(new_project: Repository, call: str) -> None:
    before = files(new_project.path)
    done = require(layout_lint("new", *call.split(), cwd=new_project.path))
    made = CALLS[call]
    assert files(new_project.path) - before == made
    assert_clean(new_project.path)
    new_project.git("add", "--", staged(done))
    new_project.git("commit", "--quiet", "--message=more")
    clone = new_project.path.parent / "clone"
    new_project.git("clone", "--quiet", ".", str(clone))
    assert_clean(clone)
    assert made <= files(clone)


def test_paths_are_those_of_the_folder_that_the_user_is_in(new_project: Repository) -> None:
    here = new_project.path / "mlpipelines" / "ncf"
    done = require(layout_lint("new", "source-version", "ncf", "v2", cwd=here))
    assert staged(done) == "v2"
    assert (here / "v2/train.py").is_file()


def test_a_part_can_be_taken_back(new_project: Repository) -> None:
    before = files(new_project.path)
    require(layout_lint("new", "pipeline", "ranking", cwd=new_project.path))
    require(layout_lint("undo", cwd=new_project.path))
    assert files(new_project.path) == before


def test_a_devops_repository_has_functions_and_ml_projects(tmp_path: Path) -> None:
    require(layout_lint("new", "project", "ops", "--layout", "devops-repo", cwd=tmp_path))
    ops = tmp_path / "ops"
    require(layout_lint("new", "function", "start-run", cwd=ops))
    require(layout_lint("new", "ml-project", "recommender", "--pipeline", "ncf", cwd=ops))
    require(layout_lint("new", "pipeline", "recommender", "ranking", cwd=ops))
    require(layout_lint("new", "pipeline", "search", cwd=ops / "notebooks/recommender"))
    made = {f"notebooks/recommender/mlpipelines/{name}/v1/train.py" for name in ("ncf", "ranking", "search")}
    assert {"packages/lambda/function/start-run/src/handler.py", *made} <= files(ops)
    assert_clean(ops)
    committed(ops).git("clone", "--quiet", ".", str(tmp_path / "clone"))
    assert_clean(tmp_path / "clone")


OWN = """\
name: stations
detect: stations/
tree:
  stations/:
    "{weather_station}/":
      LICENSE:
      notes.md: {$template: notes.md}
      "{day:timestamp}/": {$opaque: true}
      "part-{n}.csv": {$count: 2, $template: part.csv}
      "{reading_version:semver}/": {$count: 1.., $opaque: true}
"""


def test_a_layout_of_ones_own_has_its_own_parts_and_templates(tmp_path: Path) -> None:
    layouts = {
        "layout-lint.toml": 'layouts = ["rules/stations.yaml"]\n',
        "rules/stations.yaml": OWN,
        "rules/templates/notes.md": "# ${weather_station}\n",
        "rules/templates/part.csv": "${n},${weather_station}\n",
        "stations/": "",
    }
    write(tmp_path, layouts)
    done = require(layout_lint("new", "weather-station", "north", cwd=tmp_path))
    north = tmp_path / "stations/north"
    assert files(north) == {"notes.md", "part-1.csv", "part-2.csv"}
    assert (north / "1.0.0").is_dir()
    assert (north / "notes.md").read_text() == "# north\n"
    assert (north / "part-2.csv").read_text() == "2,north\n"
    left = done.out.partition("left to you:\n")[2].splitlines()[0]
    assert left == "  stations/north/LICENSE: LL102 file `stations/north/LICENSE` is missing"


REFUSED = {
    "pipeline|my pipeline": "`my pipeline` cannot be the name of a pipeline: it must be ASCII letters",
    "pipeline|modèle": "such as `mod-le`",
    "pipeline|..": "`..` cannot be the name of a pipeline",
    "pipeline|a/b": "`a/b` cannot be the name of a pipeline",
    "pipeline|../../out": "`../../out` cannot be the name of a pipeline",
    "pipeline|.hidden": "such as `hidden`",
    "pipeline|end.": "not end with `.`",
    "pipeline|a\nb": "`a\\nb` cannot be the name of a pipeline",
    "pipeline|": "`` cannot be the name of a pipeline",
    f"pipeline|{'a' * 129}": "it has more than 128 characters (choose a shorter name)",
    "pipeline|ncf": "`mlpipelines/ncf` exists already",
    "pipeline|NCF": "`mlpipelines/NCF` differs from `mlpipelines/ncf` in case only",
    "pipeline|file": "`mlpipelines/file` exists already",
    "pipeline|unseen-1": "git ignores `mlpipelines/unseen-1/",
    "pipeline": "a pipeline takes 1 name, not 0 (write `layout-lint new pipeline NAME`)",
    "pipeline|a|b": "a pipeline takes 1 name, not 2",
    "pipeline|x|--source-version|code_pkg": "the layout means something else by `code_pkg`",
    "pipeline|x|--source-version|a b": "`a b` cannot be the name of a source-version",
    "pipeline|x|--name|pipelin=y": "has no `pipelin` to make (did you mean `pipeline`?)",
    "pipeline|x|--no-git": "`--no-git` is for `new project` only",
    "pipeline|x|--layout|ml-projct": "there is no layout `ml-projct` (did you mean `ml-project`?)",
    "source-version|ncf": "write `layout-lint new source-version PIPELINE NAME`",
    "source-version|ncg|v2": "there is no pipeline `ncg` in `mlpipelines/` (did you mean `ncf`?)",
    "source-version|..|v2": "there is no pipeline `..` in `mlpipelines/`",
    "source-version|ncf/v1|v2": "there is no pipeline `ncf/v1` in `mlpipelines/`",
    "source-version|ncf|v1": "`mlpipelines/ncf/v1` exists already",
    "source-version|ncf|Code_PKG": "the layout means something else by `Code_PKG`",
    "source-version|elsewhere|v1": "there is no pipeline `elsewhere`",
    "pipelnie|x": "has no `pipelnie` to make (did you mean `pipeline`?)",
    "widget|x": "has no `widget` to make (there is `project`, `sample`, `pipeline`, `source-version`)",
    "project|data": "`data` exists already and is no empty folder",
    "project|..": "`..` exists already and is no empty folder",
    "project|elsewhere": "`elsewhere` is a link",
    "project|a/b/c": "make it first",
    "project|x\x1b": "a character that cannot be shown",
    "project|unseen": "git ignores `unseen/",
    "project": "a project takes one folder, not 0",
    "project|a|b": "a project takes one folder, not 2",
    "project|a|--pipeline|x y": "`x y` cannot be the name of a pipeline",
    "project|a|--layout|ml-projct": "there is no layout `ml-projct` (did you mean `ml-project`?)",
}


@pytest.mark.parametrize("call", REFUSED)
def test_a_refusal_is_one_sentence_and_nothing_is_written(new_project: Repository, call: str) -> None:
    outside = new_project.path.parent / "outside"
    outside.mkdir()
    (new_project.path / "elsewhere").symlink_to(outside)
    (new_project.path / "mlpipelines/elsewhere").symlink_to(outside)
    write(new_project.path, {".gitignore": "code_pkg/\nunseen*\n", "mlpipelines/file": ""})
    before = listed(new_project.path.parent)
    done = layout_lint("new", *call.split("|"), cwd=new_project.path)
    assert (done.code, done.out) == (2, ""), done
    assert done.err.startswith("layout-lint: ")
    assert done.err.count("\n") == 1
    assert is_harmless(done.err)
    assert REFUSED[call] in done.err
    assert listed(new_project.path.parent) == before


def test_nothing_is_written_through_a_link(new_project: Repository) -> None:
    outside = new_project.path.parent / "outside"
    outside.mkdir()
    for name in ("mlpipelines", "data"):
        (new_project.path / name).rename(new_project.path.parent / name)
        (new_project.path / name).symlink_to(outside)
    done = layout_lint("new", "sample", "s", "--layout", "ml-project", cwd=new_project.path)
    assert (done.code, "`data` is a link" in done.err) == (2, True), done
    assert not list(outside.iterdir())


def test_a_folder_that_follows_no_layout_is_refused_until_one_is_named(tmp_path: Path) -> None:
    done = layout_lint("new", "pipeline", "ncf", cwd=tmp_path)
    assert (done.code, "follows no layout that can be recognised" in done.err) == (2, True), done
    require(layout_lint("new", "pipeline", "ncf", "--layout", "ml-project", cwd=tmp_path))
    assert files(tmp_path) >= {"mlpipelines/ncf/v1/train.py"}


def require(done: Done) -> Done:
    """Returns what a call left that must have gone well."""
    assert (done.code, done.err) == (0, ""), done
    return done


def committed(folder: Path) -> Repository:
    """Commits everything in a repository and returns it."""
    repository = Repository(folder)
    repository.commit()
    return repository


def assert_clean(folder: Path) -> None:
    """Checks that a check of a folder finds nothing."""
    done = layout_lint("check", ".", cwd=folder)
    assert (done.code, done.err) == (0, ""), done


def files(folder: Path) -> set[str]:
    """Returns the paths of all files below a folder but git's."""
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {path.as_posix() for path in found if ".git" not in path.parts and path.parts[0] != "home"}


def listed(folder: Path) -> dict[str, bytes]:
    """Returns every entry below a folder, with the content of files; git's state of ours is left out."""
    found = {}
    for above, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != "layout-lint"]
        for name in (*folders, *names):
            path = os.path.join(above, name)
            with open(path if os.path.isfile(path) else os.devnull, "rb") as file:
                found[path] = file.read()
    return found


def staged(done: Done) -> str:
    """Returns what the output says that the user shall stage."""
    line = next(line for line in done.out.splitlines() if "git add -- " in line)
    return line.partition("git add -- ")[2]
