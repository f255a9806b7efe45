"""The audit of a bucket's settings, and of the uploads in it that were never finished."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from layout_lint.engine.audit import Audit
from layout_lint.model.bucket_event import BucketSettings, Scratch, UnfinishedUploads
from layout_lint.model.entry import text
from layout_lint.model.node import OPTIONAL
from layout_lint.sources.s3 import S3Source
from layout_lint.sources.s3_settings import SettingsReader
from layout_lint.sources.s3_uploads import unfinished

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.engine.context import Context
    from layout_lint.model.event import Event, Present
    from layout_lint.model.node import Layout, Node


class SettingsAudit(Audit):
    """Hands the bucket to the rules about settings; what none of them asks for costs no request.

    A folder or a list of keys that stands for a bucket has no settings, so nothing is said of it.
    """

    def __init__(self, now: datetime | None = None) -> None:
        """Takes the time.

        Args:
            now: against which the age of uploads is taken, with its time zone; None for this moment.
        """
        self._now = now or datetime.now(UTC)
        self._layout: Layout | None = None
        self._scratch: dict[str, dict[str, int]] = {}

    def begin(self, layout: Layout, base: str) -> None:
        """Takes the layout; a bucket has one root, and settings belong to the whole of it."""
        self._layout = None if base else layout

    def wants(self, node: Node) -> bool:
        """Wants folders that may be there, deep in the tree, under a fixed name, and that nobody looks into."""
        return node.opaque and node.need == OPTIONAL and node.segment is None and "{" in node.pattern

    def present(self, event: Present) -> None:
        """Counts a folder in its group: memory grows with the pipelines, not with their executions."""
        names = event.node.pattern.split("/")
        first = next(at for at, name in enumerate(names) if "{" in name)
        group = "/".join(event.path.split("/")[: first + 1]) + "/"
        groups = self._scratch.setdefault(event.node.pattern, {})
        groups[group] = groups.get(group, 0) + 1

    def events(self, context: Context) -> Iterator[Event]:
        """Yields the bucket with its settings, and with its unfinished uploads."""
        source = context.source
        if self._layout is None or not isinstance(source, S3Source):
            return
        root = self._layout.root
        ask = SettingsReader(source.client, source.bucket).ask
        scratch = tuple(Scratch(pattern, groups) for pattern, groups in sorted(self._scratch.items()))
        yield BucketSettings(root, ask, source.bucket, text(source.prefix), scratch)
        yield UnfinishedUploads(root, partial(unfinished, source.client, source.bucket, source.prefix, self._now))
