"""``layout-lint repackage``: one model and one source to one archive, whether files or objects."""

from __future__ import annotations

import os
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from layout_lint.archives.code import code_of_archive, code_of_folder
from layout_lint.archives.collect import collect
from layout_lint.archives.refusal import BadArchiveError, Refusal, RefusedError
from layout_lint.cli.check import load_settings
from layout_lint.cli.progress import Progress
from layout_lint.cli.saying import tell, warn
from layout_lint.config.load import load_user
from layout_lint.engine.repackaged import inside_of, recipe_of
from layout_lint.model.error import Mistake, UserError
from layout_lint.plugins.checking import bucket_roots, layouts_of
from layout_lint.plugins.load import load as load_plugins
from layout_lint.sources.local import open_local
from layout_lint.sources.s3_client import COPY_TIMEOUT, connect
from layout_lint.sources.s3_trust import endpoint_of
from layout_lint.stores.local_model import LocalModel
from layout_lint.stores.local_target import LocalTarget
from layout_lint.stores.repackaging import DONE, REWRITE, SPLICE, Request, carry_out, plan
from layout_lint.stores.s3_journal import BucketJournal
from layout_lint.stores.s3_model import S3Model, parse_object
from layout_lint.stores.s3_recover import recover
from layout_lint.stores.s3_target import S3Target
from layout_lint.stores.s3_upload import Place, Storage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_s3 import S3Client

    from layout_lint.archives.code import Code
    from layout_lint.cli.options import Options
    from layout_lint.engine.repackaged import Recipe
    from layout_lint.model.node import Layout
    from layout_lint.stores.repackaging import Model, Outcome, Plan, Target


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asks for.

    Attributes:
        model: the model archive, a path or an S3 URI.
        source: the code: a source archive, likewise, or a folder.
        output: where to, likewise; "" for the place that the bucket's layout has.
        quick: judge the model by its first and last bytes.
        verify: read the result back.
        diff: show what would be done.
        quiet: show no progress.
        storage: how an object is kept.
    """

    model: str
    source: str
    storage: Storage
    output: str = ""
    quick: bool = False
    verify: bool = False
    diff: bool = False
    quiet: bool = False


def run_repackage(options: Options, wish: Wish) -> int:
    """Repackages one model; returns the exit code.

    Raises:
        UserError: the user's mistake.
        layout_lint.sources.source.Unreadable: one of the places cannot be read or written.
    """
    with ExitStack() as opened:
        try:
            return _Run(options, wish, opened).run()
        except RefusedError as refused:
            for refusal in refused.refusals:
                warn(str(refusal))
            return 3 if any(one.unread for one in refused.refusals) else 1
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise UserError(
                [Mistake(f"`{error.filename or wish.output or wish.model}` cannot be read or written: {reason}")]
            ) from None


class _Run:
    """One call."""

    def __init__(self, options: Options, wish: Wish, opened: ExitStack) -> None:
        self._options = options
        self._wish = wish
        self._opened = opened
        self._client: S3Client | None = None
        self._told: dict[str, int] = {}

    def run(self) -> int:
        """Does it; returns the exit code."""
        layouts, recipe = self._layouts()
        model = self._model()
        target = self._target(model, recipe)
        code, etag = self._code()
        wish = self._wish
        request = Request(
            model,
            code,
            target,
            inside_of(recipe.model, layouts),
            inside_of(recipe.result, layouts),
            source=wish.source,
            source_etag=etag,
            quick=wish.quick,
            verify=wish.verify,
            progress=self._note,
        )
        planned = plan(request)
        if wish.diff:
            return _show(planned)
        if isinstance(target, S3Target):
            self._mend()
        with Progress(self._state, quiet=wish.quiet):
            outcome = carry_out(planned)
        _tell_outcome(planned, outcome)
        return 0

    def _mend(self) -> None:
        """Aborts what killed runs have left unfinished on this server."""
        client = self._connected()
        for mended in recover(lambda *_: client, endpoint_of(client)):
            if mended.is_clear:
                warn(f"`{mended.place}`: {mended.sentence}")

    def _layouts(self) -> tuple[Mapping[str, Layout], Recipe]:
        named = () if self._options.isolated else load_user().plugins
        registry = load_plugins((*named, *self._options.plugins), self._options.no_plugins, whole=False)
        settings = load_settings(os.getcwd(), self._options)
        layouts = layouts_of(settings, registry)
        bucket = parse_object(self._wish.model)[0] if _is_s3(self._wish.model) else ""
        name = bucket_roots(settings, bucket, self._options.layout)[0][1]
        recipe = recipe_of(layouts[name]) if name in layouts else None
        if recipe is None:
            hint = "name one that makes an archive from two others (`$made-from`) with `--layout NAME`"
            raise UserError([Mistake(f"the layout `{name}` repackages no models", hint=hint)])
        return layouts, recipe

    def _connected(self) -> S3Client:
        if self._client is None:
            options = self._options
            names = (options.endpoint_url or None, options.profile or None, options.region or None)
            self._client = connect(*names, read_timeout=COPY_TIMEOUT)
        return self._client

    def _model(self) -> Model:
        if _is_s3(self._wish.model):
            return S3Model.find(self._connected(), *parse_object(self._wish.model))
        model = LocalModel(self._wish.model)
        self._opened.callback(model.close)
        return model

    def _code(self) -> tuple[Code, str]:
        """Returns the code and the source's ETag, or ""."""
        source = self._wish.source
        try:
            if _is_s3(source):
                found = S3Model.find(self._connected(), *parse_object(source))
                with found.stream() as stream:
                    code, etag = code_of_archive(stream), found.etag
            elif os.path.isdir(source):
                code, etag = self._folder(source), ""
            else:
                with open(source, "rb") as file:
                    code, etag = code_of_archive(file), ""
        except BadArchiveError as error:
            raise RefusedError([Refusal(source, f"cannot be used as code: {error}")]) from None
        self._opened.callback(code.close)
        return code, etag

    def _folder(self, path: str) -> Code:
        source = open_local(path)
        self._opened.callback(source.close)
        return code_of_folder(collect(source, b""))

    def _target(self, model: Model, recipe: Recipe) -> Target:
        output = self._wish.output or self._place(model, recipe)
        if not _is_s3(output):
            if output.endswith("/"):
                raise UserError([Mistake(f"`{output}` is a folder", hint="name the archive itself")])
            return LocalTarget(output)
        bucket, key = parse_object(output)
        return S3Target(Place(self._connected(), bucket, key, self._wish.storage, self._journal()))

    def _place(self, model: Model, recipe: Recipe) -> str:
        """Returns where the layout has the result, in the same bucket or below the same folder.

        Raises:
            UserError: the model is not where the layout has models.
        """
        scheme = f"s3://{model.bucket}/" if isinstance(model, S3Model) else ""
        path = model.key if isinstance(model, S3Model) else os.path.normpath(model.name)
        place = recipe.place(path.split("/"), model.modified)
        if place is None:
            pattern = recipe.model[-1].pattern
            hint = f"say where the result goes with `--output`; the layout has models at `{pattern}`"
            raise UserError([Mistake(f"`{model.name}` is not where the layout has models", hint=hint)])
        return scheme + place

    def _journal(self) -> BucketJournal:
        title = f"layout-lint repackage {self._wish.model}"
        return self._opened.enter_context(BucketJournal.begin(title, endpoint_of(self._connected())))

    def _note(self, what: str, count: int) -> None:
        self._told[what] = self._told.get(what, 0) + count

    def _state(self) -> tuple[str, float | None]:
        said = ", ".join(f"{what} {count / 2**20:,.0f} MiB" for what, count in self._told.items())
        return said or "looking at the model", None


def _show(planned: Plan) -> int:
    target, cost = planned.request.target.name, planned.cost
    if planned.way == DONE:
        tell(f"{target} is there already, made of this model and this code")
        return 0
    tell(f"would write {target}")
    if planned.way == REWRITE:
        tell(f"  the model has to be packed anew: {planned.reason}")
    tell(f"  received {cost.received:,} bytes, sent {cost.sent:,}, copied {cost.copied:,}, {cost.requests} requests")
    return 1


def _tell_outcome(planned: Plan, outcome: Outcome) -> None:
    request = planned.request
    if outcome.written is None:
        tell(f"{request.target.name} is there already, made of this model and this code")
        return
    copied = planned.cost.copied if outcome.way == SPLICE else 0
    size = f"{outcome.written.size:,} bytes, {copied:,} of them copied without passing here"
    tell(f"wrote {request.target.name} ({size})")
    tell(f"  model  {request.model.name}")
    tell(f"  code   {request.source}, identity {request.code.identity}")
    if outcome.way == REWRITE:
        tell(f"  packed anew, because {outcome.reason}")
    if not outcome.read:
        tell("  the model was judged by its first and last bytes only")


def _is_s3(name: str) -> bool:
    return name[:5].lower() == "s3://"
