"""The test kit of rule and plugin authors: trees in memory, checked as the command line checks them.

`check_tree` checks a list of paths and `findings` shows its report in short lines. `check_member` checks a file
inside of an archive. `load_cases` reads whole stories from YAML files, one or several in each;
`layout_lint.testing.cases` shows one.
"""

from layout_lint.testing.cases import Case, load_cases
from layout_lint.testing.checking import check_tree, findings
from layout_lint.testing.member import check_member
from layout_lint.testing.tree import File, Tree, make_source

__all__ = ["Case", "File", "Tree", "check_member", "check_tree", "findings", "load_cases", "make_source"]
