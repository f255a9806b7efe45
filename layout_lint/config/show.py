"""What is in force and where it was said, for ``layout-lint config``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.config.names import escape, key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from layout_lint.config.settings import Ignore, Settings, UserSettings

    Value = str | int | bool


def show(settings: Settings, user: UserSettings | None = None) -> str:
    """Returns every value in force, one a line, as TOML that says the same again, the origin behind it.

    Args:
        settings: of the run.
        user: the user's own settings, shown in comments, because they stand in a file of their own.
    """
    lines = [
        _line(key("layout"), _value(settings.layout), settings),
        *_map("roots", settings.roots, settings),
        *_rules("select", settings.select, settings, "# select: every rule"),
        *_rules("ignore", settings.ignore, settings, "ignore = []"),
        *_map("severity", settings.severity, settings),
        *_ignores(settings),
        _line("layouts", _list(settings.layouts), settings),
        _line("plugins", _list(settings.plugins), settings),
        _line("baseline", _value(settings.baseline), settings) if settings.baseline else "# baseline: none  # default",
        *_buckets(settings),
        *(_line(key("costs", name), str(cost), settings) for name, cost in settings.costs.items()),
        *_map("values", settings.values, settings),
        *_user(user),
    ]
    return "\n".join(lines) + "\n"


def _line(name: str, value: str, settings: Settings) -> str:
    return f"{name} = {value}  # {escape(settings.origin(name))}"


def _value(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else f'"{escape(value)}"'


def _list(values: Iterable[Value]) -> str:
    return f"[{', '.join(map(_value, values))}]"


def _map(name: str, values: Mapping[str, Value], settings: Settings) -> Iterator[str]:
    if not values:
        yield _line(name, "{}", settings)
    for word, value in values.items():
        yield _line(key(name, word), _value(value), settings)


def _rules(name: str, rules: tuple[str, ...], settings: Settings, empty: str) -> Iterator[str]:
    if not rules:
        yield f"{empty}  # {escape(settings.origin(name))}"
        return
    yield f"{name} = ["
    for index, rule in enumerate(rules):
        yield f"  {_value(rule)},  # {escape(settings.origin(key(name, index)))}"
    yield "]"


def _ignores(settings: Settings) -> Iterator[str]:
    if not settings.ignores:
        yield _line("ignores", "[]", settings)
        return
    yield "ignores = ["
    for ignore in settings.ignores:
        yield f"  {_ignore(ignore)},  # {escape(settings.origin(key('ignores', ignore.index)))}"
    yield "]"


def _ignore(ignore: Ignore) -> str:
    rules = _list(ignore.rules)
    return f"{{ path = {_value(ignore.path)}, rules = {rules}, reason = {_value(ignore.reason)} }}"


def _buckets(settings: Settings) -> Iterator[str]:
    if not settings.buckets:
        yield _line("buckets", "{}", settings)
    for name, bucket in settings.buckets.items():
        yield _line(key("buckets", name, "layout"), _value(bucket.layout), settings)
        if bucket.holds:
            yield _line(key("buckets", name, "holds"), _list(bucket.holds), settings)
        else:
            yield f"# {key('buckets', name, 'holds')}: every folder of the layout  # default"
        if bucket.repository:
            yield _line(key("buckets", name, "repository"), _value(bucket.repository), settings)


def _user(user: UserSettings | None) -> Iterator[str]:
    if user is not None and user.path:
        place = user.place("plugins")
        origin = f"{user.path}:{place[1]}" if place else user.path
        yield f"# the user's own plugins = {_list(user.plugins)}  # {escape(origin)}"
