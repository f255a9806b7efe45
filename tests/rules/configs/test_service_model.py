"""The models agree with SageMaker's service model in every member, pattern, length, count and enum."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import botocore
import botocore.session
import pytest
from botocore.model import ListShape, MapShape, StructureShape
from botocore.validate import ParamValidator
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from layout_lint_rules.configs.model_config import ModelConfig
from layout_lint_rules.configs.pipeline_config import PipelineConfig
from layout_lint_rules.configs.runs import APPROVALS

if TYPE_CHECKING:
    from botocore.model import ServiceModel, Shape

WRITTEN_AGAINST = (1, 44)
"""The version of botocore whose service model the models repeat; older ones lack members."""

pytestmark = pytest.mark.skipif(
    tuple(map(int, botocore.__version__.split(".")[:2])) < WRITTEN_AGAINST,
    reason="the installed botocore is older than the service model that the models repeat",
)

TOKEN = "0123456789" * 4


@pytest.fixture(scope="module")
def service() -> ServiceModel:
    return botocore.session.get_session().get_service_model("sagemaker")


def test_pipeline_config_is_the_input_of_start_pipeline_execution(service: ServiceModel) -> None:
    assert of_schema(PipelineConfig.model_json_schema()) == of_shape(argument(service))


def test_model_config_is_the_hyper_parameters_of_a_training_job(service: ServiceModel) -> None:
    assert of_schema(ModelConfig.model_json_schema()) == of_shape(service.shape_for("HyperParameters"))


def test_approval_statuses_are_those_of_the_model_registry(service: ServiceModel) -> None:
    assert service.shape_for("ModelApprovalStatus").metadata["enum"] == [*APPROVALS]


def argument(service: ServiceModel) -> Shape:
    shape = service.operation_model("StartPipelineExecution").input_shape
    assert shape is not None
    return shape


def of_shape(shape: Shape) -> dict[str, Any]:
    """Returns what a shape of the service model asks for; a token that the SDK fills in is not required."""
    told = limits(shape.metadata.get("min", 0), shape.metadata.get("max"))
    told["pattern"] = shape.metadata.get("pattern", "").replace(r"\d", "[0-9]")
    told["enum"] = shape.metadata.get("enum", [])
    told["type"] = {"long": "integer", "integer": "integer"}.get(shape.type_name, shape.type_name)
    if isinstance(shape, StructureShape):
        told["members"] = {name: of_shape(member) for name, member in shape.members.items()}
        filled_in = {name for name, one in shape.members.items() if one.metadata.get("idempotencyToken")}
        told["required"] = set(shape.required_members) - filled_in
    elif isinstance(shape, ListShape):
        told["member"] = of_shape(shape.member)
    elif isinstance(shape, MapShape):
        told["key"], told["value"] = of_shape(shape.key), of_shape(shape.value)
    return told


def of_schema(schema: dict[str, Any], whole: dict[str, Any] | None = None) -> dict[str, Any]:
    """Returns what a pydantic model's JSON schema asks for, in the form of `of_shape`."""
    whole = whole or schema
    if "$ref" in schema:
        schema = whole["$defs"][schema["$ref"].rpartition("/")[2]]
    kind = schema["type"]
    low, high = {
        "string": ("minLength", "maxLength"),
        "array": ("minItems", "maxItems"),
        "object": ("minProperties", "maxProperties"),
        "integer": ("minimum", "maximum"),
    }[kind]
    told = limits(schema.get(low, 0), schema.get(high))
    told["pattern"] = unanchored(schema.get("pattern", ""))
    told["enum"] = schema.get("enum", [])
    told["type"] = {"array": "list"}.get(kind, kind)
    if kind == "array":
        told["member"] = of_schema(schema["items"], whole)
    elif "patternProperties" in schema:
        ((pattern, value),) = schema["patternProperties"].items()
        told["type"], told["value"] = "map", of_schema(value, whole)
        told["key"] = of_schema({"type": "string", "pattern": pattern, **schema["propertyNames"]})
    elif kind == "object":
        assert schema["additionalProperties"] is False
        told["type"], told["required"] = "structure", set(schema.get("required", ()))
        told["members"] = {name: of_schema(member, whole) for name, member in schema["properties"].items()}
    return told


def limits(low: int, high: int | None) -> dict[str, Any]:
    return {"min": low, "max": high}


def unanchored(pattern: str) -> str:
    assert not pattern or (pattern[0], pattern[-1]) == ("^", "$")
    return pattern[1:-1]


KEYS = [*PipelineConfig.model_fields, "Name", "Value", "StepName", "MaxParallelExecutionSteps", "SelectedSteps", "x"]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 3) | st.floats(allow_nan=False) | st.text("ab_-", max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)
PARAMETERS = st.lists(st.fixed_dictionaries({"Name": st.text("ab-"), "Value": VALUES}), max_size=2)


@given(
    st.fixed_dictionaries(
        {"PipelineName": st.just("ncf") | VALUES},
        optional={
            "PipelineParameters": PARAMETERS | VALUES,
            "ParallelismConfiguration": st.fixed_dictionaries({"MaxParallelExecutionSteps": VALUES}),
            "RoleArn": VALUES,
            "PipelineVersionId": VALUES,
            "x": VALUES,
        },
    )
)
def test_what_the_sdk_refuses_the_model_refuses(service: ServiceModel, value: dict[str, Any]) -> None:
    report = ParamValidator().validate({**value, "ClientRequestToken": TOKEN}, argument(service))
    try:
        PipelineConfig.model_validate_json(json.dumps(value))
    except ValidationError:
        return
    assert not report.has_errors(), report.generate_report()
