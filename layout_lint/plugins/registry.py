"""Everything that plugins bring, in plain types that can be kept between runs.

This module is on the path of every run, so it imports next to nothing.
"""

import importlib

from layout_lint.model.error import Mistake, UserError, did_you_mean
from layout_lint.model.rule import Rule
from layout_lint.model.segment import SegmentType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pydantic import BaseModel

    from layout_lint.config.settings import Settings
    from layout_lint.model.member import MemberScan
    from layout_lint.sources.source import Source


class Registry:
    """What is registered, each list sorted.

    Attributes:
        rules: by code.
        layouts: paths of layout files.
        types: segment types by name, those of plugins; the built-in ones belong to the layout language.
        models: module and name of the pydantic model of each ``$model``.
        reporters: for each output format its one line of help, its module and its function.
        scanners: for each scanner of files inside of archives its plugin, its module and its function.
        plugins: name and origin ("layout-lint 1.2", a file's path) of each plugin.
        files: every file that the registry was made from; when one changes, a kept registry is stale.
        versions: what tells the state of all these files from another.
        opens: functions that open targets of a kind of their own; they are never kept between runs.
    """

    __slots__ = (
        "_functions",
        "_models",
        "files",
        "layouts",
        "models",
        "opens",
        "plugins",
        "reporters",
        "rules",
        "scanners",
        "types",
        "versions",
    )

    def __init__(self) -> None:
        self.rules: list[Rule] = []
        self.versions: tuple[object, ...] = ()
        self._functions: dict[str, Any] = {}
        self._models: dict[str, type[BaseModel]] = {}
        self.files: list[str] = []
        self.layouts: list[str] = []
        self.models: dict[str, tuple[str, str]] = {}
        self.types: dict[str, SegmentType] = {}
        self.reporters: dict[str, tuple[str, str, str]] = {}
        self.scanners: dict[str, tuple[str, str, str]] = {}
        self.plugins: list[tuple[str, str]] = []
        self.opens: list[Callable[[str], Source | None]] = []

    def function(self, rule: Rule) -> "Any":
        """Returns a rule's function, imported when it is first asked for.

        Raises:
            ImportError, AttributeError: the module has changed since it was registered.
        """
        if rule.code not in self._functions:
            self._functions[rule.code] = find(rule.module, rule.function)
        return self._functions[rule.code]

    def model(self, name: str) -> "type[BaseModel] | None":
        """Returns the pydantic model that ``$model: name`` stands for, or None where no plugin brings one.

        Raises:
            ImportError: it is not where the plugin said that it is.
        """
        if name not in self.models:
            return None
        if name not in self._models:
            module, model = self.models[name]
            try:
                self._models[name] = find(module, model)
            except (ImportError, AttributeError) as error:
                raise ImportError(f"the model `{name}` is not to be had from `{module}:{model}`: {error}") from error
        return self._models[name]

    def scanner(self, name: str) -> "Callable[[str, int], MemberScan | None]":
        """Returns the function that starts a scanner's look into one file.

        Raises:
            ImportError, AttributeError: the module has changed since it was registered.
        """
        _, module, function = self.scanners[name]
        start: Callable[[str, int], MemberScan | None] = find(module, function)
        return start

    def dump(self) -> "tuple[Any, ...]":
        """Returns the registry in types that `marshal` takes; documentation is left out, a run needs none."""
        return (
            [(r.code, r.name, r.event, r.selector, r.severity, r.module, r.function, r.plugin) for r in self.rules],
            self.layouts,
            self.models,
            self.reporters,
            self.scanners,
            self.plugins,
        )

    @classmethod
    def restore(cls, dumped: "tuple[Any, ...]") -> "Registry":
        """Makes a registry of what `dump` returned."""
        registry = cls()
        rules, registry.layouts, registry.models, registry.reporters, registry.scanners, registry.plugins = dumped
        registry.rules = [
            Rule(
                code=code,
                name=name,
                event=event,
                selector=selector,
                severity=severity,
                module=module,
                function=function,
                documentation="",
                plugin=plugin,
            )
            for code, name, event, selector, severity, module, function, plugin in rules
        ]
        return registry


def find(module: str, function: str) -> "Any":
    """Returns the object that a rule or a reporter names.

    Raises:
        ImportError: the module does not import.
        AttributeError: the module lacks it.
    """
    found: Any = importlib.import_module(module)
    for part in function.split("."):
        found = getattr(found, part)
    return found


def require(registry: Registry, settings: "Settings") -> None:
    """Holds the plugins that settings ask for against those that are installed.

    Raises:
        UserError: a plugin is not there; all such mistakes, each with its place.
    """
    known = [name for name, _ in registry.plugins]
    mistakes = []
    for index, name in enumerate(settings.plugins):
        if name not in known:
            path, line, column = settings.place(f"plugins[{index}]") or ("", 0, 0)
            hint = did_you_mean(name, known) or "install the distribution that brings it"
            message = f"the settings ask for the plugin `{name}`, which is not installed"
            mistakes.append(Mistake(message, hint=hint, path=path, line=line, column=column, code="LL002"))
    if mistakes:
        raise UserError(mistakes)
