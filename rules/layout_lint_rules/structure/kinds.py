"""Rules about what an entry is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.api import Present, Problem, WrongKind, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.api import Context

_ARTICLE = {"file": "a file", "folder": "a folder", "link": "a symbolic link"}


@rule("LL106", "forbidden-entry", on=Present, having="need=forbidden")
def forbidden_entry(event: Present, context: Context) -> Iterator[Problem]:
    """An entry stands where the layout forbids it by name.

    A team's layout says `$need: forbidden` of what must never be there: credentials, a folder of an older standard,
    exports that belong elsewhere. `$about` in the layout says why, and the message repeats it.

    No fix: nothing that is there is ever removed.

    Example:
        A layout with `".env": {$need: forbidden, $about: secrets belong into the vault}`, and a file `.env`.
    """
    about = event.node.attributes.get("about")
    yield Problem(f"`{event.path}` is forbidden" + (f": {about}" if about else ""))


@rule("LL114", "wrong-kind", on=WrongKind)
def wrong_kind(event: WrongKind, context: Context) -> Iterator[Problem]:
    """A file stands where a folder must be, or the other way round.

    What the layout has below the folder cannot be there, and what reads the file finds a folder. A symbolic link in
    the place of a folder is one too: git stores the link, not what it points at, so a clone has no folder there.

    No fix: nothing that is there is ever removed.

    Example:
        A file named `data` at the root of an ML project.
    """
    wanted = "folder" if event.node.is_folder else "file"
    yield Problem(f"`{event.path}` is {_ARTICLE.get(event.found, event.found)}, and must be a {wanted}")
