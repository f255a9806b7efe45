"""Options that several commands have, each written once, with its help."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Command = Any


def pairs(context: click.Context, parameter: click.Parameter, given: Sequence[str]) -> dict[str, str]:
    """Reads NAME=VALUE arguments."""
    found = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not (name and equals and value):
            raise click.BadParameter(f"`{one}` must be NAME=VALUE", ctx=context, param=parameter)
        found[name.strip()] = value.strip()
    return found


def listed(context: click.Context, parameter: click.Parameter, given: Sequence[str]) -> list[str] | None:  # noqa: ARG001 - click's callback
    """Splits what was given, possibly several times, at commas; None where nothing was."""
    words = [word.strip() for one in given for word in one.split(",")]
    return [word for word in words if word] or None


def option(*names: str, **rest: Any) -> Callable[[Command], Command]:
    """Declares one option, as click does."""
    return click.option(*names, **rest)


SETTINGS_OPTIONS = (
    option("--config", metavar="FILE", default="", help="Use this settings file and no other."),
    option("--isolated", is_flag=True, help="Read no settings file."),
    option(
        "--plugin",
        "plugins",
        metavar="MODULE|FILE.py",
        multiple=True,
        help="Load a plugin: a module, or a single file. Its code is run.",
    ),
    option("--no-plugin", "no_plugins", metavar="NAME", multiple=True, help="Leave an installed plugin out."),
)
RULE_OPTIONS = (
    option("--layout", metavar="NAME", default="", help="The layout to check against; `auto` recognises it."),
    option(
        "--select",
        metavar="RULES",
        multiple=True,
        callback=listed,
        help="Only these codes, prefixes or names.",
    ),
    option("--ignore", metavar="RULES", multiple=True, callback=listed, help="Not these, on top of the settings'."),
    option(
        "--severity",
        metavar="RULE=GRADE",
        multiple=True,
        callback=pairs,
        help="Set a rule's severity: error, warning or info.",
    ),
    option(
        "--value",
        "values",
        metavar="NAME=VALUE",
        multiple=True,
        callback=pairs,
        help="Set a value of the layouts, such as max-sample-size=10MiB.",
    ),
)
OUTPUT_OPTIONS = (
    option("--baseline", metavar="FILE", default="", help="Pass over the findings that this file knows."),
    option(
        "--output-format",
        "output_formats",
        metavar="NAME[:FILE]",
        multiple=True,
        help="text, concise, grouped, json, sarif, github, gitlab, junit, or a plugin's; several, each into its FILE.",
    ),
    option("--output-file", metavar="FILE", default="", help="Write the report here, not to standard output."),
    option("--statistics", is_flag=True, help="End text with the number of findings of each rule."),
    option(
        "--view",
        type=click.Choice(["findings", "tree"]),
        default="findings",
        help="`tree` draws what is there, with ticks, crosses and gaps.",
    ),
    option(
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        default="auto",
        help="When to write colour.",
    ),
)

FIX_OPTIONS = (
    option("--fix", is_flag=True, help="Mend what can be mended safely; `layout-lint undo` takes it back."),
    option("--unsafe-fixes", is_flag=True, help="With --fix or --diff: also what may lose or change a meaning."),
    option("--diff", is_flag=True, help="Show what --fix would change, and change nothing."),
    option(
        "--fix-only",
        metavar="RULES",
        multiple=True,
        callback=listed,
        help="With --fix or --diff: only what these codes, prefixes or names found.",
    ),
    option("--show-fixes", is_flag=True, help="With --fix: list what was mended."),
)


def with_options(*groups: tuple[Callable[[Command], Command], ...]) -> Callable[[Command], Command]:
    """Puts options on a command, in the order in which the help shows them."""

    def add(command: Command) -> Command:
        for one in reversed([one for group in groups for one in group]):
            command = one(command)
        return command

    return add
