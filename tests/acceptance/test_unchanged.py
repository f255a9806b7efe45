"""A target that was found right twice is not looked into again, and whatever changes on it is seen at once."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from layout_lint.__main__ import main
from layout_lint.copies import Copy
from layout_lint.sources import witness
from layout_lint.sources.witness import SETTLED, Witness
from tests.acceptance.command import PROJECT, write
from tests.git import Repository

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TRAIN = "mlpipelines/ncf/v1/train.py"
CONFIG = "mlpipelines/ncf/pipeline_config.json"
TEAM = "name: team\nabout: a team's own\nextends: ml-project\ntree:\n  docs/:\n    index.md: {}\n"

LISTED: list[Any] = []
"""Every folder that this process has listed, since the module was imported."""

sys.addaudithook(lambda event, given: LISTED.append(given) if event == "os.scandir" else None)


@dataclass(frozen=True, slots=True)
class Said:
    """What a check said, and how many folders it listed for that."""

    code: int
    out: str
    err: str
    listed: int

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Said) and (self.code, self.out, self.err) == (other.code, other.out, other.err)

    __hash__ = None  # type: ignore[assignment]


class Place:
    """A project with its own home and its own settings of git."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.path = folder / "project"
        self.home = folder / "home"
        self._capfd = capfd
        write(folder, ["home/", "project/"])
        write(self.path, PROJECT)
        self.repository = Repository(self.path)
        write(self.path, {".gitignore": "*.log\n__pycache__/\n", "mlpipelines/ncf/v1/__pycache__/train.pyc": ""})
        self.repository.commit()
        write(folder, {"mountinfo": "27 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n"})
        patch.setattr("layout_lint.sources.mounts._MOUNTS", str(folder / "mountinfo"))
        patch.chdir(self.path)
        patch.setenv("HOME", str(self.home))
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        for name in [name for name in os.environ if name.startswith("GIT_") and name != "GIT_CONFIG_NOSYSTEM"]:
            patch.delenv(name)
        patch.delenv("XDG_CONFIG_HOME", raising=False)

    def run(self, *words: str) -> Said:
        """Checks the project with what is known of earlier runs."""
        before = len(LISTED)
        self._capfd.readouterr()
        code = main(["check", *words])
        out, err = self._capfd.readouterr()
        return Said(code, out, err, len(LISTED) - before)

    def anew(self, *words: str) -> Said:
        """Checks the project with nothing known of it; plugins and layouts are known all the same."""
        kept = [name for name in os.listdir(self.cache) if name.startswith(("unchanged-", "results-"))]
        aside = self.folder / "aside"
        aside.mkdir(exist_ok=True)
        for name in kept:
            os.replace(os.path.join(self.cache, name), aside / name)
        try:
            return self.run(*words)
        finally:
            for name in kept:
                os.replace(aside / name, os.path.join(self.cache, name))

    @property
    def cache(self) -> str:
        """The folder with what is known."""
        return os.environ["LAYOUT_LINT_CACHE_DIR"]

    def learn(self, *words: str) -> None:
        """Checks until a run lists nothing, which the third one must be at the latest."""
        settle()
        said = [self.run(*words) for _ in range(4)]
        assert [one.code for one in said] == [0] * 4, said[0]
        assert [one.listed for one in said[2:]] == [0, 0]


def settle() -> None:
    """Waits until what has changed so far is told from what will change next."""
    time.sleep(1.2 * SETTLED / 1e9)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Place:
    return Place(tmp_path, monkeypatch, capfd)


@pytest.mark.parametrize("words", [(), ("--select", "LL1"), ("--no-inline",), ("mlpipelines/..",)])
def test_the_third_run_lists_no_folder(words: tuple[str, ...], place: Place) -> None:
    assert place.run(*words).listed > 0
    place.learn(*words)
    assert place.run(*words) == place.anew(*words)


def test_a_plain_folder_is_known_as_well(place: Place) -> None:
    shutil.rmtree(place.path / ".git")
    shutil.rmtree(place.path / "mlpipelines/ncf/v1/__pycache__")
    place.learn()
    assert place.run() == place.anew()
    write(place.path, {"notebooks/notes.txt": ""})
    assert place.run() == place.anew()


def _in_place(path: Path, old: str, new: str) -> None:
    """Changes a file so that its size, its inode and the time of its last change stay what they were."""
    assert len(old) == len(new)
    stamp = path.stat()
    with path.open("r+b") as file:
        content = file.read().replace(old.encode(), new.encode())
        file.seek(0)
        file.write(content)
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))


def _replaced(path: Path, content: str) -> None:
    beside = path.with_name("beside")
    beside.write_text(content)
    shutil.copystat(path, beside)
    beside.replace(path)


def _linked(path: Path, to: str) -> None:
    path.unlink()
    path.symlink_to(to)


def _git(place: Place, *words: str) -> None:
    place.repository.git(*words)


def _other_patterns(place: Place) -> None:
    write(place.path, {".git/other": "!__pycache__/\n.gitignore\n"})
    _git(place, "config", "core.excludesFile", str(place.path / ".git/other"))
    _in_place(place.path / ".gitignore", "__pycache__/", "__pycache_ /")


def _settings_of_git(place: Place) -> None:
    write(place.home, {".gitconfig": f"[core]\nexcludesFile = {place.home}/mine\n", "mine": "*.py\n"})
    write(place.path, {"mlpipelines/ncf/v1/helper.py": "import :(\n"})


def _folder_for_file(place: Place) -> None:
    (place.path / TRAIN).unlink()
    (place.path / TRAIN).mkdir()


CHANGES: dict[str, Callable[[Place], object]] = {
    "a file goes": lambda at: (at.path / TRAIN).unlink(),
    "a file comes": lambda at: write(at.path, {"notebooks/notes.txt": ""}),
    "a file comes where only ignored ones were": lambda at: write(at.path, {"mlpipelines/ncf/notes.txt": ""}),
    "a file is renamed": lambda at: (at.path / TRAIN).rename(at.path / "mlpipelines/ncf/v1/Train.py"),
    "a folder goes": lambda at: shutil.rmtree(at.path / "notebooks"),
    "a folder is renamed": lambda at: (at.path / "mlpipelines/ncf/v1").rename(at.path / "mlpipelines/ncf/v 1"),
    "a file gets a mistake": lambda at: _in_place(at.path / TRAIN, "import os", "import :("),
    "a config gets a mistake": lambda at: _in_place(at.path / CONFIG, '"PipelineName"', "'PipelineName'"),
    "a file is replaced by one like it": lambda at: _replaced(at.path / CONFIG, "{'PipelineName': 'ncf-training'}\n"),
    "a file becomes a link": lambda at: _linked(at.path / TRAIN, "/dev/null"),
    "a file becomes a folder": _folder_for_file,
    "a file may not be read": lambda at: (at.path / TRAIN).chmod(0),
    "the index goes": lambda at: (at.path / ".git/index").unlink(),
    "a file is no more tracked": lambda at: _git(at, "rm", "--quiet", "--cached", TRAIN),
    "nothing is a repository": lambda at: shutil.rmtree(at.path / ".git"),
    "a pattern no more ignores": lambda at: write(at.path, {".gitignore": "*.log\n"}),
    "a pattern beside it no more ignores": lambda at: write(at.path, {"mlpipelines/.gitignore": "!__pycache__/\n"}),
    "a pattern of the repository no more ignores": lambda at: write(
        at.path, {".gitignore": "*.log\n", ".git/info/exclude": ""}
    ),
    "git is told of another file with patterns": _other_patterns,
    "the user gets settings of git": _settings_of_git,
    "settings come": lambda at: write(at.path, {"layout-lint.toml": 'layout = "devops-repo"\n'}),
    "settings select more": lambda at: write(at.path, {"layout-lint.toml": 'ignore = ["LL9"]\n[[ignores]]\n'}),
    "a layout of the team comes": lambda at: write(
        at.path, {"layout-lint.toml": 'layout = "team"\nlayouts = ["team.yaml"]\n', "team.yaml": TEAM}
    ),
    "a baseline comes": lambda at: write(
        at.path, {"layout-lint.toml": 'baseline = "known.json"\n', "known.json": "{}"}
    ),
    "nothing": lambda _: None,
    "what git ignores comes": lambda at: write(at.path, {"notebooks/some.log": ""}),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_changes_is_seen_at_once(change: str, place: Place) -> None:
    place.learn()
    CHANGES[change](place)
    expected = place.anew()
    assert place.run() == expected
    assert place.run() == expected


def test_changes_in_settings_and_layouts_are_seen_where_these_were_known(place: Place) -> None:
    settings = 'layout = "team"\nlayouts = ["team.yaml"]\n'
    write(place.path, {"layout-lint.toml": settings, "team.yaml": TEAM, "docs/index.md": ""})
    place.repository.commit()
    place.learn()
    for change in (
        {"team.yaml": TEAM.replace("docs/", "documents/")},
        {
            "team.yaml": TEAM,
            "layout-lint.toml": settings + '[[ignores]]\npath = "x/**"\nrules = ["LL103"]\nreason = "r"\n',
        },
        {"layout-lint.toml": settings + 'ignore = ["LL102"]\n'},
    ):
        write(place.path, change)
        assert place.run() == place.anew(), change


def test_other_options_are_another_check(place: Place) -> None:
    write(place.path, {"mlpipelines/ncf/v1/notes.py": "token = 1\n"})
    place.learn()
    for words in (
        ["--tracked-only"],
        ["--layout", "devops-repo"],
        ["--no-inline"],
        ["--isolated"],
        ["--value", "max-sample-size=1 KiB"],
    ):
        assert place.run(*words) == place.anew(*words), words
    assert place.run("--view", "tree") == place.anew("--view", "tree")
    assert place.run(CONFIG) == place.anew(CONFIG)


def test_what_changed_a_moment_ago_might_change_again_unseen(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for is_settled in (False, True):
        seen = Witness()
        seen.there.append(b"file")
        assert (seen.testify(os.fsencode(tmp_path) + b"/") is not None) is is_settled
        settle()


def test_what_is_wrong_is_not_written_down(place: Place) -> None:
    place.learn()
    write(place.path, {"notebooks/notes.txt": ""})
    settle()
    assert [place.run().code for _ in range(4)] == [1] * 4
    assert all(place.run().listed for _ in range(2))


@pytest.mark.parametrize("end", ["killed", "not started", "as usual"])
def test_a_copy_of_the_process_looks_at_most_of_it(end: str, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def fork() -> int:
        raise BlockingIOError

    monkeypatch.setattr(witness, "_MANY", 2)
    monkeypatch.setattr(witness, "_AHEAD", 0)
    monkeypatch.setattr(witness, "processors", lambda: 2)
    if end == "killed":
        monkeypatch.setattr(Copy, "answer", Copy.end)
    elif end == "not started":
        monkeypatch.setattr(os, "fork", fork)
    place.learn()
    for name in (TRAIN, CONFIG, "notebooks/explore.ipynb", "data/.gitkeep"):
        write(place.path, {name: f"{PROJECT[name]} "})
        assert place.run() == place.anew(), name
        _git(place, "reset", "--quiet", "--hard", "main")
        place.learn()


def test_where_times_cannot_be_relied_on_each_run_looks(place: Place) -> None:
    write(place.folder, {"mountinfo": "27 1 0:40 / / rw,relatime - fuse.s3fs s3fs rw\n"})
    settle()
    assert all(place.run().listed for _ in range(5))


def test_a_pattern_that_is_included_under_a_condition_is_asked_for_each_time(place: Place) -> None:
    write(place.home, {".gitconfig": '[includeIf "onbranch:other"]\npath = other\n'})
    settle()
    assert all(place.run().listed for _ in range(5))


def test_a_repository_in_the_repository_is_looked_at_each_time(place: Place) -> None:
    other = place.path / "mlpipelines/other"
    subprocess.run(["git", "init", "--quiet", other], check=True)
    write(other, {"notes.txt": ""})
    settle()
    assert [place.run().code for _ in range(4)] == [0] * 4
    (other / ".git/HEAD").unlink()
    assert place.run() == place.anew()
    assert place.run().code == 1, "now it is a pipeline without its files"


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_any_changes_in_any_order_are_seen(seed: int, place: Place) -> None:
    """The law: a run that knows what earlier runs saw says what a run says that knows nothing."""
    chance = random.Random(seed)  # noqa: S311 - a choice of cases
    names = [*PROJECT, ".gitignore", "mlpipelines/.gitignore", "notebooks/notes.txt", "mlpipelines/ncf/v1/helper.py"]
    texts = [*PROJECT.values(), "", "*.txt\n", "*.py\n", "import :(\n"]
    for _ in range(12):
        name = chance.choice(names)
        path = place.path / name
        what = chance.choice(["write", "remove", "stage", "commit", "restore", "rest"])
        if what == "write":
            write(place.path, {name: chance.choice(texts)})
        elif what == "remove" and path.exists():
            path.unlink()
        elif what == "stage":
            _git(place, "add", "--all")
        elif what == "commit":
            place.repository.commit()
        elif what == "restore":
            _git(place, "reset", "--quiet", "--hard", "main")
        if chance.random() < 0.7:
            settle()
        for _ in range(chance.randrange(1, 4)):
            assert place.run() == place.anew(), (seed, what, name)
