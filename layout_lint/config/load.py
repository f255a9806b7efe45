"""Loads the settings of a run; a file that was seen before costs no parsing.

This module is on the path of every run, so it imports next to nothing.
"""

import os
import sys

from layout_lint import cache
from layout_lint.config.find import OWN, PROJECT, folders, leaves, read, shown
from layout_lint.config.names import key
from layout_lint.config.settings import CODE, Settings, UserSettings
from layout_lint.model.error import Mistake, UserError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from layout_lint.config.parse import Content
    from layout_lint.config.schema import Kind

_TABLE = ("tool", "layout-lint")


def load(root: str, *, config: str | None = None, isolated: bool = False) -> Settings:
    """Returns the settings for a checked folder.

    The nearest folder with settings wins as a whole, from `root` up to the root of its repository; outside
    of a repository only `root` itself is looked into.

    Args:
        root: the checked folder.
        config: the one settings file to use, as ``--config`` names it.
        isolated: use none.

    Raises:
        UserError: all that is wrong with the settings.
    """
    if isolated:
        if config is not None:
            raise UserError("`--config` and `--isolated` exclude each other")
        return Settings()
    if config is not None:
        return _named(config)
    places = folders(os.path.realpath(root))
    for folder in places:
        found = _in_folder(folder, places[-1])
        if found is not None:
            return found
    return Settings()


def load_user() -> UserSettings:
    """Returns the user's own settings, from ``$LAYOUT_LINT_USER_CONFIG`` or the user's settings folder.

    An empty ``$LAYOUT_LINT_USER_CONFIG`` switches them off.

    Raises:
        UserError: all that is wrong with them.
    """
    named = os.environ.get("LAYOUT_LINT_USER_CONFIG")
    path = _user_file() if named is None else named and os.path.abspath(os.path.expanduser(named))
    if not path:
        return UserSettings()
    content = read(path)
    if content is None:
        if named is None:
            return UserSettings()
        raise _mistake("`$LAYOUT_LINT_USER_CONFIG` names a file that is not there", path)
    values, places = _parsed(content, shown(path), "user") or ({}, {})
    folder = os.path.dirname(path)
    plugins = [_plugin(name, folder) for name in values.get("plugins", ())]
    return UserSettings(plugins, places, shown(path), folder)


def _user_file() -> str:
    """Returns where the user's settings stand when nothing else is said, or ""."""
    home = os.environ.get("XDG_CONFIG_HOME", "")
    if not os.path.isabs(home):
        user = os.path.expanduser("~")
        if not os.path.isabs(user):
            return ""
        home = os.path.join(user, "Library/Application Support" if sys.platform == "darwin" else ".config")
    return os.path.join(home, "layout-lint", OWN)


def _plugin(name: str, folder: str) -> str:
    """Returns a plugin's name as it is, and a file's path as an absolute one."""
    if "/" in name or name.endswith(".py"):
        return os.path.normpath(os.path.join(folder, os.path.expanduser(name)))
    return name


def _named(config: str) -> Settings:
    path = os.path.abspath(config)
    content = read(path)
    if content is None:
        raise _mistake("`--config` names a file that is not there", path)
    in_project = os.path.basename(path) == PROJECT
    found = _settings(content, path, _TABLE if in_project else ())
    if found is None:
        raise _mistake("`--config` names a file without `[tool.layout-lint]`", path)
    return found


def _in_folder(folder: str, top: str) -> Settings | None:
    """Returns the settings that stand in one folder; links in it may lead no further than `top`."""
    own = read(os.path.join(folder, OWN), top)
    project = read(os.path.join(folder, PROJECT), top)
    found = None
    if project is not None and b"layout-lint" in project:
        found = _settings(project, os.path.join(folder, PROJECT), _TABLE)
    if own is None:
        return found
    if found is not None:
        raise _mistake(
            f"settings stand in `{OWN}` and in `[tool.layout-lint]` of `{PROJECT}`, beside each other",
            os.path.join(folder, OWN),
            "keep them in one of the two",
        )
    return _settings(own, os.path.join(folder, OWN), ())


def _settings(content: bytes, path: str, table: "tuple[str, ...]") -> Settings | None:
    parsed = _parsed(content, shown(path), "settings", table)
    if parsed is None:
        return None
    settings = Settings(*parsed, shown(path), os.path.dirname(path))
    _check_layouts(settings)
    return settings


def _parsed(content: bytes, path: str, kind: "Kind", table: "tuple[str, ...]" = ()) -> "Content | None":
    made_from = b"\n".join((kind.encode(), ".".join(table).encode(), content))
    kept: tuple[Content | None] | None = cache.load("settings", made_from)
    if kept is None:
        from layout_lint.config.parse import parse  # noqa: PLC0415 - imports pydantic and tomllib

        kept = (parse(content, path, kind, table),)
        cache.store("settings", made_from, kept)
    return kept[0]


def _check_layouts(settings: Settings) -> None:
    """Holds layout files against links that lead out of the settings' folder."""
    if not settings.layouts:
        return
    folder = os.path.realpath(settings.folder)
    wrong = [
        Mistake(
            f"`{name}` is a link that leaves the settings file's folder",
            path=settings.path,
            line=(settings.place(key("layouts", index)) or ("", 0, 0))[1],
            column=(settings.place(key("layouts", index)) or ("", 0, 0))[2],
            code=CODE,
        )
        for index, name in enumerate(settings.layouts)
        if leaves(os.path.join(folder, name), folder)
    ]
    if wrong:
        raise UserError(wrong)


def _mistake(message: str, path: str, hint: str = "") -> UserError:
    return UserError([Mistake(message, hint=hint, path=shown(path), code=CODE)])
