"""Fixes for what is missing, misnamed, misplaced, or must not be in git.

The edits are looked up in the API only when a fix is made: a run without findings imports none of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint import api

if TYPE_CHECKING:
    from layout_lint.api import Context, Event, Fix, Misnamed, Unexpected

_SEPARATORS = str.maketrans("", "", "-_. ")
_OF_PATTERNS = frozenset("\\*?[")
"""Characters that mean something in a pattern of ``.gitignore``."""


def create_folder(path: str, context: Context) -> Fix | None:
    """Returns the fix that makes a folder in a way that git keeps, or None where git would ignore it."""
    if context.source.is_bucket:
        from layout_lint_rules.structure.bucket_fixes import make_marker  # noqa: PLC0415 - only in buckets

        return make_marker(path)
    if context.ignores(path + ".gitkeep"):
        return None
    return api.Fix(f"create the folder `{path}`", (api.CreateFolder(path),))


def create_file(event: Event, context: Context) -> Fix | None:
    """Returns the fix that makes a file from its template, or None where the layout has none for it.

    None as well where git would ignore the file, where nothing that the template says agrees with what is there, and
    where the file stands in a folder above, from which it should be moved: beside it a starter would only be in its
    way.
    """
    if not event.node.attributes.get("template"):
        return None  # before anything is asked for: in a bucket each question is a request
    if context.ignores(event.path) or any(map(context.has, _above(event))):
        return None
    from layout_lint_rules.structure.starters import starter  # noqa: PLC0415 - only where a file is missing

    content = starter(event, context)
    if content is None:
        return None
    return api.Fix(f"create `{event.path}` from its template", (api.CreateFile(event.path, content),))


def rename(event: Misnamed, context: Context) -> Fix | None:
    """Returns the fix that gives an entry its right name.

    None where something has that name already, or git would ignore it.
    """
    if context.source.is_bucket:
        from layout_lint_rules.structure.bucket_fixes import copy  # noqa: PLC0415 - only in buckets

        return copy(event, context)
    if not _is_missing(event, context) or context.ignores(event.expected):
        return None
    return api.Fix(f"rename it to `{event.expected}`", (api.Rename(event.path, event.expected),), _is_spelling(event))


def move(event: Unexpected, context: Context) -> Fix | None:
    """Returns the fix that moves an entry to its place.

    None where not exactly one place is possible, something stands there, or git would ignore it.
    """
    from layout_lint_rules.structure.places import places  # noqa: PLC0415 - only where an entry is misplaced

    found = places(event, context)
    if not found or len(found) > 1:
        return None
    target = found[0] + _name(event.path) + "/" * event.path.endswith("/")
    if context.has(target) or context.has(target.removesuffix("/")) or context.ignores(target):
        return None
    return api.Fix(f"move it to `{target}`", (api.Rename(event.path, target),), safe=False)


def ignored(path: str, context: Context) -> str:
    """Returns the hint for a missing entry that git would ignore, or ""."""
    if not context.ignores(path):
        return ""
    return f"git ignores `{path}`, so no commit would have it: `git check-ignore --verbose` says by which pattern"


def untrack(event: Event) -> Fix:
    """Returns the fix that takes an entry out of git's index, leaves it on disk, and has git ignore it."""
    edits = (api.Untrack(event.path), _ignored(event))
    return api.Fix(f"take `{event.path}` out of git's index and add it to `.gitignore`", edits)


def ignore(event: Event) -> Fix:
    """Returns the fix that has git ignore an entry."""
    edit = _ignored(event)
    return api.Fix(f"add `{edit.line}` to `.gitignore`", (edit,))


def _above(event: Event) -> list[str]:
    """Returns where a file of the same name would stand in the folders above its own, the layout's root left out."""
    parts = event.path.removeprefix(event.root).split("/")
    return [event.root + "/".join((*parts[:count], parts[-1])) for count in range(1, len(parts) - 1)]


def _is_missing(event: Misnamed, context: Context) -> bool:
    """Tells whether nothing has the right name; on some file systems the misspelt name itself would answer to it."""
    if event.expected.casefold() == event.path.casefold():
        return True
    return not (context.has(event.expected) or context.has(event.expected.removesuffix("/")))


def _is_spelling(event: Misnamed) -> bool:
    """Tells whether a name is an alias that the layout spells out, or differs in case and separators only."""
    name = _name(event.path)
    aliases = event.node.attributes.get("aliases")
    if isinstance(aliases, tuple) and name in [alias.removesuffix("/") for alias in aliases]:
        return True
    return _bare(name) == _bare(event.node.name)


def _bare(name: str) -> str:
    return name.casefold().translate(_SEPARATORS)


def _ignored(event: Event) -> api.AddLine:
    return api.AddLine(".gitignore", _pattern(_name(event.path)) + "/" * event.path.endswith("/"))


def _pattern(name: str) -> str:
    """Returns a name as a pattern of ``.gitignore`` that stands for just this name."""
    escaped = "".join(f"\\{one}" if one in _OF_PATTERNS else "?" if one in "\r\n" else one for one in name)
    if escaped.startswith(("#", "!")):
        escaped = f"\\{escaped}"
    return f"{escaped[:-1]}\\ " if escaped.endswith(" ") else escaped


def _name(path: str) -> str:
    return path.removesuffix("/").rpartition("/")[2]
