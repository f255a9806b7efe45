"""What the commands that only tell something print: rules, layouts, settings."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from layout_lint.cli.check import load_settings
from layout_lint.config.load import load_user
from layout_lint.config.show import show as show_settings
from layout_lint.engine.select import fits, near_rule
from layout_lint.layouts.draw import draw
from layout_lint.model.error import Mistake, UserError, did_you_mean
from layout_lint.plugins.checking import layouts_of
from layout_lint.plugins.load import load as load_plugins

if TYPE_CHECKING:
    from layout_lint.cli.options import Options
    from layout_lint.plugins.registry import Registry


def registry(options: Options) -> Registry:
    """Returns everything that plugins bring, with documentation.

    Raises:
        UserError: a plugin fails.
    """
    named = () if options.isolated else load_user().plugins
    return load_plugins((*named, *options.plugins), options.no_plugins, whole=True)


def rules(found: Registry) -> str:
    """Returns one line for each rule: code, name, severity, what it flags, and the plugin of a stranger's."""
    width = max(len(rule.name) for rule in found.rules)
    lines = []
    for rule in found.rules:
        by = f"  [{rule.plugin}]" if rule.plugin not in ("", "rules") else ""
        lines.append(f"{rule.code}  {rule.name:<{width}}  {rule.severity:<7}  {rule.summary}{by}\n")
    return "".join(lines)


def rule(found: Registry, selector: str) -> str:
    """Returns one rule's documentation.

    Raises:
        UserError: there is no such rule.
    """
    for one in found.rules:
        if selector in (one.code, one.name) or selector.upper() == one.code:
            by = f" · plugin {one.plugin}" if one.plugin not in ("", "rules") else ""
            title = f"{one.code} {one.name}"
            return f"{title}\n{'=' * len(title)}\nseverity: {one.severity}{by}\n\n{one.documentation}\n"
    several = [one for one in found.rules if fits(selector, one)]
    if several:
        hint = f"`{selector}` begins {', '.join(one.code for one in several)}"
    else:
        hint = near_rule(selector, found.rules) or "`layout-lint rules` lists all"
    raise UserError([Mistake(f"no rule has the code or name `{selector}`", hint=hint)])


def layouts(options: Options) -> str:
    """Returns one line for each layout: its name and what it is for."""
    found = layouts_of(load_settings(os.getcwd(), options), registry(options))
    width = max(map(len, found), default=0)
    return "".join(f"{name:<{width}}  {one.about}\n" for name, one in sorted(found.items()))


def layout(options: Options, name: str, *, ascii_only: bool) -> str:
    """Returns the drawn tree of a layout.

    Raises:
        UserError: there is no such layout.
    """
    found = layouts_of(load_settings(os.getcwd(), options), registry(options))
    if name not in found:
        hint = did_you_mean(name, found) or "`layout-lint layouts` lists all"
        raise UserError([Mistake(f"there is no layout `{name}`", hint=hint)])
    return draw(found[name], found, plain=ascii_only)


def settings(path: str, options: Options) -> str:
    """Returns the settings in force for a folder, each value with where it was said."""
    if not os.path.isdir(path):
        raise UserError([Mistake(f"there is no folder `{path}`")])
    return show_settings(load_settings(path, options))
