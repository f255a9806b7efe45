"""No rule about code raises, whatever the files hold, and every problem has a place inside its file."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.rules.asking import problems

NAMES = ("train.py", "inference.py", "handler.py", "main.ts", "requirements.txt", "model_config.json")
PIECES = (
    *(
        "import argparse\n",
        "import json, os\n",
        "from model import *\n",
        "\n",
        "    ",
        "\t",
        "é",
        "\0",
        "\\",
        "'",
        '"',
    ),
    *(
        "def model_fn(",
        "model_dir",
        ", *",
        ", **",
        "):",
        " ...\n",
        "async ",
        "lambda: ",
        "class A:\n",
        "@f\n",
    ),
    *(
        "config = ",
        "json.load(",
        "open(",
        '"model_config.json"',
        ")",
        "config[",
        '"user_num"',
        "]",
        ".get(",
        "if ",
    ),
    *(
        "parser = ",
        "argparse.ArgumentParser(",
        "parser.add_argument(",
        '"--user_num"',
        "required=True",
        "parse_args()",
    ),
    *(
        "@dataclass\n",
        "from dataclasses import *\n",
        "from dataclasses import dataclass, field\n",
        "from pydantic import BaseModel, Field\n",
        "class A(BaseModel):\n",
        "    user_num: int\n",
        "    user_num: int = Field(alias=",
        "A(**config)\n",
        "A.model_validate(config)\n",
        "SimpleNamespace(**",
        "config.user_num\n",
    ),
    *("os.environ[", '"SM_HP_A"', "torch.save(", "x, ", "f'{x}'", "else:\n", "try:\n", "# coding: utf-7\n"),
    *(
        "a==1",
        "a",
        ">=",
        " ; ",
        "python_version",
        " --hash=",
        "-r ",
        "-e",
        "\\\n",
        " #",
        "https://",
        "${A}",
        "[x]",
    ),
    *("{", "}", ":", '"1"', "//", "/*", "*/", "\r\n", "\x0c", "\u2028", "\ufeff", "=", "(", "-"),
)
pieces = st.lists(st.sampled_from(PIECES), max_size=25).map(lambda parts: "".join(parts).encode())


@given(st.dictionaries(st.sampled_from(NAMES), st.one_of(st.binary(max_size=60), pieces)))
def test_no_rule_raises_and_every_place_is_in_the_file(files: dict[str, bytes]) -> None:
    for rule, problem in problems(dict(files)):
        assert problem.span is not None, rule
        lines = files[problem.path].count(b"\n") + files[problem.path].count(b"\r") + 1
        start = (problem.span.line, problem.span.column)
        assert (1, 1) <= start <= (problem.span.end_line, problem.span.end_column), (rule, problem)
        assert problem.span.end_line <= lines, (rule, problem)
        assert problem.span.end_column <= len(files[problem.path]) + 1, (rule, problem)


def test_a_name_that_is_bound_again_and_again_takes_no_time() -> None:
    again = "config = complete(config)\nconfig['a']\n" * 1500
    chain = "".join(f"b{number + 1} = dict(b{number})\n" for number in range(1500))
    classes = "".join(f"class A{number + 1}({f'A{number}, ' * 30}): ...\n" for number in range(60))
    load = "import json\nconfig = b0 = json.load(open('model_config.json'))\n"
    fields = "".join(f"    f{number}: int = 1\n" for number in range(1500))
    classes += f"from pydantic import BaseModel\nclass B(BaseModel):\n{fields}" + "B(**b0)\nB(**b0, f1=1)\n" * 1500
    classes += "B.model_validate_json(open('model_config.json').read())\n" * 1500
    text = f"{load}{again}{chain}{classes}A60(**b1500)\ntorch.save(model, path)\n"
    assert [rule.code for rule, _ in problems({"train.py": text, "model_config.json": '{"b": "1"}'})] == []


def test_names_that_lead_to_names_take_no_time() -> None:
    chain = "".join(f"a{number} = join({f'a{number + 1}, ' * 30})\n" for number in range(60))
    text = chain + "import json\nconfig = json.load(a0)\ntorch.save(x, a0)\n"
    assert [rule.code for rule, _ in problems({"train.py": text, "model_config.json": '{"b": "1"}'})] == []
