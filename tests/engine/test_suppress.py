"""Comments that suppress findings, and what is wrong with such comments."""

from __future__ import annotations

import json
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layout_lint.engine.suppress import Suppressed
from layout_lint.engine.suppressions import suppressions_of
from layout_lint.model.content import Content
from layout_lint.plugins.own_rules import OWN_RULES
from tests.engine.words import SELECT, checked, lines

PYTHON = {
    "on the line": ("x = BAD  # layout-lint: ignore[WORD401] reason", []),
    "by name": ("x = BAD  # layout-lint: ignore[bad-word] reason", []),
    "by prefix": ("x = BAD  # layout-lint: ignore[WORD4] reason", []),
    "several, with a space or not": ("x = BAD + WORSE  # layout-lint:ignore[WORD401,WORD402] reason", []),
    "one of two": ("x = BAD + WORSE  # layout-lint: ignore[WORD401] reason", ["WORD402 1:11"]),
    "alone above": ("a = 1\n# layout-lint: ignore[WORD401] reason\nx = BAD", []),
    "alone above, with a comment between": ("a = 1\n# layout-lint: ignore[WORD401] reason\n# more\nx = BAD", []),
    "two alone above": (
        "a = 1\n# layout-lint: ignore[WORD401] reason\n# layout-lint: ignore[WORD402] reason\nx = BAD + WORSE",
        [],
    ),
    "an empty line between": (
        "a = 1\n# layout-lint: ignore[WORD401] reason\n\nx = BAD",
        ["LL007 2:23", "WORD401 4:5"],
    ),
    "the line below": ("x = 1  # layout-lint: ignore[WORD401] reason\ny = BAD", ["LL007 1:30", "WORD401 2:5"]),
    "the first line of a statement": ("x = [  # layout-lint: ignore[WORD401] reason\n    1,\n    BAD,\n]", []),
    "alone above a statement": ("# layout-lint: ignore[WORD401] reason\nx = [\n    1,\n    BAD,\n]", []),
    "inside a statement": ("x = [\n    BAD,  # layout-lint: ignore[WORD401] reason\n    BAD,\n]", ["WORD401 3:5"]),
    "after a string over lines": ('x = """\nBAD\n"""  # layout-lint: ignore[WORD401] reason', []),
    "after a backslash": ("x = BAD + \\\n    1  # layout-lint: ignore[WORD401] reason", []),
    "a header, not its body": (
        "if [  # layout-lint: ignore[WORD401] reason\n    BAD]:\n    BAD",
        ["WORD401 3:5"],
    ),
    "in a string": ('x = "BAD  # layout-lint: ignore[WORD401] reason"', ["WORD401 1:6"]),
    "in a docstring": ('"""\n# layout-lint: ignore[WORD401] reason\n"""\nx = BAD', ["WORD401 4:5"]),
    "quoted in a comment": ("x = BAD  # see `# layout-lint: ignore[WORD401] reason`", ["WORD401 1:5"]),
    "after another comment": ("x = BAD  # noqa: F821  # layout-lint: ignore[WORD401] reason", []),
    "before another comment": ("x = BAD  # layout-lint: ignore[WORD401] reason  # noqa: F821", []),
    "the whole file, at its head": ("#!/usr/bin/python\n# layout-lint: ignore[WORD403] reason\nSTART = 1", []),
    "the whole file, on its first line": ("START = 1  # layout-lint: ignore[WORD403] reason", []),
    "the whole file, too late": (
        "a = 1\n# layout-lint: ignore[WORD403] reason\nSTART = 1",
        ["WORD403 1:1", "LL007 2:23"],
    ),
    "without a reason": ("x = BAD  # layout-lint: ignore[WORD401]", ["LL006 1:10"]),
    "no word as the reason": ("x = BAD  # layout-lint: ignore[WORD401] --", ["LL006 1:10"]),
    "another comment is no reason": ("x = BAD  # layout-lint: ignore[WORD401]  # noqa", ["LL006 1:10"]),
    "a number is a reason": ("x = BAD  # layout-lint: ignore[WORD401] #12", []),
    "unused": ("x = 1  # layout-lint: ignore[WORD401] reason", ["LL007 1:30"]),
    "one of two unused": ("x = BAD  # layout-lint: ignore[WORD401, WORD402] reason", ["LL007 1:41"]),
    "an unknown code": ("x = BAD  # layout-lint: ignore[WORD410] reason", ["WORD401 1:5", "LL009 1:32"]),
    "a rule about names": ("x = BAD  # layout-lint: ignore[LL102] reason", ["WORD401 1:5", "LL009 1:32"]),
    "no brackets": ("x = BAD  # layout-lint: ignore WORD401", ["WORD401 1:5", "LL009 1:10"]),
    "misspelt": ("x = BAD  # layout-lint: ingore[WORD401] reason", ["WORD401 1:5", "LL009 1:10"]),
    "nothing in the brackets": ("x = BAD  # layout-lint: ignore[ , ] reason", ["WORD401 1:5", "LL009 1:10"]),
    "where the file stops being Python": (
        "x = BAD  # layout-lint: ignore[WORD401] reason\ny = (\nBAD",
        ["WORD401 3:1"],
    ),
    "lines that end as on Windows": ("a = 1\r\n# layout-lint: ignore[WORD401] reason\r\nx = BAD\r\n", []),
}


@pytest.mark.parametrize(("text", "expected"), PYTHON.values(), ids=PYTHON)
def test_a_comment_in_python(text: str, expected: list[str]) -> None:
    assert lines(checked({"a.py": text})) == expected


OTHERS = {
    "requirements": ("a.txt", "BAD==1  # layout-lint: ignore[WORD401] reason\nBAD==2\n", ["WORD401 2:1"]),
    "requirements, above": ("a.txt", "x\n# layout-lint: ignore[WORD401] reason\nBAD==1\n", []),
    "requirements, continued": ("a.txt", "BAD \\\n  --hash=x  # layout-lint: ignore[WORD401] reason\n", []),
    "requirements, no comment": ("a.txt", "BAD#layout-lint: ignore[WORD401] reason\n", ["WORD401 1:1"]),
    "yaml": ("a.yaml", "a: BAD  # layout-lint: ignore[WORD401] reason\nb: BAD\n", ["WORD401 2:4"]),
    "yaml, quoted": ("a.yaml", 'a: "BAD  # layout-lint: ignore[WORD401] reason"\n', ["WORD401 1:5"]),
    "yaml, in a block": ("a.yaml", "a: |\n  # layout-lint: ignore[WORD401] reason\n  BAD\n", ["WORD401 3:3"]),
    "yaml, on a block's sign": ("a.yaml", "BAD: |  # layout-lint: ignore[WORD401] reason\n  text\n", []),
    "yaml, broken": ("a.yaml", "a: BAD  # layout-lint: ignore[WORD401] reason\n]: {\n", []),
    "typescript": ("a.ts", "BAD; // layout-lint: ignore[WORD401] reason\n// x\nBAD;\n", ["WORD401 3:1"]),
    "json has no comments": (
        "a.json",
        '{"items": [], "a": "BAD"} # layout-lint: ignore[WORD401] reason',
        ["WORD401 1:21"],
    ),
}


@pytest.mark.parametrize(("name", "text", "expected"), OTHERS.values(), ids=OTHERS)
def test_a_comment_in_another_file(name: str, text: str, expected: list[str]) -> None:
    assert lines(checked({name: text})) == expected


def _notebook(*source: str, tags: tuple[str, ...] = (), kind: str = "code", text: str = "", whole: bool = False) -> str:
    lines = [f"{line}\n" for line in source]
    outputs = [{"name": "stdout", "output_type": "stream", "text": [text]}] if text else []
    cell = {
        "cell_type": kind,
        "id": "one",
        "metadata": {"tags": list(tags)},
        "outputs": outputs,
        "source": "".join(lines) if whole else lines,
    }
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1)


COMMENT = "# layout-lint: ignore[WORD401] reason"
NOTEBOOKS = {
    "on the line": (_notebook(f"x = BAD  {COMMENT}", "y = BAD"), 1),
    "on the line, after quotes": (_notebook(f'x = "BAD"  {COMMENT}', 'y = "BAD"'), 1),
    "alone above": (_notebook("a = 1", COMMENT, "x = BAD", "y = BAD"), 1),
    "below a magic": (_notebook("%pip install 'x", COMMENT, "x = BAD", "y = BAD"), 1),
    "below a question": (_notebook("a?", COMMENT, "x = BAD"), 0),
    "alone above a magic": (_notebook("a = 1", COMMENT, "%cd BAD", "y = BAD"), 1),
    "on a line for the shell": (_notebook("a = 1", f"!cp BAD 'x  {COMMENT}", "y = BAD"), 1),
    "on a magic in a block": (_notebook("if a:", f"    %time BAD  {COMMENT}", "y = BAD"), 1),
    "behind the last line for the shell": (_notebook("!cp BAD \\", f"    it's BAD  {COMMENT}", "y = BAD"), 1),
    "below what the shell gives": (_notebook("d['a'] = !echo it's (", f"x = BAD  {COMMENT}", "y = BAD"), 1),
    "on what the shell gives": (_notebook(f"a = !echo BAD  {COMMENT}", "y = BAD"), 1),
    "below a question in a docstring": (_notebook('"""Is it?', 'No"""', f"x = BAD  {COMMENT}", "y = BAD"), 1),
    "below a format": (_notebook("x = ('a'", "  % b)", "c = 1", f"x = BAD  {COMMENT}", "y = BAD"), 1),
    "in another language": (_notebook("%%bash", "it's", f"BAD  {COMMENT}", "BAD"), 1),
    "in a string": (_notebook(f"x = 'BAD  {COMMENT}'"), 1),
    "in a cell of one string": (_notebook(f"x = BAD  {COMMENT}", 'y = "BAD"', whole=True), 1),
    "in text": (_notebook(f"BAD  {COMMENT}", kind="markdown"), 1),
    "an output": (_notebook(f"x = BAD  {COMMENT}", text="BAD"), 1),
    "a tag, for the whole cell": (
        _notebook("x = BAD", "y = BAD", text="BAD", tags=("layout-lint:ignore[WORD401] reason", "other")),
        0,
    ),
    "a tag with two": (_notebook("x = BAD + WORSE", tags=("layout-lint: ignore[WORD401 WORD402] reason",)), 0),
    "a tag on text": (_notebook("BAD", kind="markdown", tags=("layout-lint:ignore[WORD401] reason",)), 0),
}


@pytest.mark.parametrize(("text", "left"), NOTEBOOKS.values(), ids=NOTEBOOKS)
@pytest.mark.parametrize("indent", [1, None], ids=["indented", "on one line"])
def test_a_suppression_in_a_notebook(text: str, left: int, indent: int | None) -> None:
    found = checked({"a.ipynb": json.dumps(json.loads(text), indent=indent)})
    assert [one.code for one in found] == ["WORD401"] * left


def test_what_is_wrong_with_a_suppression_in_a_notebook_has_its_place_in_the_file() -> None:
    text = _notebook('a = "x"', 'b = "y"  # layout-lint: ignore[WORD401]', tags=("layout-lint:ignore[WORD9] reason",))
    found = checked({"a.ipynb": text})
    lines = text.split("\n")
    shown = [lines[s.line - 1][s.column - 1 : s.end_column - 1] for one in found if (s := one.span)]
    assert [one.code for one in found] == ["LL009", "LL006", "LL007"]
    assert shown == ['"layout-lint:ignore[WORD9] reason"', "# layout-lint: ignore[WORD401]", "WORD401"]


MESSAGES = {
    "ignore[WORD401]": ("the suppression of `WORD401` has no reason", "write why after the `]`"),
    "ignore[bad-wrod] reason": ("no rule has the code, prefix or name `bad-wrod`", "did you mean `bad-word`?"),
    "ignore[LL102] reason": (
        "`LL102` finds nothing in the text of a file, so no suppression there can hide it",
        "use `ignore` or `[[ignores]]` in the settings",
    ),
    "ignore WORD401": (
        "the suppression `# layout-lint: ignore WORD401` cannot be read",
        "write `layout-lint: ignore[CODE] reason`",
    ),
    "ignore[WORD402] reason": ("the suppression of `WORD402` hides no finding", "remove it"),
}


@pytest.mark.parametrize("comment", MESSAGES)
def test_a_message_says_what_to_do(comment: str) -> None:
    found = [one for one in checked({"a.py": f"x = BAD  # layout-lint: {comment}"}) if one.code != "WORD401"]
    assert [(one.message, one.hint) for one in found] == [MESSAGES[comment]]


def test_a_suppression_is_not_unused_while_one_of_its_rules_is_switched_off() -> None:
    tree = {"a.py": "x = 1  # layout-lint: ignore[WORD4] reason"}
    assert lines(checked(tree)) == ["LL007 1:30"]
    assert lines(checked(tree, f'{SELECT}\nignore = ["WORD402"]')) == []


def test_a_suppression_is_not_unused_where_a_rule_crashed() -> None:
    tree = {"a.py": "CRASH  # layout-lint: ignore[WORD401] reason"}
    assert "LL007" not in [one.code for one in checked(tree)]


def test_what_is_said_about_suppressions_can_be_switched_off() -> None:
    tree = {"a.py": "x = 1  # layout-lint: ignore[WORD401]\ny = 1  # layout-lint: ignore WORD401"}
    assert [one.code for one in checked(tree)] == ["LL006", "LL007", "LL009"]
    assert checked(tree, 'select = ["WORD"]') == []


def test_a_file_that_was_not_looked_at_has_no_unused_suppressions() -> None:
    comments = Content("v1/a.py", lambda: b"# layout-lint: ignore[WORD401]")
    suppressed = Suppressed([comments], {}, {rule.name: rule for rule in OWN_RULES})
    assert len([*suppressed.unused(None)]) == 2
    assert len([*suppressed.unused({b"v1/a.py"})]) == 2
    assert [*suppressed.unused({b"v1/b.py"})] == []


def test_a_file_without_a_suppression_is_not_parsed() -> None:
    content = Content("a.py", lambda: b"x = 1  # layout lint")
    assert [*Suppressed([content], {}, {}).unused(None)] == []
    assert content._parsed == {}


@given(
    st.sampled_from(["a.py", "a.txt", "a.yaml", "a.ts", "a.json", "a.ipynb", "Dockerfile"]),
    st.lists(
        st.sampled_from(
            [
                "# layout-lint:",
                "ignore[",
                "X1",
                "]",
                "\n",
                "\r",
                '"""',
                "'",
                "(",
                "\\",
                "//",
                ": |",
                " ",
                "\0",
                "{",
                ",",
            ]
        )
        | st.text(max_size=3)
    ),
)
def test_no_text_is_too_strange(name: str, parts: list[str]) -> None:
    data = "".join(parts).encode("utf-8", "surrogatepass")
    if name == "a.ipynb":
        cell = {"cell_type": "code", "source": ["".join(parts)], "metadata": {"tags": parts}}
        data = json.dumps({"cells": [cell, "x", {"source": 1, "metadata": []}]}).encode()
    for one in suppressions_of(Content(name, lambda: data)):
        assert one.start <= one.end
        assert one.fault or one.words


def test_the_page_shows_what_works() -> None:
    text = dedent(
        """\
        import torch  # layout-lint: ignore[WORD401] BAD is what the vendor calls it
        # layout-lint: ignore[WORD401, worse-word] the table is a copy of the vendor's
        WORDS = [
            "BAD",
            "WORSE",
        ]
        """
    )
    assert lines(checked({"a.py": text})) == []
