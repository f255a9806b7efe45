"""Scanners of plugins at work on the files of an archive: all of them are given the same bytes, which are read once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.engine.select import select
from layout_lint.model.finding import NotAudited
from layout_lint.model.member import MemberScanned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.config.settings import Settings
    from layout_lint.model.event import Present
    from layout_lint.model.member import MemberScan
    from layout_lint.plugins.registry import Registry


class MemberScans:
    """The scanners that have something to do in a run.

    Args:
        registry: what plugins bring.
        settings: which rules are selected; a scanner whose plugin has no selected rule about `MemberScanned` is left
            out, and never imported.
    """

    def __init__(self, registry: Registry, settings: Settings) -> None:
        asking = {rule.plugin for rule in select(registry.rules, settings) if rule.event == MemberScanned.__name__}
        self._registry = registry
        self._names = sorted(name for name, (plugin, _, _) in registry.scanners.items() if plugin in asking)

    def __bool__(self) -> bool:
        return bool(self._names)

    def begin(self, member: str, size: int) -> Scanning:
        """Begins with one file.

        Args:
            member: its name inside of the archive.
            size: in bytes.
        """
        scanning = Scanning(member)
        for name in self._names:
            scanning.start(self._registry, name, size)
        return scanning


class Scanning:
    """One file of an archive with all its scans; a scan that raises is given up and named, the others go on."""

    def __init__(self, member: str) -> None:
        self._member = member
        self._scans: dict[str, MemberScan] = {}
        self._broken: list[str] = []

    def __bool__(self) -> bool:
        """Whether any scanner wants the bytes."""
        return bool(self._scans)

    def start(self, registry: Registry, name: str, size: int) -> None:
        """Asks a scanner whether it wants the file."""
        try:
            scan = registry.scanner(name)(self._member, size)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a plugin raises must name it
            self._give_up(name, error)
        else:
            if scan is not None:
                self._scans[name] = scan

    def feed(self, data: bytes) -> None:
        """Takes the file's next bytes."""
        if not data:
            return
        for name, scan in list(self._scans.items()):
            try:
                scan.feed(data)
            except (Exception, SystemExit) as error:  # noqa: BLE001 - as above
                self._give_up(name, error)

    def finish(self, archive: Present, target: str) -> Iterator[MemberScanned | NotAudited]:
        """Yields what was found, for rules to judge, and which scans could not be made.

        Args:
            archive: the event of the archive's own entry.
            target: where the archive is.
        """
        for name, scan in list(self._scans.items()):
            try:
                found = scan.finish()
            except (Exception, SystemExit) as error:  # noqa: BLE001 - as above
                self._give_up(name, error)
                continue
            if found is not None:
                yield MemberScanned(archive.node, archive.path, archive.captures, self._member, name, found)
        for reason in self._broken:
            yield NotAudited(target, archive.path, reason)

    def _give_up(self, name: str, error: BaseException) -> None:
        self._scans.pop(name, None)
        said = str(error) or "no message"
        self._broken.append(f"the scanner `{name}` raised {type(error).__name__} at `{self._member}`: {said}")
