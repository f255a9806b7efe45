"""Account ids and home folders in notebooks."""

from __future__ import annotations

import pytest

from tests.rules.asking import check, marked, problems, said
from tests.rules.notebook import notebook

ACCOUNTS = [
    "role = 'arn:aws:iam::123456789012:role/train'",
    "'arn:aws-cn:sagemaker:cn-north-1:123456789012:pipeline/ncf'",
    "bucket = 'sagemaker-eu-west-1-123456789012'",
    "account_id = '123456789012'",
    '"Account": "123456789012"',
    "ACCOUNT=123456789012",
    "AccountId: 123456789012",
]


@pytest.mark.parametrize("source", ACCOUNTS)
def test_an_account_id(source: str) -> None:
    text = notebook(f"'''\n{source}\n'''")
    ((rule, problem),) = problems({"explore.ipynb": text})
    assert (rule.code, problem.message) == ("LL391", "the notebook holds an AWS account id that starts with `1234`")
    assert marked(text, problem) == "123456789012"


@pytest.mark.parametrize(
    "source",
    [
        "'arn:aws:s3:::bucket/key'",
        "'arn:aws:iam::aws:policy/AmazonSageMakerFullAccess'",
        "x = 123456789012",
        "account_id = '000000000000'",
        "account = '1234567890123'",
        "'763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-training:2.1'",
        "account = get_account()",
    ],
)
def test_what_is_no_account_id(source: str) -> None:
    assert said({"explore.ipynb": notebook(source)}) == []


HOMES = [
    ("open('/home/alice/x.csv')", "alice"),
    ("open('/Users/bob.b/x.csv')", "bob.b"),
    ("open(r'C:\\Users\\carol\\x.csv')", "carol"),
    ("open('c:\\\\Users\\\\carol')", "carol"),
    ("open('C:/Users/carol/x')", "carol"),
    ("u = 'file:///home/alice/x'", "alice"),
    ("p = '/mnt:/home/ec2-user/SageMaker/x'", "ec2-user"),
]


@pytest.mark.parametrize(("source", "user"), HOMES)
def test_a_home_folder(source: str, user: str) -> None:
    text = notebook(source)
    ((rule, problem),) = problems({"explore.ipynb": text})
    assert (rule.code, problem.message) == ("LL392", f"the notebook holds a path in the home folder of `{user}`")
    assert marked(text, problem) == user


@pytest.mark.parametrize(
    "source",
    [
        "'https://example.com/home/alice/x'",
        "'s3://bucket/home/alice/x'",
        "'~/home/x/'",
        "f'{base}/home/x/y'",
        "'/home'",
        "'/home/'",
        "'/home/<user>/x'",
        "'/Users/Shared/x'",
        "'data/Users/x/'",
    ],
)
def test_what_is_no_home_folder(source: str) -> None:
    assert said({"explore.ipynb": notebook(source)}) == []


def test_outputs_count_and_metadata_does_not() -> None:
    trace = {
        "output_type": "error",
        "ename": "E",
        "evalue": "v",
        "traceback": ["File /home/alice/a.py", "/home/alice/b.py: /home/bob/c.py"],
    }
    lines = [line for line in said({"explore.ipynb": notebook("1", outputs=[trace])}) if line.startswith("LL392")]
    check(lines, ["LL392 13:19 of `alice` (2 times)", "LL392 14:32 of `bob`"])
    image = "python3__SAGEMAKER_INTERNAL__arn:aws:sagemaker:us-east-1:081325390199:image/datascience-1.0"
    assert (
        said({"explore.ipynb": notebook("1", kernelspec={"name": image, "display_name": "x"}, path="/home/alice/x")})
        == []
    )
