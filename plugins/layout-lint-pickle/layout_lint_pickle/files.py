"""One file, or one entry of a zip file: told apart by how it begins, then read as what it is."""

from __future__ import annotations

import contextlib
import pickle
import sys
from typing import TYPE_CHECKING

from layout_lint_pickle.found import Found
from layout_lint_pickle.known import python_three
from layout_lint_pickle.pickles import Budget, PickleWalk
from layout_lint_pickle.stream import LargeError, MalformedError, Stream

if TYPE_CHECKING:
    from layout_lint_pickle.stream import Parser

ZIP = b"PK\x03\x04"
_NUMPY = b"\x93NUMPY"
_SAFETENSORS_JSON = b'{"'
"""What follows the 8 bytes of a length at the beginning of a safetensors file (huggingface/safetensors, README)."""
_HDF5 = b"\x89HDF\r\n\x1a\n"
_HEAD = 24
_PICKLED = (".pth", ".pt", ".ckpt", ".pkl", ".pickle", ".joblib")
"""Ends of names of files that are loaded as pickles, whatever they begin with."""
_NUMBER = b"\x8a\x0a" + 0x1950A86A20F9469CFC6C.to_bytes(10, "little") + b"."
_LEGACY = (b"\x80\x02" + _NUMBER, b"\x80\x04\x95" + len(_NUMBER).to_bytes(8, "little") + _NUMBER)
"""The first of the five pickles of a file that torch.save wrote before PyTorch 1.6: a number that tells such a file.
Bytes follow the fifth that are no pickle (pytorch/pytorch, torch/serialization.py: MAGIC_NUMBER, _legacy_save)."""
_LEGACY_PICKLES = 5
_PYTHON = {*sys.stdlib_module_names, "builtins"}


class FileScan:
    """Finds the pickles of one file.

    Args:
        name: the file's; its end may say that it is loaded as a pickle.
        entry: its name inside of a zip file, or "".
        found: is told what loading the file imports.
        budget: shared by all entries of a zip file.
    """

    def __init__(self, name: str, entry: str = "", found: Found | None = None, budget: Budget | None = None) -> None:
        self._is_named = name.lower().endswith(_PICKLED)
        self._entry = entry
        self._found = Found() if found is None else found
        self._budget = budget or Budget()
        self._stream = Stream()
        self._parser: Parser | None = self._look()

    def feed(self, data: bytes) -> None:
        """Takes the file's next bytes."""
        if self._parser is not None:
            self._stream.push(data)
            self._go_on()

    def finish(self) -> Found | None:
        """Returns what was found; None for nothing."""
        self._stream.ended = True
        self._go_on()
        return self._found or None

    def _go_on(self) -> None:
        if self._parser is None:
            return
        try:
            next(self._parser)
        except StopIteration:
            self._parser = None
        except MalformedError as error:
            self._found.unscanned.append((self._entry, str(error)))
            self._parser = None
        except LargeError as error:
            self._found.large.append((self._entry, str(error)))
            self._parser = None

    def _look(self) -> Parser:
        with contextlib.suppress(MalformedError):  # shorter than all of the beginnings
            yield from self._stream.need(_HEAD)
        head = self._stream.held[:_HEAD]
        if head.startswith(ZIP):
            yield from self._zip()
        elif head.startswith(_NUMPY):
            yield from self._numpy()
        elif head[:1] == pickle.PROTO and head[1:2] <= bytes([pickle.HIGHEST_PROTOCOL]):
            yield from self._pickles(is_legacy=head.startswith(_LEGACY))
        elif self._is_named and not _is_without_pickles(head):
            yield from self._pickles(is_legacy=False)

    def _zip(self) -> Parser:
        from layout_lint_pickle.zips import ZipWalk  # noqa: PLC0415 - it scans its entries with this class

        if self._entry:
            raise MalformedError("is a zip file inside of a zip file")
        yield from ZipWalk(self._stream, self._found, self._budget).run()

    def _numpy(self) -> Parser:
        """Reads a ``.npy``: a header in Python's notation, then a pickle where the array holds objects.

        The header's length has two bytes in version 1 of the format, and four in later ones (numpy.lib.format).
        """
        version = (yield from self._stream.take(len(_NUMPY) + 2))[len(_NUMPY)]
        size = int.from_bytes((yield from self._stream.take(2 if version == 1 else 4)), "little")
        if size > 1 << 16:
            raise MalformedError("is a NumPy array with a header of more than 64 KiB")
        if b"O" in (yield from self._stream.take(size)):
            yield from self._pickles(is_legacy=False)

    def _pickles(self, *, is_legacy: bool) -> Parser:
        """Reads one pickle after the other, as somebody does who loads from the same file again and again.

        What follows the first and is no pickle is the affair of whoever wrote it; no unpickler comes past it.
        """
        found = self._found if self._is_named or is_legacy else Found()
        try:
            yield from PickleWalk(self._stream, self._entry, found, self._budget).run()
        except MalformedError:
            if found is self._found:
                raise
            self._found.merge(_of_python(found))  # else a file of another kind, that happens to begin as a pickle does
            return
        if found is not self._found:
            self._found.merge(found)
        more = _LEGACY_PICKLES - 1
        while more and not (self._stream.ended and not self._stream.ready):
            try:
                yield from PickleWalk(self._stream, self._entry, self._found, self._budget).run()
            except MalformedError:
                if is_legacy:
                    raise
                return
            more -= is_legacy


def _of_python(found: Found) -> Found:
    """Returns the imports of what comes with Python: random bytes hardly name it, an attack hardly goes without."""
    own = {one: place for one, place in found.imports.items() if python_three(*one)[0].partition(".")[0] in _PYTHON}
    return Found(own)


def _is_without_pickles(head: bytes) -> bool:
    return head[8:].startswith(_SAFETENSORS_JSON) or head.startswith(_HDF5)
