"""Which rules run, and how severe each is, from codes, prefixes and names."""

from layout_lint.model.error import Mistake, UserError, did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Final

    from layout_lint.config.settings import Settings
    from layout_lint.model.rule import Rule


OF_CONTENT: "Final" = ("FileContent", "FolderContent")
"""The events of content rules: of a file on its own, and with the files beside it."""


def fits(selector: str, rule: "Rule") -> bool:
    """Returns whether a selector (a code, the beginning of one, a name, or ``ALL``) means a rule."""
    return selector in (rule.name, "ALL") or rule.code.startswith(selector)


def select(rules: "Sequence[Rule]", settings: "Settings") -> "list[Rule]":
    """Returns the rules that the settings leave on; where two selectors mean a rule, the longer one decides.

    ``select = ["LL1"], ignore = ["LL102"]`` leaves LL102 off, and ``select = ["LL102"], ignore = ["LL1"]`` leaves it
    on; of two equally long ones ``ignore`` wins.
    """
    if not settings.select and not settings.ignore:
        return list(rules)
    chosen = settings.select or ("ALL",)
    return [
        rule for rule in rules if _weight(chosen, rule) > _weight(settings.ignore, rule) and _weight(chosen, rule) >= 0
    ]


def selectors_read(chosen: "Iterable[Rule]", registered: "Iterable[Rule]") -> "set[str]":
    """Returns what fits the nodes whose files are read: those of rules, and those that rules may ask for beside them.

    Args:
        chosen: the rules that run.
        registered: every rule there is: what is read is what some content rule knows, whether that one runs or not.
    """
    reading = [rule for rule in chosen if rule.event in OF_CONTENT]
    if any(rule.event == "FolderContent" for rule in reading):
        reading = [rule for rule in registered if rule.event in OF_CONTENT]
    return {rule.selector for rule in reading}


def severity(rule: "Rule", by_selector: "Mapping[str, str]") -> "str | None":
    """Returns the severity that the settings give a rule, the longest selector first, or None."""
    fitting = [selector for selector in by_selector if fits(selector, rule)]
    if not fitting:
        return None
    return by_selector[max(fitting, key=lambda selector: _weight([selector], rule))]


def _weight(selectors: "Iterable[str]", rule: "Rule") -> int:
    whole = 100
    return max(
        (
            0 if one == "ALL" else whole if one in (rule.name, rule.code) else len(one)
            for one in selectors
            if fits(one, rule)
        ),
        default=-1,
    )


def verify(rules: "Sequence[Rule]", settings: "Settings") -> None:
    """Checks every selector in the settings.

    Raises:
        UserError: a selector means no rule; all such mistakes, each with its place.
    """
    named: list[tuple[str, str]] = [(f"select[{i}]", one) for i, one in enumerate(settings.select)]
    named += [(f"ignore[{i}]", one) for i, one in enumerate(settings.ignore)]
    named += [(f"severity.{one}", one) for one in settings.severity]
    for index, ignored in enumerate(settings.ignores):
        named += [(f"ignores[{index}].rules[{i}]", one) for i, one in enumerate(ignored.rules)]
    mistakes = []
    for key, selector in named:
        if not selector or not any(fits(selector, rule) for rule in rules):
            path, line, column = settings.place(key) or ("", 0, 0)
            hint = near_rule(selector, rules) or "`layout-lint rules` lists all"
            where = f"`{key}`: " if line else ""
            mistakes.append(
                Mistake(
                    f"{where}no rule has the code, prefix or name `{selector}`",
                    hint=hint,
                    path=path,
                    line=line,
                    column=column,
                    code="LL002",
                )
            )
    if mistakes:
        raise UserError(mistakes)


def near_rule(selector: str, rules: "Sequence[Rule]") -> str:
    """Returns "did you mean `x`?" for a selector that means no rule, or "" where none is near.

    A word with the shape of a code is near to one that differs in letters taken for digits (``LL1O1``), or in the
    letters alone (``LK101``); one with another number is a code as good as any, and nobody knows which one is meant.

    Args:
        selector: a code, the beginning of one, or a name, as somebody wrote it.
        rules: all that could be meant.
    """
    import re  # noqa: PLC0415 - only after a mistake

    word = selector.replace("-", "").replace(" ", "")
    for rule in rules:
        if word and _as_digits(rule.code).startswith(_as_digits(word)):
            return f"did you mean `{rule.code[: len(word)]}`?"
    if not re.fullmatch("[A-Za-z]+[0-9]+", word):
        return did_you_mean(selector, [rule.name for rule in rules])
    number = re.sub("[A-Za-z]+", "", word)
    return did_you_mean(word, [rule.code for rule in rules if re.sub("[A-Z]+", "", rule.code) == number])


def _as_digits(code: str) -> str:
    """Returns a code with one digit for all letters that look like it: O for 0, I and l for 1."""
    return code.upper().translate({ord("O"): "0", ord("I"): "1", ord("L"): "1"})
