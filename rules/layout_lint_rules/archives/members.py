"""Members that no archive should hold, or not like that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.api import ArchiveFault, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.api import Context


@rule("LL508", "wrapped-archive", on=ArchiveFault, having="archive")
def wrapped_archive(event: ArchiveFault, context: Context) -> Iterator[Problem]:
    """An archive has a folder around everything that should stand at its root.

    SageMaker unpacks `source.tar.gz` and starts `train.py` where it unpacked it; one folder further down it is not
    found, and neither is `model.pth` by the code that loads it. The inside of the folder is checked as if it were the
    root.

    No fix: the whole archive would have to be packed anew.

    Example:
        `tar -czf source.tar.gz source_v1`, where `tar -czf source.tar.gz -C source_v1 .` was meant
    """
    if event.kind == "wrapped":
        hint = "pack the folder's content: `tar -czf ARCHIVE -C FOLDER .`, or `layout-lint build`"
        yield Problem(f"`{event.path}` {event.text}", hint=hint)


@rule("LL509", "unsafe-member-name", on=ArchiveFault, having="archive")
def unsafe_member_name(event: ArchiveFault, context: Context) -> Iterator[Problem]:
    """An archive holds a name that leads out of the folder it is unpacked into, or that not every program can write.

    An absolute path or one with `..` in it overwrites files elsewhere in the container, with whatever rights it runs;
    newer programs refuse such an archive as a whole. Names that are not UTF-8, or have control characters in them, come
    out differently from one program to the next.

    No fix: only the author knows where the file was to be.

    Example:
        `../../opt/ml/code/inference.py`
    """
    if event.kind == "unsafe-name":
        yield Problem(f"`{event.path}` {event.text}", hint="pack relative names: `tar -czf ARCHIVE -C FOLDER .`")


@rule("LL510", "link-in-archive", on=ArchiveFault, having="archive")
def link_in_archive(event: ArchiveFault, context: Context) -> Iterator[Problem]:
    """An archive holds a symbolic or a hard link.

    In the container a link leads to something else than on the machine where it was made, or to nothing; one that leads
    out of the folder lets a later entry of the archive be written through it. Python's `data` filter refuses the worse
    ones, and then the whole archive.

    No fix: the file that the link leads to is not in the archive.

    Example:
        `train.py` -> `../shared/train.py`
    """
    if event.kind == "link":
        yield Problem(f"`{event.path}` {event.text}", hint="pack the files themselves: `tar --dereference`")


@rule("LL511", "special-file-in-archive", on=ArchiveFault, having="archive")
def special_file_in_archive(event: ArchiveFault, context: Context) -> Iterator[Problem]:
    """An archive holds a device, a named pipe, or an entry of a type that only one program knows.

    Nothing that trains or serves a model needs one. Unpacking a device needs the rights of root and gives whoever opens
    it access to hardware; a program that opens a pipe hangs.

    No fix: only the author knows how it came into the folder.

    Example:
        `dev/sda`, a block device
    """
    if event.kind == "special-file":
        yield Problem(f"`{event.path}` {event.text}", hint="leave it out, and pack files and folders only")


@rule("LL512", "duplicate-member", on=ArchiveFault, having="archive")
def duplicate_member(event: ArchiveFault, context: Context) -> Iterator[Problem]:
    """An archive holds a name twice, or as a file and as a folder.

    When all is unpacked the last one wins, a program that looks for one file takes the first one: which code runs
    depends on the program. `tar --append` and `tar --update` make such archives. Of the two contents the last one is
    checked here.

    No fix: only the author knows which one was meant.

    Example:
        `code/inference.py` twice, after a second `tar -rf model.tar code/inference.py`
    """
    if event.kind == "duplicate-name":
        yield Problem(f"`{event.path}` {event.text}", hint="make the archive anew instead of appending to it")


@rule("LL513", "sparse-file-in-archive", on=ArchiveFault, having="archive")
def sparse_file_in_archive(event: ArchiveFault, context: Context) -> Iterator[Problem]:
    """An archive holds a file with holes, which is stored in a form of GNU tar's own.

    Programs that do not know the form write the map of the holes into the file, or leave the holes out, and the model
    cannot be loaded, or is wrong. What such a file holds is not checked here.

    No fix: the whole archive would have to be packed anew.

    Example:
        `tar --sparse -czf model.tar.gz model.pth`
    """
    if event.kind == "sparse-file":
        yield Problem(f"`{event.path}` {event.text}", hint="pack it without `--sparse`; gzip makes holes small anyway")


@rule("LL514", "ambiguous-tar-header", on=ArchiveFault, having="archive")
def ambiguous_tar_header(event: ArchiveFault, context: Context) -> Iterator[Problem]:
    """An archive holds a header that two programs read in two ways.

    A folder with a size, a file with two sizes, a pax header that gives all files one name, or one of many megabytes:
    where the next entry begins, and what it is called, is then up to the program. That is how a file is hidden from
    whoever looks into an archive before it is used. Ordinary programs write nothing of the kind.

    No fix: which reading was meant is not known.

    Example:
        a pax header with `size=0` in front of a file that has 2,000 bytes by its own header
    """
    if event.kind == "ambiguous-header":
        hint = "find out where it comes from, and pack it anew with an ordinary `tar`"
        yield Problem(f"`{event.path}` {event.text}", hint=hint)
