"""The settings in force, as plain values, each with the place where it was said.

This module is on the path of every run, so it imports next to nothing.
"""

from layout_lint.config.names import key
from layout_lint.model.error import Mistake, UserError, did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Mapping
    from typing import Any, Final

CODE: "Final" = "LL002"
"""The rule code that mistakes in settings are reported under."""
SEVERITIES: "Final" = ("error", "warning", "info")
COSTS: "Final" = {"put": 0.005, "get": 0.0004, "transfer": 0.09}
"""Dollars for a thousand requests that write or list, for a thousand that read, and for a gigabyte out of S3.

Those of us-east-1, S3 Standard, to the internet (https://aws.amazon.com/s3/pricing/); within a region it is free."""


class Ignore:
    """One ``[[ignores]]``: findings of some rules that are not wanted below some paths.

    Attributes:
        index: its position in the file, from 0; its place is ``settings.place(f"ignores[{index}]")``.
        path: the pattern, as `layout_lint.config.ignores` reads it.
        rules: codes, prefixes or names.
        reason: why, in the team's words.
    """

    __slots__ = ("_expression", "index", "path", "reason", "rules")

    def __init__(self, index: int, path: str, rules: "Iterable[str]", reason: str) -> None:
        self.index = index
        self.path = path
        self.rules = tuple(rules)
        self.reason = reason
        self._expression: re.Pattern[str] | None = None

    def __repr__(self) -> str:
        return f"Ignore({self.path!r}, {self.rules!r})"

    def covers(self, path: str) -> bool:
        """Returns whether the pattern matches a path below the settings' folder."""
        if self._expression is None:
            from layout_lint.config.ignores import expression  # noqa: PLC0415 - imports re; few settings need it

            self._expression = expression(self.path)
        return self._expression.fullmatch(path) is not None


class Bucket:
    """One ``[buckets."name"]``.

    Attributes:
        layout: the layout it follows, or ``auto``.
        holds: the top-level folders of the layout that this bucket holds; empty for all of them.
        repository: the path below the settings' folder of the repository that it is held against; "" for none.
    """

    __slots__ = ("holds", "layout", "repository")

    def __init__(self, layout: str = "auto", holds: "Iterable[str]" = (), repository: str = "") -> None:
        self.layout = layout
        self.holds = tuple(holds)
        self.repository = repository

    def __repr__(self) -> str:
        return f"Bucket({self.layout!r}, {self.holds!r}, {self.repository!r})"


class _Placed:
    """What was read from one file, with places.

    Attributes:
        path: the file, as messages name it, or "" where there is none.
        folder: the absolute path of the file's folder, or "".
    """

    __slots__ = ("_places", "folder", "path")

    def __init__(self, places: "Mapping[str, tuple[int, int, int, int]]", path: str, folder: str) -> None:
        self._places = places
        self.path = path
        self.folder = folder

    def place(self, name: str) -> "tuple[str, int, int] | None":
        """Returns file, line and column (from 1) of a value, or None where no file says it.

        Args:
            name: as `key` writes it: ``layout``, ``ignore[1]``, ``severity.LL103``, ``ignores[0].rules[2]``.
        """
        found = self._places.get(name)
        return (self.path, found[2], found[3]) if found else None

    def name_place(self, name: str) -> "tuple[str, int, int] | None":
        """Returns file, line and column (from 1) of a value's key; for an item of a list, of the item."""
        found = self._places.get(name)
        return (self.path, found[0], found[1]) if found else None


class Settings(_Placed):
    """The settings of one run.

    Attributes:
        layout: a layout's name, or ``auto``.
        roots: layout by path below `folder`; ``.`` is `folder` itself.
        select: codes, prefixes or names of the rules to run; empty for every rule.
        ignore: codes, prefixes or names of the rules not to run.
        severity: ``error``, ``warning`` or ``info`` by code, prefix or name.
        ignores: what not to report below some paths.
        layouts: paths of layout files below `folder`.
        plugins: names of entry points that must be installed.
        baseline: the path below `folder` of a file with findings to pass over, or "".
        buckets: by the bucket's name.
        costs: what requests and bytes cost in dollars, by their names in `COSTS`.
        values: what the layouts' values are set to, by name.
        origins: for each value that the file does not say, where it was said.
    """

    __slots__ = (
        "baseline",
        "buckets",
        "costs",
        "ignore",
        "ignores",
        "layout",
        "layouts",
        "origins",
        "plugins",
        "roots",
        "select",
        "severity",
        "values",
    )

    def __init__(
        self,
        given: "Mapping[str, Any] | None" = None,
        places: "Mapping[str, tuple[int, int, int, int]] | None" = None,
        path: str = "",
        folder: str = "",
    ) -> None:
        """Takes over what a settings file says.

        Args:
            given: the valid content, by key; what is not in it has its default.
            places: for each value that `given` holds, line and column of its key, then of itself.
            path: the file, as messages name it.
            folder: the absolute path of the file's folder.
        """
        super().__init__(places or {}, path, folder)
        said = given or {}
        self.origins: dict[str, str] = {}
        self.layout: str = said.get("layout", "auto")
        self.roots: dict[str, str] = dict(said.get("roots", ()))
        self.select: tuple[str, ...] = tuple(said.get("select", ()))
        self.ignore: tuple[str, ...] = tuple(said.get("ignore", ()))
        self.severity: dict[str, str] = dict(said.get("severity", ()))
        self.ignores = tuple(Ignore(index, **ignore) for index, ignore in enumerate(said.get("ignores", ())))
        self.layouts: tuple[str, ...] = tuple(said.get("layouts", ()))
        self.plugins: tuple[str, ...] = tuple(said.get("plugins", ()))
        self.baseline: str = said.get("baseline", "")
        self.buckets = {name: Bucket(**bucket) for name, bucket in said.get("buckets", {}).items()}
        self.costs: dict[str, float] = {**COSTS, **said.get("costs", {})}
        self.values: dict[str, str | int | bool] = dict(said.get("values", ()))

    def place(self, name: str) -> "tuple[str, int, int] | None":
        """As `_Placed.place`; None for what was said over the file."""
        return None if name in self.origins else super().place(name)

    def name_place(self, name: str) -> "tuple[str, int, int] | None":
        """As `_Placed.name_place`; None for what was said over the file."""
        return None if name in self.origins else super().name_place(name)

    def origin(self, name: str) -> str:
        """Returns where a value was said: ``default``, ``pyproject.toml:12`` or ``command line``.

        Args:
            name: as `key` writes it.
        """
        if name in self.origins:
            return self.origins[name]
        place = self.place(name)
        return f"{place[0]}:{place[1]}" if place else "default"

    def override(
        self,
        origin: str = "command line",
        *,
        layout: str | None = None,
        select: "Iterable[str]" = (),
        ignore: "Iterable[str]" = (),
        severity: "Mapping[str, str] | None" = None,
        values: "Mapping[str, str | int | bool] | None" = None,
    ) -> "Settings":
        """Returns these settings with what was said elsewhere put over them.

        Args:
            origin: what `Settings.origin` says of the new values.
            layout: replaces the layout, also that of the root ``.``.
            select: replaces what is selected, where there is any.
            ignore: comes on top of what is ignored.
            severity: replaces the severities of the same rules.
            values: replaces the values of the same names.

        Raises:
            UserError: a severity is none of ``error``, ``warning`` and ``info``.
        """
        new = self._copy()
        if layout is not None:
            new.layout = layout
            new.roots.pop(".", None)
            new.origins["layout"] = origin
        if select := tuple(select):
            new.select = select
            new.origins.update(dict.fromkeys(_items("select", 0, max(len(select), len(self.select))), origin))
            new.origins["select"] = origin
        if ignore := tuple(ignore):
            new.ignore += ignore
            new.origins.update(dict.fromkeys(_items("ignore", len(self.ignore), len(new.ignore)), origin))
            new.origins["ignore"] = f"{self.origin('ignore')}, {origin}" if self.ignore else origin
        for name, grade in (severity or {}).items():
            _check_severity(name, grade)
            new.severity[name] = grade
            new.origins[key("severity", name)] = origin
        for name, value in (values or {}).items():
            new.values[name] = value
            new.origins[key("values", name)] = origin
        return new

    def _copy(self) -> "Settings":
        new = Settings(None, self._places, self.path, self.folder)
        for name in Settings.__slots__:
            value = getattr(self, name)
            setattr(new, name, dict(value) if isinstance(value, dict) else value)
        return new


class UserSettings(_Placed):
    """The user's own settings, outside of every repository.

    Attributes:
        plugins: what the user trusts: names of entry points, modules, or absolute paths of files.
    """

    __slots__ = ("plugins",)

    def __init__(
        self,
        plugins: "Iterable[str]" = (),
        places: "Mapping[str, tuple[int, int, int, int]] | None" = None,
        path: str = "",
        folder: str = "",
    ) -> None:
        super().__init__(places or {}, path, folder)
        self.plugins = tuple(plugins)


def _items(name: str, start: int, stop: int) -> "list[str]":
    return [key(name, index) for index in range(start, stop)]


def _check_severity(name: str, grade: str) -> None:
    if grade not in SEVERITIES:
        message = f"the severity of `{name}` must be `error`, `warning` or `info`, not `{grade}`"
        raise UserError([Mistake(message, hint=did_you_mean(grade, SEVERITIES))])
