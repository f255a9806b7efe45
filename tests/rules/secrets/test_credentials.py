"""Credentials in notebooks, configs, code and requirements: found at their place, and never shown.

The samples are put together here, so that no scanner takes this file for a leak.
"""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layout_lint_rules.secrets.scan import credentials
from tests.rules.asking import check, marked, problems, said
from tests.rules.notebook import notebook

KEY_ID = "AKIA" + "Q3EGVDTPZ2M7RLXA"
SECRET = "aB3dE5fG7h" + "J9kL1mN3pQ" + "5rS7tU9vW+" + "x/Yz2A4c6E"
TOKEN = "IQoJb3JpZ2lu" + "X2VjEJr//////////wEaCWV1LXdlc3QtMSJHMEUCIQ" * 8
SIGNATURE = "0a1b2c3d4e5f6789" * 4
PRESIGNED = (
    "https://bucket.s3.amazonaws.com/ratings.csv?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential="
    f"{KEY_ID}%2F20260102%2Feu-west-1%2Fs3%2Faws4_request&X-Amz-Expires=3600&X-Amz-Signature={SIGNATURE}"
)
OLD_PRESIGNED = f"https://bucket.s3.amazonaws.com/a?AWSAccessKeyId={KEY_ID}&Signature=vjbyPxybdZaNmGa%2ByT272YEAiv4%3D"
PEM = "-----BEGIN {}PRIVATE KEY-----".format
BASE64 = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC" + "BKcwggSjAgEAAoIBAQDJ"

FOUND = [
    (f"key = '{KEY_ID}'", "an AWS access key ID that starts with `AKIA`", KEY_ID),
    (f"export AWS_ACCESS_KEY_ID={KEY_ID}", "an AWS access key ID", KEY_ID),
    (f"{KEY_ID.replace('AKIA', 'ASIA')}", "an AWS access key ID that starts with `ASIA`", "ASIA" + KEY_ID[4:]),
    (f'aws_secret_access_key="{SECRET}"', "an AWS secret access key that starts with `aB3d`", SECRET),
    (f"'SecretAccessKey': '{SECRET}'", "an AWS secret access key", SECRET),
    (f"AWS_SECRET_ACCESS_KEY: str = ({SECRET})", "an AWS secret access key", SECRET),
    (f"secret_key = '{SECRET}'", "an AWS secret access key", SECRET),
    (f"aws_session_token = '{TOKEN}'", "an AWS session token that starts with `IQoJ`", TOKEN[:92]),
    (f"session_token='{SECRET * 3}'", "an AWS session token that starts with `aB3d`", SECRET * 3),
    (f"url = '{PRESIGNED}'", "a presigned URL whose signature starts with `0a1b`", PRESIGNED),
    (f"[x]({PRESIGNED})", "a presigned URL", PRESIGNED),
    (f'"{OLD_PRESIGNED}&Expires=1"', "a presigned URL", OLD_PRESIGNED + "&Expires=1"),
    (
        f"https://b.s3.amazonaws.com/a?Signature=vjbyPxybdZaNmGa%2ByT272YEA&AWSAccessKeyId={KEY_ID}",
        "a presigned URL",
        "https://b.s3",
    ),
    (f"{PEM('RSA ')}\n{BASE64}", "a private key that starts with `MIIE`", BASE64),
    (f'"{PEM("")}\\n{BASE64}\\n"', "a private key that starts with `MIIE`", BASE64),
    (f"{PEM('EC ')}\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n{BASE64}", "a private key", BASE64),
    (f"{PEM('OPENSSH ')}\n{BASE64}", "a private key", BASE64),
    ("ghp_" + "aB3dE5fG7hJ9" * 3, "a GitHub token that starts with `ghp_`", "ghp_"),
    ("github_pat_" + "a" * 22 + "_" + "b" * 59, "a GitHub token", "github_pat_"),
    ("glpat-" + "aB3dE5fG7hJ9kL1mN3pQ", "a GitLab token", "glpat-"),
    ("login('hf_" + "aBcDeFgHiJkLmNoPqRsTuVwXyZaBcDeFgH" + "')", "a Hugging Face token", "hf_"),
    ("sk-" + "aB3dE5fG7hJ9kL1mN3pQ" + "T3BlbkFJ" + "aB3dE5fG7hJ9kL1mN3pQ", "an OpenAI key", "sk-"),
    ("sk-ant-" + "api03-" + "aB3dE5fG7h" * 9, "an Anthropic key", "sk-ant-"),
    ("xoxb-" + "123456789012-123456789012-" + "aB3dE5fG7hJ9", "a Slack token", "xoxb-"),
    ("pypi-" + "AgEIcHlwaS5vcmc" + "aB3dE5fG7h" * 8, "a PyPI token", "pypi-"),
    ("AIza" + "SyaB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW-x_Y", "a Google API key", "AIza"),
    ("WANDB_API_KEY=" + "0a1b2c3d4e" * 4, "a Weights & Biases key", "0a1b"),
    ("os.environ['WANDB_API_KEY'] = '" + "0a1b2c3d4e" * 4, "a Weights & Biases key", "0a1b"),
    ("wandb.login(key='" + "0a1b2c3d4e" * 4 + "')", "a Weights & Biases key that starts with `0a1b`", "0a1b"),
    ('wandb.login("must", "' + "0a1b2c3d4e" * 4 + '")', "a Weights & Biases key", "0a1b"),
    ("wandb.login(\n    relogin=True,\n    key = '" + "0a1b2c3d4e" * 4 + "')", "a Weights & Biases key", "0a1b"),
    ("wandb.login(key='local-" + "0a1b2c3d4e" * 4 + "')", "a Weights & Biases key", "0a1b"),
    ("!wandb login " + "0a1b2c3d4e" * 4, "a Weights & Biases key", "0a1b"),
    ("!wandb login --relogin --host=https://x.io " + "0a1b2c3d4e" * 4, "a Weights & Biases key", "0a1b"),
    ("wandb.login(key='wandb_v1_" + "aB3dE5fG7hJ" * 7 + "')", "a Weights & Biases key", "wandb_v1_"),
    ("psycopg2.connect('postgresql://ml:tr0ub4dor@db.internal/x')", "a URL with a password", "tr0ub4dor"),
]


@pytest.mark.parametrize(("text", "kind", "where"), FOUND)
def test_what_is_a_credential(text: str, kind: str, where: str) -> None:
    whole = notebook("import os\n" + text)
    ((rule, problem),) = [(rule, one) for rule, one in problems({"explore.ipynb": whole}) if rule.code == "LL390"]
    assert rule.name == "notebook-credential"
    assert problem.message.startswith(f"the notebook holds {kind}")
    assert marked(whole, problem).startswith(json.dumps(where)[1:-1])


NONE = [
    "aws_access_key_id = 'AKIA" + "IOSFODNN7EXAMPLE'",
    "aws_secret_access_key = 'wJalrXUtnFEMI/K7MDENG/bPxRfi" + "CYEXAMPLEKEY'",
    PRESIGNED.replace(KEY_ID, "AKIA" + "IOSFODNN7EXAMPLE"),
    "AKIA",
    "AKIAQ3EGVDTPZ2M7RLX",
    f"x{KEY_ID}",
    f"{KEY_ID}A",
    "aws_secret_access_key = os.environ['AWS_SECRET_ACCESS_KEY']",
    f"aws_secret_access_key = '{'x' * 40}'",
    f"secret_key = '{'0a1b2c3d4e' * 4}'",
    "secret_key = get_the_secret_key_from_the_parameter_store_please_do()",
    f"commit = '{SECRET}'",
    f"if line.startswith('{PEM('')}'):",
    "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A",
    "session_token = response['SessionToken']",
    "https://bucket.s3.amazonaws.com/a?X-Amz-Signature={signature}",
    "ghp_short",
    "hf_hub_download_of_a_very_long_function_name",
    "http://user:password@host/ https://me:{token}@x.com https://me:${TOKEN}@x.com http://a:%s@b ssh://git@host:22",
    "s3://bucket/data/x https://host:8443/a@b",
    "commit = '" + "0a1b2c3d4e" * 4 + "'",
    "wandb.login()\nwandb.init(config={'commit': '" + "0a1b2c3d4e" * 4 + "'})",
    "wandb.login(key=key)\ncommit = '" + "0a1b2c3d4e" * 4 + "'",
    "wandb.login(key='" + "x" * 40 + "')",
    "!wandb login\n!git checkout " + "0a1b2c3d4e" * 4,
    "wandb_v1_is_the_new_form_of_a_key",
]


@pytest.mark.parametrize("text", NONE)
def test_what_is_none(text: str) -> None:
    assert credentials(text) == []
    assert [line for line in said({"explore.ipynb": notebook(text)}) if line.startswith("LL390")] == []


def test_a_parameter_of_a_pipeline() -> None:
    parameters = [{"Name": "AWS_SECRET_ACCESS_KEY", "Value": SECRET}, {"Name": "Key", "Value": KEY_ID}]
    text = json.dumps({"PipelineName": "ncf", "PipelineParameters": parameters}, indent=1)
    check(
        said({"pipeline_config.json": text}, "LL290"),
        ["LL290 6:14 the file holds an AWS secret access key that", "LL290 10:14 the file holds an AWS access key ID"],
    )
    assert (
        said(
            {"pipeline_config.json": json.dumps({SECRET: "secret_key", "RoleArn": "arn:aws:iam::123456789012:role/x"})},
            "LL290",
        )
        == []
    )


def test_code_and_requirements() -> None:
    check(
        said({"train.py": f"import os\nKEY = '{KEY_ID}'"}, "LL490"), ["LL490 2:8 the file holds an AWS access key ID"]
    )
    check(
        said({"requirements.txt": "torch\n--extra-index-url https://ml:s3cr3tpass@pypi.internal/simple"}, "LL490"),
        ["LL490 2:30 the file holds a URL with a password (revoke it"],
    )
    assert said({"train.py": f"KEY = os.environ['{KEY_ID[:8]}']"}, "LL490") == []


def test_all_of_a_credential_is_marked_so_that_reports_can_mask_it() -> None:
    lines = ["MIIEvQIBADANBgkqhkiG9w0BAQEFAASC", "BKcwggSjAgEAAoIBAQDJ", "AA=="]
    text = json.dumps({"Value": PEM("RSA ") + "\n" + "\n".join(lines) + "\n-----END RSA PRIVATE KEY-----\n"})
    ((_, problem),) = problems({"pipeline_config.json": text}, "LL290")
    assert marked(text, problem) == "\\n".join(lines)
    for secret in (TOKEN, "sk-ant-" + "api03-" + "aB3dE5fG7h" * 20, "glpat-" + "aB3dE5fG7hJ9" * 9):
        ((_, problem),) = problems({"train.py": f"x = '{secret}'"}, "LL490")
        assert marked(f"x = '{secret}'", problem) == secret


def test_the_same_credential_is_reported_once_with_its_number() -> None:
    check(
        said({"train.py": f"A = '{KEY_ID}'\nB = '{KEY_ID}'"}, "LL490"), ["LL490 1:6 that starts with `AKIA` (2 times)"]
    )


def test_a_presigned_url_is_one_finding_with_all_that_is_in_it() -> None:
    text = notebook(f"{PRESIGNED}&X-Amz-Security-Token={TOKEN}")
    assert [line[:5] for line in said({"explore.ipynb": text}, "LL390")] == ["LL390"]


def test_metadata_outputs_and_keys_are_searched_and_images_are_not() -> None:
    image = {"output_type": "display_data", "metadata": {}, "data": {"image/png": KEY_ID, "text/html": "<b>"}}
    assert [line[:5] for line in said({"explore.ipynb": notebook("1", outputs=[image])})] == ["LL303"]
    image["data"] = {"image/svg+xml": f"<text>{KEY_ID}"}
    assert [line[:5] for line in said({"explore.ipynb": notebook("1", outputs=[image])})] == ["LL303", "LL390"]
    assert [line[:5] for line in said({"explore.ipynb": notebook("1", papermill={"parameters": {"key": KEY_ID}})})] == [
        "LL390"
    ]
    assert [line[:5] for line in said({"explore.ipynb": notebook("1", tags={KEY_ID: 1})})] == ["LL390"]


@pytest.mark.parametrize(("text", "_kind", "secret"), FOUND)
def test_no_message_shows_more_than_four_characters(text: str, _kind: str, secret: str) -> None:
    for name in ("explore.ipynb", "train.py"):
        for rule, problem in problems({name: notebook(text) if name.endswith("b") else text}):
            if rule.code in ("LL390", "LL490"):
                assert problem.secret
                assert len(secret) < 5 or secret[:5] not in problem.message


ANY = st.text(st.characters(codec="utf-8") | st.sampled_from('\\"\n\t/🚀é'), max_size=30)


@given(before=ANY, after=ANY, ascii_only=st.booleans())
def test_the_place_is_exact_whatever_stands_around(before: str, after: str, ascii_only: bool) -> None:
    said_there = f"{before} {KEY_ID} {after}"
    text = json.dumps({"é": [1, said_there], "x": "y"}, ensure_ascii=ascii_only)
    lines = text.split("\n")
    assert len(lines) == 1
    ((_, problem),) = problems({"pipeline_config.json": text}, "LL290")
    assert marked(text, problem) == KEY_ID


def test_escapes_hide_nothing() -> None:
    hidden = "".join(f"\\u{ord(one):04x}" for one in KEY_ID)
    text = f'{{"a": "\\n{hidden}\\/"}}'
    ((_, problem),) = problems({"pipeline_config.json": text}, "LL290")
    assert marked(text, problem) == hidden


def test_a_file_that_is_not_quite_json_is_searched_too() -> None:
    text = f"{{\n'key': '{KEY_ID}', // mine\n}}"
    (line,) = said({"pipeline_config.json": text}, "LL290")
    assert line.startswith("LL290 2:8 the file holds an AWS access key ID")


@given(st.lists(st.sampled_from([text for text, _, _ in FOUND] + ["://", "secret key", "token", '"', "\n", "\0", "="])))
def test_no_text_makes_a_rule_raise(parts: list[str]) -> None:
    said({"train.py": "".join(parts)}, "LL490")
    said({"explore.ipynb": "".join(parts)})
    said({"explore.ipynb": notebook("".join(parts))})
