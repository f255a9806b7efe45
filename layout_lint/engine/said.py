"""What rules said, in types that a cache takes, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from layout_lint.model import edit
from layout_lint.model.finding import Problem, Related, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from layout_lint.model.rule import Rule

    Said = tuple[Rule, str, Problem]


def dump(said: Iterable[Said], target: str) -> tuple[Any, ...]:
    """Returns rules, paths and problems in plain types.

    Args:
        said: what `restore` is to give back.
        target: where it was said; it is left out, because it may be called otherwise next time.
    """
    return tuple(
        (
            rule.code,
            path,
            problem.message,
            problem.hint,
            _span(problem.span),
            tuple(
                ("" if one.target == target else one.target, one.path, one.message, _span(one.span))
                for one in problem.related
            ),
            problem.severity,
            problem.secret,
            edit.dump(problem.fix),
        )
        for rule, path, problem in said
    )


def restore(kept: Iterable[tuple[Any, ...]], rules: Mapping[str, Rule], target: str) -> Iterator[Said]:
    """Yields what `dump` was given.

    Args:
        kept: what `dump` returned.
        rules: by code.
        target: how the place is called now.

    Raises:
        KeyError: a rule is not there.
    """
    for code, path, message, hint, span, related, severity, secret, fix in kept:
        places = tuple(Related(t or target, p, m, Span(*s) if s else None) for t, p, m, s in related)
        where = Span(*span) if span else None
        yield (
            rules[code],
            path,
            Problem(message, path, hint, where, places, severity, secret, edit.restore(fix)),
        )


def _span(span: Span | None) -> tuple[int, int, int, int] | None:
    return (span.line, span.column, span.end_line, span.end_column) if span is not None else None
