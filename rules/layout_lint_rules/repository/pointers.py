"""Rules about what the repository's config files point at in the bucket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.api import Problem, Related, RepositoryConfig, json_of, rule
from layout_lint_rules.configs.parameters import values
from layout_lint_rules.configs.pointers import shown
from layout_lint_rules.configs.s3_uris import is_open

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.api import Context


@rule("LL703", "dangling-input-data", on=RepositoryConfig, having="model=pipeline-config")
def dangling_input_data(event: RepositoryConfig, context: Context) -> Iterator[Problem]:
    """`InputData` of a pipeline in the repository points at nothing in the bucket.

    The training job fails when it has started and paid for its machine: SageMaker finds no object below the prefix. The
    data were never uploaded, were removed, or the version in the URI is misspelt. Data in another bucket are looked for
    there with the same credentials; where these may not, the place is named as not audited. Asked only with `--repo`.

    Silent where the value is no S3 URI, or is still to be filled in.

    No fix: only the author knows which data were meant.

    Example:
        `"s3://ml-data/data/ncf-2024"` in `mlpipelines/ncf/pipeline_config.json`, and no object below `data/ncf-2024/`.
    """
    yield from _dangling(event, "InputData", "upload the data, or correct the value")


@rule("LL704", "dangling-train-code", on=RepositoryConfig, having="model=pipeline-config")
def dangling_train_code(event: RepositoryConfig, context: Context) -> Iterator[Problem]:
    """`TrainCode` of a pipeline in the repository points at nothing in the bucket.

    The training job cannot fetch its code. Where the pipeline's own `source.tar.gz` is what is missing, LL701 says so
    and this rule is silent. Code in another bucket is looked for there, as LL703 does. Asked only with `--repo`.

    No fix: only the author knows which code was meant.

    Example:
        `"s3://ml-code/code/ncf/source_v6.tar.gz"` in `mlpipelines/ncf/pipeline_config.json`, and no such object.
    """
    yield from _dangling(event, "TrainCode", "upload the code, or correct the value")


def _dangling(event: RepositoryConfig, name: str, hint: str) -> Iterator[Problem]:
    for uri, way in values(event.content, name):
        path = None if is_open(uri) else event.lacks(uri)
        if path is not None:
            span = event.content.parsed(json_of).place(way).span
            place = Related(event.repository, event.content.path, f"the value of `{name}`", span)
            said = f"there is nothing at `{shown(uri)}`, where `{name}` of `{event.content.path}` points"
            yield Problem(said, path=path, hint=hint, related=(place,))
