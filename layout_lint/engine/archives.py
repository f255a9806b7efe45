"""Looks into the archives of a bucket: several at once, as streams, each checked by the layout for its inside."""

from __future__ import annotations

from hashlib import blake2b
from threading import Event as Signal
from typing import TYPE_CHECKING

from layout_lint.archives.inspect import inspect
from layout_lint.archives.limits import Limits
from layout_lint.engine.audit import Audit
from layout_lint.engine.in_order import in_order
from layout_lint.engine.inside import Inside
from layout_lint.engine.judging import judged
from layout_lint.engine.member_scans import MemberScans
from layout_lint.engine.said import restore as restore_said
from layout_lint.engine.verdict import Verdict, fingerprint, restore
from layout_lint.layouts.builds import read_build
from layout_lint.model.archive_event import ArchiveFault
from layout_lint.model.entry import FILE, text
from layout_lint.model.finding import NotAudited
from layout_lint.model.member import MemberScanned
from layout_lint.sources.members import INSIDE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from layout_lint.archives.inspect import Inspection
    from layout_lint.config.settings import Settings
    from layout_lint.engine.context import Context
    from layout_lint.engine.verdict import Verdicts
    from layout_lint.model.event import Event, Present
    from layout_lint.model.finding import Finding
    from layout_lint.model.node import Layout, Node
    from layout_lint.plugins.registry import Registry
    from layout_lint.sources.source import Source, Stream

    Progress = Callable[[int, int, int], None]

NONE, CHANGED, ALL = MODES = ("none", "changed", "all")
"""Which archives are read: none, those that no earlier audit has seen as they are, all."""
AT_ONCE = 4
"""How many archives are read at a time: unpacking keeps a processor busy, and a connection is seldom slower."""
_TEXT = 64 * 1024
_TEXTS = 4 * 1024 * 1024
"""Bytes of a member, and of all of them, that are kept to show the lines that findings are about."""


class Archives(Audit):
    """Reads the archives that a layout names with ``$archive``.

    It is left out where no rule about archives as such, nor about what scanners find, is selected: nobody who asks for
    the structure of a bucket alone wants it downloaded.

    Args:
        registry: every rule, and the scanners of plugins.
        layouts: every layout by name.
        settings: what the user wants.
        mode: one of `MODES`.
        verdicts: what earlier audits of the same target came to; None where nothing is kept.
        inline: whether comments in members may suppress findings.
        offset: the way from the settings' folder to the source's root, as `Check.run` takes it.
        at_once: how many archives are read at a time.
        limits: how far each is read.
        progress: is told how many archives are done, how many there are, and how many bytes were read.

    Attributes:
        read: how many archives were read.
        known: how many were as an earlier audit has seen them.
        size: packed bytes that were read.
    """

    serves = ("ArchiveFault", "MemberScanned")

    def __init__(
        self,
        registry: Registry,
        layouts: Mapping[str, Layout],
        settings: Settings,
        *,
        mode: str = CHANGED,
        verdicts: Verdicts | None = None,
        inline: bool = True,
        offset: str = "",
        at_once: int = AT_ONCE,
        limits: Limits | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.read = 0
        self.known = 0
        self.size = 0
        self._layouts = layouts
        self._mode = mode
        self._verdicts = verdicts
        self._at_once = at_once
        self._limits = limits or Limits()
        self._progress = progress
        self._inside = Inside(registry, layouts, settings, inline=inline, offset=offset)
        self._scans = MemberScans(registry, settings)
        self._depends = (registry.versions, sorted(self._inside.rules), inline, self._limits)
        self._prints: dict[str, bytes] = {}
        self._built = _built(layouts)
        self._waiting: list[Present] = []
        self._identities: dict[str, str] = {}
        self._good: set[bytes] = set()
        self._texts: dict[str, bytes] = {}
        self._held = 0

    @property
    def used_ignores(self) -> Collection[int]:
        """The indexes of the settings' ignores that hid something inside of an archive."""
        return self._inside.used_ignores

    def good(self, key: str, etag: str) -> bool:
        """Returns whether an archive was read to its end in this audit or an earlier one, and nothing is wrong with it.

        Whatever its members are: only the archive itself is meant.

        Args:
            key: the archive's, below the source's root.
            etag: what it was listed with.
        """
        return _short(key, etag) in self._good

    def identity(self, key: str) -> str:
        """Returns the content identity of an archive that is built from a folder of the repository.

        "" where it was not read, or has none because something is wrong with it.
        """
        return self._identities.get(key, "")

    def reader(self, read: Callable[[str], bytes]) -> Callable[[str], bytes]:
        """Returns what reads files of the target, and members of its archives as far as findings are about them.

        Args:
            read: reads the target's own files.
        """

        def reading(path: str) -> bytes:
            if path in self._texts:
                return self._texts[path]
            if text(INSIDE) in path:
                raise FileNotFoundError(2, "Its content was not kept", path)
            return read(path)

        return reading

    def begin(self, layout: Layout, base: str) -> None:  # noqa: ARG002 - any layout may have archives
        """Forgets the archives of another root."""
        self._waiting.clear()

    def wants(self, node: Node) -> bool:
        """Returns whether the node's files are archives with a layout for their inside."""
        return self._mode != NONE and node.attributes.get("archive") in self._layouts

    def present(self, event: Present) -> None:
        """Takes one archive; one that the listing calls empty needs no reading, and `empty-object` says so."""
        if event.entry.kind != FILE or event.entry.size == 0:
            return
        kept = self._kept(event)
        if kept is not None and kept.is_silent:
            self.known += 1
            self._note(event, kept)
        else:
            self._waiting.append(event)

    def _note(self, event: Present, verdict: Verdict) -> None:
        """Notes what else is to be known of an archive."""
        if verdict.is_good:
            self._good.add(_short(event.path, event.entry.identity))
        if verdict.identity:
            self._identities[event.path] = verdict.identity

    def events(self, context: Context) -> Iterator[Event | Finding | NotAudited]:
        """Yields what is wrong with archives, and what was found in them, in the order of their keys."""
        source, stop = context.source, Signal()

        def look(event: Present) -> Verdict | Inspection | OSError:
            return self._inspect(source, event, stop)

        made_of = in_order(look, self._waiting, self._at_once, stop, self._kept)
        try:
            for done, (event, made) in enumerate(made_of, 1):
                yield from self._told(source, event, made)
                yield from self._inside.found()
                if self._progress is not None:
                    self._progress(done, len(self._waiting), self.size)
        finally:
            made_of.close()
            if self._verdicts is not None:
                self._verdicts.save()

    def _kept(self, event: Present) -> Verdict | None:
        if self._mode != CHANGED or self._verdicts is None or not event.entry.identity:
            return None
        return restore(self._verdicts.get(self._key(event)))

    def _key(self, event: Present) -> bytes:
        """Returns what a verdict is kept by: the object as it was listed, and all that judges it."""
        name = str(event.node.attributes["archive"])
        if name not in self._prints:
            self._prints[name] = fingerprint(self._layouts, name, self._depends)
        entry = event.entry
        return self._prints[name] + repr((entry.key, entry.identity, entry.size)).encode()

    def _inspect(self, source: Source, event: Present, stop: Signal) -> Inspection | OSError:
        """Reads an archive; is called in a thread of its own."""
        name = str(event.node.attributes["archive"])
        layout = self._layouts[name]
        try:
            with source.open(event.entry.key, event.entry.identity) as stream:
                return inspect(
                    _Stoppable(stream, stop),
                    lambda member: self._reads(layout, member),
                    (lambda member, size: self._scans.begin(text(member), size)) if self._scans else None,
                    with_identity=name in self._built,
                    limits=self._limits,
                )
        except OSError as error:
            return error

    def _reads(self, layout: Layout, member: bytes) -> bool:
        inner = member.partition(b"/")[2]
        return self._inside.reads(layout, member) or bool(inner and self._inside.reads(layout, inner))

    def _told(
        self, source: Source, event: Present, made: Verdict | Inspection | OSError
    ) -> Iterator[Event | NotAudited]:
        """Yields what is to be said of one archive; what rules said of its members goes to `Inside`."""
        if isinstance(made, OSError):
            yield NotAudited(source.target, event.path, made.strerror or str(made))
            return
        if isinstance(made, Verdict):
            self.known += 1
            verdict = made
        else:
            self.read += 1
            self.size += made.packed
            verdict, unsure = judged(self._inside, self._layouts, event, made, source.target)
            self._keep_texts(event.path, made, {path for _, path, *_ in verdict.said})
            yield from unsure
            self._keep(event, verdict, sure=not unsure)
        self._note(event, verdict)
        for one in restore_said(verdict.said, self._inside.rules, source.target):
            self._inside.take(one, source.target)
        for kind, said in verdict.faults:
            yield ArchiveFault(event.node, event.path, event.captures, kind, said)
        for member, scanner, found in verdict.scanned:
            yield MemberScanned(event.node, event.path, event.captures, member, scanner, found)
        for path, reason in verdict.unread:
            yield NotAudited(source.target, path, reason)

    def _keep(self, event: Present, verdict: Verdict, *, sure: bool) -> None:
        """Keeps a verdict, unless something went wrong that may go right the next time."""
        if self._verdicts is None or not event.entry.identity or not sure:
            return
        plain = verdict.dump()
        if plain is not None:
            self._verdicts.put(self._key(event), plain)

    def _keep_texts(self, archive: str, found: Inspection, paths: Collection[str]) -> None:
        for name, content in found.contents.items():
            path = archive + text(INSIDE + name)
            if path in paths and len(content) <= _TEXT and self._held + len(content) <= _TEXTS:
                self._held += len(content)
                self._texts[path] = content


def _short(key: str, etag: str) -> bytes:
    """Returns a few bytes for an object as it was listed: there may be a million of them."""
    return blake2b(f"{etag} {key}".encode("utf-8", "surrogateescape"), digest_size=16).digest()


class _Stoppable:
    """A stream that ends with an error once nobody wants its bytes any more."""

    def __init__(self, stream: Stream, stop: Signal) -> None:
        self._stream = stream
        self._stop = stop

    def read(self, size: int, /) -> bytes:
        if self._stop.is_set():
            raise InterruptedError(4, "the audit was stopped")
        return self._stream.read(size)


def _built(layouts: Mapping[str, Layout]) -> frozenset[str]:
    """Returns the layouts of archives that are built from a folder of a repository, which has the same identity."""
    nodes = (node for layout in layouts.values() for node in layout.root.descendants())
    return frozenset(read_build(str(node.attributes["builds"]))[0] for node in nodes if node.has("builds"))
