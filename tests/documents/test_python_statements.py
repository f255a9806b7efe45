"""Statements that files share: parsed once, and the same tree, or the same fault, as Python's parser alone gives."""

from __future__ import annotations

import ast
import subprocess
import sys
import sysconfig
import warnings
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layout_lint.documents import python_source, python_statements
from layout_lint.documents.python_source import PythonSource
from layout_lint.documents.python_statements import Statements
from layout_lint.testing import check_tree
from tests.rules.samples import CLEAN, DEVOPS, SAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable

MODULES = sorted(Path(sysconfig.get_path("stdlib")).glob("*.py"))[::3]
"""Some of Python's own modules, long and short ones."""

PIECES = (
    *("x = 1", "y", "import os", "from __future__ import barry_as_FLUFL", "1 <> 2", "1 != 2", "", "# a", "pass"),
    *("def f(a):", "async def f():", "class A:", "    return 1", "  y = 2", "\tz", "    # a", "@d", "@(", "@d(a,"),
    *("if x:", "elif x:", "else:", "try:", "except E:", "finally:", "for a in b:", "while x:", "with a as b:"),
    *("match x:", "    case 1:", "        pass", "case 1:", "match = 1", "type X = int", "print 1", "await x"),
    *(
        '"""',
        "'''",
        '"""one"""',
        '"""é"""',
        '"""two\nlines"""',
        '"""a\\n"""',
        '""""""',
        '"""a\0"""',
        "'",
        '"',
        'f"{x',
        '}"',
        "r'\\'",
        "'\\d'",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "(1,",
        "2)",
    ),
    *("\\", "x = 1 \\", "+ 2", ";", "x; y", "x if y else z", "lambda: 1", "é = 'é'", "\ufeff", "\f", "\fx", "\r", "\0"),
    *(" ", "    ", "\u00a0x", "\u2028", "0or 1", "# coding: latin-1", "None = 1", "return", "global x", "*a, b = c"),
)
"""Lines that begin, go on with or end statements, strings, brackets and blocks, and some that Python refuses."""

texts = st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(["\n", "\n\n", "\n\n\n", "\r\n", ""])), max_size=12)


def outcome(parse: Callable[[str], ast.Module], text: str) -> object:
    """Returns all of a tree, or all that a fault says."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.dump(parse(text), include_attributes=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return type(error), error.args


def read(text: str, statements: Statements) -> object:
    return outcome(statements.parse, text)


@given(st.lists(texts, min_size=1, max_size=3))
def test_any_text_is_parsed_as_python_parses_it(drawn: list[list[tuple[str, str]]]) -> None:
    several = ["".join(f"{line}{end}" for line, end in lines) for lines in drawn]
    several += [text.partition("\n\n")[2] for text in several]
    statements = Statements()
    for text in several * 3:
        assert read(text, statements) == outcome(ast.parse, text)


@given(st.permutations(["x = 1\n\n", "def f():\n    '''a\n\n    b'''\n\n", "else:\n    y\n\n", "(\n\n1)\n\n"]))
def test_stretches_in_another_order(parts: list[str]) -> None:
    statements = Statements()
    for end in (1, 2, 3, 4, 4, 3, 2, 1, 4):
        text = "".join(parts[:end])
        assert read(text, statements) == outcome(ast.parse, text)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_the_modules_of_python(path: Path) -> None:
    text = path.read_bytes().decode("utf-8")
    expected = outcome(ast.parse, text)
    statements = Statements()
    others = text.replace("import ", "import  ", 1), text + "\n\nmore = 1\n", text
    for one in (text, *others):
        read(one, statements)
    assert read(text, statements) == expected


WHOLE = {
    "a decorator whose bracket stays open over a blank line": "@(\n\nd)\ndef f(): ...\n\nx = 1\n",
    "an else after a blank line": "if x:\n    y\n\nelse:\n    z\n\nw\n",
    "a docstring with paragraphs": '"""One.\n\nTwo.\n\nThree.\n"""\n\nx = 1\n',
    "a bracket with blank lines in it": "x = [\n\n1,\n\n]\n\ny\n",
    "a backslash before a blank line": "x = 1 \\\n\ny = 2\n",
    "a line that changes the grammar": "from __future__ import barry_as_FLUFL\n\n1 != 2\n\n3\n",
    "carriage returns": "x\r\ry\n\nz\n",
}


@pytest.mark.parametrize("text", WHOLE.values(), ids=WHOLE)
def test_what_belongs_together_stays_together(text: str) -> None:
    statements = Statements()
    for part in text.split("\n\n"):
        for _ in range(3):
            read(f"{part}\n\n", statements)
    for _ in range(3):
        assert read(text, statements) == outcome(ast.parse, text)


def test_files_that_differ_in_a_line_share_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []

    def parse(text: str) -> ast.Module:
        parsed.append(text)
        return ast.parse(text)

    monkeypatch.setattr(python_statements, "ast", SimpleNamespace(**{**vars(ast), "parse": parse}))
    statements = Statements()
    rest = "\n\nimport os\n\n\ndef f():\n    return os\n\n\nf()\n"
    trees = [statements.parse(f'"""Number {number}."""{rest}') for number in range(4)]
    assert trees[2].body[0] is not trees[3].body[0]
    assert trees[2].body[1:] == trees[3].body[1:]
    parsed.clear()
    with monkeypatch.context() as patch:
        patch.delattr(Statements, "_joined")  # stretch by stretch it takes twice as long
        assert len(statements.parse(f'"""Number 4."""{rest}').body) == len(trees[0].body)
    assert not parsed
    moved = statements.parse(f'"""Number 4.\n"""{rest}')
    assert [one.lineno for one in moved.body] == [1, 4, 7, 11]


def test_files_that_differ_in_several_places_share_what_is_between() -> None:
    statements = Statements()
    between = "import os\n\n\ndef f():\n    return os\n"
    trees = [statements.parse(f"a = {number}\n\n{between}\n\nb = {number}\n") for number in range(4)]
    assert [one.lineno for one in trees[3].body] == [1, 3, 6, 10]
    assert trees[2].body[1:-1] == trees[3].body[1:-1]
    assert not {trees[2].body[0], trees[2].body[-1]} & {*trees[3].body}


DOCSTRINGS = (
    '"""One."""',
    '""""""',
    '"""\n"""',
    '"""One.\n\nTwo.\n  """',
    '"""é\n"""',
    '"""a\\n"""',
    '"""a\0"""',
    '"""é"""',
    '"""One.\né"""',
    '"""\\d"""',
    '"""a"b"""',
    '"""\f"""',
)


@pytest.mark.parametrize("docstring", DOCSTRINGS)
@pytest.mark.parametrize("end", ["", "\n", "  \n", " # it\n", ".x\n", "\n\nx = 1\n"])
def test_a_file_that_begins_with_a_string(docstring: str, end: str) -> None:
    statements = Statements()
    for text in (f"{docstring}{end}", f"# a\n\n{docstring}{end}", f"# b\n\nx\n\n{docstring}{end}") * 3:
        assert read(text, statements) == outcome(ast.parse, text)


def test_nothing_is_kept_of_files_that_have_nothing_in_common() -> None:
    statements = Statements()
    for number in range(100):
        statements.parse(f"a{number} = 1\n\nb{number} = 2\n")
    assert not statements._kept


def test_what_is_kept_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(python_statements, "_MOST_KEPT", 400)
    monkeypatch.setattr(python_statements, "_MOST_SEEN", 50)
    monkeypatch.setattr(python_statements, "_LONGEST", 100)
    statements = Statements()
    for number in range(100):
        text = f"a{number} = 1\n\nb{number} = '{'b' * (number * 2)}'\n\nc = 1\n"
        for _ in range(3):
            assert read(text, statements) == outcome(ast.parse, text)
        assert sum(len(stretch) for _, stretch in statements._kept) <= 400
        assert len(statements._seen) <= 50
    assert all(len(stretch) <= 100 for _, stretch in statements._kept)


def test_below_many_lines_and_between_many_differences_all_is_parsed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(python_statements, "_LAST_LINE", 9)
    monkeypatch.setattr(python_statements, "_MOST_RUNS", 2)
    statements = Statements()
    for number in range(4):
        text = "".join(f"a{one} = {number if one % 2 else 0}\n\n" for one in range(20))
        assert read(text, statements) == outcome(ast.parse, text)
    assert {line for line, _ in statements._kept} == {1, 5}


def test_a_fault_has_the_place_that_it_has_in_its_file() -> None:
    good = "import os\n\n\ndef f():\n    return os\n"
    for _ in range(3):
        PythonSource(good.encode())
    fault = PythonSource(f"{good}\n\nx = = 1\n".encode()).fault
    assert fault is not None
    assert (fault.span.line, fault.span.column) == (8, 5)


def test_no_rule_changes_a_tree_that_files_share(monkeypatch: pytest.MonkeyPatch) -> None:
    statements = Statements()
    monkeypatch.setattr(python_source, "_STATEMENTS", statements)
    for _ in range(2):
        for files in SAMPLES.values():
            layout = "devops-repo" if DEVOPS.keys() & files.keys() else "ml-project"
            unmarked = {path: text.replace("«", "").replace("»", "") for path, text in files.items()}
            check_tree({**CLEAN[layout], **unmarked}, layout)
    kept = {stretch: found for stretch, found in statements._kept.items() if found}
    assert len(kept) > 10
    for (line, text), found in kept.items():
        assert ast.dump(ast.Module(found, []), include_attributes=True) == outcome(ast.parse, "\n" * (line - 1) + text)


@pytest.mark.parametrize("data", ["x = 1\n", "# coding: utf-8\nx\n", "# coding: latin-1\né\n", "é\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"", b"\xff"])
def test_a_byte_order_mark_and_a_cookie_are_followed(data: str, mark: bytes, end: bytes) -> None:
    whole = mark + data.encode() + end
    source = PythonSource(whole)
    try:
        compile(whole, "it", "exec", ast.PyCF_ONLY_AST)
    except SyntaxError:
        assert source.fault is not None
    else:
        assert source.fault is None
        assert not source.text.startswith("\ufeff")


@pytest.mark.parametrize("when", ["error", "always"])
def test_warnings_about_a_checked_file_are_not_heard(when: str) -> None:
    """Python warns of both lines when it parses them, and with ``-W error`` refuses them."""
    code = "import sys; from layout_lint.api import PythonSource; print(PythonSource(sys.stdin.buffer.read()).fault)"
    text = b"x = '\\d'\n\ny = 1if x else 2\n"
    done = subprocess.run([sys.executable, "-W", when, "-c", code], input=text * 3, capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"None\n", b"")
