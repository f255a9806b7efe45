"""Names that people and programs do give to files: judged like others, shown so that no terminal obeys them."""

from __future__ import annotations

import json
import os
import re
import sys
from typing import TYPE_CHECKING

import pytest

from tests.acceptance.command import PROJECT, is_harmless, layout_lint, write

if TYPE_CHECKING:
    from pathlib import Path

    from tests.git import Repository

NAMES = {
    "newline": b"a\nLL101 error: not real\n.txt",
    "carriage return": b"a\rclean",
    "escape": b"\x1b[2J\x1b]0;title\x07.txt",
    "tab and backspace": b"a\tb\x08\x08.txt",
    "C1 control": "a\x9b31m.txt".encode(),
    "right-to-left mark": "\u202etxt.exe".encode(),
    "isolate": "\u2066a\u2069.txt".encode(),
    "line separator": "a\u2028b.txt".encode(),
    "zero width": "trai\u200bn.py".encode(),
    "no UTF-8": b"caf\xe9.txt",
    "cut UTF-8": b"\xf0\x9f\x98.txt",
    "255 bytes": b"n" * 251 + b".txt",
    "quotes": b"`\"'$(rm).txt",
    "backslash": b"a\\n\\x1b.txt",
    "a lone dash": b"-",
    "option": b"--help",
    "percent": b"%s%n%d.txt",
    "braces": b"{pipeline}.txt",
    "space": b" ",
    "combining": ("a" + "\u0301" * 60 + ".txt").encode(),
}
linux = pytest.mark.skipif(sys.platform != "linux", reason="needs a file system that takes any bytes")


@linux
@pytest.mark.parametrize("way", ["tracked", "untracked", "plain"])
def test_strange_names_are_judged_and_shown_harmless(way: str, project: Repository) -> None:
    for name in NAMES.values():
        with open(os.path.join(os.fsencode(project.path), b"notebooks", name), "wb"):
            pass
    if way == "tracked":
        project.git("add", "--all")
    elif way == "plain":
        (project.path / ".git").rename(project.path.parent / "gone")
    for format_ in ("text", "concise", "grouped", "json"):
        done = layout_lint("check", "--output-format", format_, cwd=project.path)
        assert (done.code, done.err) == (1, "")
        assert is_harmless(done.out)
    assert is_harmless(layout_lint("check", "--view", "tree", cwd=project.path).out)
    found = [(one["code"], one["path"]) for one in json.loads(done.out)["findings"]]
    assert sorted(found) == sorted(("LL103", f"notebooks/{_in_json(name)}") for name in NAMES.values())


def _in_json(name: bytes) -> str:
    """Returns a name as the JSON output has it: a byte that is no UTF-8 as four characters."""
    return name.decode("utf-8", "backslashreplace")


@linux
def test_all_of_them_in_every_folder_of_the_layout(project: Repository) -> None:
    root = os.fsencode(project.path)
    folders = [b"", b"data", b"mlpipelines", b"mlpipelines/ncf", b"mlpipelines/ncf/v1"]
    for folder in folders:
        for name in NAMES.values():
            os.makedirs(os.path.join(root, folder, name, b"below"), exist_ok=True)
            with open(os.path.join(root, folder, name, b"below", name), "wb"):
                pass
    project.git("add", "--all")
    for words in ([], ["check", "--view", "tree", "--color", "always"]):
        done = layout_lint(*words, cwd=project.path)
        assert (done.code, done.err) == (1, "")
        assert is_harmless(re.sub(r"\x1b\[[0-9;]*m", "", done.out)), "only our own colours"


@linux
def test_the_checked_folder_itself_may_have_such_a_name(tmp_path: Path) -> None:
    for name in (b"a\x1b[31m\n\xff", "\u202eflip".encode()):
        root = os.path.join(os.fsencode(tmp_path), name)
        os.mkdir(root)
        write(tmp_path / os.fsdecode(name), [path for path in PROJECT if not path.startswith("data/")])
        for words in ([], [b"--output-format", b"json"], [b"--view", b"tree"]):
            done = layout_lint("check", "--select", "LL101", root, *words, cwd=tmp_path)
            assert (done.code, done.err) == (1, "")
            assert is_harmless(done.out)


def test_a_path_of_many_folders(project: Repository) -> None:
    deep = project.path / "notebooks"
    way = "/".join(["d"] * 400)
    os.makedirs(deep / way)
    (deep / way / "x").touch()
    done = layout_lint("check", "--output-format", "concise", cwd=project.path)
    assert (done.code, done.err) == (1, "")
    assert done.out.startswith("notebooks/d/: LL103 ")


def test_names_that_differ_in_case_only(project: Repository) -> None:
    write(project.path, ["mlpipelines/NCF/readme.txt"])
    project.git("update-index", "--add", "--cacheinfo", "100644,e69de29bb2d1d6434b8b29ae775ad8c2e48c5391,Data/x")
    done = layout_lint("check", "--tracked-only", "--output-format", "concise", cwd=project.path)
    assert done.code == 1
    assert "LL115" in done.out or "LL104" in done.out
