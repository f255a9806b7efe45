"""A repackaged model as a file on this machine."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from layout_lint.archives.compare import must_hold
from layout_lint.archives.model_archive import read_model
from layout_lint.archives.refusal import BadArchiveError, Refusal, RefusedError
from layout_lint.archives.splice import splice
from layout_lint.stores.local_model import LocalModel
from layout_lint.stores.new_file import copy_range, new_file, write_all
from layout_lint.stores.repackaging import Cost, reads_model
from layout_lint.stores.written import Written

if TYPE_CHECKING:
    from collections.abc import Callable

    from layout_lint.archives.model_archive import ModelArchive
    from layout_lint.archives.rewrite import Rewrite
    from layout_lint.archives.splice import Splice
    from layout_lint.sources.source import Stream
    from layout_lint.stores.repackaging import Request

_PIECE = 1 << 18


class LocalTarget:
    """A file that is made, and never written over.

    Args:
        path: where; folders on the way are made.

    Attributes:
        name: the path.
    """

    def __init__(self, path: str) -> None:
        self.name = path

    def has(self, request: Request, archive: ModelArchive) -> bool:
        """Returns whether the very result is there: what a splice would be, or the same files packed anew.

        Raises:
            RefusedError: something else is.
        """
        if not os.path.lexists(self.name):
            return False
        there = LocalModel(self.name)
        try:
            same = (not archive.obstacle and _is_splice(there, splice(request.code, archive))) or _holds(there, request)
        finally:
            there.close()
        if not same:
            hint = "remove it, or name another place with `--output`"
            raise RefusedError([Refusal(self.name, "is there already and is something else", hint)])
        return True

    def cost(self, request: Request, archive: ModelArchive) -> Cost:
        """Returns what it takes to write the result."""
        if isinstance(request.model, LocalModel):
            return Cost(copied=0 if archive.obstacle else archive.stop - archive.start)
        times = 1 + reads_model(request, archive)
        return Cost(received=times * archive.size, requests=2 + times)

    def reads_all(self, request: Request) -> bool:
        """Returns False: a splice is copied without looking at it."""
        del request
        return False

    def put_splice(self, request: Request, made: Splice) -> Written:
        """Writes a splice.

        Raises:
            FileExistsError: something was put there meanwhile.
            RefusedError: the model has changed.
            OSError: it cannot be written.
        """
        with new_file(self.name) as handle:
            for piece in made.code.pieces():
                write_all(handle, piece)
            if isinstance(request.model, LocalModel):
                request.progress("copying", copy_range(request.model.handle, made.start, made.stop, handle))
            else:
                with request.model.stream(made.start, made.stop) as stream:
                    while piece := stream.read(_PIECE):
                        write_all(handle, piece)
                        request.progress("receiving", len(piece))
            write_all(handle, made.tail)
            request.model.check()
            return self._written(handle, made.size)

    def put_rewrite(self, request: Request, make: Callable[[], Rewrite], size: int) -> Written:
        """Writes what is packed anew.

        Raises:
            BadArchiveError: the model is damaged after all.
            FileExistsError, RefusedError, OSError: as `put_splice`.
        """
        del size
        made = make()
        with new_file(self.name) as handle:
            for piece in made.pieces():
                write_all(handle, piece)
            request.model.check()
            return self._written(handle, made.size)

    def open(self, written: Written) -> Stream:
        """Returns what gives the bytes of what was written."""
        del written
        return open(self.name, "rb")

    def _written(self, handle: int, size: int) -> Written:
        if os.fstat(handle).st_size != size:
            raise RefusedError([Refusal(self.name, "was not written as a whole", "run it again")])
        return Written("", "", size)


def _is_splice(there: LocalModel, made: Splice) -> bool:
    if there.size != made.size or there.read(made.size - len(made.tail), made.size) != made.tail:
        return False
    at = 0
    for piece in made.code.pieces():
        if there.read(at, at + len(piece)) != piece:
            return False
        at += len(piece)
    return True


def _holds(there: LocalModel, request: Request) -> bool:
    try:
        archive = read_model(request.model.stream(), request.admits, hashed=True)
        must_hold(there.stream(), [*request.code.members, *archive.members])
    except BadArchiveError:
        return False
    return True
