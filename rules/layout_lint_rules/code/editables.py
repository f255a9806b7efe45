"""What pip takes after `-e`: a folder, or the URL of a repository.

Source: `parse_editable` in `src/pip/_internal/req/constructors.py` of pypa/pip, tried with pip 23.2 and 26.3.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_TAKEN = re.compile(r"(?:git|hg|svn|bzr)(?:\+[a-z]+)?:|file:", re.IGNORECASE)
_URL = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_SHORT_URL = re.compile(r"[\w.-]+@[\w.-]+:")
_VERSION = re.compile(r"[\w\]]\s*(?:[=~!<>]=|[<>])")
_ARCHIVE = re.compile(r"\.(?:whl|zip|tgz|tar\.(?:gz|bz2|xz))\Z", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z0-9][\w.-]*(?:\[[^\]]*\])?")


class NotEditable(NamedTuple):
    """Why pip refuses what stands after `-e`.

    Attributes:
        message: one sentence.
        hint: what to write instead.
        is_certain: whether it does so whatever folders there are.
    """

    message: str
    hint: str
    is_certain: bool = True


def not_editable(value: str) -> NotEditable | None:
    """Returns why pip refuses to install something as editable, or None where it may take it.

    Args:
        value: what stands after `-e`; never shown where it is a URL, as that may hold a password.
    """
    if _TAKEN.match(value):
        return None
    hint = _remedy(value)
    if hint:
        return NotEditable("pip installs only a folder or a repository as editable, and this is neither", hint)
    if not _NAME.fullmatch(value):
        return None
    message = f"pip takes `{value}` for a folder here, never for a package"
    return NotEditable(message, f"write `{value}` without `-e`, or `-e ./{value}` for the folder", is_certain=False)


def _remedy(value: str) -> str:
    """Returns what to write in place of what is surely neither a folder nor the URL of a repository, or ""."""
    if _SHORT_URL.match(value):
        return "write the URL with `git+ssh://`, and `/` in place of `:`"
    if _URL.match(value) and ".git" in value:
        return "let the URL begin with `git+`"
    is_versioned = _VERSION.search(value) and "/" not in value and "@" not in value
    return "write it without `-e`" if _URL.match(value) or is_versioned or _ARCHIVE.search(value) else ""
