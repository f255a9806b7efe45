"""The model of ``pipeline_config.json``: the argument of SageMaker's StartPipelineExecution.

Members, patterns, lengths and counts are those of the service model that ships inside botocore; a test holds the two
against each other. Where a field has a description, it is the remedy that a finding shows.
"""

from __future__ import annotations

from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field

PipelineNameOrArn = Annotated[
    str,
    Field(
        min_length=1,
        max_length=2048,
        pattern=r"^(arn:aws[a-z\-]*:sagemaker:[a-z0-9\-]*:([0-9]{12}|aws):pipeline/.*)?"
        r"([a-zA-Z0-9](-*[a-zA-Z0-9]){0,255})$",
        description="SageMaker takes a pipeline's name of letters, digits and `-`, with a letter or digit at both "
        "ends and at most 256 characters, or a pipeline's ARN",
    ),
]
ExecutionName = Annotated[
    str,
    Field(
        min_length=1,
        max_length=82,
        pattern=r"^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,81}$",
        description="SageMaker takes letters, digits and `-`, with a letter or digit at both ends",
    ),
]
ParameterName = Annotated[
    str,
    Field(
        min_length=1,
        max_length=256,
        pattern=r"^[A-Za-z0-9\-_]*$",
        description="SageMaker takes letters, digits, `-` and `_`",
    ),
]
ParameterValue = Annotated[str, Field(max_length=1024, description="SageMaker takes strings only")]
OneLine = Annotated[str, Field(max_length=3072, pattern=r"^.*$", description="SageMaker takes one line of text")]
IdempotencyToken = Annotated[
    str,
    Field(
        min_length=32,
        max_length=128,
        description="leave it out: the SDK makes a new token for each run, and one that is used again starts none",
    ),
]
MostSteps = Annotated[int, Field(ge=1, description="it says how many steps may run at the same time")]
ExecutionArn = Annotated[
    str,
    Field(
        max_length=2048,
        pattern=r"^arn:aws[a-z\-]*:sagemaker:[a-z0-9\-]*:[0-9]{12}:pipeline\/.*\/execution\/.*$",
        description="an execution's ARN is `arn:aws:sagemaker:<region>:<account>:pipeline/<name>/execution/<id>`",
    ),
]
NameOfStep = Annotated[str, Field(max_length=256, description="SageMaker takes strings only")]
VersionNumber = Annotated[int, Field(ge=1, description="SageMaker counts a pipeline's versions from 1")]
ExperimentName = Annotated[
    str,
    Field(min_length=1, max_length=256, pattern=r"^.*$", description="SageMaker takes one line of text"),
]
VersionAlias = Annotated[
    str,
    Field(
        min_length=1,
        max_length=128,
        pattern=r"^[a-zA-Z0-9._\-]{1,128}$",
        description="SageMaker takes letters, digits, `.`, `_` and `-`",
    ),
]
IamRoleArn = Annotated[
    str,
    Field(
        min_length=20,
        max_length=2048,
        pattern=r"^arn:aws[a-z\-]*:iam::[0-9]{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+$",
        description="a role's ARN is `arn:aws:iam::<account>:role/<name>`",
    ),
]


ABSENT: Final[Any] = None
"""What a key that a file leaves out has as its value. A null in the file is refused, as the call refuses it."""


class StartPipelineModel(BaseModel):
    """What all parts of the argument share: no other keys, and no value in place of one of another type."""

    model_config = ConfigDict(extra="forbid", strict=True)


class PipelineParameter(StartPipelineModel):
    """One parameter of the pipeline, with the value for this run."""

    Name: ParameterName
    Value: ParameterValue


class Parallelism(StartPipelineModel):
    """How much of the run may happen at the same time."""

    MaxParallelExecutionSteps: MostSteps


class SelectedStep(StartPipelineModel):
    """One step to run."""

    StepName: NameOfStep


class SelectiveExecution(StartPipelineModel):
    """Which steps to run, and which execution to take the other steps' output from."""

    SourcePipelineExecutionArn: ExecutionArn = Field(default=ABSENT)
    SelectedSteps: list[SelectedStep] = Field(min_length=1, max_length=50)


class PipelineConfig(StartPipelineModel):
    """The argument of StartPipelineExecution.

    `ClientRequestToken` is required by the service and filled in by the SDK, so a file does without.
    """

    PipelineName: PipelineNameOrArn
    PipelineExecutionDisplayName: ExecutionName = Field(default=ABSENT)
    PipelineParameters: list[PipelineParameter] = Field(default=ABSENT, max_length=200)
    PipelineExecutionDescription: OneLine = Field(default=ABSENT)
    ClientRequestToken: IdempotencyToken = Field(default=ABSENT)
    ParallelismConfiguration: Parallelism = Field(default=ABSENT)
    SelectiveExecutionConfig: SelectiveExecution = Field(default=ABSENT)
    PipelineVersionId: VersionNumber = Field(default=ABSENT)
    MlflowExperimentName: ExperimentName = Field(default=ABSENT)
    PipelineVersionAlias: VersionAlias = Field(default=ABSENT)
    RoleArn: IamRoleArn = Field(default=ABSENT)
