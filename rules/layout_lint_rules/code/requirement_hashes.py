"""Which lines of a requirements file lack the hash that pip asks of all of them once it is asked of one.

Source: "Secure installs" in pip's documentation, `get_requirements` in `src/pip/_internal/cli/req_command.py` and
`_get_linked_req_hashes` in `operations/prepare.py` of pypa/pip, tried with pip 23.2 and 26.3.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from layout_lint_rules.code.requirement_lines import option_names

if TYPE_CHECKING:
    from layout_lint_rules.code.requirement_lines import RequirementLine, Requirements

_NAME = re.compile(r"\s*([A-Za-z0-9][\w.-]*)")
_IN_URL = re.compile(r"[#&](?:md5|sha1|sha224|sha256|sha384|sha512)=[0-9a-fA-F]")
_OTHER_FILES = frozenset(("-r", "--requirement", "-c", "--constraint"))
_EDITABLE = frozenset(("-e", "--editable"))


class Unhashed(NamedTuple):
    """The lines without a hash in a file in which pip asks for hashes.

    Attributes:
        asking: the first line for which it does: it has a hash itself, or the option `--require-hashes`.
        lines: the lines without one, at least one.
    """

    asking: RequirementLine
    lines: list[RequirementLine]


def unhashed(found: Requirements) -> Unhashed | None:
    """Returns the lines for which pip refuses a file as they have no hash.

    A line with an environment marker is left alone, as it may not count where the file is installed; so is a package
    of which an earlier line has the hash. A hash in a URL is one, and asks for no others.

    Args:
        found: the file.

    Returns:
        None where there are none, or where another file that this one names may hold the hashes.
    """
    lines = [(line, frozenset(option_names(line.options))) for line in found.lines]
    asking = next((line for line, options in lines if _asks(line, options)), None)
    if asking is None or any(options & _OTHER_FILES for _, options in lines):
        return None
    hashed: set[str] = set()
    missing: list[RequirementLine] = []
    for line, options in lines:
        if "--hash" in options:
            hashed.add(_name(line))
        elif _lacks(line, options) and _name(line) not in hashed - {""}:
            missing.append(line)
    return Unhashed(asking, missing) if missing else None


def _asks(line: RequirementLine, options: frozenset[str]) -> bool:
    """Tells whether a line makes pip ask for hashes; `--hash` counts at a package, `--require-hashes` on its own."""
    return "--hash" in options if line.requirement.strip() else "--require-hashes" in options


def _lacks(line: RequirementLine, options: frozenset[str]) -> bool:
    if not (line.requirement.strip() or options & _EDITABLE):
        return False
    return ";" not in line.text and "${" not in line.text and not _IN_URL.search(line.text)


def _name(line: RequirementLine) -> str:
    found = _NAME.match(line.requirement)
    return re.sub(r"[-_.]+", "-", found[1]).casefold() if found else ""
