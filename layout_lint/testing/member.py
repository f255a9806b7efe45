"""A file of an archive, scanned and judged as an audit does it, without an archive around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.engine.audit import Audit
from layout_lint.engine.member_scans import MemberScans
from layout_lint.model.member import MemberScanned
from layout_lint.plugins.checking import check_source, layouts_of
from layout_lint.plugins.load import load as load_plugins
from layout_lint.testing.checking import settings_of
from layout_lint.testing.tree import make_source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from layout_lint.config.settings import Settings
    from layout_lint.engine.context import Context
    from layout_lint.model.event import Event, Present
    from layout_lint.model.finding import Finding, NotAudited
    from layout_lint.model.node import Node
    from layout_lint.model.report import Report
    from layout_lint.plugins.registry import Registry

_ARCHIVE = "archive.tar.gz"
_LAYOUT = f"name: archives\ntree: {{{_ARCHIVE}: {{}}}}\n"


def check_member(
    name: str, pieces: bytes | Iterable[bytes], *, settings: str = "", plugins: Sequence[str] = ()
) -> Report:
    """Checks a file as if it stood in an archive, ``archive.tar.gz``, and returns the report.

    Args:
        name: inside of the archive.
        pieces: the content, whole or in the pieces that the scanners are given.
        settings: the text of a ``layout-lint.toml``.
        plugins: modules and files, as ``--plugin`` would name them, on top of what is installed.

    Raises:
        UserError: the settings or a plugin are not right.
    """
    registry = load_plugins(plugins, whole=True)
    said = settings_of(settings)
    given = [pieces] if isinstance(pieces, bytes) else list(pieces)
    return check_source(
        make_source([_ARCHIVE]),
        registry,
        said,
        layouts_of(said, registry, [("archives.yaml", _LAYOUT.encode())]),
        [(b"", "archives")],
        audits=lambda: [_OneMember(registry, said, name, given)],
    )


class _OneMember(Audit):
    """Has every archive hold the one file."""

    serves = (MemberScanned.__name__,)

    def __init__(self, registry: Registry, settings: Settings, name: str, pieces: Sequence[bytes]) -> None:
        self._scans = MemberScans(registry, settings)
        self._name = name
        self._pieces = pieces
        self._archives: list[Present] = []

    def wants(self, node: Node) -> bool:
        return node.name == _ARCHIVE

    def present(self, event: Present) -> None:
        self._archives.append(event)

    def events(self, context: Context) -> Iterator[Event | Finding | NotAudited]:
        for archive in self._archives:
            scanning = self._scans.begin(self._name, sum(map(len, self._pieces)))
            for piece in self._pieces:
                scanning.feed(piece)
            yield from scanning.finish(archive, context.source.target)
