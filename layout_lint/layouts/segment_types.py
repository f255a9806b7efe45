"""The segment types that every layout knows, and how a type is found by its name.

This module is on the path of every run, so it imports nothing but the type of a type.
"""

from layout_lint.model.segment import SegmentType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_LOWER = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
_SEMVER = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")


def _timestamp_fault(text: str) -> str:
    parts = text.split("-")
    shape = [len(part) for part in parts] == [4, 2, 2, 2, 2, 2] and "".join(parts).isdecimal() and text.isascii()
    if not shape:
        return f"`{text}` does not have the form YYYY-MM-DD-HH-mm-ss"
    year, month, day, hour, minute, second = map(int, parts)
    if not 1 <= month <= len(_DAYS):
        return f"`{text}` is no time: there is no month {parts[1]}"
    leap = month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)  # noqa: PLR2004 - February
    limits = (("year", year, 1, 9999), ("day", day, 1, _DAYS[month - 1] + leap), ("hour", hour, 0, 23))
    for what, value, low, high in (*limits, ("minute", minute, 0, 59), ("second", second, 0, 59)):
        if not low <= value <= high:
            within = f" in {parts[0]}-{parts[1]}" if what == "day" else ""
            return f"`{text}` is no time: there is no {what} {value:02}{within}"
    return ""


def _slug_fault(text: str) -> str:
    if all(part and _LOWER.issuperset(part) for part in text.split("-")):
        return ""
    return f"`{text}` is not made of lower-case letters and digits joined by `-`"


def _semver_fault(text: str) -> str:
    rest, plus, build = text.partition("+")
    core, minus, early = rest.partition("-")
    numbers = core.split(".")
    labels = [*(early.split(".") if minus else ()), *(build.split(".") if plus else ())]
    counted = [*numbers, *(label for label in (early.split(".") if minus else ()) if _is_number(label))]
    if (
        len(numbers) == 3  # noqa: PLR2004 - MAJOR.MINOR.PATCH
        and all(map(_is_number, numbers))
        and all(number == "0" or number[0] != "0" for number in counted)
        and all(label and _SEMVER.issuperset(label) for label in labels)
    ):
        return ""
    return f"`{text}` is no semantic version such as `1.4.0` or `2.0.0-rc.1`"


def _is_number(text: str) -> bool:
    return text.isdecimal() and text.isascii()


def _regex_fault(expression: str) -> "Callable[[str], str]":
    def fault(text: str) -> str:
        import re  # noqa: PLC0415 - only in a run that has such a name to look at

        return "" if re.fullmatch(expression, text) else f"`{text}` does not match `{expression}`"

    return fault


BUILT_IN: "Mapping[str, SegmentType]" = {
    one.name: one
    for one in (
        SegmentType("timestamp", "a UTC time as YYYY-MM-DD-HH-mm-ss", _timestamp_fault),
        SegmentType("slug", "lower-case letters and digits joined by `-`", _slug_fault),
        # https://semver.org, version 2.0.0 of the specification
        SegmentType("semver", "a semantic version such as `1.4.0`", _semver_fault),
    )
}
"""The types that need no plugin, by name; besides them there is ``regex(...)``."""


def find(name: str, types: "Mapping[str, SegmentType]") -> "SegmentType | None":
    """Returns the type that a layout writes as `name`, or None where there is none.

    Args:
        name: ``timestamp``, ``regex([a-z]+)``, or what a plugin calls its type.
        types: what plugins bring; a built-in type goes first.
    """
    if name.startswith("regex(") and name.endswith(")"):
        expression = name[len("regex(") : -1]
        return SegmentType(name, f"a text that matches `{expression}`", _regex_fault(expression))
    return BUILT_IN.get(name) or types.get(name)
