"""What SageMaker's StartPipelineExecution would refuse is found in the file, at its place, in the user's words."""

from __future__ import annotations

import json

import pytest

from layout_lint.model.finding import Span
from tests.rules.asking import check, problems, said

PARAMETER = '{"PipelineName": "ncf", "PipelineParameters": [{"Name": "A", "Value": "x"}, %s]}'
KEY = '{"PipelineName": "ncf", %s}'
ROLE = "arn:aws:iam::123456789012:role/service-role/ml"
EXECUTION = "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/ncf/execution/abc"
STEP = '{"StepName": "Train"}'

RIGHT = [
    KEY % f'"RoleArn": "{ROLE}"',
    KEY % '"PipelineExecutionDisplayName": "run-7", "PipelineExecutionDescription": "after the fix <b>"',
    KEY % '"ParallelismConfiguration": {"MaxParallelExecutionSteps": 4}',
    KEY % '"SelectiveExecutionConfig": {"SelectedSteps": [{"StepName": "Train"}, {"StepName": ""}]}',
    KEY % f'"SelectiveExecutionConfig": {{"SourcePipelineExecutionArn": "{EXECUTION}", "SelectedSteps": [{STEP}]}}',
    KEY % '"PipelineVersionId": 3, "PipelineVersionAlias": "prod_1.0", "MlflowExperimentName": "e"',
    KEY % f'"ClientRequestToken": "{"0" * 32}"',
    '{"PipelineName": "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/ncf"}',
    PARAMETER % '{"Name": "B", "Value": ""}',
    PARAMETER % '{"Name": "\\u0042", "Value": "half of a pair: \\ud800"}',
    '{"PipelineName": "ncf", "PipelineParameters": []}',
]


@pytest.mark.parametrize("text", RIGHT)
def test_right_files_are_silent(text: str) -> None:
    assert said({"pipeline_config.json": text}) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # keys
        ('{"PipelineNmae": "ncf"}', ["LL211 1:2 unknown key `PipelineNmae` (did you mean `PipelineName`?)"]),
        ('{"pipeline_name": "ncf"}', ["LL211 1:2 did you mean `PipelineName`?"]),
        (KEY % '"PipelineNmae": "ncf"', ["LL211 1:25 unknown key `PipelineNmae`"]),
        (KEY % '"Tags": []', ["LL211 1:25 the keys are `PipelineName`, `PipelineExecutionDisplayName`"]),
        (KEY % '"_comment": "note"', ["LL211 1:25 unknown key `_comment`"]),
        (PARAMETER % '{"name": "B", "Value": "x"}', ["LL211 1:78 in `PipelineParameters[1]` (did you mean `Name`?)"]),
        (PARAMETER % '{"name": "B", "value": "x"}', ["LL211 1:78 `Name`", "LL211 1:91 did you mean `Value`?"]),
        (PARAMETER % '{"Name": "B"}', ["LL212 1:77 `PipelineParameters[1]` lacks the key `Value` (SageMaker takes"]),
        ("{}", ["LL212 1:1 the file lacks the key `PipelineName`"]),
        (KEY % '"ParallelismConfiguration": {}', ["LL212 1:53 lacks the key `MaxParallelExecutionSteps`"]),
        # types
        (
            PARAMETER % '{"Name": "B", "Value": 20}',
            ['LL213 1:100 `PipelineParameters[1].Value` must be a string; SageMaker takes strings only (write `"20"`)'],
        ),
        (PARAMETER % '{"Name": "B", "Value": 1e-3}', ['LL213 1:100 (write `"1e-3"`)']),
        (PARAMETER % '{"Name": "B", "Value": true}', ['LL213 1:100 (write `"true"`)']),
        (PARAMETER % '{"Name": "B", "Value": null}', ["LL213 1:100 must be a string; SageMaker takes strings only"]),
        (PARAMETER % '{"Name": "B", "Value": ["x"]}', ["LL213 1:100 must be a string"]),
        (PARAMETER % '{"Name": "B", "Value": {"x": 1}}', ["LL213 1:100 must be a string"]),
        (PARAMETER % '"B=x"', ["LL213 1:77 `PipelineParameters[1]` must be an object, not a string"]),
        (KEY % '"PipelineParameters": {"A": "x"}', ["LL213 1:47 must be a list, not an object"]),
        (KEY % '"PipelineParameters": null', ["LL213 1:47 must be a list, not `null`"]),
        (KEY % '"RoleArn": null', ["LL213 1:36 `RoleArn` must be a string"]),
        (KEY % '"PipelineVersionId": "1"', ["LL213 1:46 `PipelineVersionId` must be a whole number"]),
        (KEY % '"PipelineVersionId": 1.0', ["LL213 1:46 must be a whole number"]),
        (KEY % '"PipelineVersionId": true', ["LL213 1:46 must be a whole number"]),
        ("[]", ["LL213 1:1 the file must be an object, not a list"]),
        ('\n "ncf"', ["LL213 2:2 the file must be an object, not a string"]),
        # forms, lengths, counts
        ('{"PipelineName": "my_ncf"}', ["LL214 1:18 `PipelineName` is not of the form that is asked for (SageMaker"]),
        ('{"PipelineName": "ncf-"}', ["LL214 1:18 is not of the form"]),
        ('{"PipelineName": "ncf\\n"}', ["LL214 1:18 is not of the form"]),
        (KEY % '"PipelineVersionAlias": ""', ["LL214 1:49 `PipelineVersionAlias` must not be empty"]),
        (KEY % '"PipelineVersionId": 0', ["LL214 1:46 must be at least 1"]),
        (KEY % '"RoleArn": "ml"', ["LL214 1:36 holds 2 characters, at least 20 are needed (a role's ARN is"]),
        (KEY % '"RoleArn": "arn:aws:iam::1234:role/ml"', ["LL214 1:36 is not of the form"]),
        (KEY % '"PipelineExecutionDisplayName": "run 7"', ["LL214 1:57 is not of the form"]),
        (KEY % '"SelectiveExecutionConfig": {"SelectedSteps": []}', ["LL214 1:71 SelectedSteps` must not be empty"]),
        (PARAMETER % '{"Name": "B B", "Value": "x"}', ["LL214 1:86 `PipelineParameters[1].Name` is not of the form"]),
        (
            PARAMETER % json.dumps({"Name": "B", "Value": "x" * 1025}),
            ["LL214 1:100 holds 1025 characters, at most 1024"],
        ),
        (PARAMETER % json.dumps({"Name": "B" * 257, "Value": ""}), ["LL214 1:86 holds 257 characters, at most 256"]),
    ],
)
def test_what_the_call_would_refuse(text: str, expected: list[str]) -> None:
    check(said({"pipeline_config.json": text}), expected)


def test_a_key_that_is_there_is_not_proposed_for_another() -> None:
    assert "did you mean `PipelineName`" not in said({"pipeline_config.json": KEY % '"PipelineNmae": "ncf"'})[0]


def test_half_of_a_surrogate_pair_hides_no_other_mistake() -> None:
    text = KEY % r'"\ud800": 1, "PipelineExecutionDescription": "\udfff", "PipelineVersionId": "\ud800"'
    check(
        said({"pipeline_config.json": text}), ["LL211 1:25 unknown key `\\ud800`", "LL213 1:101 must be a whole number"]
    )


def test_more_parameters_than_a_run_takes() -> None:
    listed = [{"Name": f"P{number}", "Value": ""} for number in range(201)]
    text = json.dumps({"PipelineName": "ncf", "PipelineParameters": listed})
    check(
        said({"pipeline_config.json": text}),
        ["LL214 1:47 `PipelineParameters` holds 201 entries, at most 200 are allowed"],
    )


def test_a_parameter_given_twice_shows_the_first() -> None:
    text = PARAMETER % '{"Name": "B", "Value": "x"},\n{"Name": "A", "Value": "y"}'
    ((rule, problem),) = problems({"pipeline_config.json": text})
    assert (rule.code, problem.message) == ("LL215", "the parameter `A` is given already")
    assert (problem.span, problem.related[0].span) == (Span(2, 10, 2, 13), Span(1, 57, 1, 60))


def test_all_mistakes_of_a_file_come_in_one_run() -> None:
    text = (
        '{"PipelineName": "ncf_1", "Parameters": 1, "RoleArn": 5,\n'
        ' "PipelineParameters": [{"Name": "A", "Value": 1}, {"Value": "x"}, {"Name": "A", "Value": "s3://B"}]}'
    )
    check(
        said({"pipeline_config.json": text}),
        [
            "LL214 1:18 PipelineName",
            "LL211 1:27 Parameters",
            "LL213 1:55 `RoleArn` must be a string; a role's ARN is `arn:aws:iam::<account>:role/<name>`",
            "LL213 2:48 PipelineParameters[0].Value",
            "LL212 2:52 PipelineParameters[1]",
            "LL215 2:77 A",
            "LL224 2:97 it has 1 character, and",
        ],
    )


def test_long_values_are_not_shown_in_full() -> None:
    secret = "q7Z" * 40
    for text in (KEY % f'"{secret}": 1', PARAMETER % f'{{"Name": "A", "Value": "s3://{secret}"}}', f'"{secret}"'):
        lines = said({"pipeline_config.json": text})
        assert lines
        assert not any(secret[:41] in line for line in lines)


def test_quoting_is_proposed_only_where_it_sets_a_value_right() -> None:
    for text in (KEY % '"RoleArn": 5', KEY % '"PipelineVersionAlias": [1]', '{"PipelineName": -5}'):
        assert [line for line in said({"pipeline_config.json": text}) if "LL213" in line and "write" not in line]
    assert '(write `"5"`)' in said({"pipeline_config.json": KEY % '"PipelineVersionAlias": 5'})[0]
