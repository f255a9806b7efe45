"""model_config.json is held against what train.py and inference.py read, where that can be known."""

from __future__ import annotations

import pytest

from tests.rules.asking import check, problems, said

QUIET = "def model_fn(model_dir): ..."
LOAD = """import json, os
def model_fn(model_dir):
    with open(os.path.join(model_dir, "code", "model_config.json")) as file:
        config = json.load(file)
    {}
"""
PARSE = """import argparse
parser = argparse.ArgumentParser(description="é")
{}
args = parser.parse_args()
"""
ARGUMENT = 'parser.add_argument("--user-num", type=int, {})'


def about(config: str, train: str = "", inference: str = QUIET, code: str = "LL416") -> list[str]:
    return said({"model_config.json": config, "train.py": train, "inference.py": inference}, code)


READ = [
    LOAD.format('return config["user_num"]'),
    LOAD.format('return config.pop("user_num")'),
    LOAD.format('return config["user_num"] + config["user_num"]'),
    LOAD.format('return Net(config["user_num"], dropout=config.get("dropout", 0))'),
    LOAD.format('return Net(**config, users=config["user_num"])'),
    LOAD.format('return config["user_num"], os.environ["HOME"], "".join(["user_nums"])'),
    LOAD.format('known = "users" in config\n    return config["user_num"]'),
    LOAD.format('print(config)\n    return config["user_num"]'),
    LOAD.format('for _ in range(config["user_num"]): pass'),
    LOAD.format('return 1 if config["user_num"] else 2'),
    'import json\nconfig = json.loads(open("model-config.json").read())\ndef f():\n    return config["user_num"]',
    'import json\nN = "model_config.json"\npath = "/opt/" + N\nconfig = json.load(open(path))\nconfig["user_num"]',
    'import json, os\nif __name__ == "__main__":\n    hps = json.loads(os.environ["SM_HPS"])\n    hps["user_num"]',
]


@pytest.mark.parametrize("text", READ)
def test_a_key_that_is_read_without_a_default_must_be_there(text: str) -> None:
    assert about('{"user_num": "1"}', inference=text) == about('{"user_num": "1"}', text) == []
    [line] = about('{"user_nums": "1"}', inference=text)
    assert "`model_config.json` has no `user_num`" in line
    assert line.endswith("(did you mean `user_nums`?)")


def test_the_place_is_that_of_the_key_in_the_code() -> None:
    files: dict[str, str | bytes] = {
        "model_config.json": "{}",
        "train.py": PARSE.format(ARGUMENT.format("required=True")),
        "inference.py": LOAD.format('é = "é"; config["factor_num"]'),
    }
    found = [(problem.path, problem.span) for rule, problem in problems(files) if rule.code == "LL416"]
    assert [(path, span and (span.line, span.column, span.end_column)) for path, span in found] == [
        ("train.py", (3, 21, 33)),
        ("inference.py", (5, 21, 33)),
    ]


UNKNOWN = [
    LOAD.format('return config.get("user_num")'),
    LOAD.format('return config.pop("user_num", 1)'),
    LOAD.format('config["user_num"] = 1\n    return config["user_num"]'),
    LOAD.format('config.setdefault("user_num", 1)\n    return config["user_num"]'),
    LOAD.format('config.update(DEFAULTS)\n    return config["user_num"]'),
    LOAD.format('complete(config)\n    return config["user_num"]'),
    LOAD.format('if "user_num" in config:\n        return config["user_num"]'),
    LOAD.format('return config["user_num"] if config else 1'),
    LOAD.format('return config and config["user_num"]'),
    LOAD.format('if x:\n        return config["user_num"]'),
    LOAD.format('try:\n        return config["user_num"]\n    except KeyError:\n        return 1'),
    LOAD.format('with suppress(KeyError):\n        return config["user_num"]'),
    LOAD.format('return [config["user_num"] for _ in x]'),
    LOAD.format('config = {**config, **DEFAULTS}\n    return config["user_num"]'),
    LOAD.format('return config[key], config[0], config["a"]["user_num"] if 0 else 0'),
    LOAD.format('known = "user_num" in config\n    return config["user_num"]'),
    "from m import config\n" + LOAD.format('return config["user_num"]'),
    LOAD.format("return 1") + 'def other(config):\n    return config["user_num"]',
    'import json\nconfig = json.load(open("other.json"))\nconfig["user_num"]',
    'import yaml\nconfig = yaml.load(open("model_config.json"))\nconfig["user_num"]',
    'import json\ndef input_fn(body, kind):\n    data = json.loads(body)\n    return data["user_num"]  # model_config',
    "import os\nos.environ['SM_HP_USER_NUM']",
    PARSE.format(ARGUMENT.format("required=True")),
]


@pytest.mark.parametrize("text", UNKNOWN)
def test_nothing_is_said_where_a_key_has_a_default_or_cannot_be_known(text: str) -> None:
    assert about("{}", inference=text) == []


@pytest.mark.parametrize(
    ("train", "expected"),
    [
        (PARSE.format(ARGUMENT.format("required=True")), ["LL416 3:21 has no `user-num`"]),
        (PARSE.format(ARGUMENT.format("default=1")), []),
        (PARSE.format(ARGUMENT.format("required=False")), []),
        (PARSE.format(ARGUMENT.format("required=strict")), []),
        (
            PARSE.format('parser.add_argument("-u", "--user", "--user-num", required=True)'),
            ["LL416 3:27 no `user`"],
        ),
        (PARSE.format('parser.add_argument("data")\nparser.add_argument("--model-dir", required=True)'), []),
        (PARSE.format(ARGUMENT.format("required=True")).replace("parse_args()", "parse_args(argv)"), []),
        (
            PARSE.format(ARGUMENT.format("required=True")).replace("_args()", "_known_args()[0]"),
            ["LL416 3:21 no `"],
        ),
        (
            PARSE.format('group = parser.add_argument_group("a")\ngroup.add_argument("--user-num", required=True)'),
            ["LL416 4:20 has no `user-num`"],
        ),
        (
            PARSE.format('a = parser.add_subparsers().add_parser("a")\na.add_argument("--user-num", required=True)'),
            [],
        ),
        ("import os\nos.environ['SM_HP_USER_NUM']", ["LL416 2:12 has no `user_num`"]),
        ("import os\nif 'SM_HP_USER_NUM' in os.environ:\n    pass\nos.environ['SM_HP_USER_NUM']", []),
        ("import os\nos.environ.get('SM_HP_USER_NUM')", []),
        ('import json, os\nhps = json.loads(os.environ["SM_HPS"])\nhps["sagemaker_program"]', []),
    ],
)
def test_what_training_asks_for(train: str, expected: list[str]) -> None:
    check(about("{}", train), expected)
    assert about('{"user_num": "1", "user": "1"}', train) == []


@pytest.mark.parametrize("config", ["[]", "", '{"a" 1}', "{'a': 1}"])
def test_a_configuration_that_is_no_object_is_another_rules_affair(config: str) -> None:
    assert about(config, inference=READ[0]) == []


@pytest.mark.parametrize("config", ['{"a": "1",}', '{"a": "1" /* why */}', "\ufeff{}"])
def test_what_leaves_no_doubt_about_the_keys_hides_nothing(config: str) -> None:
    check(about(config, inference=READ[0]), about("{}", inference=READ[0]))
    assert about("{}", inference=READ[0])


STRICT = PARSE.format(ARGUMENT.format("default=1"))


@pytest.mark.parametrize(
    ("train", "inference", "expected"),
    [
        (STRICT, QUIET, ["LL415 1:21 mentions `drop_out`"]),
        (
            "from model import Net\n" + STRICT,
            "from model import Net",
            ["LL415 1:21 the parser in `train.py`"],
        ),
        ("import os, torch", QUIET, ["LL415 1:21 remove it, or read it"]),
        ("import os\nos.environ['SM_HP_USER_NUM']", QUIET, ["LL415 1:21 mentions `drop_out`"]),
        (STRICT.replace("_args()", "_known_args()[0]"), QUIET, ["LL415 1:21 mentions"]),
        (
            STRICT.replace("args = parser.parse_", "args, _ = parser.parse_known_"),
            QUIET,
            ["LL415 1:21 mentions"],
        ),
        ("", LOAD.format('return config["dropout"]'), ["LL415 1:21 did you mean `dropout`?"]),
        ("# DROP-OUT", QUIET, []),
        ("import os\nos.environ['SM_HP_DROP_OUT']", QUIET, []),
        (STRICT, "x = 'drop_out_rate'", []),
        ("from model import Net", QUIET, []),
        ("import hydra", QUIET, []),
        ("import subprocess\nsubprocess.check_call(['accelerate', 'launch', 'real_train.py'])", QUIET, []),
        ("from torch.distributed.run import main\nmain()", QUIET, []),
        ("import os\nos.system('pip install x')", QUIET, ["LL415 1:21 mentions"]),
        ("import sys\nf(sys.argv)", QUIET, []),
        ("import os\nf(**os.environ)", QUIET, []),
        ("import os\nf(os.environ[f'SM_HP_{name}'])", QUIET, []),
        ("print(", QUIET, []),
        ("", LOAD.format("return Net(**config)"), []),
        ("", LOAD.format("return Net(config)"), []),
        ("", LOAD.format("return [config[key] for key in config]"), []),
        ("", LOAD.format("return config.items()"), []),
        ("", "import json\ndef model_fn(d): return json.load(open(d))", []),
        ("", "def model_fn(d): return read(d, 'model_config.json')", []),
        ("", "import json\ndef input_fn(body, kind): return json.loads(body)", ["LL415 1:21 mentions"]),
        (STRICT.replace("args = parser.parse_", "args, rest = parser.parse_known_") + "f(rest)", QUIET, []),
        ("from m import add\n" + PARSE.format("add(parser)"), QUIET, []),
        ("from m import K\n" + PARSE.format("for k in K: parser.add_argument(f'--{k}')"), QUIET, []),
        ("from m import P\n" + STRICT.replace('description="é"', 'description="é", parents=[P]'), QUIET, []),
    ],
)
def test_a_key_that_nobody_mentions(train: str, inference: str, expected: list[str]) -> None:
    config = '{"user_num": "604", "drop_out": "0.0"}'
    lines = [line for line in about(config, train, inference, "LL415") if "`user_num`" not in line]
    check(lines, expected)


def test_without_the_training_script_nothing_is_known() -> None:
    assert said({"model_config.json": '{"a": "1"}', "inference.py": ""}, "LL415") == []
    check(said({"model_config.json": '{"a": "1"}', "train.py": ""}, "LL415"), ["LL415 1:2 mentions `a`"])
