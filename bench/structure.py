"""Compares whole processes on generated repositories: layout-lint, alint and ls-lint in turn, structure only.

    python -m bench.structure --trees small pipelines --runs 11

First it makes sure that every command judges each tree alike: right as it is, wrong with one file taken out.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import trees
from bench.commands import Command, all_commands


@dataclass(frozen=True, slots=True)
class Target:
    """A command shall take at most `limit` times what `base` takes on one tree."""

    tree: str
    command: str
    base: str
    limit: float


TARGETS = (
    Target("small", "layout-lint", "python -c pass", 5),
    Target("pipelines", "layout-lint", "alint, any name", 0.8),
    Target("pipelines", "layout-lint", "alint, data ignored", 0.8),
    Target("data", "layout-lint", "alint, any name", 0.6),
    Target("data", "layout-lint", "alint, data ignored", 0.6),
    Target("million", "layout-lint", "alint, any name", 0.8),
    Target("million", "layout-lint", "alint, data ignored", 0.8),
)

BASES = ("python -c pass", "alint, any name", "alint, data ignored", "alint, schema")
"""What the table gives ratios to, where it was measured."""

Times = dict[str, list[float]]
"""Seconds of every run of every command, by the command's name."""


def run(command: Command, tree: Path, warm: Path) -> tuple[int, str]:
    """Runs a command once.

    Args:
        command: which.
        tree: the repository that it checks.
        warm: the cache folder of commands that are not cold.

    Returns:
        The exit code, and what was printed.
    """
    with _cache(command, warm) as cache:
        surroundings = environment(cache)
        done = subprocess.run(
            command.on(tree), env=surroundings, check=False, capture_output=True, stdin=subprocess.DEVNULL
        )
    return done.returncode, (done.stdout + done.stderr).decode(errors="replace")


def seconds(command: Command, tree: Path, warm: Path) -> float:
    """Returns how long a whole process takes, from its start to its end, its output thrown away."""
    words, quiet = command.on(tree), subprocess.DEVNULL
    if command.edits is not None:
        with command.edits.open("a", encoding="utf-8") as file:
            file.write("# edited\n")
    with _cache(command, warm) as cache:
        surroundings = environment(cache)
        start = time.perf_counter()
        subprocess.run(words, env=surroundings, check=False, stdin=quiet, stdout=quiet, stderr=quiet)
        return time.perf_counter() - start


def measure(commands: list[Command], tree: Path, runs: int, warm: Path) -> Times:
    """Returns the times of all commands, run in turn so that a slow moment meets all of them."""
    times: Times = {command.name: [] for command in commands}
    for _ in range(runs):
        for command in commands:
            times[command.name].append(seconds(command, tree, warm))
    return times


def disagreements(commands: list[Command], tree: Path, victim: str, warm: Path) -> list[str]:
    """Returns a report on every command that finds something in a right tree, or nothing in a wrong one."""
    judges = [command for command in commands if command.judges]
    wrong = [_verdict(command, tree, warm, 0, "the tree as it is") for command in judges]
    with without(tree, victim):
        wrong += [_verdict(command, tree, warm, 1, f"the tree without {victim}") for command in judges]
    return [line for line in wrong if line]


@contextmanager
def without(tree: Path, victim: str) -> Iterator[None]:
    """Takes one file out of the working tree and out of the index, and puts both back as they were."""
    file, index = tree / victim, tree / ".git" / "index"
    file_aside, index_aside = tree.parent / f"{tree.name}.file", tree.parent / f"{tree.name}.index"
    shutil.copy2(index, index_aside)
    file.replace(file_aside)
    try:
        trees.git(tree, "update-index", "--remove", "--", victim)
        yield
    finally:
        file_aside.replace(file)
        index_aside.replace(index)


def table(times: Times) -> str:
    """Returns milliseconds and ratios of medians, one command a line."""
    medians = {name: statistics.median(taken) for name, taken in times.items()}
    bases = [name for name in BASES if name in medians]
    lines = [f"{'ms':32}{'median':>9}{'min':>9}{'max':>9}" + "".join(f"{'x ' + base:>23}" for base in bases)]
    for name, taken in times.items():
        numbers = (medians[name], min(taken), max(taken))
        ratios = "".join(f"{medians[name] / medians[base]:23.2f}" for base in bases)
        lines.append(f"{name:32}" + "".join(f"{1000 * value:9.1f}" for value in numbers) + ratios)
    return "\n".join(lines)


def verdicts(tree: str, times: Times, targets: Sequence[Target] = TARGETS) -> Iterator[str]:
    """Yields a line for each target of a tree that could be measured."""
    for target in targets:
        if target.tree == tree and target.command in times and target.base in times:
            ratio = statistics.median(times[target.command]) / statistics.median(times[target.base])
            held = "held" if ratio <= target.limit else "MISSED"
            yield f"target: {target.command} at most {target.limit:g} x {target.base}: {ratio:.2f}, {held}"


def main() -> int:
    """Measures the trees that are named on the command line; returns 1 where commands do not judge alike."""
    chosen = _arguments()
    found = all_commands(chosen.layout_lint, chosen.alint, chosen.ls_lint)
    commands = [command for command in found if not chosen.only or command.name in chosen.only]
    wrong: list[str] = []
    with tempfile.TemporaryDirectory(prefix="layout-lint-cache-") as warm:
        for name in chosen.trees:
            shape = trees.shapes(chosen.below_data)[name]
            tree = trees.make(shape, chosen.into)
            print(f"\n{shape.name}: {shape.files:,} files, {shape.pipelines:,} pipelines, {chosen.runs} runs")
            wrong += disagreements(commands, tree, shape.victim, Path(warm))
            times = measure(commands, tree, chosen.runs, Path(warm))
            print(table(times), *verdicts(name, times), sep="\n", flush=True)
    sys.stderr.writelines(wrong)
    return 1 if wrong else 0


def _verdict(command: Command, tree: Path, warm: Path, expected: int, case: str) -> str:
    code, output = run(command, tree, warm)
    if code == expected:
        return ""
    return f"{command.name}: exit code {code} instead of {expected} on {case} in {tree}\n{output[-1000:]}\n"


@contextmanager
def _cache(command: Command, warm: Path) -> Iterator[str]:
    if not command.cold:
        yield str(warm)
        return
    with tempfile.TemporaryDirectory(prefix="layout-lint-cold-") as cold:
        yield cold


def environment(cache: str) -> dict[str, str]:
    """Returns the environment that commands run in, with layout-lint's cache in a folder."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"LAYOUT_LINT_CACHE_DIR": cache}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.structure", description=__doc__.partition("\n")[0])
    names = list(trees.shapes())
    parser.add_argument("--trees", nargs="+", choices=names, default=["small", "pipelines", "data"])
    parser.add_argument("--into", type=Path, default=trees.DEFAULT_FOLDER, help="the trees' folder (%(default)s)")
    parser.add_argument("--below-data", type=float, default=95.0, metavar="PERCENT", help=trees.BELOW_DATA)
    parser.add_argument("--runs", type=int, default=11, help="of each command on each tree (%(default)s)")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="commands by their names in the table")
    for program in ("layout-lint", "alint", "ls-lint"):
        parser.add_argument(f"--{program}", default="", metavar="PATH", help="default: the one on PATH")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
