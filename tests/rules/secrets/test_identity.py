"""Account ids and home folders in notebooks."""

from __future__ import annotations

import pytest

from tests.rules.asking import check, marked, problems, said
from tests.rules.notebook import notebook

ACCOUNTS = [
    "role = 'arn:aws:iam::210987654321:role/train'",
    "'arn:aws-cn:sagemaker:cn-north-1:210987654321:pipeline/ncf'",
    "bucket = 'sagemaker-eu-west-1-210987654321'",
    "account_id = '210987654321'",
    '"Account": "210987654321"',
    "ACCOUNT=210987654321",
    "AccountId: 210987654321",
]


@pytest.mark.parametrize("source", ACCOUNTS)
def test_an_account_id(source: str) -> None:
    text = notebook(f"'''\n{source}\n'''")
    ((rule, problem),) = problems({"explore.ipynb": text})
    assert (rule.code, problem.message) == ("LL391", "the notebook holds an AWS account id that starts with `2109`")
    assert marked(text, problem) == "210987654321"


@pytest.mark.parametrize(
    "source",
    [
        "'arn:aws:s3:::bucket/key'",
        "'arn:aws:iam::aws:policy/AmazonSageMakerFullAccess'",
        "x = 123456789012",
        "account_id = '000000000000'",
        "role = 'arn:aws:iam::555555555555:role/train'",
        "role = 'arn:aws:iam::123456789012:role/train'",
        "role = 'arn:aws:iam::012345678901:role/train'",
        "'arn:aws:iam::111122223333:root arn:aws:iam::444455556666:root arn:aws:iam::777788889999:root'",
        "account = '111222333444'",
        "'arn:aws:ecs:us-east-1:012345678910:task/x arn:aws:sqs:us-east-2:123456789101:x'",
        "bucket = 'sagemaker-eu-west-1-111122223333'",
        "layer = 'arn:aws:lambda:eu-west-1:336392948345:layer:AWSSDKPandas-Python311:12'",
        "layer = 'arn:aws:lambda:eu-west-1:210987654321:layer:AWS-Parameters-and-Secrets-Lambda-Extension:11'",
        "layer = 'arn:aws:lambda:eu-west-1:210987654321:layer:LambdaInsightsExtension:38'",
        "account = '763104351884'",
        "'arn:aws:ecr:us-east-1:763104351884:repository/pytorch-training'",
        "'account: 811284229777 account: 174872318107'",
        "account = '683313688378'",
        "image = 'arn:aws:sagemaker:us-east-1:081325390199:image/datascience-1.0'",
        "'arn:aws:sagemaker:us-east-1:865070037744:model-package/x-710c29bc58f0303aac54c77c70fc229a'",
        "account = '210987654321.dkr.ecr.eu-west-1.amazonaws.com/ncf'",
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
    ("p = '\x1b[0;32m/home/alice/x.py\x1b[0m'", "alice"),
    ("p = 'File \x1b[38;5;28m/Users/bob/x.py:3'", "bob"),
    ("p = r'\x1b[mC:\\Users\\carol\\x.py'", "carol"),
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
        "'\x1b[0;32mdata/home/alice/x'",
        "'item/home/alice/x team/Users/bob/x [0;32m/home/alice/x'",
        "'/home/'",
        "'/home/<user>/x'",
        "'/Users/Shared/x'",
        "'data/Users/x/'",
    ],
)
def test_what_is_no_home_folder(source: str) -> None:
    assert said({"explore.ipynb": notebook(source)}) == []


LAYERS = ["layer:ours:3", "layer:my-AWS:3", "function:AWSish"]


@pytest.mark.parametrize("resource", LAYERS)
def test_only_layers_of_aws_are_known_by_their_names(resource: str) -> None:
    source = f"'arn:aws:lambda:eu-west-1:210987654321:{resource}'"
    check(said({"explore.ipynb": notebook(source)}), ["LL391 9:32 that starts with `2109`"])


def test_a_path_in_a_traceback_of_ipython() -> None:
    frame = "\x1b[0;32m/home/alice/train.py\x1b[0m in \x1b[0;36mfit\x1b[0;34m(data)\x1b[0m"
    trace = {"output_type": "error", "ename": "E", "evalue": "v", "traceback": [frame]}
    lines = [line for line in said({"explore.ipynb": notebook("1", outputs=[trace])}) if line.startswith("LL392")]
    check(lines, ["LL392 13:26 in the home folder of `alice`"])


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
