"""A rule: a function with a code, a name and the event it looks at.

This module is on the path of every run, so it imports next to nothing.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from layout_lint.model.finding import Problem, Severity


class Rule:
    """What the engine needs to know of a rule before it runs it.

    Attributes:
        code: ``LL101``; a plugin brings its own letters.
        name: what is flagged, not the cure: ``missing-folder``.
        event: the name of the event type it is called for: ``Missing``.
        selector: which nodes it looks at, as `Node.has` reads it.
        severity: unless the layout or the settings say otherwise.
        module, function: where the function is; a registry imports it only when it is called.
        plugin: the name of the plugin that brought it.
        documentation: the function's docstring.
    """

    __slots__ = (
        "code",
        "documentation",
        "event",
        "function",
        "module",
        "name",
        "plugin",
        "selector",
        "severity",
    )

    def __init__(
        self,
        *,
        code: str,
        name: str,
        event: str,
        selector: str,
        severity: "Severity",
        module: str,
        function: str,
        documentation: str,
        plugin: str = "",
    ) -> None:
        self.code = code
        self.name = name
        self.event = event
        self.selector = selector
        self.severity = severity
        self.module = module
        self.function = function
        self.documentation = documentation
        self.plugin = plugin

    def __repr__(self) -> str:
        return f"Rule({self.code} {self.name})"

    @property
    def summary(self) -> str:
        """The first sentence of the documentation."""
        return self.documentation.partition("\n\n")[0].replace("\n", " ")


def rule(
    code: str, name: str, *, on: type, having: str = "", severity: "Severity" = "error"
) -> "Callable[[Callable[..., Iterable[Problem]]], Callable[..., Iterable[Problem]]]":
    """Declares a function as a rule; it is then called as ``function(event, context)`` and yields `Problem`.

    Args:
        code: two to five capitals and three or four digits, unique over all plugins.
        name: lower-case words joined by ``-``; names what is flagged.
        on: the event type, from `layout_lint.api`.
        having: which nodes of a layout it looks at: ``"folder"``, ``"file"``, an attribute (``"max-size"``), an
            attribute and its value (``"need=forbidden"``); all nodes when left out.
        severity: unless the layout or the settings say otherwise.

    Raises:
        ValueError: the code or the name is not of that form, or the function has no docstring.
    """
    import re  # noqa: PLC0415 - declaring happens when a rule's module is imported, not in every run
    from inspect import cleandoc  # noqa: PLC0415 - as above

    if not re.fullmatch(r"[A-Z]{2,5}[0-9]{3,4}", code):
        raise ValueError(f"rule code {code!r} must be two to five capitals and three or four digits")
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
        raise ValueError(f"rule name {name!r} must be lower-case words joined by '-'")

    def declare(function: "Callable[..., Iterable[Problem]]") -> "Callable[..., Iterable[Problem]]":
        if not function.__doc__:
            raise ValueError(f"rule {code} ({name}) needs a docstring: it is the rule's documentation")
        declared: Any = function
        declared.layout_lint_rule = Rule(
            code=code,
            name=name,
            event=on.__name__,
            selector=having,
            severity=severity,
            module=function.__module__,
            function=function.__qualname__,
            documentation=cleandoc(function.__doc__),
        )
        return function

    return declare
