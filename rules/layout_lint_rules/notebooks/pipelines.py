"""What a notebook defines of a SageMaker pipeline, as far as its text tells."""

from __future__ import annotations

import ast
import re
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from layout_lint_rules.notebooks.code import parsed_cells
from layout_lint_rules.notebooks.magics import escapes
from layout_lint_rules.notebooks.notebook import notebook_of

if TYPE_CHECKING:
    from layout_lint.api import Content
    from layout_lint_rules.notebooks.code import Parsed

_OTHER_PIPELINES = frozenset(("diffusers", "imblearn", "pyspark", "sklearn", "transformers"))
"""Packages with a `Pipeline` of their own."""

_WITHOUT_PIPELINES = _OTHER_PIPELINES | frozenset(
    """IPython PIL awswrangler boto3 botocore catboost cv2 datasets dateutil dotenv fsspec ipywidgets joblib jsonschema
    keras lightgbm matplotlib mlflow networkx nltk numpy omegaconf packaging pandas plotly polars pyarrow pydantic
    pytz requests s3fs sagemaker scipy seaborn smdebug spacy statsmodels tensorflow torch torchvision tqdm wandb xgboost
    yaml""".split()  # noqa: SIM905 - forty lines of one word each read worse
)
"""Packages that are known to define no pipeline of the user's when they are imported or called."""

_OTHER_FILES = re.compile(r"%run|%load|\.(?:py|sh|ipynb)\b|python|make")
_RUNS_OTHER_FILES = re.compile(r"[ \t]*(?:%(?:run|load)\b|.*\.(?:py|sh|ipynb)\b|.*\b(?:python|make)\b)")
_SCRIPT = re.compile(r"\.(?:py|sh|ipynb)\b|\bpython[\d.]* (?!-m pip)|\bmake\b")
_RUNNERS = frozenset(("exec", "eval", "import_module", "run_path", "run_module", "run_line_magic"))
"""Functions that run code from elsewhere."""

_STARTERS = frozenset(("Popen", "call", "check_call", "check_output", "popen", "run", "system"))
"""Functions of `os` and `subprocess` that start a program, which may be a script that builds the pipeline."""

_TELLING = re.compile(r"import\b|Pipeline|upsert|_pipeline|exec|eval|run_|subprocess|os\.")
_NOTED = (ast.Import, ast.ImportFrom, ast.Call)
_CALLS = {"create_pipeline": "PipelineName", "update_pipeline": "PipelineName", "Pipeline": "name", "upsert": ""}
"""The calls that define a pipeline, of the SageMaker SDK and of boto3, and the argument that has its name."""


@dataclass(frozen=True, slots=True)
class Name:
    """A pipeline's name as the notebook spells it: the cell, the text, and where it stands in the cell's code."""

    parsed: Parsed
    text: str
    node: ast.expr

    def stretch(self) -> tuple[int, int]:
        """Returns start and end as indices into the cell's source, the end exclusive."""
        return self.parsed.stretch(self.node)


@dataclass(slots=True)
class Pipelines:
    """What the cells of one notebook define.

    Attributes:
        defined: a call that defines a pipeline is there.
        elsewhere: the text does not tell: something is not Python, does not compile, or may come from another file.
        names: the pipelines' names where they are literal.
        has_other_names: a pipeline's name is not literal.
    """

    defined: bool = False
    elsewhere: bool = False
    names: list[Name] = field(default_factory=list)
    has_other_names: bool = False


def pipelines_of(content: Content) -> Pipelines:
    """Returns what a notebook defines, for `Content.parsed`."""
    return _Reader(content.parsed(parsed_cells), has_cells=bool(content.parsed(notebook_of).cells)).read()


class _Reader:
    def __init__(self, cells: list[Parsed], *, has_cells: bool) -> None:
        self._cells = cells
        self._found = Pipelines(elsewhere=has_cells and not cells)
        self._bound: dict[str, tuple[Parsed, ast.expr] | None] = {}
        self._foreign: set[str] = set()
        self._aliases: dict[str, str] = {}
        self._calls: list[tuple[Parsed, ast.Call, str]] = []

    def read(self) -> Pipelines:
        """Looks at every cell; at its tree only where its text has one of the words that matter."""
        for parsed in self._cells:
            found = self._found
            found.elsewhere = found.elsewhere or _reaches_out(parsed)
            if _TELLING.search(parsed.cell.source):
                for node in _telling(parsed.tree()):
                    self._note(parsed, node)
        for parsed, call, name in self._calls:
            if name not in self._foreign:
                self._found.defined = True
                self._note_name(parsed, call, self._aliases.get(name, name))
        return self._found

    def _note(self, parsed: Parsed, node: ast.AST) -> None:
        if isinstance(node, ast.Import):
            self._note_modules([alias.name for alias in node.names])
        elif isinstance(node, ast.ImportFrom):
            self._note_modules(["" if node.level else node.module or ""])
            if (node.module or "").partition(".")[0] in _OTHER_PIPELINES:
                self._foreign.update(alias.asname or alias.name for alias in node.names)
            elif (node.module or "").startswith("sagemaker."):
                self._aliases.update((alias.asname, alias.name) for alias in node.names if alias.asname)
        elif isinstance(node, ast.Call):
            self._note_call(parsed, node)

    def _note_modules(self, names: list[str]) -> None:
        """Notes modules that may define the pipeline: those that are neither Python's own nor well known."""
        for name in names:
            top = name.partition(".")[0]
            if top not in sys.stdlib_module_names and top not in _WITHOUT_PIPELINES:
                self._found.elsewhere = True

    def _note_call(self, parsed: Parsed, call: ast.Call) -> None:
        name = _called(call.func)
        called = self._aliases.get(name, name)
        if called in _CALLS:
            self._calls.append((parsed, call, name))
        elif called in _RUNNERS or _starts_script(call):
            self._found.elsewhere = True

    def _note_name(self, parsed: Parsed, call: ast.Call, called: str) -> None:
        wanted = _CALLS[called]
        if not wanted:
            return
        value = next((one.value for one in call.keywords if one.arg == wanted), None)
        if value is None and wanted == "name" and call.args:
            value = call.args[0]
        if isinstance(value, ast.Name):
            if value.id not in self._bound:
                self._bound[value.id] = self._binding(value.id)
            parsed, value = self._bound[value.id] or (parsed, value)
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            self._found.names.append(Name(parsed, value.value, value))
        else:
            self._found.has_other_names = True

    def _binding(self, name: str) -> tuple[Parsed, ast.expr] | None:
        """Returns the value of a variable and its cell where one statement gives it a value, and nothing else does."""
        times, value = 0, None
        for parsed in self._cells:
            if name not in parsed.cell.source and "*" not in parsed.cell.source:
                continue
            for node in ast.walk(parsed.tree()):
                times += _binds(node, name)
                if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                    if any(isinstance(one, ast.Name) and one.id == name for one in targets):
                        value = (parsed, node.value)
        return value if times == 1 else None


def _telling(tree: ast.Module) -> list[ast.AST]:
    """Returns the imports and calls of a cell, in the order of `ast.walk`, which takes as long as parsing."""
    nodes: list[ast.AST] = [tree]
    for node in nodes:
        for value in vars(node).values():
            if type(value) is list:
                nodes += [one for one in value if isinstance(one, ast.AST)]
            elif isinstance(value, ast.AST):
                nodes.append(value)
    return [node for node in nodes if isinstance(node, _NOTED)]


def _binds(node: ast.AST, name: str) -> bool:
    if isinstance(node, ast.Name):
        return node.id == name and isinstance(node.ctx, ast.Store)
    if isinstance(node, ast.alias):
        return (node.asname or node.name.partition(".")[0]) in (name, "*")
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.ExceptHandler):
        return node.name == name
    return isinstance(node, ast.arg) and node.arg == name


def _reaches_out(parsed: Parsed) -> bool:
    """Tells whether a cell may define a pipeline in a way that is not seen here."""
    if parsed.code is None:
        return True
    source = parsed.cell.source
    return _OTHER_FILES.search(source) is not None and any(map(_RUNS_OTHER_FILES.match, escapes(source)))


def _starts_script(call: ast.Call) -> bool:
    """Tells whether a call of `os` or `subprocess` starts a script, or a module that is not pip."""
    of = getattr(call.func, "value", None)
    if not (isinstance(of, ast.Name) and of.id in ("os", "subprocess") and _called(call.func) in _STARTERS):
        return False
    words = [one.value for one in ast.walk(call) if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    return any(map(_SCRIPT.search, words)) or ("-m" in words and "pip" not in words)


def _called(function: ast.expr) -> str:
    if isinstance(function, ast.Name):
        return function.id
    return function.attr if isinstance(function, ast.Attribute) else ""
