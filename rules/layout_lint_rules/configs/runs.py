"""Rules about what the values of a ``pipeline_config.json`` mean for the run that it starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.api import FileContent, Problem, Related, did_you_mean, json_of, rule
from layout_lint_rules.configs import fixes
from layout_lint_rules.configs.consequences import is_certain
from layout_lint_rules.configs.parameters import parameters, values
from layout_lint_rules.configs.pointers import part, shown
from layout_lint_rules.configs.s3_uris import is_open, split

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.api import Context, Pointer, Span

APPROVALS = ("Approved", "Rejected", "PendingManualApproval")
"""SageMaker's ModelApprovalStatus; a test holds them against botocore's service model."""


@rule("LL215", "repeated-parameter", on=FileContent, having="model=pipeline-config")
def repeated_parameter(event: FileContent, context: Context) -> Iterator[Problem]:
    """A pipeline parameter is given twice.

    SageMaker refuses the call; even if it did not, nobody could tell which of the two values holds. The finding stands
    at the second and shows the first.

    No fix: only the author knows which of the two holds.

    Example:
        two entries with `"Name": "InputData"` in `PipelineParameters`
    """
    seen: dict[str, Pointer] = {}
    for one in event.content.parsed(parameters):
        first = seen.setdefault(one.name, one.name_pointer)
        if first != one.name_pointer:
            related = Related(context.source.target, event.path, "the first of the two", _span(event, first))
            message = f"the parameter `{shown(one.name)}` is given already"
            at = _span(event, one.name_pointer)
            yield Problem(message, hint="keep one of the two", span=at, related=(related,))


@rule("LL222", "misplaced-input-data", on=FileContent, having="model=pipeline-config")
def misplaced_input_data(event: FileContent, context: Context) -> Iterator[Problem]:
    """The parameter `InputData` does not point below `data/` of a bucket.

    `data/<version>/` is where the bucket keeps the data for training jobs. Which bucket it is, is left open. White
    space at the end counts as part of the key to S3, so it is reported too. Silent where a part of the key is still to
    be filled in.

    No fix: only the author knows which data were meant.

    Example:
        `{"Name": "InputData", "Value": "s3://ml-data/raw/ncf"}`
    """
    hint = "write `s3://<bucket>/data/<version>`"
    for uri, way in values(event.content, "InputData"):
        parts = split(uri)
        if parts is None:
            if not is_open(uri):
                yield Problem("`InputData` is no S3 URI", hint=hint, span=_span(event, way))
        elif not (is_open(parts[1]) or parts[1].startswith("data/")):
            yield Problem("`InputData` does not point below `data/` of its bucket", hint=hint, span=_span(event, way))
        elif not parts[1].removeprefix("data/").strip("/"):
            yield Problem(
                "`InputData` points at all of `data/`, at no version of the data", hint=hint, span=_span(event, way)
            )
        elif uri != uri.rstrip():
            yield Problem("`InputData` ends with white space", hint="remove it", span=_span(event, way))


@rule("LL223", "misplaced-train-code", on=FileContent, having="model=pipeline-config")
def misplaced_train_code(event: FileContent, context: Context) -> Iterator[Problem]:
    """The parameter `TrainCode` does not point at the `source.tar.gz` of this pipeline.

    `code/<pipeline>/source.tar.gz` is where the bucket keeps the code of each pipeline, and the pipeline is the one in
    whose folder the file stands. A configuration that was copied from another pipeline trains with the other's code.
    Which bucket it is, is left open. Silent where a part of the key is still to be filled in.

    Fix: the key is set to `code/<pipeline>/source.tar.gz`, in the same bucket. Safe where the value names this
    pipeline's `source.tar.gz` and only `code/` before it is left out or misspelt; unsafe where it names another
    pipeline, another archive or a longer way, which may be there and be meant. No fix where the value is no S3 URI.

    Example:
        `"s3://ml-code/code/mf/source.tar.gz"` in `mlpipelines/ncf/pipeline_config.json`
    """
    pipeline = event.captures.get("pipeline", "")
    wanted = f"code/{pipeline or '<pipeline>'}/source.tar.gz"
    hint = f"write `s3://<bucket>/{wanted}`"
    for uri, way in values(event.content, "TrainCode"):
        parts = split(uri)
        if parts is None:
            if not is_open(uri):
                yield Problem("`TrainCode` is no S3 URI", hint=hint, span=_span(event, way))
        elif not is_open(parts[1]) and not _is_code_of(parts[1], pipeline):
            said = f"`TrainCode` does not point at `{wanted}` of its bucket"
            fix = fixes.of_train_code(event, way, *parts)
            yield Problem(said, hint=hint, span=_span(event, way), fix=fix)


@rule("LL225", "unknown-approval-status", on=FileContent, having="model=pipeline-config")
def unknown_approval_status(event: FileContent, context: Context) -> Iterator[Problem]:
    """The parameter `ModelApprovalStatus` has a value that SageMaker's model registry does not know.

    The run trains for an hour and then fails when it registers the model. The values are spelt with capitals and
    without spaces.

    No fix: who approves a model must mean to.

    Example:
        `{"Name": "ModelApprovalStatus", "Value": "PendingManualAproval"}`
    """
    for value, way in values(event.content, "ModelApprovalStatus"):
        if value not in APPROVALS and not is_open(value):
            message = "`ModelApprovalStatus` must be `Approved`, `Rejected` or `PendingManualApproval`"
            yield Problem(message, hint=did_you_mean(value, APPROVALS), span=_span(event, way))


@rule("LL226", "foreign-pipeline-name", on=FileContent, having="model=pipeline-config")
def foreign_pipeline_name(event: FileContent, context: Context) -> Iterator[Problem]:
    """`PipelineName` does not contain the name of the pipeline's folder.

    A configuration that was copied from another pipeline starts the other one. Case and separators make no difference,
    since SageMaker allows no `_` in a pipeline's name; of an ARN the name at its end counts. Silent where the folder's
    name has letters that no pipeline's name can have, and where the name is still to be filled in.

    No fix: only the author knows which of the two names is right.

    Example:
        `"PipelineName": "mf-training"` in `mlpipelines/ncf/pipeline_config.json`
    """
    folder, document = event.captures.get("pipeline", ""), event.content.parsed(json_of)
    name = part(document.value, ("PipelineName",))
    if not isinstance(name, str) or is_open(name) or not (folder.isascii() and _bare(folder)):
        return
    if _bare(folder) not in _bare(name.rpartition("pipeline/")[2]) and is_certain(document, ("PipelineName",)):
        yield Problem(
            f"`PipelineName` does not contain the name of the folder, `{shown(folder)}`",
            hint=f"a name such as `{_bare_name(folder)}` tells which pipeline the file starts",
            span=document.place(("PipelineName",)).span,
        )


def _span(event: FileContent, way: Pointer) -> Span:
    return event.content.parsed(json_of).place(way).span


def _is_code_of(key: str, pipeline: str) -> bool:
    match key.split("/"):
        case ["code", name, "source.tar.gz"]:
            return name == pipeline if pipeline else bool(name)
    return False


def _bare(name: str) -> str:
    return "".join(filter(str.isalnum, name)).casefold()


def _bare_name(folder: str) -> str:
    return "-".join(filter(None, "".join(one if one.isalnum() else "-" for one in folder).split("-")))
