"""Finds plugins with pluggy and asks each what it brings; a plugin that fails is named, never skipped."""

from __future__ import annotations

from functools import partial
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

import pluggy

from layout_lint import hookspecs
from layout_lint.model.error import Mistake, UserError, did_you_mean
from layout_lint.plugins.bring import Brought
from layout_lint.plugins.modules import as_plugin, load_module

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from layout_lint.plugins.registry import Registry


def discover(named: Sequence[str] = (), disabled: Collection[str] = ()) -> Registry:
    """Loads every installed plugin, and those that the user named.

    Args:
        named: modules, or paths ending in ``.py``, that the user wrote on the command line or in settings of
            their own.
        disabled: names of plugins that the user switched off.

    Raises:
        UserError: a plugin does not import, a hook raises, a plugin brings what it must not, two rules share
            a code or a name; all such mistakes at once, each naming its plugin.
    """
    found = _Discovery()
    known = set()
    for name, origin, load in _all(named):
        known.add(name)
        if name not in disabled:
            found.add(name, origin, load)
    found.refuse_unknown(disabled, known)
    return found.registry()


def _all(named: Sequence[str]) -> Iterator[tuple[str, str, Callable[[], Any]]]:
    """Yields name, origin and import of each plugin: the installed ones, then those that the user named."""
    origins = [
        (entry.name, f"{entry.dist.name} {entry.dist.version}" if entry.dist else entry.value, entry.load)
        for entry in entry_points(group=hookspecs.GROUP)
    ]
    yield from sorted(origins, key=lambda one: one[:2])
    for name in dict.fromkeys(named):
        yield name, name, partial(load_module, name)


class _Discovery:
    """Registers plugins and collects their mistakes."""

    def __init__(self) -> None:
        self.manager = pluggy.PluginManager(hookspecs.GROUP)
        self.manager.add_hookspecs(hookspecs)
        self.brought = Brought()
        self.origins: dict[str, str] = {}

    def add(self, name: str, origin: str, load: Callable[[], Any]) -> None:
        """Imports one plugin and registers its hooks."""
        if name in self.origins:
            self.brought.refuse(name, f"of `{origin}` has the name of a plugin of `{self.origins[name]}`")
            return
        self.origins[name] = origin
        try:
            self.manager.register(as_plugin(load()), name)
            self.manager.check_pending()
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a stranger's module raises must name it
            self.brought.blame(name, "cannot be loaded", error)
            if self.manager.has_plugin(name):
                self.manager.unregister(name=name)
        else:
            self.brought.result.plugins.append((name, origin))

    def refuse_unknown(self, disabled: Collection[str], known: Collection[str]) -> None:
        """Notes each plugin that is switched off and was never on."""
        for name in disabled:
            if name not in known:
                hint = did_you_mean(name, known) or f"there are {', '.join(f'`{one}`' for one in sorted(known))}"
                self.brought.mistakes.append(Mistake(f"there is no plugin `{name}`", hint=hint, code="LL003"))

    def registry(self) -> Registry:
        """Asks every plugin for what it brings."""
        for hook in hookspecs.SPECS:
            implementations = getattr(self.manager.hook, hook).get_hookimpls()
            if hook == "layout_lint_open":
                # As pluggy calls them: the plugin that came last goes first, and a `tryfirst` before it.
                for one in reversed(implementations):
                    self.brought.open(one.plugin_name, one.function)
                continue
            for one in implementations:
                self.brought.collect(one.plugin_name, hook, one.function)
        if self.brought.mistakes:
            raise UserError(self.brought.mistakes)
        return self.brought.finish(getattr(one, "__name__", type(one).__module__) for one in self.manager.get_plugins())
