"""Compares whole processes with content rules on: layout-lint cold and warm, check-jsonschema, alint's schema rule.

    python -m bench.content_rules --runs 7

layout-lint checks the whole repository of 1,000 pipelines, 10,020 files, each time; check-jsonschema is given nothing
but the 1,000 ``pipeline_config.json``. Warm runs are those from the third on, on a repository on which nothing changes
meanwhile; in a copy of it, one file is edited before each run. Content rules off is a copy with ``select = ["LL1"]``
in its settings. The Python files of that repository differ as copies do, in a line each; in the one that is called
distinct, no two of them share a function.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench import structure, trees
from bench.commands import PEERS, Command, found

DISTINCT = "layout-lint, cold, distinct"
COLD, WARM, EDITED = "layout-lint, cold", "layout-lint, warm", "layout-lint, one file edited"
OFF = "layout-lint, content rules off"
SCHEMA, ALINT = "check-jsonschema, configs only", "alint, schema"

TARGETS = (
    structure.Target("", COLD, SCHEMA, 1.0),
    structure.Target("", DISTINCT, SCHEMA, 1.0),
    structure.Target("", WARM, OFF, 1.3),
    structure.Target("", WARM, ALINT, 0.6),
)
MEMORY = 200 << 20
"""Bytes; the most that a cold run may take at its peak, in all of its processes."""


def commands(layout_lint: str, tree: Path, distinct: Path, victim: str) -> Iterator[Command]:
    """Yields what is compared, as far as it is installed.

    Args:
        layout_lint: path of ``layout-lint``, or "" for the one on PATH.
        tree: the repository.
        distinct: one like it, in which no two Python files share a function.
        victim: a file in it; in a copy of the repository it is edited.
    """
    if program := found(layout_lint or "layout-lint", "pip install layout-lint"):
        edited, off = _copy(tree, "edited"), _copy(tree, "off", 'select = ["LL1"]\n')
        yield Command(COLD, (program, "check", str(tree)), cold=True)
        yield Command(DISTINCT, (program, "check", str(distinct)), cold=True)
        yield Command(WARM, (program, "check", str(tree)))
        yield Command(EDITED, (program, "check", str(edited)), edits=edited / victim)
        yield Command(OFF, (program, "check", str(off)))
    if program := found("check-jsonschema", "pip install check-jsonschema"):
        configs = sorted(map(str, tree.glob("mlpipelines/*/pipeline_config.json")))
        schema = str(tree / "schemas" / "pipeline_config.schema.json")
        yield Command(SCHEMA, (program, "--schemafile", schema, *configs))
    if program := found("alint", "pip install alint"):
        yield Command(ALINT, (program, "--config", str(PEERS / "alint-schema.yml"), "check", str(tree)))


def _copy(tree: Path, name: str, settings: str = "") -> Path:
    """Returns a copy of a repository, with settings of its own where some are given."""
    copy = tree.with_name(f"{tree.name}-{name}")
    if not copy.is_dir():
        shutil.copytree(tree, copy, symlinks=True)
        if settings:
            (copy / "layout-lint.toml").write_text(settings, encoding="utf-8")
        trees.git(copy, "add", "--all")
        trees.git(copy, "commit", "--quiet", "--allow-empty", "--message=A copy")
    trees.git(copy, "checkout", "--quiet", "--", ".")
    return copy


def peak(command: Command, tree: Path) -> int:
    """Returns the most memory in bytes that a cold run of a command was seen to take, all of its processes together."""
    quiet, most = subprocess.DEVNULL, 0
    with tempfile.TemporaryDirectory(prefix="layout-lint-cold-") as cold:
        process = subprocess.Popen(command.on(tree), env=structure.environment(cold), stdin=quiet, stdout=quiet)
        while process.poll() is None:
            most = max(most, _held(process.pid))
            time.sleep(0.01)
    return most


def _held(process: int) -> int:
    """Returns the bytes that a process and those that it has started hold now; what several share counts once.

    Source: proc_pid_smaps(5) and proc_pid_task(5) of the Linux manual.
    """
    folder = Path(f"/proc/{process}")
    try:
        children = (folder / f"task/{process}/children").read_text().split()
        sizes = dict(line.split()[:2] for line in (folder / "smaps_rollup").read_text().splitlines()[1:])
    except OSError:  # it has come to its end
        return 0
    return int(sizes["Pss:"]) * 1024 + sum(_held(int(child)) for child in children)


def main() -> int:
    """Measures; returns 1 where a command does not find the repository right."""
    parser = argparse.ArgumentParser(prog="python -m bench.content_rules", description=__doc__.partition("\n")[0])
    parser.add_argument("--into", type=Path, default=trees.DEFAULT_FOLDER, help="the trees' folder (%(default)s)")
    parser.add_argument("--runs", type=int, default=7, help="of each command (%(default)s)")
    parser.add_argument("--layout-lint", default="", metavar="PATH", help="default: the one on PATH")
    chosen = parser.parse_args()
    shape = trees.shapes()["pipelines"]
    tree = trees.make(shape, chosen.into)
    distinct = trees.make(trees.shapes()["distinct"], chosen.into)
    compared = list(commands(chosen.layout_lint, tree, distinct, shape.victim))
    with tempfile.TemporaryDirectory(prefix="layout-lint-cache-") as warm:
        for _ in range(2):
            wrong = [command.name for command in compared if structure.run(command, tree, Path(warm))[0] != 0]
        times = structure.measure(compared, tree, chosen.runs, Path(warm))
    print(structure.table(times), *structure.verdicts("", times, TARGETS), sep="\n")
    for command in compared:
        if command.cold and sys.platform == "linux":
            taken = peak(command, tree)
            print(
                f"peak memory, {command.name}: {taken / (1 << 20):.0f} MiB, {'held' if taken <= MEMORY else 'MISSED'}"
            )
    if wrong:
        print(f"not found right by: {', '.join(wrong)}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
