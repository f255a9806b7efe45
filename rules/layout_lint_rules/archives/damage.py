"""Archives that cannot be unpacked, or not as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.api import ArchiveFault, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.api import Context


@rule("LL501", "not-gzip", on=ArchiveFault, having="archive")
def not_gzip(event: ArchiveFault, context: Context) -> Iterator[Problem]:
    """An archive is not packed with gzip, whatever its name says.

    SageMaker unpacks `source.tar.gz` and `model.tar.gz` as gzip and nothing else: the job or the endpoint fails when it
    starts, and the message there is about tar. A zip file, a plain tar file, or an error page that was saved under this
    name is recognised and named.

    No fix: what was meant to be uploaded is not here.

    Example:
        `zip -r source.tar.gz .`
    """
    if event.kind == "not-gzip":
        yield Problem(f"`{event.path}` {event.text}", hint="pack it anew, for instance with `tar -czf`")


@rule("LL502", "not-tar", on=ArchiveFault, having="archive")
def not_tar(event: ArchiveFault, context: Context) -> Iterator[Problem]:
    """An archive is gzip, and there is no tar archive in it.

    A single file was compressed instead of being put into an archive. Programs that unpack tar find no file in it.

    No fix: under which name the file was to be packed is not known.

    Example:
        `gzip -c model.pth > model.tar.gz`
    """
    if event.kind == "not-tar":
        yield Problem(f"`{event.path}` {event.text}", hint="pack it with `tar -czf`, which makes an archive of files")


@rule("LL503", "empty-archive", on=ArchiveFault, having="archive")
def empty_archive(event: ArchiveFault, context: Context) -> Iterator[Problem]:
    """An archive has no content: zero bytes, gzip around nothing, or a tar archive without entries.

    A job that saved nothing in its model directory leaves such a `model.tar.gz`, and so does a script that packs the
    wrong folder. Where a listing tells that an object has zero bytes, LL122 reports it and the archive is not read.

    No fix: what was to be packed is not here.

    Example:
        `tar -czf model.tar.gz --files-from /dev/null`
    """
    if event.kind == "empty":
        yield Problem(f"`{event.path}` {event.text}", hint="look at the log of the job or script that made it")


@rule("LL504", "truncated-archive", on=ArchiveFault, having="archive")
def truncated_archive(event: ArchiveFault, context: Context) -> Iterator[Problem]:
    """An archive ends before it is complete.

    An upload broke off, or a disk was full while it was packed. Some programs unpack what is there and say nothing, so
    that a model without its last layers, or a package without its code, is put into service. What is in front of the
    place is not checked either.

    No fix: the rest is not here.

    Example:
        `head --bytes 1000 whole.tar.gz > model.tar.gz`
    """
    if event.kind == "truncated":
        yield Problem(f"`{event.path}` {event.text}", hint="upload it again, from where it was made")


@rule("LL505", "corrupt-archive", on=ArchiveFault, having="archive")
def corrupt_archive(event: ArchiveFault, context: Context) -> Iterator[Problem]:
    """An archive is damaged: a checksum is wrong, its gzip data cannot be unpacked, or a tar header is not one.

    Every checksum is looked at: that of gzip (CRC-32 and length), and that of each tar header. Weights with a few wrong
    bytes load without an error and give wrong results. Python's `tarfile` in stream mode does not look at gzip's
    checksum, and takes a damaged header for the end of the archive.

    No fix: what the right bytes were is not known.

    Example:
        a transfer in text mode, which changed each `0d 0a` to `0a`
    """
    if event.kind == "corrupt":
        yield Problem(f"`{event.path}` {event.text}", hint="make it anew; a copy of it is as damaged as it is")


@rule("LL506", "trailing-data", on=ArchiveFault, having="archive", severity="warning")
def trailing_data(event: ArchiveFault, context: Context) -> Iterator[Problem]:
    """An archive goes on behind its end.

    gzip warns, some programs refuse the file, others never look, and what stands there is checked by nobody. Zeros with
    which tapes and block devices fill up their last block (1 MiB at most) are no finding.

    No fix: whether what stands there was meant to be part of the archive is not known.

    Example:
        `cat notes.txt >> source.tar.gz`
    """
    if event.kind == "trailing-data":
        yield Problem(f"`{event.path}`: {event.text}", hint="make it anew, or cut off what does not belong to it")


@rule("LL507", "several-gzip-members", on=ArchiveFault, having="archive")
def several_gzip_members(event: ArchiveFault, context: Context) -> Iterator[Problem]:
    """An archive is made of several gzip files, one behind the other.

    gzip and GNU tar read all of them; Python's `tarfile` in stream mode, and programs that call a deflate library by
    themselves, stop behind the first one without a word. So two programs find two different sets of files. Block-wise
    gzip (bgzip) writes such files, and so does `cat a.tar.gz b.tar.gz`.

    No fix: the whole archive would have to be packed anew.

    Example:
        `cat code.tar.gz original.tar.gz > model.tar.gz`
    """
    if event.kind == "several-gzip-members":
        hint = "pack it anew as one; `layout-lint repackage` joins a model and its code in one gzip member"
        yield Problem(f"`{event.path}` {event.text}", hint=hint)
