"""What the fixes of a bucket come to: for each edit what it writes, what it takes, and how it is carried out."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from layout_lint.archives.code import code_of_archive
from layout_lint.archives.refusal import BadArchiveError, Refusal, RefusedError
from layout_lint.engine.repackaged import inside_of, recipe_of
from layout_lint.engine.shipping import folder_of
from layout_lint.engine.survey import show_bytes
from layout_lint.model.edit import ChangeSetting, CopyKey, PutArchive, PutMarker, Repackage
from layout_lint.model.entry import text
from layout_lint.model.error import UserError
from layout_lint.stores import repackaging, s3_settings_fixes, s3_source_upload, s3_structure
from layout_lint.stores.s3_intent import SETTING, Intent
from layout_lint.stores.s3_model import S3Model
from layout_lint.stores.s3_object import name_of
from layout_lint.stores.s3_target import S3Target
from layout_lint.stores.s3_upload import Place, Storage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_s3 import S3Client

    from layout_lint.engine.archives import Archives
    from layout_lint.engine.repository import Repository
    from layout_lint.model.edit import Edit
    from layout_lint.model.node import Layout
    from layout_lint.stores import s3_intent as intents
    from layout_lint.stores.s3_intent import Journal

Moved = Callable[[str, int], None]

_CENT = 0.01
_PART = 512 * 1024**2
"""About how much of an object the server copies in one request."""


@dataclass(frozen=True, slots=True)
class Takes:
    """What a step takes.

    Attributes:
        received, sent: bytes through this machine.
        copied: bytes that the server copies.
        writes, reads: requests that write or list, and that read.
    """

    received: int = 0
    sent: int = 0
    copied: int = 0
    writes: int = 0
    reads: int = 0

    def __add__(self, other: Takes) -> Takes:
        """Returns both together."""
        return Takes(
            self.received + other.received,
            self.sent + other.sent,
            self.copied + other.copied,
            self.writes + other.writes,
            self.reads + other.reads,
        )

    def told(self, costs: Mapping[str, float]) -> tuple[str, str]:
        """Says it for people, with what it costs by a table such as `layout_lint.config.settings.COSTS`."""
        requests = self.writes * costs["put"] + self.reads * costs["get"]
        dollars = requests / 1000 + self.received / 1e9 * costs["transfer"]
        price = f"about ${dollars:,.2f}" if dollars >= _CENT else "less than a cent"
        received, sent, copied = map(show_bytes, (self.received, self.sent, self.copied))
        return (
            f"{received} to this machine, {sent} from it, {copied} copied by the server",
            f"requests: {self.writes:,} to write or list, {self.reads:,} to read: {price}",
        )


@dataclass(slots=True)
class Step:
    """One edit, planned.

    Attributes:
        lines: what it does, each key by its URI.
        makes: the keys that it makes or writes over; for a setting its name with a colon in front.
        takes: what it takes.
        act: carries it out, told of by a journal.
        is_done: nothing is left to do.
    """

    lines: list[str]
    makes: tuple[str, ...]
    takes: Takes
    act: Callable[[Journal], None]
    is_done: bool = False


@dataclass(frozen=True, slots=True)
class Planner:
    """Plans the edits of one bucket's findings.

    Attributes:
        client: botocore's, that writes.
        bucket: its name.
        prefix: of the keys that findings speak of.
        endpoint: another server than Amazon's, or "".
        layouts: every layout by name.
        layout: the bucket's.
        archives: what the audit learnt of archives.
        repository: what the bucket was held against, or None.
        storage: how new objects are kept.
        move: whether originals of copies are deleted.
        quick: models are judged by their first and last bytes.
        verify: results are read back.
        told: is told of bytes that were moved.
    """

    client: S3Client
    bucket: str
    prefix: bytes
    endpoint: str
    layouts: Mapping[str, Layout]
    layout: Layout
    archives: Archives
    repository: Repository | None
    storage: Storage = field(default_factory=Storage)
    move: bool = False
    quick: bool = False
    verify: bool = False
    told: Moved = lambda *_: None

    def plan(self, edit: Edit) -> Step:
        """Works out what an edit comes to; nothing is written.

        Raises:
            RefusedError: it cannot be carried out.
            UserError, layout_lint.sources.source.Unreadable: the bucket cannot be looked at.
        """
        if isinstance(edit, PutMarker):
            return self._marker(edit)
        if isinstance(edit, CopyKey):
            return self._copies(edit)
        if isinstance(edit, PutArchive):
            return self._archive(edit)
        if isinstance(edit, Repackage):
            return self._package(edit)
        if isinstance(edit, ChangeSetting):
            return self._setting(edit)
        raise RefusedError([Refusal(edit.path, "cannot be done in a bucket", "do it by hand")])

    def _key(self, path: str) -> str:
        return text(self.prefix) + path

    def _name(self, key: str) -> str:
        return name_of(self.bucket, key)

    def _marker(self, edit: PutMarker) -> Step:
        marker = s3_structure.plan_marker(self.client, self.bucket, self._key(edit.path))
        return Step(
            [f"create  {self._name(marker.key)}"],
            (marker.key,),
            Takes(writes=2),
            lambda journal: s3_structure.make(self.client, marker, journal, self.storage),
            marker.is_done,
        )

    def _copies(self, edit: CopyKey) -> Step:
        source, to = self._key(edit.path), self._key(edit.to)
        copies = s3_structure.plan_copies(self.client, self.bucket, source, to, move=self.move)
        what = "move  " if self.move else "copy  "
        todo = [pair for pair in copies.pairs if not pair.is_done]
        parts = sum(1 + pair.size // _PART for pair in todo)
        takes = Takes(copied=copies.size, writes=parts + 2 + len(copies.pairs) * self.move, reads=3 * len(copies.pairs))
        return Step(
            [f"{what}  {self._name(pair.source)} -> {self._name(pair.to)}" for pair in copies.pairs],
            tuple(pair.to for pair in copies.pairs),
            takes,
            lambda journal: s3_structure.carry_out(
                self.client, copies, journal, lambda pair: self.told("copied by the server", pair.size)
            ),
            copies.is_done,
        )

    def _archive(self, edit: PutArchive) -> Step:
        if self.repository is None:
            raise RefusedError([Refusal(edit.path, "is built of a repository", "name it with `--repo`")])
        key = self._key(edit.path)
        folder = folder_of(edit, self.repository)
        upload = s3_source_upload.plan(self.client, self.bucket, key, folder, edit.replaces)
        what = "replace" if upload.replaces is not None else "create "
        return Step(
            [f"{what} {self._name(key)} of `{edit.folder}` ({upload.size:,} bytes)"],
            (key,),
            Takes(sent=upload.size, writes=1, reads=2),
            lambda journal: self._put(upload, journal),
            upload.is_done,
        )

    def _put(self, upload: s3_source_upload.SourceUpload, journal: Journal) -> None:
        s3_source_upload.carry_out(self.client, upload, journal, self.storage)
        self.told("sent", upload.size)

    def _package(self, edit: Repackage) -> Step:
        recipe = recipe_of(self.layout)
        if recipe is None:
            raise RefusedError([Refusal(edit.path, f"has no place in `{self.layout.name}`", "pack it by hand")])
        source = S3Model.find(self.client, self.bucket, self._key(edit.source))
        try:
            with source.stream() as stream:
                code = code_of_archive(stream)
        except BadArchiveError as error:
            raise RefusedError([Refusal(source.name, f"cannot be used as code: {error}")]) from None
        model = S3Model.find(self.client, self.bucket, self._key(edit.model))
        later = _Later()
        target = S3Target(Place(self.client, self.bucket, self._key(edit.path), self.storage, later))
        planned = repackaging.plan(
            repackaging.Request(
                model,
                code,
                target,
                inside_of(recipe.model, self.layouts),
                inside_of(recipe.result, self.layouts),
                source=source.name,
                source_etag=source.etag,
                quick=self.quick,
                known_good=bool(edit.etag) and self.archives.good(edit.model, edit.etag),
                verify=self.verify,
                progress=self.told,
            )
        )

        def act(journal: Journal) -> None:
            later.journal = journal
            repackaging.carry_out(planned)

        lines = [f"create  {target.name}", f"        of {model.name}", f"        and {source.name}"]
        if planned.way == repackaging.REWRITE:
            lines.append(f"        packed anew: {planned.reason}")
        cost = planned.cost
        takes = Takes(cost.received + source.size, cost.sent, cost.copied, cost.requests, 4)
        return Step(lines, (self._key(edit.path),), takes, act, planned.way == repackaging.DONE)

    def _setting(self, edit: ChangeSetting) -> Step:
        change = s3_settings_fixes.plan(edit, self.bucket)

        def act(journal: Journal) -> None:
            step = journal.intend(
                Intent(SETTING, self.bucket, change.setting, before=change.before, after=change.after)
            )
            try:
                before = s3_settings_fixes.carry_out(self.client, change)
            except UserError as error:  # nothing was done; what else goes wrong leaves that open
                step.failed(str(error))
                raise
            if before is None:
                step.failed("it has this value already")
            else:
                step.done("")

        lines = [f"change  {change.setting} of {self.bucket}", f"        {change.command(self.endpoint)}"]
        lines += [f"        {line}" for line in json.dumps(change.parameters, indent=2).split("\n")]
        return Step(lines, (f":{change.setting}",), Takes(writes=1, reads=1), act)


class _Later:
    """Stands for a journal that is begun when something is written."""

    def __init__(self) -> None:
        self.journal: Journal | None = None

    def intend(self, intent: Intent) -> intents.Step:
        """Tells the journal of a write; see `layout_lint.stores.s3_intent.Journal`."""
        if self.journal is None:
            raise ValueError("nothing is written before there is a journal")
        return self.journal.intend(intent)
