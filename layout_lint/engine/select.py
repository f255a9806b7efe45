"""Which rules run, and how severe each is, from codes, prefixes and names."""

from layout_lint.model.error import Mistake, UserError, did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from layout_lint.config.settings import Settings
    from layout_lint.model.rule import Rule


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
            known = [rule.code for rule in rules] + [rule.name for rule in rules]
            hint = did_you_mean(selector, known) or "`layout-lint rules` lists all"
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
