"""The model of ``model_config.json``: hyperparameters as SageMaker's CreateTrainingJob takes them.

Lengths, patterns and the count are those of the shape HyperParameters in the service model that ships inside botocore;
a test holds the two against each other.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field, RootModel

HyperParameterName = Annotated[
    str, Field(max_length=256, pattern=r"^.*$", description="a hyperparameter's name has no line break")
]
HyperParameterValue = Annotated[
    str, Field(max_length=2500, pattern=r"^.*$", description="SageMaker takes strings only, each of one line")
]


class ModelConfig(RootModel[Annotated[dict[HyperParameterName, HyperParameterValue], Field(max_length=100)]]):
    """A flat map from each hyperparameter's name to its value, a string.

    SageMaker passes hyperparameters to a training job as strings, whatever they stand for.
    """

    model_config = ConfigDict(strict=True)
