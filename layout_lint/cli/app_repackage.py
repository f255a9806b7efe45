"""``layout-lint repackage`` as click reads it."""

from __future__ import annotations

from typing import Any

import click

from layout_lint.cli.app_s3 import CONNECTION_OPTIONS, STORAGE_OPTIONS
from layout_lint.cli.click_options import RULE_OPTIONS, SETTINGS_OPTIONS, option, with_options
from layout_lint.cli.options import Options


@click.command()
@click.argument("model", metavar="MODEL")
@option("--source", metavar="SOURCE", required=True, help="The code: a source.tar.gz, or a source version folder.")
@option("--output", metavar="TARGET", default="", help="Where to; the place that the bucket's layout has unless given.")
@option("--quick", is_flag=True, help="Do not read the whole model first; judge it by its first and last bytes.")
@option("--verify", is_flag=True, help="Read the result back, and compare it file by file.")
@option("--diff", is_flag=True, help="Show what would be done and what it takes, and write nothing.")
@with_options(STORAGE_OPTIONS, CONNECTION_OPTIONS)
@option("--quiet", "-q", is_flag=True, help="Show no progress.")
@with_options((RULE_OPTIONS[0], RULE_OPTIONS[-1]), SETTINGS_OPTIONS)
def repackage(model: str, storage_class: str, sse: str | None, sse_kms_key_id: str, tagging: str, **given: Any) -> int:
    """Puts code into a model archive, for the SageMaker inference toolkit.

    \b
    layout-lint repackage s3://ml/model/ncf/run-1/output/model.tar.gz --source s3://ml/code/ncf/source.tar.gz
    layout-lint repackage model.tar.gz --source mlpipelines/ncf/v1 --output out/model.tar.gz

    MODEL, SOURCE and TARGET are paths or S3 URIs. In S3 the server copies the model; only the code goes through this
    machine, and the model once to be checked, unless --quick is given. Nothing is ever written over.
    """  # noqa: D301 - click wants the character itself
    from layout_lint.cli.repackage import Wish, run_repackage  # noqa: PLC0415 - a check needs none of it
    from layout_lint.stores.s3_upload import Storage  # noqa: PLC0415 - as above

    storage = Storage(storage_class, sse or "", sse_kms_key_id, tagging)
    own = {name: given.pop(name) for name in ("source", "output", "quick", "verify", "diff", "quiet")}
    return run_repackage(Options(**given), Wish(model=model, storage=storage, **own))
