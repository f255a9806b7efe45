"""Classes and namespaces that a script fills from model_config.json: their fields are keys that it reads.

A case is the text of a module as people write it. `FAILS` are held against Python itself: each is executed beside a
configuration with and without the key.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.rules.asking import check, marked, problems, said
from tests.rules.code.settings_cases import DATACLASS, FAILS, JSON, NAMESPACE, PLAIN, PYDANTIC, QUIET, SILENT

if TYPE_CHECKING:
    from pathlib import Path


def about(config: dict[str, str], text: str, code: str = "LL416", train: str = "") -> list[str]:
    """Returns what is said of a configuration beside an `inference.py`."""
    return said({"model_config.json": json.dumps(config), "train.py": train, "inference.py": text}, code)


@pytest.mark.parametrize("text", FAILS.values(), ids=FAILS)
def test_what_a_class_cannot_be_made_without_must_be_there(text: str) -> None:
    assert about({"user_num": "1"}, text) == []
    [line] = about({"user_nums": "1"}, text)
    assert "`model_config.json` has no `user_num`" in line
    assert line.endswith("(did you mean `user_nums`?)")


@pytest.mark.parametrize("text", FAILS.values(), ids=FAILS)
def test_python_itself_fails_there(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if "attr" in text.partition("\n")[0]:
        pytest.importorskip("attrs")
    monkeypatch.chdir(tmp_path)
    config = tmp_path / "model_config.json"
    code = compile(text.replace("open(", "opened("), "inference.py", "exec", dont_inherit=True)
    config.write_text('{"user_num": "1"}')
    exec(code, _module(tmp_path))  # noqa: S102 - the cases above
    config.write_text("{}")
    with pytest.raises((TypeError, ValueError, AttributeError, KeyError)):
        exec(code, _module(tmp_path))  # noqa: S102 - the cases above


def _module(folder: Path) -> dict[str, object]:
    """Returns the names of a fresh module, whose files are closed in time."""
    import io  # noqa: PLC0415 - for the modules only

    return {"__name__": "inference", "opened": lambda name: io.StringIO((folder / name).read_text())}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (FAILS["dataclass"], "user_num"),
        (FAILS["pydantic, alias"], '"user_num"'),
        (FAILS["attrs, private"], "_user_num"),
        (FAILS["namespace"], "user_num"),
        (FAILS["namespace, getattr"], "'user_num'"),
        (f'é = 1\n{NAMESPACE}{JSON}a = SimpleNamespace(**config)\né = "é", a . user_num', "user_num"),
    ],
)
def test_the_place_is_that_of_the_field(text: str, place: str) -> None:
    found = problems({"model_config.json": "{}", "train.py": "", "inference.py": text}, "LL416")
    [problem] = [problem for _, problem in found]
    assert problem.path == "inference.py"
    assert marked(text, problem) == place


@pytest.mark.parametrize("text", SILENT.values(), ids=SILENT)
def test_nothing_is_said_where_it_cannot_be_known(text: str) -> None:
    assert about({"other": "1"}, text) == []


@pytest.mark.parametrize(
    ("alias", "key", "expected"),
    [
        ("", "users", ["LL416 3:30 no `user_num`"]),
        ("populate_by_name=True", "users", []),
        ("validate_by_name=True", "users", []),
        ("populate_by_name=False", "users", ["LL416 3:30 no `user_num`"]),
        ("populate_by_name=True", "other", ["LL416 3:30 no `user_num`"]),
    ],
)
def test_a_model_may_take_its_own_names_too(alias: str, key: str, expected: list[str]) -> None:
    text = (
        f"{PYDANTIC}class Settings(BaseModel):\n    users: int = Field(alias='user_num')\n"
        f"    model_config = dict({alias})\n{JSON}Settings(**config)"
    )
    check(about({key: "1"}, text), expected)


HF = (
    "from transformers import HfArgumentParser, TrainingArguments\n"
    f"{DATACLASS}@dataclass\nclass Model:\n    user_num: int\n"
)
PARSED = "HfArgumentParser(Model).parse_args_into_dataclasses()"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            f"{HF}parser = HfArgumentParser(Model)\n(a,) = parser.parse_args_into_dataclasses()",
            ["LL416 5:5 no `user_num`"],
        ),
        (
            f"{HF}HfArgumentParser((Model, TrainingArguments)).parse_args_into_dataclasses()",
            ["LL416 5:5 no `user_num`"],
        ),
        (f"{HF}{JSON}HfArgumentParser([Model]).parse_dict(config)", ["LL416 5:5 no `user_num`"]),
        (f"{HF}HfArgumentParser(Model).parse_json_file('model_config.json')", ["LL416 5:5 no `user_num`"]),
        (f"{HF}HfArgumentParser(Model).parse_json_file(json_file='other.json')", []),
        (f"{HF}HfArgumentParser(Model).parse_args_into_dataclasses(arguments)", []),
        (f"{HF}parser = HfArgumentParser(Model)\nadd(parser)\nparser.parse_args_into_dataclasses()", []),
        (f"{HF}    quick: bool\n{PARSED}", ["LL416 5:5 no `user_num`"]),
        (f"{HF}    n: int = field(metadata={{'aliases': ['-n']}})\n{PARSED}", []),
        (f"{HF}if x:\n    {PARSED}", []),
    ],
)
def test_dataclasses_that_transformers_fills(text: str, expected: list[str]) -> None:
    check(about({"other": "1"}, QUIET, train=text), expected)
    assert about({"user_num": "1", "quick": "1"}, QUIET, train=text) == []


def test_arguments_are_given_in_training_only() -> None:
    assert about({}, f"{HF}{PARSED}") == []


REFUSES = "LL415 1:19 remove it: `Settings` in `inference.py` does not know it and fails"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (FAILS["dataclass"], [REFUSES]),
        (f"from module import Net\n{FAILS['dataclass']}", [REFUSES]),
        (FAILS["attrs"], [REFUSES]),
        (FAILS["named tuple"].replace("dropout", "layers"), [REFUSES]),
        (FAILS["named tuple"], ["LL415 1:19 (did you mean `dropout`?)"]),
        (f"{PYDANTIC}{PLAIN}    class Config:\n        extra = 'forbid'\n{JSON}Settings(**config)", [REFUSES]),
        (FAILS["pydantic"], ["LL415 1:19 (remove it, or read it)"]),
        (FAILS["pydantic, text"], ["LL415 1:19 (remove it, or read it)"]),
        (FAILS["namespace"].replace("print", "str"), ["LL415 1:19 (remove it, or read it)"]),
        (f"from module import Net\n{FAILS['pydantic']}", []),
        (f"{PYDANTIC}{PLAIN}    drop_out: float = 0\n{JSON}Settings(**config)", []),
        (f"{PYDANTIC}{PLAIN}    dropout: float = Field(0, alias='drop_out')\n{JSON}Settings(**config)", []),
        (f"{PYDANTIC}class Settings(BaseModel, extra='allow'):\n    user_num: int\n{JSON}Settings(**config)", []),
        (f"{PYDANTIC}{PLAIN}    model_config = dict(extra=EXTRA)\n{JSON}Settings(**config)", []),
        (f"{FAILS['dataclass']}\nNet(config)", []),
        (f"{FAILS['dataclass']}\nNet(**config)", [REFUSES]),
        (
            f"{DATACLASS}@dataclass\nclass Settings:\n    user_num: int\n{JSON}if x:\n    Settings(**config)",
            ["LL415 1:19 (remove it, or read it)"],
        ),
        (SILENT["settings of the environment"], []),
        (SILENT["another decorator"], []),
        ("from pydantic import BaseSettings\nclass Settings(BaseSettings): ...\nSettings()", []),
        (
            "from pydantic import BaseModel\nclass Body(BaseModel): ...",
            ["LL415 1:2 `user_num`", "LL415 1:19 `drop_out`"],
        ),
        (f"{JSON}config = DEFAULTS\nlen(config['user_num'])", []),
        (f"{HF}{JSON}HfArgumentParser([Model, TrainingArguments]).parse_dict(config)", []),
        (SILENT["what a function returns"], []),
        (SILENT["a namespace that is handed on"], []),
    ],
)
def test_a_key_that_no_field_takes(text: str, expected: list[str]) -> None:
    check(about({"user_num": "1", "drop_out": "2"}, text, "LL415"), expected)
