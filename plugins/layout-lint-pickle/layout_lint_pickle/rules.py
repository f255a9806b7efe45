"""What is said about the pickles of an archive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.api import MemberScanned, Problem, rule
from layout_lint_pickle.found import Found
from layout_lint_pickle.known import is_harmless

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.api import Context

SCANNER = "pickle"
_MOST_SHOWN = 10
_MOST_JUDGED = 100
_LONGEST = 100


@rule("PKL101", "code-in-pickle", on=MemberScanned)
def code_in_pickle(event: MemberScanned, context: Context) -> Iterator[Problem]:
    """A pickle imports something that runs code when it is loaded.

    A pickle is a program. `torch.load` and `pickle.load` import what it names and call it, before anybody sees a
    model; `os.system` in `model.pth` is a command on the machine that loads it, with the rights of its role. Such a
    file was not made by saving weights.

    There is no fix: nobody should load the file. Find out who wrote it, and train or export the model again.

    Example:
        `model.pth` whose `data.pkl` imports `posix.system`
    """
    for (module, name), place in _judged(event, dangerous=True):
        yield Problem(
            f"loading `{event.member}` runs code: it imports `{_shown(module, name)}` ({place})",
            hint="do not load it; find out who wrote it, and export the model again",
        )
    for place in _found(event).computed[:_MOST_SHOWN]:
        yield Problem(
            f"loading `{event.member}` imports a name that is made while it is loaded ({place}), so nobody can know it",
            hint="do not load it; no pickler writes such a file",
        )


@rule("PKL102", "unknown-import-in-pickle", on=MemberScanned, severity="warning")
def unknown_import_in_pickle(event: MemberScanned, context: Context) -> Iterator[Problem]:
    """A pickle imports something that weights are not saved with.

    Weights need tensors, numbers and collections. What else a pickle imports is looked up on the machine that loads
    it: a class of the team's own, which must be installed there in a fitting version, or something that nobody meant.
    `torch.load(weights_only=True)`, the default since PyTorch 2.6, refuses it.

    Save a `state_dict()` and not the model itself.

    Example:
        `model.pth` made by `torch.save(model, ...)`, whose `data.pkl` imports `train.Net`
    """
    problems = [
        Problem(
            f"`{event.member}` imports `{_shown(module, name)}` ({place}), which weights are not saved with",
            hint="save the model's `state_dict()`",
        )
        for (module, name), place in _judged(event, dangerous=False)
    ]
    yield from problems[:_MOST_SHOWN]
    if len(problems) > _MOST_SHOWN:
        more = len(problems) - _MOST_SHOWN
        yield Problem(f"`{event.member}` imports {more} more names which weights are not saved with")


@rule("PKL103", "unscannable-pickle", on=MemberScanned)
def unscannable_pickle(event: MemberScanned, context: Context) -> Iterator[Problem]:
    """A file that is loaded as a pickle could not be scanned to its end.

    Nobody knows what loading it does. It is cut off or corrupt, encrypted, packed in a way that `torch.load` does not
    read either, or its list of contents names other contents than it has, which is how scanners are deceived. A file
    that is only too large to be scanned is a warning.

    Example:
        `model.pth`, a zip file whose list names an entry that is not where the list says
    """
    found = _found(event)
    for said in found.unscanned[:_MOST_SHOWN]:
        yield Problem(
            f"`{event.member}` could not be scanned for code: {_clause(said)}",
            hint="do not load it before you know why; export the model again",
        )
    for said in found.large[:1]:
        yield Problem(
            f"`{event.member}` is too large to be scanned for code: {_clause(said)}",
            hint="load it with `weights_only=True`",
            severity="warning",
        )


def _found(event: MemberScanned) -> Found:
    return event.found if event.scanner == SCANNER and isinstance(event.found, Found) else Found()


def _judged(event: MemberScanned, *, dangerous: bool) -> list[tuple[tuple[str, str], object]]:
    """Returns what is imported and not harmless; what is beyond the number that is judged counts as unknown."""
    strange = [(one, place) for one, place in _found(event).imports.items() if not is_harmless(*one)]
    if not strange:
        return []
    from layout_lint_pickle.judge import runs_code  # noqa: PLC0415 - it takes 0.1 s, and most pickles need no judge

    return [
        (one, place)
        for index, (one, place) in enumerate(strange)
        if (index < _MOST_JUDGED and runs_code(*one)) is dangerous
    ]


def _shown(module: str, name: str) -> str:
    whole = f"{module}.{name}"
    return whole if len(whole) <= _LONGEST else f"{whole[:_LONGEST]}…"


def _clause(said: tuple[str, str]) -> str:
    entry, clause = said
    return f"its entry `{entry}` {clause}" if entry else f"it {clause}"
