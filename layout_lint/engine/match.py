"""The matcher: goes over sorted keys with a stack of open folders and says what a layout makes of them.

Memory grows with the depth of the tree, not with the number of keys: a folder is judged when the first key after it
arrives, and what the layout calls opaque is skipped by a seek, not read.

This module is on the path of every run, so it imports next to nothing; events are built only where there are any.
"""

from layout_lint.engine.frame import Frame
from layout_lint.model.entry import FOLDER, LINK, SUBMODULE, UNREADABLE, key_of, text
from layout_lint.model.node import FORBIDDEN, TEMPORARY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from layout_lint.engine.admitted import Admitted, Kinds
    from layout_lint.model.entry import Entry
    from layout_lint.model.event import Event
    from layout_lint.model.node import Layout, Node
    from layout_lint.sources.source import Source


class Matcher:
    """Matches one source against one layout.

    Args:
        source: where the keys come from.
        layouts: every layout by name, for folders that mount one.
        watched: the nodes whose entries are reported as `Present`; None for all.
        contents: the nodes of files whose content somebody looks at: reported as `Files`, folder by folder.
        excluded: folders (keys ending in ``/``) that are roots of their own and none of this match's affair.
        hollow: the nodes of files that are reported as `Present` where they hold nothing, watched or not.
    """

    def __init__(
        self,
        source: "Source",
        layouts: "Mapping[str, Layout]",
        watched: "Collection[Node] | None" = None,
        contents: "Collection[Node]" = frozenset(),
        excluded: "Collection[bytes]" = (),
        hollow: "Collection[Node]" = (),
    ) -> None:
        self._source = source
        self._layouts = layouts
        self._watched = watched
        self._contents = contents
        self._excluded = excluded
        self._hollow = hollow
        self._kinds: dict[Node, Kinds | None] = {}
        self._admitted: dict[Frame, Admitted] = {}

    def match(self, layout: "Layout", base: bytes = b"") -> "Iterator[Event]":
        """Yields what there is to say, folder by folder, each folder when it is complete.

        Args:
            layout: the layout of the folder `base`.
            base: the key of that folder, ending in ``/``; "" for the source's root.

        Raises:
            layout_lint.sources.source.Unreadable: the source as a whole cannot be read.
        """
        astray: list[Frame] = [Frame(layout.root, layout, base, {})]
        while astray:
            yield from self._walk(astray.pop(), astray)

    def _walk(self, frame: "Frame", astray: "list[Frame]") -> "Iterator[Event]":  # noqa: C901, PLR0912 - one loop, whole for its speed
        """Yields what there is to say of a folder and all below it; puts folders with a wrong name into `astray`."""
        cursor = self._source.cursor(frame.path, tuple(frame.node.folders))
        above: list[Frame] = []
        quick: dict[Node | None, bool] = {None: False}
        contents, hollow = self._contents, self._hollow
        entry = cursor.next()
        while entry is not None:
            key = entry.key
            while not key.startswith(frame.path):
                yield from frame.close(whole=not cursor.truncated)
                if frame.misnamed or frame in self._admitted:
                    yield from self._unnamed(frame, astray)
                frame = above.pop()
            start = len(frame.path)
            slash = key.find(b"/", start)
            if slash < 0 and entry.kind != SUBMODULE:
                name = key[start:]
                node = frame.node.files.get(name)
                is_quick = quick.get(node)
                if is_quick is None and node is not None:
                    is_quick = quick[node] = self._is_quick(node)
                if is_quick and node is not None and entry.kind != LINK and (entry.size or node not in hollow):
                    frame.counts[node] = 1
                    if node in contents:
                        frame.files.append((node, entry))
                    if frame.cases is not None or name.lower() != name or not name.isascii():
                        yield from frame.case_clash(name, key)
                elif name:
                    yield from self._file(frame, name, entry)
                entry = cursor.next()
                continue
            name, path = (key[start:slash], key[: slash + 1]) if slash >= 0 else (key[start:], key + b"/")
            events: list[Event] = []
            inside = self._folder(frame, name, path, entry, events)
            if events:
                yield from events
            if inside is None:
                entry = cursor.seek(path) if slash >= 0 else cursor.next()
            elif isinstance(inside, Frame):
                above.append(frame)
                frame = inside
                if key == path:
                    entry = cursor.next()
            else:
                entry = inside.take_below(path, entry, cursor, self._excluded)
        for left in (frame, *reversed(above)):
            yield from left.close(whole=not cursor.truncated)
            if left.misnamed or left in self._admitted:
                yield from self._unnamed(left, astray)

    def _is_quick(self, node: "Node") -> bool:
        """Returns whether nothing is to be said of most files of a node."""
        return node.plain and self._watched is not None and node not in self._watched

    def _unnamed(self, frame: "Frame", astray: "list[Frame]") -> "Iterator[Event]":
        """Says what is to say of a closed folder's entries that have none of the layout's names."""
        yield from self._misnamed(frame, astray)
        if frame in self._admitted:
            yield from self._admitted.pop(frame).files()

    def _misnamed(self, frame: "Frame", astray: "list[Frame]") -> "Iterator[Event]":
        """Looks at entries that are the layout's under a wrong name as at others; what is in folders comes later."""
        for node, path, entry in frame.misnamed:
            if not node.plain:
                yield from self._demands(node, text(path), frame.captures)
            is_open = node.is_folder and not node.opaque and node.need not in (TEMPORARY, FORBIDDEN)
            if is_open and entry is not None and entry.kind not in (SUBMODULE, UNREADABLE):
                inside = self._inside(node, frame.layout, path, frame.captures)
                if inside is not None:
                    astray.append(inside)

    def _file(self, frame: "Frame", name: bytes, entry: "Entry") -> "Iterator[Event]":
        """A key right in the frame's folder."""
        if frame.cases is not None or name.lower() != name or not name.isascii():
            yield from frame.case_clash(name, entry.key)
        node, captures, events = frame.resolve(name, entry.key, is_folder=False)
        yield from events
        if entry.kind == LINK:
            from layout_lint.model.event import Linked  # noqa: PLC0415 - links are rare

            yield Linked(node or frame.node, text(entry.key), captures)
        if node is not None:
            frame.counts[node] = frame.counts.get(node, 0) + 1
            if not node.plain:
                yield from self._demands(node, text(entry.key), captures)
            if node in self._contents:
                frame.files.append((node, entry))
            if self._watched is None or node in self._watched or (entry.size == 0 and node in self._hollow):
                from layout_lint.model.event import Present  # noqa: PLC0415 - only where a rule looks

                yield Present(node, text(entry.key), captures, entry)
            return
        other = frame.node.folders.get(name)
        if other is not None:
            from layout_lint.model.event import WrongKind  # noqa: PLC0415 - only where something is wrong

            frame.settle(other)
            yield WrongKind(other, text(entry.key), captures, entry.kind)
        else:
            yield from frame.unnamed(name, entry.key, is_folder=False, entry=entry if self._contents else None)
            admitted = self._admits(frame)
            if admitted is not None:
                admitted.take(entry)

    def _folder(  # noqa: C901 - the cases of a folder, one after the other
        self, frame: "Frame", name: bytes, path: bytes, entry: "Entry", events: "list[Event]"
    ) -> "Frame | Admitted | None":
        """A folder right in the frame's folder; returns its frame, or None where nobody looks inside.

        Of a folder that only ``**`` admits it is what takes the files below, where somebody looks at these.
        """
        if path in self._excluded:
            node = frame.node.folders.get(name)
            if node is not None:
                frame.settle(node)
            return None
        if frame.cases is not None or name.lower() != name or not name.isascii():
            events.extend(frame.case_clash(name, path))
        node, captures, wrong = frame.resolve(name, path, is_folder=True)
        empty = entry.kind == FOLDER and entry.key == path and self._source.is_git
        if node is None:
            if not empty:
                events.extend(self._unmatched(frame, name, path, captures, entry))
            is_sealed = empty or name in frame.node.files or entry.kind in (SUBMODULE, UNREADABLE)
            return None if is_sealed else self._admits(frame)
        if empty and node.need in (TEMPORARY, FORBIDDEN):
            return None
        if wrong:
            events.extend(wrong)
        frame.counts[node] = frame.counts.get(node, 0) + 1
        if empty:
            from layout_lint.model.event import EmptyFolder  # noqa: PLC0415 - only where something is wrong

            events.append(EmptyFolder(node, text(path), captures))
            return None
        if not node.plain:
            events.extend(self._demands(node, text(path), captures))
        if self._watched is None or node in self._watched:
            from layout_lint.model.event import Present  # noqa: PLC0415 - only where a rule looks

            events.append(Present(node, text(path), captures, entry))
        if node.opaque or node.need in (TEMPORARY, FORBIDDEN) or entry.kind in (SUBMODULE, UNREADABLE):
            return None
        return self._inside(node, frame.layout, path, captures)

    def _inside(self, node: "Node", layout: "Layout", path: bytes, captures: "dict[str, str]") -> "Frame | None":
        """The frame of a folder that is looked into; None for a mounted layout that nothing shows the signs of."""
        if not node.mount:
            return Frame(node, layout, path, captures)
        mounted = self._layouts[node.mount]
        if mounted.detect and not any(self._source.has(path + sign) for sign in mounted.detect):
            return None
        return Frame(mounted.root, mounted, path, captures)

    def _admits(self, frame: "Frame") -> "Admitted | None":
        """Returns what takes the files of a folder that only ``**`` admits; None where nobody looks at them."""
        rest = frame.node.rest
        if rest is None or not self._contents:
            return None
        found = self._admitted.get(frame)
        if found is None:
            if rest not in self._kinds:
                self._kinds[rest] = self._wanted_kinds(rest)
            kinds = self._kinds[rest]
            if kinds is not None:
                found = self._admitted[frame] = kinds.folder(frame)
        return found

    def _wanted_kinds(self, rest: "Node") -> "Kinds | None":
        wanted = [node for node in rest.kinds if node in self._contents]
        if not wanted:
            return None
        from layout_lint.engine.admitted import Kinds  # noqa: PLC0415 - only where somebody looks at such files

        return Kinds(rest, wanted)

    def _demands(self, node: "Node", path: str, captures: "dict[str, str]") -> "Iterator[Event]":
        """Looks at what a node asks of an entry beside its name: its size, and what must stand elsewhere."""
        from layout_lint.model.event import Event, TooLarge, Unmet  # noqa: PLC0415 - few nodes ask for more than a name

        limit = node.attributes.get("max-size")
        if isinstance(limit, int) and self._source.measure(key_of(path), limit) > limit:
            yield TooLarge(node, path, captures, limit)
        needs = node.attributes.get("needs")
        if isinstance(needs, tuple) and not self._source.is_bucket:  # there `engine.needs` looks, without a request
            root = Event(node, path, captures).root
            for pattern in needs:
                needed = root + pattern.format_map(captures)
                if not self._source.has(key_of(needed)):
                    yield Unmet(node, path, captures, needed)

    @staticmethod
    def _unmatched(
        frame: "Frame", name: bytes, path: bytes, captures: "dict[str, str]", entry: "Entry"
    ) -> "Iterator[Event]":
        other = frame.node.files.get(name)
        if other is not None:
            from layout_lint.model.event import WrongKind  # noqa: PLC0415 - only where something is wrong

            frame.settle(other)
            yield WrongKind(other, text(path), captures, FOLDER)
        else:
            yield from frame.unnamed(name, path, is_folder=True, entry=entry)
