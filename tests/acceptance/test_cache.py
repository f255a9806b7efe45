"""The memory of earlier runs saves time and changes no result, whatever state it is in."""

from __future__ import annotations

import marshal
import os
import shutil
import subprocess
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from layout_lint import cache
from tests.acceptance.command import SCRIPT, environment, layout_lint, python, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.acceptance.command import Done
    from tests.git import Repository

SETTINGS = 'layout = "ml-project"\nlayouts = ["team.yaml"]\nignore = ["LL112"]\n'
TEAM = "name: team\nabout: a team's own\ntree:\n  a/: {}\n"


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that is in order and holds all that a run needs."""
    return tmp_path_factory.mktemp("good")


@pytest.fixture
def flawed(project: Repository) -> Repository:
    """A project with settings, a layout of its own and one finding, LL103 notebooks/notes.txt."""
    write(project.path, {"notebooks/notes.txt": "", "layout-lint.toml": SETTINGS, "team.yaml": TEAM})
    return project


def check(repository: Repository, cache_folder: Path | str) -> Done:
    done = layout_lint("check", cwd=repository.path, env={"LAYOUT_LINT_CACHE_DIR": str(cache_folder)})
    assert done.err == ""
    return done


def _flip(data: bytes) -> bytes:
    return bytes(byte ^ 0x10 if at % 7 == 0 else byte for at, byte in enumerate(data))


def _foreign(body: bytes) -> bytes:
    return cache._HEADER + zlib.crc32(body).to_bytes(4, "big") + body


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "truncated": lambda data: data[: len(data) * 2 // 3],
    "a bit flipped at every 7th byte": _flip,
    "of another version": lambda data: data.replace(b"layout-lint cache ", b"layout-lint cache 9", 1),
    "marshal of something else": lambda _: _foreign(marshal.dumps((b"", ("x", 1)))),
}
NOT_OURS = {
    "empty": b"",
    "text": b"hello\n" * 1000,
    "a number": _foreign(marshal.dumps(42)),
    "three things": _foreign(marshal.dumps((b"made from", 1, 2))),
    "of other bytes": _foreign(marshal.dumps((b"made of", 1))),
    "ends early": _foreign(marshal.dumps(("a" * 99,))[:20]),
    "no type": _foreign(b"\x00\xff"),
    "no header": marshal.dumps((b"made from", 1)),
}


@pytest.mark.parametrize("how", DAMAGE)
def test_a_damaged_cache_changes_nothing(how: str, flawed: Repository, good: Path, tmp_path: Path) -> None:
    before = check(flawed, good)
    assert (before.code, "LL103" in before.out) == (1, True)
    shutil.copytree(good, tmp_path / "cache")
    kept = list((tmp_path / "cache").iterdir())
    assert len(kept) >= 3, "plugins, settings and layouts"
    for file in kept:
        file.write_bytes(DAMAGE[how](file.read_bytes()))
    assert check(flawed, tmp_path / "cache") == before


@pytest.mark.parametrize("held", NOT_OURS.values(), ids=NOT_OURS)
def test_what_was_not_kept_for_these_bytes_is_not_believed(
    held: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAYOUT_LINT_CACHE_DIR", str(tmp_path))
    cache.store("some", b"made from", 1)
    (file,) = tmp_path.iterdir()
    file.write_bytes(held)
    assert cache.load("some", b"made from") is None


def test_each_place_of_a_file_may_be_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAYOUT_LINT_CACHE_DIR", str(tmp_path))
    cache.store("some", b"made from", ("value", 1, [2, 3]))
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()
    for at in range(len(whole)):
        for wrong in (whole[:at], whole[:at] + bytes([whole[at] ^ 0x40]) + whole[at + 1 :]):
            file.write_bytes(wrong)
            assert cache.load("some", b"made from") is None
    file.write_bytes(whole)
    assert cache.load("some", b"made from") == ("value", 1, [2, 3])
    assert cache.load("some", b"made from else") is None


def test_values_of_other_bytes_with_the_same_name_are_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAYOUT_LINT_CACHE_DIR", str(tmp_path))
    cache.store("some", b"plumless", 1)
    (file,) = tmp_path.iterdir()
    assert zlib.crc32(b"plumless") == zlib.crc32(b"buckeroo"), "two words with one checksum"
    assert cache.load("some", b"buckeroo") is None
    assert file.name in os.listdir(tmp_path)


@pytest.mark.parametrize("place", ["", "file", "file/below", "no\udcffutf8", "relative"])
def test_a_cache_that_cannot_be_written_changes_nothing(
    place: str, flawed: Repository, good: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    expected = check(flawed, good)
    folder = place if place in ("", "relative") else os.path.join(tmp_path, place)
    before = sorted(os.listdir(flawed.path))
    assert check(flawed, folder) == expected
    assert sorted(os.listdir(flawed.path)) == before, "nothing is written into what is checked"
    assert (tmp_path / "file").read_bytes() == b""


def test_a_folder_without_permission_changes_nothing(flawed: Repository, good: Path, tmp_path: Path) -> None:
    expected = check(flawed, good)
    (tmp_path / "closed").mkdir(mode=0o500)
    assert check(flawed, tmp_path / "closed") == expected


def test_a_home_without_a_cache_folder(flawed: Repository, good: Path, tmp_path: Path) -> None:
    expected = check(flawed, good)
    shown = environment(HOME=str(tmp_path / "home"))
    del shown["LAYOUT_LINT_CACHE_DIR"]
    done = subprocess.run([SCRIPT, "check"], cwd=flawed.path, env=shown, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (expected.code, expected.out)
    assert (tmp_path / "home").exists()


def test_many_runs_at_once(flawed: Repository, good: Path, tmp_path: Path) -> None:
    expected = check(flawed, good)
    with ThreadPoolExecutor(4) as pool:
        for done in pool.map(lambda _: check(flawed, tmp_path / "cache"), range(8)):
            assert done == expected
    assert not [name for name in os.listdir(tmp_path / "cache") if name.count(".")], "no file is left half-written"


def test_changed_settings_are_seen_at_once(flawed: Repository, tmp_path: Path) -> None:
    assert check(flawed, tmp_path / "cache").code == 1
    write(flawed.path, {"layout-lint.toml": SETTINGS.replace("LL112", "LL103")})
    assert check(flawed, tmp_path / "cache").code == 0
    write(flawed.path, {"layout-lint.toml": SETTINGS})
    assert check(flawed, tmp_path / "cache").code == 1


def test_a_changed_layout_is_seen_at_once(flawed: Repository, tmp_path: Path) -> None:
    write(flawed.path, {"layout-lint.toml": SETTINGS.replace("ml-project", "team")})
    assert "LL101" in check(flawed, tmp_path / "cache").out
    stamp = (flawed.path / "team.yaml").stat()
    write(flawed.path, {"team.yaml": TEAM.replace("a/", "data/").replace("about: a", "about:")})
    os.utime(flawed.path / "team.yaml", ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert "LL101" not in check(flawed, tmp_path / "cache").out


def test_changed_contents_are_seen_at_once(project: Repository, tmp_path: Path) -> None:
    big = project.path / "data/sample/big.csv"
    write(
        project.path, {"layout-lint.toml": '[values]\nmax-sample-size = "1 KiB"\n', "data/sample/big.csv": "x" * 1000}
    )
    assert check(project, tmp_path / "cache").code == 0
    big.write_text("x" * 2000)
    assert "LL111" in check(project, tmp_path / "cache").out


PLUGIN = """
from layout_lint.api import Present, Problem, rule

@rule("TEAM001", "greets", on=Present, having="folder", severity="info")
def greets(event, context):
    '''Greets.'''
    if event.path == "data/":
        yield Problem("{greeting}")
"""


def _install(site: Path, greeting: str, name: str = "team") -> None:
    write(
        site,
        {
            f"{name}_rules.py": PLUGIN.format(greeting=greeting).replace("TEAM", name.upper()[:4]),
            f"{name}_rules-1.0.dist-info/METADATA": f"Metadata-Version: 2.1\nName: {name}-rules\nVersion: 1.0\n",
            f"{name}_rules-1.0.dist-info/entry_points.txt": f"[layout_lint]\n{name} = {name}_rules\n",
        },
    )


def test_plugins_that_come_change_and_go_are_seen_at_once(project: Repository, tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    code = "import sys; sys.path.insert(0, sys.argv.pop(1)); from layout_lint.__main__ import main; sys.exit(main())"

    def run() -> Done:
        env = {"LAYOUT_LINT_CACHE_DIR": str(tmp_path / "cache"), "PYTHONDONTWRITEBYTECODE": "1"}
        return python(code, str(site), cwd=project.path, env=env)

    assert run().out == run().out == "no findings in 8 entries of ml-project\n"
    _install(site, "hello")
    assert "TEAM001 greets\n" in run().out
    assert "hello" in run().out
    _install(site, "good morning")
    assert "good morning" in run().out
    stamp = time.time() + 10
    _install(site, "good evening")
    os.utime(site / "team_rules.py", (stamp, stamp))
    assert "good evening" in run().out, "of the same length"
    (site / "team_rules-1.0.dist-info/entry_points.txt").unlink()
    (site / "team_rules-1.0.dist-info/METADATA").unlink()
    (site / "team_rules-1.0.dist-info").rmdir()
    (site / "team_rules.py").unlink()
    assert run().out == "no findings in 8 entries of ml-project\n"
