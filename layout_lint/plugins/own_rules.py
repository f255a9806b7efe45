"""What layout-lint says about its own settings, layouts and plugins: codes that no rule function stands behind."""

from layout_lint.model.rule import Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

_LAYOUT = """A layout file does not say what it could mean.

The file is not YAML, a key is given twice, an attribute is unknown, a layout that it names does not exist. The
message has the line and the column. The run ends with exit code 2, because nothing can be checked against a layout
that cannot be read."""

_SETTINGS = """The settings have an unknown key, code or layout, or a value of the wrong type.

Settings are never accepted half: a misspelt key would silently switch a check off. The message has the line and the
column, and the nearest name that would be right. The run ends with exit code 2."""

_PLUGIN = """A plugin cannot be loaded, or brings what it must not.

It fails to import, one of its hooks raises, or it has a rule whose code or name is taken. The message names the
plugin. The run ends with exit code 2, because its checks would be missing without a word; `--no-plugin NAME` leaves
it out knowingly."""

_CRASH = """A rule raised an exception.

That is a fault of the rule, not of what it looked at: the finding names the rule, its plugin and the exception, with
the first place at which it happened. All other rules have run; the exit code is 3, because what this rule looks for
was not audited."""

_UNUSED = """A per-path ignore in the settings matched no finding.

What it was written for is mended, moved or renamed, or the glob never matched. Left where it is, it will hide the
next finding of that kind. Remove the entry from the settings."""

_REASONLESS = """A suppression does not say why.

Whoever meets `# layout-lint: ignore[LL402]` a year later cannot tell whether it may go. The reason is whatever
follows the `]`. The finding is suppressed all the same.

Example:
    `import torch  # layout-lint: ignore[LL402]`"""

_UNUSED_SUPPRESSION = """A suppression in a file hides no finding.

What it was written for is mended or has moved to another line. Left where it is, it will hide the next finding of
that kind there. Silent where a rule that it names is switched off or has crashed: its finding may still be there.

Example:
    `# layout-lint: ignore[LL402] vendored` above a line that LL402 has nothing to say about"""

_STALE = """An entry of the baseline matches no finding any more, or fewer than it counts.

What it stands for is mended. Left in the file, it would hide the same mistake when it is made again. Write the
baseline anew with `layout-lint baseline`; nothing but the stale entries changes. Silent about files, rules and parts
of a target that a run did not look at.

Example:
    an entry for a file that was deleted"""

_BAD_SUPPRESSION = """A suppression cannot be read, or names a rule that it cannot suppress.

It hides nothing, whatever its author believes: it has no brackets or nothing between them, no rule has that code,
prefix or name, or the rule is not about the text of files. Findings about names and places are ignored in the settings.

Example:
    `# layout-lint: ignore LL402`"""

_WARNINGS = ("LL005", "LL007", "LL008")

OWN_RULES: "Final" = tuple(
    Rule(
        code=code,
        name=name,
        event="",
        selector="",
        severity="warning" if code in _WARNINGS else "error",
        module="",
        function="",
        documentation=documentation,
    )
    for code, name, documentation in (
        ("LL001", "bad-layout", _LAYOUT),
        ("LL002", "bad-settings", _SETTINGS),
        ("LL003", "bad-plugin", _PLUGIN),
        ("LL004", "crashed-rule", _CRASH),
        ("LL005", "unused-ignore", _UNUSED),
        ("LL006", "reasonless-suppression", _REASONLESS),
        ("LL007", "unused-suppression", _UNUSED_SUPPRESSION),
        ("LL008", "stale-baseline-entry", _STALE),
        ("LL009", "bad-suppression", _BAD_SUPPRESSION),
    )
)
