"""Archives that cost more than they are worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.api import ArchiveFault, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.api import Context


@rule("LL515", "archive-bomb", on=ArchiveFault, having="archive")
def archive_bomb(event: ArchiveFault, context: Context) -> Iterator[Problem]:
    """An archive unpacks to far more than its size lets one expect.

    It fills the disk of the training job or of the endpoint that unpacks it. More than 16 GiB may come out only where
    that is no more than 100 times the archive's size, and never more than 5 TiB; below 16 GiB any ratio is allowed,
    because weights that are all zeros pack 1,000 to 1. Reading stopped there, so the rest of it was not checked.

    No fix: only the author knows what it was to hold.

    Example:
        `head --bytes 1T /dev/zero` as `model.pth`
    """
    if event.kind == "bomb":
        yield Problem(f"`{event.path}` {event.text}", hint="do not unpack it before you know where it comes from")


@rule("LL516", "too-many-members", on=ArchiveFault, having="archive")
def too_many_members(event: ArchiveFault, context: Context) -> Iterator[Problem]:
    """An archive holds more than 10,000 files and folders.

    Code of that size is a virtual environment or data that came into the folder by mistake: libraries belong into
    `requirements.txt`, data into `data/`. Each start of a job unpacks all of it. Reading stopped there, so the archive
    was not checked.

    No fix: only the author knows what belongs into it.

    Example:
        `source.tar.gz` with `.venv/` in it
    """
    if event.kind == "too-many-members":
        hint = "leave out what is no code; libraries belong into `requirements.txt`"
        yield Problem(f"`{event.path}` {event.text}", hint=hint)
