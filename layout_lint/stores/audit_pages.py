"""Pages of a bucket's listing, kept in the state of an audit, so that one that was interrupted can go on."""

from __future__ import annotations

import marshal
from typing import TYPE_CHECKING

from layout_lint.sources.s3_page import Page, Position, Rest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.sources.s3_stream import StreamKey
    from layout_lint.stores.audit_state import AuditState


class AuditPages:
    """The recorder of a bucket's listing.

    Args:
        state: where the pages are kept.
    """

    def __init__(self, state: AuditState) -> None:
        self._state = state

    def replay(self, key: StreamKey) -> Iterator[Page]:
        """Yields the pages that were kept of a stream; see `layout_lint.sources.s3_stream.Recorder`."""
        for keys, sizes, etags, times, position, more, rest in self._state.pages(_name(key)):
            kept = Rest(rest[0], Position(*rest[1])) if rest else None
            yield Page(list(keys), list(sizes), list(etags), list(times), "", Position(*position), more, kept)

    def record(self, key: StreamKey, page: Page) -> None:
        """Keeps a page, without its token: it says nothing to a server that is asked tomorrow."""
        rest = (page.rest.folder, tuple(page.rest.position)) if page.rest else None
        kept = (page.keys, page.sizes, page.etags, page.times, tuple(page.position), page.more, rest)
        self._state.keep_page(_name(key), kept)


def _name(key: StreamKey) -> bytes:
    return marshal.dumps(tuple(key), 4)
