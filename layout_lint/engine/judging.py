"""What an archive that was read comes to: its faults, what rules say of its members, what scanners found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from layout_lint.archives.faults import WRAPPED, shown
from layout_lint.engine.said import dump
from layout_lint.engine.verdict import Verdict
from layout_lint.model.entry import text
from layout_lint.model.finding import NotAudited
from layout_lint.sources.members import INSIDE, Members

if TYPE_CHECKING:
    from collections.abc import Mapping

    from layout_lint.archives.inspect import Inspection
    from layout_lint.engine.inside import Inside
    from layout_lint.model.event import Present
    from layout_lint.model.node import Layout


def judged(
    inside: Inside, layouts: Mapping[str, Layout], event: Present, found: Inspection, target: str
) -> tuple[Verdict, list[NotAudited]]:
    """Returns the verdict on an archive, and what a plugin's crash left unsaid.

    Args:
        inside: checks the members.
        layouts: every layout by name.
        event: tells of the archive.
        found: what is in it.
        target: how messages name the place where it is.
    """
    faults = [(fault.kind, fault.text) for fault in found.faults]
    if not found.whole:
        return Verdict(tuple(faults)), []
    name = str(event.node.attributes["archive"])
    root = event.path + text(INSIDE)
    top = _wrapping(found, layouts[name])
    if top:
        faults.append((WRAPPED, f"holds everything in a folder {shown(top)}, and nothing beside it"))
        root += text(top)
    members = Members(found.entries, event.entry.key, target, found.contents, found.withheld)
    said = inside.judge(members, root, name)
    withheld = {event.path + text(INSIDE + key) for key, reason in found.withheld.items() if not reason}
    unread = [(one.path, one.reason) for one in inside.unread() if one.path not in withheld]
    scanned, unsure = _scanned(event, found, target)
    unsure += [
        NotAudited(target, event.path, f"rule {code} raised: what it looks for was not audited")
        for code in sorted(inside.crashed)
    ]
    verdict = Verdict(tuple(faults), dump(said, target), tuple(unread), tuple(scanned), found.identity, whole=True)
    return verdict, unsure


def _scanned(event: Present, found: Inspection, target: str) -> tuple[list[tuple[str, str, Any]], list[NotAudited]]:
    scanned, unsure = [], []
    for scanning in found.scans:
        for one in scanning.finish(event, target):
            if isinstance(one, NotAudited):
                unsure.append(one)
            else:
                scanned.append((one.member, one.scanner, one.found))
    return scanned, unsure


def _wrapping(found: Inspection, layout: Layout) -> bytes:
    """Returns the one folder, with its slash, that everything stands in and the layout does not know; b"" for none."""
    tops = {entry.key.partition(b"/")[0] for entry in found.entries}
    top = tops.pop() + b"/" if len(tops) == 1 else b""
    names = {entry.key for entry in found.entries}
    if not top or top[:-1] in names or top[:-1] in layout.root.folders:
        return b""
    return top if any(top + name in names for name in layout.root.files) else b""
