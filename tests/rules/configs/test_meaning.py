"""What the values of a pipeline_config.json mean: places in the bucket, buckets, statuses, the pipeline's name."""

from __future__ import annotations

import json

import pytest

from tests.rules.asking import check, problems, said

CODE = "s3://ml-code/code/ncf/source.tar.gz"


def with_value(name: str, value: str) -> str:
    return json.dumps({"PipelineName": "ncf", "PipelineParameters": [{"Name": name, "Value": value}]})


def line_of(name: str, value: str, pipeline: str = "ncf") -> str:
    """Returns what is said about a value, "" for nothing, without the place."""
    lines = said({"pipeline_config.json": with_value(name, value)}, pipeline=pipeline)
    assert len(lines) < 2, lines
    code, _, message = lines[0].split(" ", 2) if lines else ("", "", "")
    return f"{code} {message}".strip()


@pytest.mark.parametrize(
    "value",
    [
        "s3://ml-data/data/v1",
        "s3://ml-data/data/v1/part/",
        "s3://ml-data/data/${VERSION}",
        "s3://${BUCKET}/data/v1",
        "s3://arn:aws:s3:eu-west-1:111122223333:accesspoint/team/data/v1",
        "s3://arn:aws:s3-outposts:eu-west-1:111122223333:outpost/op-01/accesspoint/team/data/v1",
        "{{ data_uri }}",
        "$DATA",
    ],
)
def test_input_data_below_data(value: str) -> None:
    assert line_of("InputData", value) == ""


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("s3://ml-data/raw/v1", "does not point below `data/` of its bucket (write `s3://<bucket>/data/<version>`)"),
        ("s3://ml-data/Data/v1", "does not point below"),
        ("s3://ml-data/datasets/v1", "does not point below"),
        ("s3://ml-data/data", "does not point below"),
        ("s3://ml-data", "does not point below"),
        ("s3://data/v1", "does not point below"),
        ("s3://arn:aws:s3:eu-west-1:111122223333:accesspoint/data/v1", "does not point below"),
        ("s3://ml-data/data/v1 ", "ends with white space (remove it)"),
        ("s3://ml-data/data/", "points at all of `data/`"),
        ("data/v1", "is no S3 URI"),
        ("https://ml-data.s3.amazonaws.com/data/v1", "is no S3 URI"),
        ("", "is no S3 URI"),
    ],
)
def test_input_data_elsewhere(value: str, expected: str) -> None:
    line = line_of("InputData", value)
    assert line.startswith("LL222 `InputData`")
    assert expected in line


@pytest.mark.parametrize(
    ("value", "pipeline"),
    [
        (CODE, "ncf"),
        ("s3://ml-code/code/my ncf/source.tar.gz", "my ncf"),
        ("s3://ml-code/code/anything/source.tar.gz", ""),
        ("s3://ml-code/code/${PIPELINE}/source.tar.gz", "ncf"),
    ],
)
def test_train_code_of_this_pipeline(value: str, pipeline: str) -> None:
    assert not [
        line
        for line in said({"pipeline_config.json": with_value("TrainCode", value)}, pipeline=pipeline)
        if "LL223" in line
    ]


@pytest.mark.parametrize(
    "value",
    [
        "s3://ml-code/code/mf/source.tar.gz",
        "s3://ml-code/code/NCF/source.tar.gz",
        "s3://ml-code/code/ncf/source_v6.tar.gz",
        "s3://ml-code/code/ncf/",
        "s3://ml-code/code/ncf/v1/source.tar.gz",
        "s3://ml-code/ncf/source.tar.gz",
    ],
)
def test_train_code_elsewhere(value: str) -> None:
    hint = "(write `s3://<bucket>/code/ncf/source.tar.gz`)"
    assert line_of("TrainCode", value) == (
        f"LL223 `TrainCode` does not point at `code/ncf/source.tar.gz` of its bucket {hint}"
    )


def test_train_code_that_is_no_uri() -> None:
    assert line_of("TrainCode", "source.tar.gz").startswith("LL223 `TrainCode` is no S3 URI")


def test_without_a_captured_pipeline_any_pipeline_may_have_the_code() -> None:
    assert "code/<pipeline>/source.tar.gz" in line_of("TrainCode", "s3://ml-code/source.tar.gz", pipeline="")


@pytest.mark.parametrize(
    ("bucket", "expected"),
    [
        ("ab", "it has 2 characters, and 3 to 63 are allowed"),
        ("a" * 64, "it has 64 characters"),
        ("My-Data", "it has capitals"),
        ("my_data", "it has `_`; letters, digits, `.` and `-` are allowed"),
        ("my data", "it has white space"),
        ("größe", "it has `ß` and `ö`"),
        ("-my-data", "it does not begin and end with a letter or digit"),
        ("my-data.", "it does not begin and end with a letter or digit"),
        ("my..data", "it has two dots in a row"),
        ("192.168.0.1", "it is formed like an IP address"),
        ("xn--data", "it begins with `xn--`"),
        ("sthree-data", "it begins with `sthree-`"),
        ("amzn-s3-demo-data", "it begins with `amzn-s3-demo-`"),
        ("data-s3alias", "it ends with `-s3alias`"),
        ("data--ol-s3", "it ends with `--ol-s3`"),
        ("data.mrap", "it ends with `.mrap`"),
        ("data--x-s3", "it ends with `--x-s3`"),
        ("My_Data", "it has capitals; it has `_`"),
    ],
)
def test_buckets_that_s3_refuses(bucket: str, expected: str) -> None:
    line = line_of("Anything", f"s3://{bucket}/data/v1")
    assert line.startswith("LL224 S3 allows no bucket called `")
    assert expected in line


@pytest.mark.parametrize(
    "bucket", ["abc", "a" * 63, "my.data-1", "1ab", "${B}", "{{ b }}", "arn:aws:s3:eu-west-1:1:accesspoint"]
)
def test_buckets_that_may_exist(bucket: str) -> None:
    assert line_of("Anything", f"s3://{bucket}/data/v1") == ""


def test_a_uri_without_a_bucket() -> None:
    assert line_of("Anything", "s3:///data/v1").startswith("LL224 the S3 URI names no bucket")


def test_the_name_of_a_bucket_is_pointed_at_within_its_uri() -> None:
    ((_, problem),) = problems(
        {
            "pipeline_config.json": '{"PipelineName": "ncf", "PipelineParameters": [{"Name": "A", "Value": "s3://B_1/x"}]}'
        }
    )
    assert problem.span is not None
    assert (problem.span.column, problem.span.end_column) == (77, 80)


def test_an_alias_of_an_access_point_is_warned_about_only() -> None:
    severities = [
        problem.severity
        for bucket in ("ap-s3alias", "My-s3alias")
        for _, problem in problems({"pipeline_config.json": with_value("A", f"s3://{bucket}/x")})
    ]
    assert severities == ["warning", None]


@pytest.mark.parametrize("value", ["Approved", "Rejected", "PendingManualApproval", "${STATUS}"])
def test_approval_statuses_that_sagemaker_knows(value: str) -> None:
    assert line_of("ModelApprovalStatus", value) == ""


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("approved", "(did you mean `Approved`?)"),
        ("PendingManualAproval", "(did you mean `PendingManualApproval`?)"),
        ("pending_manual_approval", "(did you mean `PendingManualApproval`?)"),
        ("yes", ""),
        ("", ""),
    ],
)
def test_other_approval_statuses(value: str, meant: str) -> None:
    sentence = "LL225 `ModelApprovalStatus` must be `Approved`, `Rejected` or `PendingManualApproval`"
    assert line_of("ModelApprovalStatus", value) == f"{sentence} {meant}".strip()


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("ncf", "ncf"),
        ("NCF-Training", "ncf"),
        ("my-ncf-sample-training", "ncf_sample"),
        ("NcfSampleTraining", "ncf-sample"),
        ("arn:aws:sagemaker:eu-west-1:123456789012:pipeline/ncf-training", "ncf"),
        ("anything", ""),
        ("anything", "_"),
        ("anything", "größe"),
    ],
)
def test_pipeline_names_that_contain_their_folder(name: str, folder: str) -> None:
    assert said({"pipeline_config.json": json.dumps({"PipelineName": name})}, pipeline=folder) == []


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("mf-training", "ncf"),
        ("ncf", "ncf-sample"),
        ("arn:aws:sagemaker:eu-west-1:123456789012:pipeline/mf", "ncf"),
        ("arn:aws:sagemaker:eu-west-1:123456789012:pipeline/mf", "sagemaker"),
    ],
)
def test_pipeline_names_of_another_pipeline(name: str, folder: str) -> None:
    lines = said({"pipeline_config.json": json.dumps({"PipelineName": name})}, pipeline=folder)
    check(lines, [f"LL226 1:18 `PipelineName` does not contain the name of the folder, `{folder}`"])


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("InputData", "s3://<bucket>/data/v1", ["<bucket>"]),
        ("InputData", "<input>", ["<input>"]),
        ("InputData", "s3://<your-bucket>/data/<your data>", ["<your-bucket>", "<your data>"]),
        ("TrainCode", "s3://<Your_Bucket>/code/ncf/source.tar.gz", ["<Your_Bucket>"]),
        ("ModelApprovalStatus", "<status>", ["<status>"]),
    ],
)
def test_a_placeholder_is_the_only_thing_that_is_said(name: str, value: str, expected: list[str]) -> None:
    lines = said({"pipeline_config.json": with_value(name, value)})
    check(lines, [f"LL221 1:{lines[index].split(':')[1].split()[0]} `{one}`" for index, one in enumerate(expected)])


def test_a_placeholder_in_a_string_with_escapes_stands_at_the_string() -> None:
    text = '{"PipelineName": "\\u003cncf>"}'
    check(said({"pipeline_config.json": text}), ["LL221 1:18 `<ncf>` is not filled in"])


def test_beside_a_placeholder_other_mistakes_of_the_value_are_reported() -> None:
    lines = said({"pipeline_config.json": with_value("TrainCode", "s3://<bucket>/code/mf/source.tar.gz")})
    check(lines, ["LL223 1:79 code/ncf/source.tar.gz", "LL221 1:85 `<bucket>`"])


@pytest.mark.parametrize("name", ["${PIPELINE}", "ncf-{{ stage }}", "ncf-${STAGE}"])
def test_a_pipeline_name_that_something_else_fills_in(name: str) -> None:
    assert said({"pipeline_config.json": json.dumps({"PipelineName": name})}, pipeline="ncf") == []


@pytest.mark.parametrize("name", ["ncf $", "ncf{1}", "ncf-${}"])
def test_a_sign_alone_is_not_filled_in(name: str) -> None:
    (line,) = said({"pipeline_config.json": json.dumps({"PipelineName": name})}, pipeline="ncf")
    assert line.startswith("LL214 1:18 `PipelineName` is not of the form")
