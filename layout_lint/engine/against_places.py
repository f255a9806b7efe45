"""Where the config files of a repository point: what the match of the bucket saw there, and what must be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.documents.contents import json_of
from layout_lint.engine.ways import leads_to
from layout_lint.model.content import UnreadableContentError
from layout_lint.model.entry import key_of, text
from layout_lint.model.error import UserError
from layout_lint.model.finding import NotAudited
from layout_lint.sources.s3_uri import parse_uri, place
from layout_lint.sources.source import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from layout_lint.engine.repository import Config
    from layout_lint.model.node import Layout, Node
    from layout_lint.sources.source import Source

_SCHEME = "s3://"


class Places:
    """The S3 URIs in the config files of a repository.

    Args:
        source: the audited bucket.
        bucket: how URIs name it, where the source does not say so itself.

    Attributes:
        settled: paths that are missing, which something else says already.
        not_audited: places that could not be asked for.
    """

    def __init__(self, source: Source, bucket: str) -> None:
        self._source = source
        self._client = getattr(source, "client", None)
        self._bucket: str = getattr(source, "bucket", bucket)
        self._prefix = text(getattr(source, "prefix", b""))
        self._seen: set[str] = set()
        self._wanted: set[str] = set()
        self._nodes: set[Node] = set()
        self._asked: dict[tuple[str, str], bool | None] = {}
        self.settled: set[str] = set()
        self.not_audited: list[NotAudited] = []

    def begin(self, layout: Layout, base: str, configs: Sequence[Config]) -> None:
        """Works out which nodes of the bucket's layout tell whether something is where the files point."""
        for uri in (uri for config in configs for uri in _uris(config)):
            at = _read(uri)
            found = None if at is None else self._within(*at)
            if found and found.startswith(base):
                self._wanted.add(found.rstrip("/"))
                if (node := leads_to(layout.root, found.removeprefix(base))) is not None:
                    self._nodes.add(node)

    def wants(self, node: Node) -> bool:
        """Returns whether a file points at an entry of this node, or below one."""
        return node in self._nodes

    def present(self, path: str) -> None:
        """Takes note of an entry that is in the bucket."""
        if path.rstrip("/") in self._wanted:
            self._seen.add(path.rstrip("/"))

    def lacks(self, uri: str) -> str | None:
        """Returns where a URI points at nothing; see `RepositoryConfig.lacks`."""
        at = _read(uri)
        if at is None:
            return None
        path = self._within(*at)
        if path is not None and path.rstrip("/") in self.settled:
            return None
        return (path or "") if self._holds(*at, path) is False else None

    def is_there(self, path: str) -> bool:
        """Asks whether an object, or one below it, is in the audited bucket.

        Raises:
            Unreadable: it could not be found out.
        """
        key = key_of(path.rstrip("/"))
        return self._source.has(key) or self._source.has(key + b"/")

    def _within(self, bucket: str, key: str) -> str | None:
        """Returns a place's path below the audited target, or None where it is outside."""
        if bucket != self._bucket or not key.startswith(self._prefix):
            return None
        return key.removeprefix(self._prefix)

    def _holds(self, bucket: str, key: str, path: str | None) -> bool | None:
        """Returns whether something is at a place; None where it cannot be found out, which is then named."""
        if path is not None and path.rstrip("/") in self._seen:
            return True
        if (bucket, key) not in self._asked:
            self._asked[bucket, key] = self._ask(bucket, key, path)
        return self._asked[bucket, key]

    def _ask(self, bucket: str, key: str, path: str | None) -> bool | None:
        at = place(bucket, key_of(key))
        try:
            if path is not None:
                return self.is_there(path)
            if self._client is None:
                self.not_audited.append(NotAudited(self._source.target, at, "it is in a bucket that is not audited"))
                return None
            from layout_lint.sources.s3_lookup import is_there  # noqa: PLC0415 - only for other buckets

            return is_there(self._client, bucket, key.rstrip("/"))
        except Unreadable as error:
            reason = error.reason
        except UserError as error:
            reason = error.mistakes[0].message
        self.not_audited.append(NotAudited(self._source.target, at, reason))
        return None


def _uris(config: Config) -> Iterator[str]:
    """Yields the S3 URIs among the strings of a config file; nothing where it cannot be read."""
    try:
        left = [config.content.parsed(json_of).value]
    except UnreadableContentError:
        return
    while left:
        one = left.pop()
        if isinstance(one, str) and one.startswith(_SCHEME):
            yield one
        elif isinstance(one, dict):
            left.extend(one.values())
        elif isinstance(one, list):
            left.extend(one)


def _read(uri: str) -> tuple[str, str] | None:
    """Returns bucket and key of a URI, None where no object can be there; other rules say what is wrong with it."""
    try:
        bucket, prefix = parse_uri(uri)
    except UserError:
        return None
    key = text(prefix)
    return (bucket, key if uri.endswith("/") else key.removesuffix("/")) if key else None
