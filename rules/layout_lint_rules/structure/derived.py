"""Rules about what is made from what in a bucket, and about objects that cannot be right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.api import Derivation, EmptyObject, Fix, FutureTime, Problem, Related, Repackage, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.api import Context, Made


@rule("LL118", "unpackaged-model", on=Derivation, severity="warning")
def unpackaged_model(event: Derivation, context: Context) -> Iterator[Problem]:
    """The newest model of a pipeline was never packed for inference.

    What is served is what stands below `repackage/`. A model that training wrote after the last packaging is not
    served by anything: either the packaging failed, or nobody knows that the old model is still in use.

    Fix: it is packed, into a folder that has the time of the model as its name; the server copies the model's bytes.
    Safe: nothing that is there is touched. No fix without the code that goes into it, and where the source does not
    know when the model was written.

    Only the newest model of a pipeline is looked at. The time of a package is the name of its folder or when it was
    written, the later of both, that of a model is when the object was written; nothing is said where the source does
    not know that time.

    Example:
        `model/ncf/run-7/output/model.tar.gz`, written in June, and the last folder of `repackage/ncf/` is from May.
    """
    model = event.sources.get(_first(event))
    if model is None or not (model.last.time or event.made is None):
        return
    if event.made is not None and event.made.last.time >= model.last.time:
        return
    newest = event.made.last if event.made is not None else None
    last = f", the last one is `{newest.path}`" if newest is not None else ""
    yield Problem(
        f"the newest model of `{_name(event)}` was never packed for inference{last}",
        path=model.last.path,
        hint=f"pack it into `{event.path}` with `layout-lint repackage`, or with `layout-lint s3 --fix`",
        related=(Related(context.source.target, newest.path, "the last one"),) if newest is not None else (),
        fix=_pack(event, model.last),
    )


@rule("LL119", "outdated-package", on=Derivation, severity="warning")
def outdated_package(event: Derivation, context: Context) -> Iterator[Problem]:
    """The newest package of a pipeline is older than the source code that goes into it.

    A package holds a copy of `inference.py`. Where `source.tar.gz` was uploaded later, what is served is not what the
    team takes for its code: a fix that everybody believes to be deployed is not.

    Silent where there is a model that was not packed yet (LL118), and where the source does not know when objects were
    written.

    No fix: the package of that model is there, and nothing is written over.

    Example:
        `code/ncf/source.tar.gz` from today, and the last `model.tar.gz` below `repackage/ncf/` from last week.
    """
    model = event.sources.get(_first(event))
    if event.made is None or event.written is None or (model is not None and event.made.last.time < model.last.time):
        return
    for pattern, source in event.sources.items():
        if pattern != _first(event) and source.last.time > event.written.last.time:
            yield Problem(
                f"`{event.written.last.path}` is older than `{source.last.path}`, which goes into it",
                path=event.written.last.path,
                hint="pack the model again, with the code that is there now",
                related=(Related(context.source.target, source.last.path, "the newer source"),),
            )


@rule("LL120", "package-without-model", on=Derivation, severity="warning")
def package_without_model(event: Derivation, context: Context) -> Iterator[Problem]:
    """A package for inference is older than every model of its pipeline, so none of them can be in it.

    Nobody can tell which training made it, with which data and which code: it cannot be audited, and when it fails, it
    cannot be made again.

    No fix: only the team knows whether it is still in use.

    Example:
        `repackage/ncf/2023-01-01-00-00-00/model.tar.gz`, and the first model below `model/ncf/` was written in 2024.
    """
    for made in event.early:
        if _first(event) in event.sources:
            message = f"`{made.path}` is older than every model of `{_name(event)}`"
        else:
            message = f"`{made.path}` was made from a model of `{_name(event)}`, and there is none"
        yield Problem(message, path=made.path, hint="keep models as long as what is made from them, or remove it")


@rule("LL121", "future-time", on=FutureTime, severity="warning")
def future_time(event: FutureTime, context: Context) -> Iterator[Problem]:
    """A name is a time that has not come yet.

    Whatever takes the newest package takes this one, until that time has passed and longer. It is likely written in a
    local time zone, by a machine whose clock is wrong, or by hand. A day is allowed for, so that a slow clock where
    the audit runs raises no alarm.

    No fix: only its author knows which time was meant.

    Example:
        `repackage/ncf/2204-05-01-12-00-00/`
    """
    yield Problem(f"the time in the name of `{event.path}` has not come yet", hint="names are in UTC")


@rule("LL122", "empty-object", on=EmptyObject)
def empty_object(event: EmptyObject, context: Context) -> Iterator[Problem]:
    """A file of the layout is in the bucket without any content.

    An upload that failed half-way or a script that touched the key left it; a job that looks whether the key exists
    goes on, and fails when it reads it. The zero-byte markers of folders, whose keys end in `/`, are no files.

    No fix: what should be in it is not in the bucket.

    Example:
        `code/ncf/source.tar.gz` with 0 bytes.
    """
    yield Problem(f"`{event.path}` is empty", hint="upload it again")


def _pack(event: Derivation, model: Made) -> Fix | None:
    """Returns the fix that packs a model with the code that is there, or None where something for it is not known."""
    others = {pattern: source.last.path for pattern, source in event.sources.items() if pattern != _first(event)}
    place = event.place(model.time) if model.time else ""
    if len(others) != 1 or not place:
        return None
    ((pattern, source),) = others.items()
    if source != pattern.format_map(event.captures):  # it is misnamed: nobody takes that for the code that is in use
        return None
    edit = Repackage(place, model.path, source, model.identity)
    return Fix(f"pack it with `{source}` into `{place}`", (edit,))


def _first(event: Derivation) -> str:
    """Returns the pattern of what is made anew; what follows it in ``$made-from`` goes into it."""
    sources = event.node.attributes["made-from"]
    return str(sources[0]) if isinstance(sources, tuple) else ""


def _name(event: Derivation) -> str:
    return "/".join(event.captures.values())
