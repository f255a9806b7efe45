"""Compiles layout files: all of them together, because layouts extend, mount and name one another."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from layout_lint.layouts.build import Builder
from layout_lint.layouts.document import Document, read_document
from layout_lint.layouts.draft import Draft, DraftReader, merge
from layout_lint.layouts.lists import read_detect, read_everywhere
from layout_lint.layouts.mistakes import Mistakes
from layout_lint.layouts.names import Name
from layout_lint.layouts.values import UnknownValueError, Values
from layout_lint.model.error import did_you_mean
from layout_lint.model.node import Layout, Node

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from layout_lint.layouts.text import Scalar
    from layout_lint.model.segment import SegmentType


def compile_layouts(
    files: Sequence[tuple[str, bytes]],
    values: Mapping[str, str | int] | None = None,
    types: Mapping[str, SegmentType] | None = None,
    templates: Collection[str] | None = None,
) -> dict[str, Layout]:
    """Returns all layouts by name, sorted.

    Args:
        files: path, for messages, and content of each layout file.
        values: what the settings say instead of the layouts' defaults.
        types: segment types of plugins by name.
        templates: the names of all templates; None where nobody knows.

    Raises:
        UserError: there are mistakes in the files; all of them at once.
        UnknownValueError: the settings give a value that no layout has.
    """
    run = _Compilation(values or {}, types or {}, templates)
    for path, data in files:
        run.add(path, data)
    run.refuse_unknown_values()
    layouts = [run.layout(name) for name in sorted(run.documents)]
    run.mistakes.raise_any()
    return {layout.name: layout for layout in layouts if layout is not None}


@dataclass(slots=True)
class _Compilation:
    """What one compilation knows.

    Attributes:
        values: the settings' values.
        types: the plugins' segment types.
        templates: the names of all templates; None where nobody knows.
        documents: the files read so far by the name of their layout.
        unread: whether a file could not be read, so that nobody knows which layouts there are.
    """

    values: Mapping[str, str | int]
    types: Mapping[str, SegmentType]
    templates: Collection[str] | None = None
    documents: dict[str, Document] = field(default_factory=dict)
    mistakes: Mistakes = field(default_factory=Mistakes)
    unread: bool = False

    def add(self, path: str, data: bytes) -> None:
        document = read_document(path, data, self.mistakes)
        if document is None:
            self.unread = True
            return
        first = self.documents.setdefault(document.name.text, document)
        if first is not document:
            message = f"the layout `{document.name.text}` is in `{first.place.path}` already"
            self.mistakes.add(
                document.name.place,
                message,
                "give it another name; a layout is changed by one that `extends` it",
            )

    def refuse_unknown_values(self) -> None:
        known = {name for document in self.documents.values() for name in document.values}
        unknown = self.values.keys() - known
        if unknown and not self.mistakes:
            raise UnknownValueError(unknown, known)

    def layout(self, name: str) -> Layout | None:
        """Returns a compiled layout, or None where what it extends is not there."""
        chain = self._chain(name)
        if chain is None:
            return None
        written: dict[str, Scalar] = {}
        for document in chain:
            written.update(document.values)
        values = Values(written, self.values, self.mistakes)
        reader = DraftReader(values, self.types, self.mistakes)
        root = self._tree(chain, reader)
        detect = read_detect(_last(chain, "detect"), values, self.mistakes)
        layout = Layout(name, chain[-1].about, detect, Node("", "", is_folder=True))
        layout.extends = tuple(document.name.text for document in chain[-2::-1])
        everywhere = read_everywhere(_last(chain, "everywhere"), reader, self.mistakes)
        known = None if self.unread else self.documents
        Builder(layout, everywhere, known, self.templates, self.mistakes).build(root)
        return layout

    def _chain(self, name: str) -> list[Document] | None:
        """Returns the layout and all that it extends, the outermost ancestor first."""
        chain = [self.documents[name]]
        names = [name]
        while (extends := chain[-1].extends) is not None:
            if extends.text in names:
                self._cycle(names, extends)
                return None
            if extends.text not in self.documents:
                self._no_such_layout(extends)
                return None
            names.append(extends.text)
            chain.append(self.documents[extends.text])
        return chain[::-1]

    def _cycle(self, names: list[str], extends: Scalar) -> None:
        """Notes a cycle once, where its alphabetically first member is reached from itself."""
        cycle = names[names.index(extends.text) :]
        if cycle[0] == min(cycle) == names[0]:
            shown = " → ".join(f"`{name}`" for name in (*cycle, cycle[0]))
            self.mistakes.add(
                extends.place, f"layouts extend each other in a circle: {shown}", "leave one `extends` out"
            )

    def _no_such_layout(self, extends: Scalar) -> None:
        if not self.unread:
            hint = did_you_mean(extends.text, self.documents) or "`layout-lint layouts` lists them"
            self.mistakes.add(extends.place, f"there is no layout `{extends.text}` to extend", hint)

    def _tree(self, chain: list[Document], reader: DraftReader) -> Draft:
        root = Draft(Name("", is_folder=True), chain[0].place)
        parent = ""
        for document in chain:
            merge(root, reader.tree(document.place, document.tree), parent, self.mistakes)
            parent = document.name.text
        return root


def _last(chain: Sequence[Document], key: Literal["detect", "everywhere"]) -> Sequence[Scalar]:
    """Returns the list of the last layout of the chain that writes one."""
    given: list[list[Scalar] | None] = [getattr(document, key) for document in chain]
    return next((scalars for scalars in reversed(given) if scalars is not None), ())
