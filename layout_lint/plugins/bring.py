"""What plugins bring, held against what they may bring."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from layout_lint.layouts.segment_types import find as find_type
from layout_lint.model.config_model import ConfigModel
from layout_lint.model.error import Mistake, UserError
from layout_lint.model.member import MemberScanner
from layout_lint.model.reporter import Reporter
from layout_lint.model.rule import Rule
from layout_lint.model.segment import SegmentType
from layout_lint.plugins.own_rules import OWN_RULES
from layout_lint.plugins.registry import Registry, find
from layout_lint.sources.source import Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from layout_lint.sources.source import Source


class Brought:
    """Fills a registry, and collects what is wrong.

    Attributes:
        result: the registry.
        mistakes: what is wrong with plugins.
    """

    def __init__(self) -> None:
        self.result = Registry()
        self.result.rules = [*OWN_RULES]
        self.mistakes: list[Mistake] = []
        self._owners: dict[str, str] = {}
        self._later: set[str] = set()

    def collect(self, plugin: str, hook: str, function: Callable[[], Iterable[Any]]) -> None:
        """Calls one plugin's implementation of a hook and takes what it returns."""
        take = {
            "layout_lint_rules": self._rule,
            "layout_lint_layouts": self._layout,
            "layout_lint_segment_types": self._segment_type,
            "layout_lint_models": self._model,
            "layout_lint_reporters": self._reporter,
            "layout_lint_member_scanners": self._scanner,
        }[hook]
        try:
            brought = list(function())
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a stranger's hook raises must name it
            self.blame(plugin, f"raised in the hook `{hook}`", error)
            return
        for one in brought:
            take(plugin, one)

    def open(self, plugin: str, function: Callable[[str], Source | None]) -> None:
        """Takes a function that opens targets; what it raises will name the plugin."""

        def opens(target: str) -> Source | None:
            try:
                return function(target)
            except (UserError, Unreadable):
                raise
            except (Exception, SystemExit) as error:
                self.blame(plugin, f"raised in the hook `layout_lint_open` for `{target}`", error)
                raise UserError(self.mistakes) from error

        self.result.opens.append(opens)

    def finish(self, modules: Iterable[str]) -> Registry:
        """Returns the registry, sorted.

        Args:
            modules: the names of the plugins' own modules.
        """
        result = self.result
        result.rules.sort(key=lambda rule: rule.code)
        result.layouts.sort()
        names = {rule.module for rule in result.rules} | {module for _, module, _ in result.reporters.values()}
        names |= {module for module, _ in result.models.values()}
        names |= {module for _, module, _ in result.scanners.values()}
        result.files = sorted({*_sources(names.union(modules)), *self._later, *result.layouts, __file__} - {""})
        return result

    def blame(self, plugin: str, what: str, error: BaseException) -> None:
        """Notes that a plugin raised."""
        self.refuse(plugin, f"{what}: {type(error).__name__}: {str(error) or 'no message'}")

    def refuse(self, plugin: str, what: str) -> None:
        """Notes what is wrong with a plugin."""
        hint = f"mend or remove it, or leave it out with `--no-plugin {plugin}`"
        self.mistakes.append(Mistake(f"plugin `{plugin}` {what}", hint=hint, code="LL003"))

    def _rule(self, plugin: str, function: Any) -> None:
        rule = getattr(function, "layout_lint_rule", None)
        if not isinstance(rule, Rule):
            self.refuse(plugin, f"brings `{function!r}` as a rule, which is not declared with `@rule`")
            return
        for other in self.result.rules:
            same = rule.code if other.code == rule.code else rule.name if other.name == rule.name else ""
            if same:
                owner = f"plugin `{other.plugin}`" if other.plugin else "layout-lint itself"
                self.refuse(plugin, f"brings a rule `{same}`, which {owner} already has")
                return
        if self._stands_at_top(plugin, f"the rule {rule.code}", rule.module, rule.function):
            rule.plugin = plugin
            self.result.rules.append(rule)

    def _layout(self, plugin: str, path: Any) -> None:
        if not isinstance(path, str | os.PathLike) or not Path(path).is_file():
            self.refuse(plugin, f"brings `{path}` as a layout, which is no file")
        else:
            self.result.layouts.append(str(path))

    def _segment_type(self, plugin: str, kind: Any) -> None:
        if self._is(plugin, kind, SegmentType) and self._is_new(plugin, "segment type", kind.name):
            if find_type(kind.name, {}) is not None:
                self.refuse(plugin, f"brings a segment type `{kind.name}`, which layout-lint itself already has")
            else:
                self.result.types[kind.name] = kind

    def _reporter(self, plugin: str, reporter: Any) -> None:
        if not self._is(plugin, reporter, Reporter) or not self._is_new(plugin, "output format", reporter.name):
            return
        module = str(getattr(reporter.render, "__module__", ""))
        function = str(getattr(reporter.render, "__qualname__", ""))
        if self._stands_at_top(plugin, f"the output format `{reporter.name}`", module, function):
            self.result.reporters[reporter.name] = (reporter.about, module, function)

    def _scanner(self, plugin: str, scanner: Any) -> None:
        if not self._is(plugin, scanner, MemberScanner) or not self._is_new(plugin, "scanner", scanner.name):
            return
        module = str(getattr(scanner.start, "__module__", ""))
        function = str(getattr(scanner.start, "__qualname__", ""))
        if self._stands_at_top(plugin, f"the scanner `{scanner.name}`", module, function):
            self.result.scanners[scanner.name] = (plugin, module, function)

    def _model(self, plugin: str, model: Any) -> None:
        if not self._is(plugin, model, ConfigModel):
            return
        if isinstance(model.model, str):
            module, _, name = model.model.partition(":")
            is_right = self._is_there(plugin, model.name, module, name)
        else:
            module, name = model.model.__module__, model.model.__qualname__
            is_right = self._stands_at_top(plugin, f"the model `{model.name}`", module, name, "class")
        if is_right:
            self.result.models[model.name] = (module, name)

    def _is_there(self, plugin: str, model: str, module: str, name: str) -> bool:
        """Returns whether there is a module; it is not imported, so whether it has the class shows when it is used."""
        place = f"has the model `{model}` in `{module}:{name}`"
        try:
            spec = find_spec(module) if name else None
        except (ImportError, ValueError):
            spec = None
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a package around the module raises
            self.blame(plugin, place, error)
            return False
        if spec is None:
            self.refuse(plugin, f"{place}, which is no class of a module")
            return False
        self._later.add(spec.origin or "")
        return True

    def _is(self, plugin: str, brought: Any, kind: type) -> bool:
        if isinstance(brought, kind):
            return True
        self.refuse(plugin, f"brings `{brought!r}`, which is no `{kind.__name__}`")
        return False

    def _is_new(self, plugin: str, what: str, name: str) -> bool:
        key = f"{what} `{name}`"
        if key in self._owners:
            self.refuse(plugin, f"also brings the {key} of plugin `{self._owners[key]}`")
            return False
        self._owners[key] = plugin
        return True

    def _stands_at_top(self, plugin: str, what: str, module: str, function: str, kind: str = "function") -> bool:
        """Returns whether a function or class can be found again by module and name, as a later run must do."""
        try:
            find(module, function)
        except (ImportError, AttributeError, ValueError):
            self.refuse(plugin, f"has {what} in `{function}`, which is no {kind} at the top of a module")
            return False
        return True


def _sources(modules: Iterable[str]) -> set[str]:
    """Returns the files of modules, and of everything beside them in their packages, which they may use."""
    names = {*modules}
    files = {getattr(sys.modules.get(name), "__file__", None) for name in names}
    packages = {name.partition(".")[0] for name in names}
    folders = {folder for name in packages for folder in getattr(sys.modules.get(name), "__path__", ())}
    found = {file for file in files if file}
    for folder in folders:
        for place, _, within in os.walk(folder):
            found |= {os.path.join(place, file) for file in within if file.endswith(".py")}
    return found
