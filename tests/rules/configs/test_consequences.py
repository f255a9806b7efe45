"""A mistake in the text is reported once: what follows from it in the value is not reported as well."""

from __future__ import annotations

import pytest

from tests.rules.asking import check, said

NAME = '"PipelineName": "ncf"'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # cut off: what is missing may have been there
        ("{", ["LL203 1:1 never closed"]),
        (f"{{{NAME}", ["LL203 1:1 never closed"]),
        ('{"PipelineParameters": [{"Name": "A", "Value": "x"}, {"Name": "B"', ["LL203 1:54 never closed"]),
        ('{"PipelineParameters": [', ["LL203 1:24 never closed"]),
        ('{"SelectiveExecutionConfig": {"SelectedSteps": [', ["LL203 1:48 never closed"]),
        # a bracket too few: keys are read into the object before them
        (
            f'{{"ParallelismConfiguration": {{"MaxParallelExecutionSteps": 2, "PipelineVersionId": 1, {NAME}}}',
            ["LL203 1:1 never closed"],
        ),
        (
            f'{{{NAME}, "PipelineParameters": [{{"Name": "A", "Value": "x", {{"Name": "B", "Value": "y"}}]}}',
            ["LL203 1:76 this value has no key", "LL203 1:48 never closed"],
        ),
        # quotes in a string: where it ends is open, so its value, and what follows on the line, is
        (f'{{{NAME}, "RoleArn": "the "ml" role"}}', ["LL203 1:42 has no place here"]),
        (f'{{{NAME}, "RoleArn": "the "ml" role", "PipelineVersionId": "1"}}', ["LL203 1:42 has no place here"]),
        (f'{{{NAME}, "PipelineVersionAlias": "\n}}', ["LL203 1:49 never closed"]),
        # a value that was not read
        (f'{{{NAME}, "PipelineVersionId": }}', ["LL203 1:45 has no value"]),
        ('{"PipelineName": "my\tncf"}', ["LL203 1:21 a tab stands in a string"]),
        (r'{"PipelineName": "my\qncf"}', ["LL203 1:21 not an escape of JSON"]),
        (f'{{{NAME}, "PipelineParameters": [{{"Name": "InputData", "Value": "C:\\data"}}]}}', ["LL203 1:82 "]),
        (r'{"PipelineName": "m\qf"}', ["LL203 1:20 not an escape of JSON"]),
        ('{"PipelineParameters": [], : "ncf"}', ["LL203 1:28 has no key"]),
        (
            f'{{{NAME}, "PipelineParameters": [{{"Name": "A", "Value": "s3://B\\q/x"}}]}}',
            ["LL203 1:78 not an escape of JSON"],
        ),
        (
            f'{{{NAME}, "PipelineParameters": [{{"Name": "InputData"oops,\n"Value": "raw"}}]}}',
            ["LL203 1:68 has no place here"],
        ),
        # nothing was read
        ("", ["LL203 1:1 holds no value"]),
        # one value too many
        ('{"RoleArn": "x"}{"PipelineName": "ncf"}', ["LL214 1:13 RoleArn", "LL203 1:17 follows the end"]),
        ('"PipelineName": "ncf"', ["LL203 1:15 follows the end"]),
    ],
)
def test_what_only_follows_from_a_fault_is_not_reported(text: str, expected: list[str]) -> None:
    check(said({"pipeline_config.json": text}), sorted(expected, key=lambda one: int(one.split(":")[1].split()[0])))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "{'PipelineNmae': 'ncf',}",
            ["LL203 1:2 double", "LL211 1:2 did you mean", "LL203 1:18 double", "LL202 1:23 "],
        ),
        ('{PipelineNmae: "ncf"}', ["LL203 1:2 must stand in double quotes", "LL211 1:2 did you mean"]),
        ('{"a":' * 513 + "1" + "}" * 513, ["LL211 1:2 unknown key `a`", "LL203 1:2561 more than 512 levels"]),
        ("// sample\n{}", ["LL201 1:1 ", "LL212 2:1 lacks the key `PipelineName`"]),
        (f'{{{NAME} "RoleArn": 5}}', ["LL203 1:23 comma", "LL213 1:35 RoleArn"]),
        (f'{{{NAME}, "RoleArn": "the "ml" role",\n"PipelineVersionId": "1"}}', ["LL203 1:42 ", "LL213 2:22 Version"]),
        (f'{{{NAME}, "PipelineVersionId": "1", "PipelineParameters": [', ["LL213 1:46 whole", "LL203 1:73 never"]),
        (f'{{{NAME}, "PipelineVersionId": NaN}}', ["LL203 1:46 not a value that JSON", "LL213 1:46 whole number"]),
        ('{"PipelineParameters": [{"Name": "a\tb", "Value": "x"}]}', ["LL212 1:1 PipelineName", "LL203 1:36 tab"]),
        ('{"RoleArn": 5}'.encode("utf-16"), ["LL205 1:1 ", "LL212 1:1 ", "LL213 1:13 "]),
    ],
)
def test_what_does_not_follow_from_a_fault_is_reported(text: str | bytes, expected: list[str]) -> None:
    check(said({"pipeline_config.json": text}), expected)
