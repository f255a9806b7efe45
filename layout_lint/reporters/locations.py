"""Where things are, as programs elsewhere can find them: paths from one folder, and URIs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from urllib.parse import quote

from layout_lint.reporters.escape import legible

if TYPE_CHECKING:
    from layout_lint.model.report import Report


class Locations:
    """Paths from the folder that holds all that was checked.

    That is the current folder where everything is below it, so that a path is the one that the user would write. For
    a user who stands somewhere inside of the checked repository it is the repository, as programs expect that show
    findings in repositories. Otherwise it is the folder around all that was checked.

    Args:
        report: whose targets are looked at.
    """

    def __init__(self, report: Report) -> None:
        named = {one.target for one in report.findings} | {one.target for one in report.not_audited}
        named |= {target for target, _, _ in report.roots}
        here = os.path.abspath("")
        folders = sorted({os.path.abspath(target) for target in named if target and not is_remote(target)})
        outside = [folder for folder in folders if _below(here, folder) is None]
        self._base = os.path.commonpath(folders) if outside else here

    def path(self, target: str, path: str) -> str | None:
        """Returns a path from the common folder, "." for that folder; None for what is not on this machine's disk.

        What is on the disk and not in that folder, such as settings of the user's own, has its absolute path.

        Args:
            target: as a finding names it.
            path: below the target; a folder's ends in ``/``.
        """
        if is_remote(target):
            return None
        whole = os.path.join(os.path.abspath(target or self._base), path)
        if ".." in whole.split("/"):
            whole = os.path.normpath(whole) + ("/" if whole.endswith("/") else "")
        inside = _below(self._base, whole)
        return whole if inside is None else inside or "."

    def uri(self, target: str, path: str) -> tuple[str, bool]:
        """Returns a place as a URI reference, and whether it is relative to the common folder (RFC 3986)."""
        local = self.path(target, path)
        if local is None:
            scheme, _, rest = target.partition("://")
            whole = f"{rest.rstrip('/')}/{path}" if path else rest
            return f"{quote(_bytes(scheme))}://{_quoted(whole)}", False
        return (f"file://{_quoted(local)}", False) if local.startswith("/") else (_quoted(local), True)


def is_remote(target: str) -> bool:
    """Returns whether a target is a URI: a bucket, or what a plugin opens."""
    return "://" in target


def _below(folder: str, path: str) -> str | None:
    """Returns the rest of a path below a folder, "" for the folder itself, None where it is not below."""
    base = folder.rstrip("/") + "/"
    if path.rstrip("/") == folder.rstrip("/"):
        return ""
    return path[len(base) :] if path.startswith(base) else None


def _quoted(path: str) -> str:
    return quote(_bytes(path), safe="/")


def _bytes(text: str) -> bytes:
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # a lone surrogate that stands for no byte: no file has such a name
        return legible(text).encode()
