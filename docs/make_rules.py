"""Writes docs/rules: one page for each rule, made of the rule's docstring, and an index.

    python docs/make_rules.py          writes the pages
    python docs/make_rules.py --check  names the pages that are not up to date, and exits with 1 where there are any

Only layout-lint's own rules have pages here, whatever plugins are installed.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from layout_lint.plugins.load import load

if TYPE_CHECKING:
    from collections.abc import Iterable

    from layout_lint.model.rule import Rule

FOLDER = Path(__file__).parent / "rules"
NOTICE = "<!-- Made by docs/make_rules.py of the rule's docstring: change that, and run it again. -->\n"
FAMILIES = {
    "LL0": "The tool itself",
    "LL1": "Structure",
    "LL2": "Config files",
    "LL3": "Notebooks",
    "LL4": "Code",
    "LL5": "Archives",
    "LL6": "Bucket settings",
    "LL7": "Repository against bucket",
}
"""What the first digit of a code stands for."""
_OWN = ("", "rules")
"""The plugins whose rules have pages: the tool itself, and the rules that come with it."""


def pages() -> dict[str, str]:
    """Returns the text of every page by file name."""
    rules = [rule for rule in load(whole=True).rules if rule.plugin in _OWN]
    return {"README.md": index(rules), **{f"{rule.code}.md": page(rule) for rule in rules}}


def page(rule: Rule) -> str:
    """Returns the page of one rule."""
    grade = f"Severity: {rule.severity}, unless the layout or the settings say otherwise.\n"
    head = f"# {rule.code} {rule.name}\n\n{NOTICE}\n{grade}"
    foot = (
        f'To switch it off: `ignore = ["{rule.code}"]` in the [settings](../settings.md), or '
        f"`--ignore {rule.code}`. On screen: `layout-lint rule {rule.code}`.\n"
    )
    return f"{head}\n{markdown(rule.documentation)}\n{foot}"


def markdown(documentation: str) -> str:
    """Returns a docstring in Google's form as Markdown: sections become headings, their text is not indented."""
    lines = []
    for line in documentation.strip().splitlines():
        section = re.fullmatch(r"([A-Z][a-z ]+):", line)
        lines.append(f"## {section[1]}\n" if section else line.removeprefix("    "))
    return "\n".join(lines) + "\n"


def index(rules: Iterable[Rule]) -> str:
    """Returns the page that lists all rules by what they are about."""
    found = list(rules)
    parts = [f"# Rules\n\n{NOTICE}\n`layout-lint rules` lists them on screen, those of plugins among them.\n"]
    for prefix, title in FAMILIES.items():
        rows = [_row(rule) for rule in found if rule.code.startswith(prefix)]
        if rows:
            head = "| code | name | severity | what it flags |\n| --- | --- | --- | --- |\n"
            parts.append(f"## {prefix} {title}\n\n{head}{''.join(rows)}")
    return "\n".join(parts)


def _row(rule: Rule) -> str:
    summary = rule.summary.replace("|", "\\|")
    return f"| [{rule.code}]({rule.code}.md) | {rule.name} | {rule.severity} | {summary} |\n"


def stale(wanted: dict[str, str]) -> list[str]:
    """Returns the names of the pages that are missing, differ, or belong to no rule."""
    there = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
    return sorted(name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name))


def main(arguments: list[str]) -> int:
    """Writes the pages, or checks them; returns the exit code."""
    wanted = pages()
    names = stale(wanted)
    if "--check" in arguments:
        for name in names:
            print(f"docs/rules/{name} is not up to date: run `python docs/make_rules.py`")
        return 1 if names else 0
    FOLDER.mkdir(exist_ok=True)
    for name in names:
        if name in wanted:
            (FOLDER / name).write_text(wanted[name], encoding="utf-8", newline="\n")
        else:
            (FOLDER / name).unlink()
    print(f"{len(wanted)} pages, {len(names)} of them new, changed or removed")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
