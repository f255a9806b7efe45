"""Memory of earlier runs, outside the checked tree: it saves time and changes no result.

A value is kept together with everything that it was made from, and is used only where that is equal byte for
byte; whatever is wrong with a cache file (corrupt, unreadable, of another version) reads as "nothing kept".

This module is on the path of every run, so it imports next to nothing.
"""

import marshal
import os
import sys
import zlib

from layout_lint import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_HEADER = f"layout-lint cache 1 {__version__} {sys.implementation.cache_tag}\n".encode()


def folder() -> str:
    """Returns the cache's folder: ``$LAYOUT_LINT_CACHE_DIR``, or the user's cache folder; "" where there is none.

    An empty ``$LAYOUT_LINT_CACHE_DIR`` switches the cache off.
    """
    named = os.environ.get("LAYOUT_LINT_CACHE_DIR")
    if named is not None:
        return named
    home = os.environ.get("XDG_CACHE_HOME")
    if home and os.path.isabs(home):
        return os.path.join(home, "layout-lint")
    user = os.path.expanduser("~")
    if not os.path.isabs(user):
        return ""
    return os.path.join(user, "Library/Caches" if sys.platform == "darwin" else ".cache", "layout-lint")


def load(name: str, made_from: bytes, slot: bytes = b"") -> "Any":
    """Returns the value kept under `name` for exactly these bytes, or None.

    Args:
        name: what kind of value it is.
        made_from: everything that it was made from.
        slot: what there is one value at a time of, such as a repository; the next value replaces it. b"" keeps one for
            each `made_from`.
    """
    kept_from, value = held(name, slot or made_from) or (None, None)
    return value if kept_from == made_from else None


def held(name: str, slot: bytes) -> "tuple[bytes, Any] | None":
    """Returns what the value in a slot was made from, and the value; None where there is none."""
    try:
        with open(_path(name, slot), "rb", buffering=0) as file:
            kept = file.read()
    except OSError:
        return None
    start = len(_HEADER) + 4
    body = memoryview(kept)[start:]
    if not kept.startswith(_HEADER) or kept[len(_HEADER) : start] != zlib.crc32(body).to_bytes(4, "big"):
        return None
    try:
        made_from, value = marshal.loads(body)  # noqa: S302 - our own file, its checksum held
    except (EOFError, TypeError, ValueError):
        return None
    return made_from, value


def store(name: str, made_from: bytes, value: "Any", slot: bytes = b"") -> None:
    """Keeps a value of plain types for `load` with the same arguments; where that fails, nothing is kept."""
    path = _path(name, slot or made_from)
    if not path:
        return
    body = marshal.dumps((made_from, value))
    beside = f"{path}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        with open(beside, "wb") as file:
            file.write(_HEADER + zlib.crc32(body).to_bytes(4, "big") + body)
        os.replace(beside, path)
    except OSError:
        return


def remove(name: str, slot: bytes) -> None:
    """Forgets the value that is kept in a slot."""
    try:
        os.unlink(_path(name, slot))
    except OSError:
        return


def _path(name: str, slot: bytes) -> str:
    """Returns where a value is kept; "" where there is no folder for it: the current one may be a stranger's."""
    place = folder()
    return os.path.join(place, f"{name}-{zlib.crc32(slot):08x}") if os.path.isabs(place) else ""
