"""Which keys a rule of a bucket's lifecycle, or of its replication, is for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from layout_lint.api import BucketSettings

    Rule = dict[str, Any]


def prefix_of(rule: Rule) -> str:
    """Returns the prefix of the keys that a rule is for, "" for all keys."""
    selected = rule.get("Filter") or {}
    inner = selected.get("And") or selected
    return str(inner.get("Prefix") or rule.get("Prefix") or "")


def is_selective(rule: Rule) -> bool:
    """Returns whether a rule is, below its prefix, for objects of some tags or sizes only."""
    selected = rule.get("Filter") or {}
    inner = selected.get("And") or selected
    return any(name != "Prefix" for name in inner)


def is_for(rule: Rule, folder: str) -> bool:
    """Returns whether a rule is for every object below a folder."""
    return folder.startswith(prefix_of(rule)) and not is_selective(rule)


def may_be_for(rule: Rule, folder: str) -> bool:
    """Returns whether a rule is for every object below a folder, or by their tags or sizes for some of them."""
    prefix = prefix_of(rule)
    return folder.startswith(prefix) or (is_selective(rule) and prefix.startswith(folder))


def uncovered(event: BucketSettings, rules: Iterable[Rule]) -> list[str]:
    """Returns the top-level folders of the layout, as the audit names them, that none of the rules is for."""
    rules = list(rules)
    folders = sorted(f"{one.name.removesuffix('/')}/" for one in event.node.children() if one.is_folder)
    return [one for one in folders or [""] if not any(is_for(rule, event.prefix + one) for rule in rules)]


def reached(event: BucketSettings, groups: Iterable[str], rules: Iterable[Rule]) -> set[str]:
    """Returns the groups of scratch folders for which there may be a rule."""
    rules = list(rules)
    return {one for one in groups if any(may_be_for(rule, event.prefix + one) for rule in rules)}


def listed(names: Iterable[str], most: int = 3) -> str:
    """Returns names in backquotes, the first few of them."""
    known = sorted(names)
    shown = ", ".join(f"`{one}`" if one else "the bucket" for one in known[:most])
    return f"{shown} and {len(known) - most} more" if len(known) > most else shown
