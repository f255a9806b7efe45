"""The commands that are compared: how each is called, and how it is installed where it is missing."""

import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PEERS = Path(__file__).resolve().parent / "peers"

_ALINT = {
    "alint": "alint.yml",
    "alint, data ignored": "alint-ignore-data.yml",
    "alint, any name": "alint-any-name.yml",
    "alint, schema": "alint-schema.yml",
}
_LS_LINT = {
    "ls-lint": ("ls-lint.yml",),
    "ls-lint, data ignored": ("ls-lint.yml", "ls-lint-ignore-data.yml"),
}


@dataclass(frozen=True, slots=True)
class Command:
    """One line of the table.

    Attributes:
        name: what the table calls it.
        words: the command; the word ``TREE`` stands for the tree's folder.
        judges: whether its exit code says if the tree is right: 0 or 1.
        cold: whether each run gets a cache folder of its own, empty.
        edits: a file that gets one more comment before each run.
    """

    name: str
    words: tuple[str, ...]
    judges: bool = True
    cold: bool = False
    edits: Path | None = None

    def on(self, tree: Path) -> list[str]:
        """Returns the words for one tree."""
        return [str(tree) if word == "TREE" else word for word in self.words]


def all_commands(layout_lint: str, alint: str, ls_lint: str) -> Iterator[Command]:
    """Yields every command whose program is there; says of the others how to install them.

    Args:
        layout_lint: path of ``layout-lint``, or "" for the one on PATH.
        alint: path of ``alint``, or "" for the one on PATH.
        ls_lint: path of ``ls-lint``, or "" for the one on PATH.
    """
    yield Command("python -c pass", (sys.executable, "-c", "pass"), judges=False)
    if program := found(layout_lint or "layout-lint", "pip install layout-lint"):
        yield Command("layout-lint", (program, "check", "TREE"))
        yield Command("layout-lint, cold", (program, "check", "TREE"), cold=True)
    if program := found(alint or "alint", "pip install alint"):
        for name, config in _ALINT.items():
            yield Command(name, (program, "--config", str(PEERS / config), "check", "TREE"))
    if program := found(ls_lint or "ls-lint", "npm install --global @ls-lint/ls-lint"):
        for name, configs in _LS_LINT.items():
            named = (word for config in configs for word in ("-config", str(PEERS / config)))
            yield Command(name, (_without_node(program), *named, "-workdir", "TREE"))


def found(program: str, install: str) -> str:
    """Returns the absolute path of a program; where it is not there, says how to install it and returns ""."""
    path = shutil.which(program)
    if path is None:
        print(f"skipped: `{program}` is not there; install it with: {install}", file=sys.stderr)
        return ""
    return str(Path(path).absolute())


def _without_node(program: str) -> str:
    """Returns ls-lint's own binary where `program` is npm's script, so that Node's start is not counted."""
    machine = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
    binary = Path(program).resolve().parent / f"ls-lint-{sys.platform}-{machine}"
    return str(binary) if binary.is_file() else program
