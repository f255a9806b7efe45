"""What the answers of a git repository rest on: what was seen on disk, the index, and what git ignores.

This module is imported only where nothing has changed since the run before.
"""

import os

from layout_lint.sources.git_index import GitIndex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from layout_lint.sources.git import GitSource
    from layout_lint.sources.witness import Testimony, Witness


def testify(source: "GitSource", witness: "Witness") -> "Testimony | None":
    """Returns what all answers of a source so far rest on; None where a later run could not tell that it is the same.

    Args:
        source: the source.
        witness: what it has seen on disk.
    """
    index = os.fsencode(source.repository.index_file)
    if not isinstance(source.index, GitIndex) or not os.path.lexists(index):
        return None  # git has read it, and perhaps another file that it names; or nothing is tracked yet
    root = os.path.join(os.fsencode(source.repository.worktree), source.prefix)
    rest = [index]
    if source.ignores.folders:
        from layout_lint.sources.git_rules import files_of_rules  # noqa: PLC0415 - only where git was asked

        rules = files_of_rules(source.repository, source.ignores.folders)
        if rules is None:
            return None
        rest += rules
    for path in rest:
        places = witness.there if os.path.lexists(path) else witness.absent
        places.insert(0, os.path.relpath(path, root))  # they change most
    return witness.testify(root)
