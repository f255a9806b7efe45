"""``layout-lint build``: the archive of a source version, built into its place or compared with what is there."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from layout_lint.archives.member import MOST_BYTES, identity
from layout_lint.archives.refusal import BadArchiveError, Refusal, RefusedError
from layout_lint.cli.buildable import chosen, only_version, pipelines
from layout_lint.cli.check import load_settings
from layout_lint.cli.fix_texts import quoted
from layout_lint.cli.opening import open_targets
from layout_lint.cli.placing import place_all, sweep
from layout_lint.cli.saying import tell, warn
from layout_lint.cli.show import registry as load_registry
from layout_lint.engine.packing import differences, pack, read_archive
from layout_lint.layouts.mistakes import Wrong
from layout_lint.layouts.sizes import read_size
from layout_lint.model.entry import text
from layout_lint.model.error import Mistake, UserError
from layout_lint.plugins.checking import layouts_of
from layout_lint.sources.folder import FolderSource
from layout_lint.sources.git import GitSource

if TYPE_CHECKING:
    from collections.abc import Sequence

    from layout_lint.archives.collect import Folder
    from layout_lint.archives.member import Member
    from layout_lint.archives.write import HashedFile
    from layout_lint.cli.opening import Target
    from layout_lint.cli.options import Options
    from layout_lint.engine.buildable import Pipeline, Version
    from layout_lint.sources.source import Source


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asks `build` for.

    Attributes:
        names: pipelines; none for all.
        version: the source version's name, or "".
        everything: take all that is on disk.
        most_bytes: the most bytes of an archive's files together; 0 for what the layout says.
    """

    names: tuple[str, ...]
    version: str
    everything: bool
    most_bytes: int


def run_build(options: Options, wish: Wish, *, check: bool) -> int:
    """Builds archives, or with `check` only compares; returns the exit code.

    Raises:
        UserError: the user's mistake.
        layout_lint.sources.source.Unreadable: the repository as a whole cannot be read.
    """
    if wish.everything and options.tracked_only:
        raise UserError([Mistake("`--all` and `--tracked-only` exclude each other", hint="leave one of them out")])
    run = _Run(options, wish)
    try:
        return run.compare() if check else run.build()
    finally:
        run.close()


def size_of(said: str) -> int:
    """Returns the bytes of ``--max-size``, 0 for "".

    Raises:
        UserError: it is no size.
    """
    try:
        size = read_size(said) if said else 0
    except Wrong as wrong:
        raise UserError([Mistake(f"`--max-size`: {wrong.message}", hint=wrong.hint)]) from None
    if said and not size:
        raise UserError([Mistake("`--max-size`: nothing fits into 0 bytes", hint="write a size such as `50 MiB`")])
    return size


class _Run:
    """One call of `build` on the repository that the user is in."""

    def __init__(self, options: Options, wish: Wish) -> None:
        self._wish = wish
        registry = load_registry(options)
        self._target: Target = next(open_targets(options, registry))
        settings = load_settings(self._target.folder, options)
        opened = self._target.source
        self._index = opened if isinstance(opened, GitSource) else None
        self._source: Source = FolderSource(opened.target) if wish.everything else opened
        layouts = layouts_of(settings, registry)
        known = pipelines(self._target, self._source, settings, options, layouts)
        self._pipelines = chosen(known, wish.names, self._target.folder)

    def close(self) -> None:
        """Ends what was started."""
        self._target.source.close()

    def build(self) -> int:
        """Builds all archives, or none where something stands against one."""
        if not self._pipelines:
            message = "there is nothing to build: no folder is here of which the layout builds an archive"
            raise UserError([Mistake(message, hint="`layout-lint layout NAME` draws where a layout has them")])
        versions = [(one, only_version(one, self._wish.version)) for one in self._pipelines]
        packed: list[tuple[Pipeline, Version, Folder]] = []
        refusals: list[Refusal] = []
        for pipeline, version in versions:
            try:
                packed.append((pipeline, version, self._pack(version)))
            except RefusedError as refused:
                refusals += refused.refusals
        if refusals:
            return _refuse(refusals)
        sweep((one.archive for one, _, _ in packed), self._target.folder)
        try:
            self._place(packed)
        except RefusedError as refused:
            return _refuse(refused.refusals)
        return 0

    def compare(self) -> int:
        """Says of every archive that is there whether it is current; one that is named must be there."""
        sweep((one.archive for one in self._pipelines), self._target.folder)
        codes = [self._compare(pipeline) for pipeline in self._pipelines]
        return max(codes, default=0)

    def _pack(self, version: Version) -> Folder:
        return pack(self._source, version, self._index, self._wish.most_bytes)

    def _place(self, packed: Sequence[tuple[Pipeline, Version, Folder]]) -> None:
        folders = {pipeline.archive: folder for pipeline, _, folder in packed}
        try:
            written = place_all(folders, self._target.folder)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            which = ", ".join(f"`{path}`" for path in folders)
            raise UserError([Mistake(f"{which} cannot be written: {reason}")]) from error
        for (pipeline, version, folder), file in zip(packed, written, strict=True):
            self._tell_of(pipeline, version, folder, file)

    def _tell_of(self, pipeline: Pipeline, version: Version, folder: Folder, written: HashedFile) -> None:
        count = len(folder.members)
        size = f"{count} file{'' if count == 1 else 's'}, {written.size:,} bytes"
        tell(f"built {pipeline.archive} from {text(version.key)} ({size})")
        tell(f"  identity {folder.identity}")
        tell(f"  sha256   {written.sha256}")
        self._warn(pipeline)

    def _warn(self, pipeline: Pipeline) -> None:
        """Says that git would take the archive in, where it would."""
        if self._index is None:
            return
        above = pipeline.archive.rpartition("/")[0].removeprefix(pipeline.path)
        entry = f"{above}/" if above else pipeline.archive.removeprefix(pipeline.path)
        if self._index.tracks(os.fsencode(pipeline.archive)):
            hint = f"take it out of the index with `git rm --cached {pipeline.archive}`"
            warn(f"`{pipeline.archive}` is built and must not be committed ({hint})")
        elif not self._index.is_ignored(os.fsencode(pipeline.archive)):
            warn(f"`{pipeline.archive}` is built and git does not ignore it (add `{entry}` to `.gitignore`)")

    def _compare(self, pipeline: Pipeline) -> int:
        versions = [only_version(pipeline, self._wish.version)] if self._wish.version else list(pipeline.versions)
        most = max(self._wish.most_bytes or one.most_bytes or MOST_BYTES for one in versions)
        try:
            built = read_archive(self._target.folder, pipeline.archive, most)
        except BadArchiveError as error:
            tell(f"{pipeline.archive} is not current: {error}")
            return 1
        if built is None:
            if self._wish.names:
                tell(f"{pipeline.archive} is not built")
            return 1 if self._wish.names else 0
        return self._compare_with(pipeline, built, versions)

    def _compare_with(self, pipeline: Pipeline, built: Sequence[Member], versions: Sequence[Version]) -> int:
        refusals: list[Refusal] = []
        unlike: list[tuple[list[str], Version]] = []
        for version in versions:
            try:
                wanted = self._pack(version).members
            except RefusedError as refused:
                refusals += refused.refusals
                continue
            if identity(built) == identity(wanted):
                tell(f"{pipeline.archive} is current with {text(version.key)}")
                return 0
            unlike.append((differences(built, wanted), version))
        if unlike:
            # Of two that are equally near, the newer one is more likely to be meant.
            lines, version = min(reversed(unlike), key=lambda one: len(one[0]))
            others = "" if len(versions) == 1 else f", the nearest of {len(versions)} source versions"
            tell(f"{pipeline.archive} is not current with {text(version.key)}{others}")
            for line in lines:
                tell(f"  {line}")
            which = "" if len(versions) == 1 else f" --source-version {quoted(version.name)}"
            place = os.path.relpath(os.path.join(self._target.folder, pipeline.path))
            tell(f"  build it anew: `layout-lint build{which} {quoted(place)}`")
        return _refuse(refusals) if refusals else 1


def _refuse(refusals: Sequence[Refusal]) -> int:
    for refusal in sorted(set(refusals)):
        warn(str(refusal))
    return 3 if any(one.unread for one in refusals) else 1
