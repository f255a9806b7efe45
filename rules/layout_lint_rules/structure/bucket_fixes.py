"""Fixes for what is missing or misnamed in a bucket: markers, and copies that the server makes."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from layout_lint import api

if TYPE_CHECKING:
    from layout_lint.api import BadSegment, Context, Fix, Misnamed

_TIME = re.compile(
    r"(\d{4})[-_./]?(\d{2})[-_./]?(\d{2})[-_./ T]?"
    r"(\d{2})[-_.:]?(\d{2})[-_.:]?(\d{2})(?:\.0+)?"
    r"(Z|[+-]\d{2}:\d{2}|\+\d{4})?",
    re.ASCII,
)
"""Year to second in this order, each with all its digits, and a zone; without one it is UTC, as the layout says."""


def make_marker(path: str) -> Fix:
    """Returns the fix that makes a folder in a bucket."""
    return api.Fix(f"make the folder `{path}`", (api.PutMarker(path),))


def copy(event: Misnamed, context: Context) -> Fix | None:
    """Returns the fix that copies an entry to its right name, or None where an object has that name.

    What is below a folder is copied beside what is in the right one already; the store refuses it where two objects
    would have one key.
    """
    return _copied(event.path, event.expected, context)


def respell(event: BadSegment, context: Context) -> Fix | None:
    """Returns the fix that copies a folder or an object whose name is a time in another spelling, else None."""
    above, _, name = event.path.removesuffix("/").rpartition("/")
    time = _utc(name) if _is_time(event) and context.source.is_bucket else ""
    if not time:
        return None
    to = (f"{above}/" if above else "") + time + "/" * event.path.endswith("/")
    return _copied(event.path, to, context)


def _copied(path: str, to: str, context: Context) -> Fix | None:
    # Where nobody may ask any more, the fix is planned in vain if there is one: the store refuses it by name.
    if not path.endswith("/") and context.sees(to):
        return None
    return api.Fix(f"copy it to `{to}`", (api.CopyKey(path, to),), safe=False)


def _is_time(event: BadSegment) -> bool:
    """Tells whether the name is to be one capture of a time and nothing else."""
    segment = event.node.segment
    if segment is None or len(segment.captures) != 1 or segment.prefix or segment.suffix:
        return False
    kind = segment.captures[0][1]
    return kind is not None and kind.name == "timestamp"


def _utc(name: str) -> str:
    """Returns a time as ``2024-05-01-12-00-00``, or "" where the name is none that can be read in one way only."""
    found = _TIME.fullmatch(name)
    if found is None:
        return ""
    *parts, zone = found.groups()
    try:
        time = datetime(*map(int, parts), tzinfo=UTC) - _ahead(zone)  # type: ignore[arg-type, misc]
    except (ValueError, OverflowError):
        return ""
    return f"{time.year:04}-{time:%m-%d-%H-%M-%S}"


def _ahead(zone: str | None) -> timedelta:
    """Returns how far a zone's clocks are ahead of UTC."""
    if zone in (None, "Z"):
        return timedelta()
    hours, minutes = int(zone[1:3]), int(zone[-2:])
    if minutes > 59 or hours > 14:  # noqa: PLR2004 - the furthest zone is UTC+14
        raise ValueError(zone)
    return timedelta(hours=hours, minutes=minutes) * (-1 if zone[0] == "-" else 1)
