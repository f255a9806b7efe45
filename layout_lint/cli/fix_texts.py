"""What is said about fixes."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING

from layout_lint.model.edit import CreateFile, CreateFolder, Rename, ReplaceBytes, Untrack
from layout_lint.model.entry import key_of, text
from layout_lint.reporters.escape import printable
from layout_lint.reporters.findings import where
from layout_lint.reporters.text import count

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from layout_lint.engine.fix.plan import Plan
    from layout_lint.engine.fix.proposals import Proposal
    from layout_lint.model.report import Report

_KINDS = (
    ((CreateFile, CreateFolder), "created"),
    ((ReplaceBytes,), "changed"),
    ((Rename,), "renamed"),
    ((Untrack,), "taken out of git's index"),
)


def title(made: Plan) -> str:
    """Returns what the history calls a commit of fixes."""
    codes = sorted({finding.code for one in made.done for finding in one.findings})
    return f"fix {', '.join(codes)} ({count(_findings(made.done), 'finding')})"


def done(made: Plan, target: str) -> Iterator[str]:
    """Yields a line for each finding that was mended."""
    for proposal in made.done:
        for finding in proposal.findings:
            yield f"fixed  {where(target, finding.path)}  {printable(f'{finding.code} {proposal.fix.message}')}"


def refused(made: Plan, target: str) -> Iterator[str]:
    """Yields a line for each fix that was wanted and not carried out, with the reason."""
    for one in made.refused:
        finding = one.proposal.findings[0]
        at = where(target, finding.path)
        yield f"not fixed  {at}  {printable(f'{finding.code} {one.proposal.fix.message}: {one.reason}')}"


def totals(made: Plan) -> list[str]:
    """Returns how much was mended, and how much more there is."""
    lines = []
    if made.edits:
        kinds = [(sum(isinstance(one, types) for one in made.edits), name) for types, name in _KINDS]
        told = ", ".join(f"{number:,} {name}" for number, name in kinds if number)
        lines.append(f"fixed {count(_findings(made.done), 'finding')}: {told}; `layout-lint undo` takes it back")
    if made.unsafe:
        lines.append(f"{count(len(made.unsafe), 'fix', 'fixes')} available with `--unsafe-fixes`")
    return lines


def available(report: Report) -> str:
    """Returns how many findings of a report a fix would mend."""
    fixes = [finding.fix for finding in report.findings if finding.fix is not None]
    safe = sum(fix.safe for fix in fixes)
    if not safe:
        return f"{len(fixes):,} can be mended with `--fix --unsafe-fixes`"
    more = f", {len(fixes) - safe:,} more with `--unsafe-fixes`" if safe < len(fixes) else ""
    return f"{safe:,} can be mended with `--fix`{more}"


def to_stage(made: Plan, folder: str, *, everything: bool, other_index: bool = False) -> list[str]:
    """Returns the command that stages what a commit would lack, where there is anything.

    Args:
        made: what was done.
        folder: where; absolute.
        everything: what was changed as well as what was created.
        other_index: git's index was that of a commit of a part (``git commit --all``), which git throws away when the
            commit fails: what was renamed, or taken out of it, is lost with it.
    """
    tree = made.tree
    keys = {key for key, content in tree.planned.items() if content is not None}
    if everything:
        keys |= {*tree.changes.contents}
    renames = [one for one in made.edits if isinstance(one, Rename)] if other_index else []
    keys |= {key_of(path) for one in renames for path in (one.path, one.to)}
    gone = [one.path for one in made.edits if isinstance(one, Untrack)] if other_index else []
    git = _git(folder)
    commands = [f"  {git} rm -r --cached --quiet -- {_paths(gone, folder)}"] if gone else []
    if keys:
        add = "add --all" if renames else "add"
        commands.append(f"  {git} {add} -- {_paths(map(text, keys), folder)}")
    what = "what was created or changed" if everything else "what was created"
    return [f"a commit lacks {what}, until you stage it:", *commands] if commands else []


def _git(folder: str) -> str:
    """Returns how git is called for a folder from here."""
    return "git" if _is_inside(folder) else f"git -C {quoted(folder)}"


def _paths(paths: Iterable[str], folder: str) -> str:
    """Returns paths below a folder as git, called by `_git`, takes them."""
    top = os.path.realpath(folder)
    start = os.path.realpath(".") if _is_inside(folder) else top
    return " ".join(quoted(os.path.relpath(os.path.join(top, path), start)) for path in sorted(paths))


def _is_inside(folder: str) -> bool:
    top = os.path.realpath(folder)
    return os.path.commonpath((os.path.realpath("."), top)) == top


def quoted(path: str) -> str:
    """Returns a path as a shell takes it; what a terminal would obey, or cannot show, is escaped in ``$'…'``."""
    if path.isprintable():
        return shlex.quote(path)
    raw = path.encode("utf-8", "surrogateescape")
    shown = (chr(one) if chr(one).isalnum() and chr(one).isascii() else f"\\x{one:02x}" for one in raw)
    return f"$'{''.join(shown)}'"


def _findings(proposals: Iterable[Proposal]) -> int:
    return sum(len(one.findings) for one in proposals)
