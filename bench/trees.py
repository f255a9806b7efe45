"""Makes the ML repositories that the benchmarks check: real files in git, equal on every machine.

    python -m bench.trees --into /tmp/trees small pipelines data million

A tree is made once and found again by a marker file beside it, which is written last.
"""

import argparse
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench import contents

DEFAULT_FOLDER = Path(tempfile.gettempdir()) / "layout-lint-bench"
BELOW_DATA = "of the files of data and million that stand below data/ (%(default)s)"
"""What the command lines say of that option."""

FORM = "layout-lint bench tree 1\n"
"""What a marker file holds; a new number makes all trees anew."""

_LONG_AGO = 1_700_000_000
"""Modification time of every file, in seconds: older than any index, so that git trusts its index."""

_GIT = (
    "git",
    *("-c", "user.name=bench", "-c", "user.email=bench@example.com", "-c", "commit.gpgSign=false"),
    *("-c", "core.preloadIndex=true", "-c", "core.autocrlf=false", "-c", "core.excludesFile="),
    *("-c", "gc.auto=0", "-c", "maintenance.auto=false", "-c", "core.compression=0", "-c", "pack.window=0"),
    # Files from one byte on go straight into a pack instead of into one loose object each.
    *("-c", "core.bigFileThreshold=1"),
)


@dataclass(frozen=True, slots=True)
class Shape:
    """How large a tree is.

    Attributes:
        name: the folder's name.
        pipelines: folders below ``mlpipelines/``, of ten files each.
        samples: folders below ``data/``.
        sample_files: files in each sample.
        distinct: no function of a Python file is in another one.
    """

    name: str
    pipelines: int
    samples: int
    sample_files: int
    distinct: bool = False

    @property
    def files(self) -> int:
        """All files, those of the root and of ``notebooks/`` too."""
        below_data = self.samples * self.sample_files
        return below_data + self.pipelines * contents.FILES_PER_PIPELINE + len(root_files())

    @property
    def victim(self) -> str:
        """A file that every tool must miss when it is not there; it stands in the last pipeline."""
        return f"mlpipelines/{_pipeline(self.pipelines)}/{contents.SOURCE_VERSIONS[-1]}/inference.py"


def shapes(below_data: float = 95.0) -> dict[str, Shape]:
    """Returns the shapes by the name that the command line uses.

    Args:
        below_data: how many per cent of the files of `data` and `million` stand below ``data/``.
    """
    return {
        "small": Shape("small", 98, 1, 10),
        "pipelines": Shape("pipelines", 1_000, 1, 10),
        "distinct": Shape("distinct", 1_000, 1, 10, distinct=True),
        "data": _deep("data", 100_000, below_data),
        "million": _deep("million", 1_000_000, below_data),
    }


def root_files() -> dict[str, str]:
    """Returns the text of the files outside ``data/`` and ``mlpipelines/``."""
    notebooks = {
        f"notebooks/explore_{number}.ipynb": contents.notebook(f"Sample {number}", f"sample = {number}")
        for number in range(1, 8)
    }
    return notebooks | {
        ".gitignore": "code_pkg/\n__pycache__/\n",
        "README.md": "# ML project\n\nPipelines are below `mlpipelines/`.\n",
        "schemas/pipeline_config.schema.json": contents.pipeline_schema(),
    }


def make(shape: Shape, into: Path = DEFAULT_FOLDER) -> Path:
    """Returns the folder of a tree of this shape; makes it where it is not there yet.

    Raises:
        subprocess.CalledProcessError: git could not make the repository.
    """
    tree, marker = into / shape.name, into / f"{shape.name}.made"
    if marker.is_file() and marker.read_text() == FORM:
        return tree
    shutil.rmtree(tree, ignore_errors=True)
    tree.mkdir(parents=True)
    for path, text in _written(shape):
        _write(tree / path, text)
    for sample in range(1, shape.samples + 1):
        _fill(tree / f"data/sample-{sample:04}", sample, shape.sample_files)
    _commit(tree)
    marker.write_text(FORM)
    return tree


def git(tree: Path, *arguments: str) -> None:
    """Runs git in a tree, untouched by the user's own settings and with fixed dates.

    Raises:
        subprocess.CalledProcessError: git refused.
    """
    date = f"{_LONG_AGO} +0000"
    fixed = {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date, "GIT_CONFIG_NOSYSTEM": "1"}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment = kept | fixed | {"GIT_CONFIG_GLOBAL": os.devnull}
    subprocess.run([*_GIT, *arguments], cwd=tree, env=environment, check=True, stdin=subprocess.DEVNULL)


def _deep(name: str, files: int, below_data: float) -> Shape:
    """Returns a shape of `files` files, most of them below ``data/`` in samples of 1,000."""
    samples = round(files * below_data / 100 / 1_000)
    pipelines = (files - samples * 1_000 - len(root_files())) // contents.FILES_PER_PIPELINE
    return Shape(f"{name}-{below_data:g}", pipelines, samples, 1_000)


def _pipeline(number: int) -> str:
    return f"ncf-{number:05}"


def _written(shape: Shape) -> Iterator[tuple[str, str]]:
    """Yields path and text of every file that is not below ``data/``."""
    yield from root_files().items()
    for number in range(1, shape.pipelines + 1):
        name = _pipeline(number)
        for path, text in contents.pipeline_files(name, distinct=shape.distinct).items():
            yield f"mlpipelines/{name}/{path}", text


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except FileNotFoundError:
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    os.utime(path, (_LONG_AGO, _LONG_AGO))


def _fill(folder: Path, sample: int, files: int) -> None:
    """Fills a data sample with hard links to its first file: many names cost no space and little time."""
    first = folder / "part-00001.csv"
    _write(first, f"user,item,rating\n{sample},1,5\n")
    for number in range(2, files + 1):
        os.link(first, folder / f"part-{number:05}.csv")


def _commit(tree: Path) -> None:
    """Makes the repository; its objects end up in one pack, as after a clone."""
    git(tree, "init", "--quiet", "--initial-branch=main", "--template=")
    git(tree, "add", "--all")
    git(tree, "commit", "--quiet", "--message=An ML project")
    git(tree, "repack", "-a", "-d", "--quiet")
    git(tree, "prune-packed", "--quiet")


def main() -> None:
    """Makes the trees that are named on the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.trees", description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="+", choices=list(shapes()), help="which trees")
    parser.add_argument("--into", type=Path, default=DEFAULT_FOLDER, help="where (%(default)s)")
    parser.add_argument("--below-data", type=float, default=95.0, metavar="PERCENT", help=BELOW_DATA)
    chosen = parser.parse_args()
    for name in chosen.names:
        shape = shapes(chosen.below_data)[name]
        start = time.perf_counter()
        tree = make(shape, chosen.into)
        took = time.perf_counter() - start
        print(f"{tree}: {shape.files:,} files, {shape.pipelines:,} pipelines, {took:.1f} s")


if __name__ == "__main__":
    main()
