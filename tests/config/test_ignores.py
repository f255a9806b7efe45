"""Patterns for paths; git itself is the authority on what one matches."""

from __future__ import annotations

import subprocess
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layout_lint.config.ignores import fault, matches

if TYPE_CHECKING:
    from pathlib import Path

YES, NO = True, False


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        # Without a slash: at every depth.
        ("old.ipynb", "old.ipynb", YES),
        ("old.ipynb", "notebooks/a/old.ipynb", YES),
        ("old.ipynb", "very-old.ipynb", NO),
        ("*.ipynb", "notebooks/a/old.ipynb", YES),
        (".*", "a/.hidden", YES),
        ("*", "a/.hidden", YES),
        # With a slash in front or within: from the settings' folder.
        ("/old.ipynb", "old.ipynb", YES),
        ("/old.ipynb", "notebooks/old.ipynb", NO),
        ("notebooks/old.ipynb", "notebooks/old.ipynb", YES),
        ("notebooks/old.ipynb", "x/notebooks/old.ipynb", NO),
        # What matches a folder matches what is below it.
        ("legacy", "legacy/", YES),
        ("legacy", "legacy/a/b.py", YES),
        ("legacy", "x/legacy/a/b.py", YES),
        ("legacy", "legacy2/a", NO),
        # A slash at the end: a folder.
        ("legacy/", "legacy/", YES),
        ("legacy/", "x/legacy/a", YES),
        ("legacy/", "legacy", NO),
        # Stars.
        ("mlpipelines/*/code_pkg", "mlpipelines/a/code_pkg/", YES),
        ("mlpipelines/*/code_pkg", "mlpipelines/a/b/code_pkg/", NO),
        ("mlpipelines/*", "mlpipelines/", NO),
        ("mlpipelines/**/code_pkg", "mlpipelines/code_pkg/", YES),
        ("mlpipelines/**/code_pkg", "mlpipelines/a/b/code_pkg/x", YES),
        ("mlpipelines/**", "mlpipelines/", NO),
        ("mlpipelines/**", "mlpipelines/a", YES),
        ("**/train.py", "train.py", YES),
        ("**/train.py", "a/b/train.py", YES),
        ("a**b", "a/b", NO),
        # Single characters and sets.
        ("v?", "v1", YES),
        ("v?", "v10", NO),
        ("a?b", "a/b", NO),
        ("v[0-9]", "v7", YES),
        ("v[!0-9]", "v7", NO),
        ("v[^0-9]", "vx", YES),
        ("v[]-]", "v]", YES),
        ("v[a/]", "v/", NO),
        ("a[!b]b", "a/b", NO),
        ("a[+-9]b", "a/b", NO),
        # Literal characters.
        ("Train.py", "train.py", NO),
        ("a.py", "axpy", NO),
        (r"\*", "*", YES),
        (r"\*", "a", NO),
        (r"\!a", "!a", YES),
        ("{a,b}", "a", NO),
        ("new\nline", "x/new\nline", YES),
        ("a*", "x/a\nb", YES),
        ("é?", "éé", YES),
    ],
)
def test_pattern(pattern: str, path: str, expected: bool) -> None:
    assert matches(pattern, path) is expected


PARTS = [
    "a",
    "b",
    "*",
    "?",
    "**",
    "[ab]",
    "[!a]",
    "[^b]",
    "[]a]",
    r"\*",
    r"\a",
    ".",
    "-",
    "[a-b]",
    "[b-a]",
    "[--b-]",
]
SEGMENT = st.one_of(st.just("**"), st.lists(st.sampled_from(PARTS), min_size=1, max_size=4).map("".join))
PATTERN = st.builds(
    lambda front, segments, end: front + "/".join(segments) + end,
    st.sampled_from(["", "/"]),
    st.lists(SEGMENT, min_size=1, max_size=4),
    st.sampled_from(["", "/"]),
).filter(lambda pattern: not fault(pattern))
PATHS = st.lists(st.text("ab.*-]", min_size=1, max_size=3), min_size=1, max_size=4)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("repository")
    subprocess.run(["git", "init", "-q", folder], check=True)
    return folder


@given(PATTERN, st.lists(PATHS.map("/".join), min_size=10, max_size=40))
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], deadline=None)
def test_git_agrees(repository: Path, pattern: str, paths: list[str]) -> None:
    names = {path for path in paths if not {".", ".."} & set(path.split("/"))}
    (repository / ".gitignore").write_text(pattern + "\n")
    said = subprocess.run(
        ["git", "-c", "core.excludesFile=", "check-ignore", "--no-index", "-z", "--stdin"],
        cwd=repository,
        input="\0".join(sorted(names)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert not said.stderr
    assert {path for path in names if matches(pattern, path)} == set(said.stdout.split("\0")[:-1])


@given(PATTERN, PATHS.map("/".join), PATHS.map("/".join))
def test_what_matches_a_folder_matches_all_below_it(pattern: str, folder: str, below: str) -> None:
    if matches(pattern, f"{folder}/"):
        assert matches(pattern, f"{folder}/{below}")
        assert matches(pattern, f"{folder}/{below}/")


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*a" * 40 + "b", "a" * 255),
        ("**/a/" * 40 + "b", "a/" * 500 + "c"),
        ("**/" * 300 + "b", "a/" * 500 + "c"),
        ("**/*a*a*a*a*a*a/" * 10 + "b", ("a" * 100 + "/") * 10 + "c"),
        ("*" * 5000 + "b", "a" * 255),
    ],
)
def test_no_pattern_takes_long(pattern: str, path: str) -> None:
    started = time.perf_counter()
    assert not matches(pattern, path)
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize(
    "pattern", ["", "/", "//", "!a", "a//b", "../a", "a/./b", "a[", "[a/b]", "a\\", "[a\\]", "[[:alpha:]]"]
)
def test_fault(pattern: str) -> None:
    assert fault(pattern)
