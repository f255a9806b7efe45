"""A repository with something of everything, edits of all kinds for it, and exact pictures of a tree."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from typing import TYPE_CHECKING

from layout_lint.model.edit import AddLine, CreateFile, CreateFolder, Edit, Rename, ReplaceBytes, Untrack
from tests.git import ENVIRONMENT, Repository

if TYPE_CHECKING:
    from pathlib import Path

Picture = tuple[dict[str, tuple[str, int, bytes]], bytes]
"""Kind, mode and content of every entry, and what git lists of its index."""

FILES = {
    ".gitignore": "*.tmp\n",
    "README.md": "read me\n",
    "data/one/sample.csv": "1,2\n",
    "mlpipelines/Ncf/pipeline-config.json": '{"a": 1,}\n',
    "mlpipelines/Ncf/Train.py": "print('ä')\r\nprint(2)\r\n",
    "mlpipelines/Ncf/v1/train.py": "import this\n",
    "mlpipelines/Ncf/v1/model_config.json": '{"n": 1, "m": true}',
    "mlpipelines/Ncf/code_pkg/source.tar.gz": "packed",
    "mlpipelines/Ncf/code_pkg/x/y": "packed too",
    "mlpipelines/train.py": "",
    "run.sh": "#!/bin/sh\n",
    "only/here/alone.txt": "alone",
    "notes/a": "a",
    "notes/b": "b",
}

EDITS: tuple[Edit, ...] = (
    ReplaceBytes("mlpipelines/Ncf/pipeline-config.json", 7, 8, b",", b""),
    ReplaceBytes("mlpipelines/Ncf/v1/model_config.json", 6, 7, b"1", b'"1"'),
    ReplaceBytes("mlpipelines/Ncf/v1/model_config.json", 14, 18, b"true", b'"true"'),
    ReplaceBytes("run.sh", 0, 0, b"", b"# first\n"),
    AddLine("run.sh", "exit 0"),
    AddLine(".gitignore", "code_pkg/"),
    AddLine("notes/.gitignore", "/keep"),
    CreateFolder("notebooks/"),
    CreateFolder("empty/"),
    CreateFile("mlpipelines/Ncf/v1/inference.py", b"def model_fn(): ...\n"),
    CreateFile("mlpipelines/Ncf/v2/deep/er/train.py", b"import this\n"),
    CreateFile("mlpipelines/Ncf/v2/deep/er/empty.py", b""),
    Untrack("mlpipelines/Ncf/code_pkg/"),
    Untrack("data/one/sample.csv"),
    Rename("mlpipelines/Ncf/pipeline-config.json", "mlpipelines/Ncf/pipeline_config.json"),
    Rename("mlpipelines/Ncf/Train.py", "mlpipelines/Ncf/train.py"),
    Rename("mlpipelines/train.py", "mlpipelines/Ncf/v3/train.py"),
    Rename("mlpipelines/Ncf/", "mlpipelines/ncf/"),
    Rename("notes/a", "notes/c"),
    Rename("notes/b", "notes/a"),
    CreateFile("notes/b", b"b"),
    Rename("untracked.txt", "mlpipelines/ncf/v2/untracked.txt"),
    Rename("link", "other-link"),
    Rename("only/here/alone.txt", "moved.txt"),
)


def make(path: Path) -> None:
    """Makes the repository, with a link, an empty folder, modes and untracked files."""
    path.mkdir(parents=True)
    repository = Repository(path)
    shutil.rmtree(path / ".git/hooks")
    repository.write(FILES)
    (path / "run.sh").chmod(0o755)
    (path / "mlpipelines/Ncf/v1/model_config.json").chmod(0o640)
    (path / "only/here").chmod(0o750)
    (path / "link").symlink_to("README.md")
    repository.commit()
    (path / "README.md").write_text("staged\n")
    repository.git("add", "README.md")
    (path / "README.md").write_text("not staged\n")
    (path / "empty").mkdir()
    (path / "untracked.txt").write_text("mine")
    (path / "mlpipelines/Ncf/ignored.tmp").write_text("mine too")


def picture(path: Path) -> Picture:
    """Returns all of a work tree but `.git`, and what is in git's index; git's lock must be free."""
    found: dict[str, tuple[str, int, bytes]] = {}
    for folder, folders, files in os.walk(path):
        folders[:] = [name for name in folders if name != ".git"]
        for name in (*folders, *files):
            entry = os.path.join(folder, name)
            found[os.path.relpath(entry, path)] = _entry(entry)
    if not (path / ".git").is_dir():
        return found, b""
    assert not (path / ".git/index.lock").exists()
    return found, _listed((path / ".git/index").read_bytes(), path)


def _entry(path: str) -> tuple[str, int, bytes]:
    mode = os.lstat(path).st_mode
    if stat.S_ISLNK(mode):
        return "link", 0, os.fsencode(os.readlink(path))
    if stat.S_ISDIR(mode):
        return "folder", stat.S_IMODE(mode), b""
    with open(path, "rb") as file:
        return "file", stat.S_IMODE(mode), file.read()


_LISTED: dict[bytes, bytes] = {}


def _listed(index: bytes, path: Path) -> bytes:
    """Returns what git lists; equal bytes are asked for once, as pictures are taken a thousand times."""
    if index not in _LISTED:
        environment = {**os.environ, **ENVIRONMENT}
        command = ["git", "ls-files", "--stage", "-v", "-z"]
        _LISTED[index] = subprocess.run(command, cwd=path, env=environment, capture_output=True, check=True).stdout
    return _LISTED[index]
