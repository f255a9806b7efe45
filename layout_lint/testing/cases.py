"""Stories in YAML files: a tree, what is wanted of it, and the findings that must come of it.

One file holds any number of cases by name::

    a version without inference code:
      layout: ml-project
      git: true
      tree:
        - mlpipelines/ncf/training_pipeline.ipynb
        - mlpipelines/ncf/code_pkg/source.tar.gz: {staged: false}
        - notebooks/all.ipynb: {link: ../mlpipelines/ncf/training_pipeline.ipynb}
      settings: |
        ignore = ["LL103"]
      findings:
        - LL102 mlpipelines/ncf/v1/inference.py
        - LL104 mlpipelines/ncf/pipeline-config.json: did you mean

    the same without a notebook:
      like: a version without inference code
      without: [mlpipelines/ncf/training_pipeline.ipynb]
      findings: [...]

``like`` takes over tree, layouts and kind of an earlier case of the file; the case's own tree comes on top.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from layout_lint.model.error import UserError, did_you_mean
from layout_lint.testing.checking import check_tree
from layout_lint.testing.tree import File

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from layout_lint.model.finding import Finding
    from layout_lint.model.report import Report

_UNITS = {"KiB": 2**10, "MiB": 2**20, "GiB": 2**30}


@dataclass(frozen=True, slots=True)
class Case:
    """One story; every attribute but `file` and `name` is what the YAML file says under the attribute's name.

    Attributes:
        file: where it stands.
        name: what it tells, in a few words.
        tree: what stands at each path.
        findings: for each finding its code and path, with a part of message or hint or "".
        layout: what ``--layout`` would say; "" for what the settings say.
        settings: the text of a settings file.
        layouts: texts of the team's own layout files.
        plugins: modules, or files by their paths from the case's own file.
        mistakes: parts of what the user is told instead of findings, one for each mistake.
        git, bucket: what the tree is; a folder where it is neither.
    """

    file: Path
    name: str
    tree: Mapping[str, File]
    findings: tuple[tuple[str, str], ...] = ()
    layout: str = ""
    settings: str = ""
    layouts: tuple[str, ...] = ()
    plugins: tuple[str, ...] = ()
    mistakes: tuple[str, ...] = ()
    git: bool = False
    bucket: bool = False

    def __str__(self) -> str:
        return f"{self.file.stem}: {self.name}"

    def check(self) -> Report:
        """Checks the tree and returns the report.

        Raises:
            UserError: the user's mistake, which a case may tell of.
        """
        return check_tree(
            self.tree,
            self.layout,
            git=self.git,
            bucket=self.bucket,
            settings=self.settings,
            layouts=self.layouts,
            plugins=[str(self.file.parent / one) if one.endswith(".py") else one for one in self.plugins],
        )

    def expected(self) -> list[str]:
        """Returns what must be said, one line for each finding or mistake, sorted."""
        return sorted([*map(_line, self.findings), *self.mistakes])

    def actual(self) -> list[str]:
        """Returns what is said; equal to `expected` where the case holds.

        A line has the part of the message that the case names, or the whole message where it lacks that.
        """
        try:
            report = self.check()
        except UserError as error:
            return sorted(_as_expected(str(one), self.mistakes) for one in error.mistakes)
        return sorted(self._found(finding) for finding in report.findings)

    def _found(self, finding: Finding) -> str:
        place = f"{finding.code} {finding.path or '.'}"
        parts = [part for line, part in self.findings if line == place]
        if not parts or parts == [""]:
            return place
        return _line((place, _as_expected(f"{finding.message} ({finding.hint})", parts)))


def load_cases(path: str | Path) -> list[Case]:
    """Returns the cases of a file, or of all ``.yaml`` files below a folder, in the order of names.

    Args:
        path: the file or folder.

    Raises:
        ValueError: a case says what no case can say.
    """
    root = Path(path)
    files = sorted(root.rglob("*.yaml")) if root.is_dir() else [root]
    return [case for file in files for case in _cases(file)]


def _cases(file: Path) -> Iterable[Case]:
    cases: dict[str, Case] = {}
    for name, said in _read(file).items():
        try:
            cases[name] = _case(file, name, said, cases)
        except ValueError as error:
            raise ValueError(f"{file}: {name}: {error}") from None
    return cases.values()


def _read(file: Path) -> dict[str, dict[str, Any]]:
    with file.open(encoding="utf-8") as stream:
        read = yaml.safe_load(stream)
    if not isinstance(read, dict) or not all(isinstance(said, dict) for said in read.values()):
        raise ValueError(f"{file}: must hold cases by name")
    return read


def _case(file: Path, name: str, said: dict[str, Any], earlier: Mapping[str, Case]) -> Case:
    known = [one for one in Case.__slots__ if one not in ("file", "name")] + ["like", "without"]
    for one in said:
        if one not in known:
            raise ValueError(f"unknown key `{one}` {did_you_mean(one, known)}")
    if "findings" not in said and "mistakes" not in said:
        raise ValueError("`findings` is missing; `findings: []` means that all is well")
    rest: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in said.items()}
    like, without = rest.pop("like", None), rest.pop("without", ())
    tree: dict[str, File] = {}
    if like is not None:
        if like not in earlier:
            raise ValueError(f"no case `{like}` stands above it {did_you_mean(like, earlier)}")
        model = earlier[like]
        tree = _without(model.tree, without)
        rest = {
            "layout": model.layout,
            "layouts": model.layouts,
            "git": model.git,
            "bucket": model.bucket,
            **rest,
        }
    rest["tree"] = {**tree, **dict(_file(*one) for one in _pairs(said.get("tree", ())))}
    rest["findings"] = tuple((line, part or "") for line, part in _pairs(said.get("findings", ())))
    return Case(file=file, name=name, **rest)


def _without(tree: Mapping[str, File], removed: Iterable[str]) -> dict[str, File]:
    """Returns a tree without some paths; one that ends in ``/`` takes all below it away."""
    kept = dict(tree)
    for path in removed:
        gone = [one for one in kept if one == path or (path.endswith("/") and one.startswith(path))]
        if not gone:
            raise ValueError(f"`without` names `{path}`, which is not in the tree")
        for one in gone:
            del kept[one]
    return kept


def _pairs(items: Iterable[str | dict[str, Any]]) -> list[tuple[str, Any]]:
    """Returns key and value of each item: ``a`` is a key alone, ``a: b`` both."""
    return [pair for item in items for pair in (item.items() if isinstance(item, dict) else [(item, None)])]


def _file(path: str, said: dict[str, Any] | str | None) -> tuple[str, File]:
    if said is None or isinstance(said, str):
        return path, File(said)
    for one in said:
        if one not in File.__slots__:
            raise ValueError(f"`{path}`: unknown key `{one}` {did_you_mean(one, File.__slots__)}")
    size = said.get("size", -1)
    return path, File(**{**said, "size": _bytes(path, size) if isinstance(size, str) else size})


def _bytes(path: str, size: str) -> int:
    """Reads a size such as ``60 MiB``."""
    number, _, unit = size.partition(" ")
    if not number.isdecimal() or unit not in _UNITS:
        raise ValueError(f"`{path}`: `{size}` is no size such as `60 MiB`")
    return int(number) * _UNITS[unit]


def _line(pair: tuple[str, str]) -> str:
    return ": ".join(filter(None, pair))


def _as_expected(said: str, parts: Iterable[str]) -> str:
    """Returns the part that is in what was said, or all that was said where none is."""
    return next((part for part in parts if part and part in said), said)
