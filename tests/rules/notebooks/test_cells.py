"""Code in cells: what is Python, what is IPython's own, and the place of a mistake in the file."""

from __future__ import annotations

import ast
import json
import re
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layout_lint_rules.notebooks.magics import python_of
from tests.rules.asking import check, marked, problems, said
from tests.rules.notebook import notebook

FINE = [
    "",
    "import sagemaker\nprint(1);",
    "%matplotlib inline\nimport x",
    "import x\n\n%load_ext autoreload\n%autoreload 2",
    "!pip install sagemaker",
    "if True:\n    !aws s3 ls\n    x = 1\nelse:\n    %pwd",
    "!echo \"it's",
    "!docker run \\\n    --rm image (\nprint(1)",
    "files = !ls *.csv\nprint(files)",
    "seconds = %timeit -o f(1)",
    "a, b = !cat x",
    "os.environ['X'] = !echo it's\nnames: list = !ls\nd[\"a=b\"].c = %pwd",
    "if True: x = !ls",
    "pip install -U sagemaker",
    "\nload_ext autoreload\n",
    "cd ..",
    "sagemaker?",
    "sagemaker.Session??",
    "?print",
    "%timeit?",
    "%%time\nx = 1",
    "\n\n%%capture out\nprint(1)\n!ls",
    "%%bash\nfor i in *; do echo $i; done",
    "%%writefile x.py\nprint 'x'",
    "%%sql\nselect *",
    "await client.get()\nasync for x in y:\n    pass",
    "  x = 1\n  y = 2",
    ">>> x = 1\n1",
    "  from __future__ import annotations\n  x: int = 1",
    "In [3]: x = 1",
    "x = (a\n  % b\n  )\ny = '''\n!ls\n%x\nwhat?\n'''\nz = a \\\n  % b",
    'x = f"{a!r}"  # !ls (\n%pwd',
    "r'\\\\'\n%pwd",
    "x = 5 # ?\ny = 1",
    "'a\\\n%b'\n%pwd",
    "x = 1\r\n%pwd\r\ny = 2",
    "/print 1\n,f a b\n;g a b",
    "x = {\n'a': 1, # it's\n}\n!ls",
]


@pytest.mark.parametrize("source", FINE)
def test_what_runs_in_a_notebook_is_no_mistake(source: str) -> None:
    assert said({"explore.ipynb": notebook(source)}) == []


WRONG = [
    (["x = 1\n", 'print "done"\n'], "LL302 10:6 the cell does not compile: Missing parentheses", 'print \\"done\\"'),
    (["%pwd\n", "x = (1\n"], "LL302 10:10 the cell does not compile: '(' was never closed", "("),
    (['a = "ü\\t"; b = \\\n', "  1 +* 2"], "LL302 10:11 the cell does not compile: invalid syntax", "*"),
    (['"\\u00e9\\n"; x = = 1'], "LL302 9:26 the cell does not compile: invalid syntax", "="),
    (["  x = 1\n", "  y = = 2"], "LL302 10:12 the cell does not compile", "="),
    (["for x in y:\n", "z = 1"], "LL302 10:6 the cell does not compile: expected an indented block after 'for'", "z"),
    (["print(1)\n", "%%bash\n", "for i in *; do"], "LL302 11:16 the cell does not compile", ";"),
    (["x = 1\n", "return x"], "LL302 10:6 the cell does not compile: 'return' outside function", "return x"),
    (["pip install x\n", "y = 1"], "LL302 9:10 the cell does not compile: invalid syntax", "install"),
    (["pip = = 1"], "LL302 9:12 the cell does not compile: invalid syntax", "="),
    (["x = ?"], "LL302 9:10 the cell does not compile", "?"),
]


@pytest.mark.parametrize(("lines", "expected", "where"), WRONG)
def test_a_cell_that_does_not_compile(lines: list[str], expected: str, where: str) -> None:
    cells: list[object] = [
        {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": lines}
    ]
    text = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}, indent=1)
    check(said({"explore.ipynb": text}), [expected])
    (found,) = problems({"explore.ipynb": text})
    assert marked(text, found[1]).startswith(where)


def test_the_place_is_right_in_a_source_of_one_string_and_in_escaped_text() -> None:
    source = "# 🚀 ü\nx = 1\ny = = 2"
    for text in (json.dumps(source), json.dumps(source, ensure_ascii=False)):
        cell = f'{{"cell_type": "code", "execution_count": null, "metadata": {{}}, "outputs": [], "source": {text}}}'
        data = f'{{"cells": [{cell}], "metadata": {{}}, "nbformat": 4, "nbformat_minor": 4}}'
        ((_, problem),) = problems({"explore.ipynb": data})
        assert problem.span is not None
        assert data[problem.span.column - 1 :].startswith("= 2")


def test_a_cell_with_half_a_character_is_reported() -> None:
    check(
        said({"explore.ipynb": notebook("x = '\ud83d'")}),
        ["LL302 9:6 the cell does not compile: it holds half of a surrogate pair"],
    )


@pytest.mark.parametrize(
    "metadata",
    [
        {"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}},
        {"language_info": {"name": "julia"}},
        {"language_info": {"name": "python", "version": "2.7.18"}},
        {"language_info": {"name": "python", "version": f"3.{sys.version_info[1] + 1}.0"}},
    ],
)
def test_cells_that_this_python_cannot_judge_are_left_alone(metadata: dict[str, Any]) -> None:
    assert said({"explore.ipynb": notebook("x <- 1 +* 2", **metadata)}) == []


@pytest.mark.parametrize("source", ['f"{d["a"]}"', 'f"{" ".join(x)}"', "f\"{'\\\\n'.join(x)}\""])
def test_an_f_string_of_python_3_12_is_no_mistake_unless_the_notebook_ran_on_an_older_one(source: str) -> None:
    old: dict[str, Any] = {"language_info": {"name": "python", "version": "3.11.9"}}
    assert said({"explore.ipynb": notebook(source)}) == []
    assert bool(said({"explore.ipynb": notebook(source, **old)})) == (sys.version_info < (3, 12))


@pytest.mark.parametrize("part", ["-", "(", "x.", "not ", "lambda:", "x[", "if x:\n ", "f'{"])
def test_no_depth_makes_the_rule_raise(part: str) -> None:
    said({"explore.ipynb": notebook(part * 20_000 + "1")})


_BREAK = re.compile(r"\r\n|\r|\n")
_PIECES = [
    "x = 1",
    "\n",
    "'",
    "'''",
    '"',
    '"""',
    " = ",
    "[",
    ":",
    "d['a']",
    "(",
    ")",
    "\\",
    "%pwd",
    "!ls",
    "?",
    "#",
    "  ",
    "\r\n",
    "%%bash",
    "x = !ls",
    "é",
]


@given(st.lists(st.sampled_from(_PIECES)).map("".join))
def test_what_stands_in_for_a_cell_has_its_lines(source: str) -> None:
    code = python_of(source)
    assert code is None or _BREAK.findall(code) == _BREAK.findall(source)


@given(st.lists(st.sampled_from(_PIECES)).map("".join))
def test_python_that_parses_is_left_as_it_is(source: str) -> None:
    try:
        ast.parse(source)
    except SyntaxError:
        return
    assert python_of(source) == source
