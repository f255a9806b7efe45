"""Whether an archive in a bucket holds one of the source versions of a repository."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from layout_lint.archives.member import MOST_BYTES, identity
from layout_lint.archives.reading import members_of_archive
from layout_lint.archives.refusal import BadArchiveError, RefusedError
from layout_lint.engine.packing import differences
from layout_lint.model.entry import key_of, text
from layout_lint.model.finding import NotAudited

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from layout_lint.archives.member import Member
    from layout_lint.engine.buildable import Version
    from layout_lint.engine.repository import Repository
    from layout_lint.sources.source import Source


class Alike:
    """The archive holds one of the source versions."""


@dataclass(frozen=True, slots=True)
class Unlike:
    """The archive holds none of them.

    Attributes:
        etag: the archive's, with its quotes, or "".
        nearest: the path of the source version that it is most like; "" where the archive was not read.
        differences: what building that one anew would change.
    """

    etag: str = ""
    nearest: str = ""
    differences: tuple[str, ...] = ()


Outcome = Alike | Unlike | list[NotAudited]


@dataclass(frozen=True, slots=True)
class Packed:
    """A source version, and the files that an archive of it holds."""

    version: Version
    members: Sequence[Member]
    identity: str


def compare(
    repository: Repository, source: Source, path: str, versions: Sequence[Version], known: str = ""
) -> Callable[[], Outcome]:
    """Packs the source versions, and returns what then compares an archive with them; that may run in a thread.

    Args:
        repository: has the source versions.
        source: the bucket.
        path: the archive's path in it.
        versions: any of them will do.
        known: the archive's content identity, where this audit has read it already; an archive that holds one of the
            source versions is then not asked for again.
    """
    packed, unknown = [], []
    for version in versions:
        try:
            folder = repository.folder(version)
            packed.append(Packed(version, folder.members, folder.identity))
        except RefusedError as refused:
            unknown += [
                NotAudited(repository.target, one.path, f"it cannot be compared with `{path}`: it {one.message}")
                for one in refused.refusals
            ]
    if known and known in [one.identity for one in packed]:
        return Alike
    most = max(one.most_bytes or MOST_BYTES for one in versions)
    return partial(_compare, source, path, packed, unknown, most)


def _compare(source: Source, path: str, packed: Sequence[Packed], unknown: list[NotAudited], most: int) -> Outcome:
    try:
        told, etag = _stored(source, path)
        if told:
            outcome: Outcome = Alike() if told in [one.identity for one in packed] else Unlike(etag)
        else:
            with source.open(key_of(path), etag.strip('"')) as stream:
                outcome = _nearest(list(members_of_archive(stream, most_bytes=most)), packed, etag)
    except OSError as error:
        return [NotAudited(source.target, path, error.strerror or str(error))]
    except BadArchiveError as error:
        return [NotAudited(source.target, path, f"it cannot be compared with the repository: {error}")]
    return unknown if unknown and isinstance(outcome, Unlike) else outcome


def _nearest(built: Sequence[Member], packed: Sequence[Packed], etag: str) -> Outcome:
    if identity(built) in [one.identity for one in packed]:
        return Alike()
    lines = [(differences(built, one.members), one.version) for one in reversed(packed)]
    if not lines:
        return Unlike(etag)
    # Of two that are equally near, the newer one is more likely to be meant.
    nearest, version = min(lines, key=lambda one: len(one[0]))
    return Unlike(etag, text(version.key), tuple(nearest))


def _stored(source: Source, path: str) -> tuple[str, str]:
    """Returns the identity that stands in an object's metadata, or "", and the object's ETag, or "".

    Raises:
        OSError: it could not be asked for.
    """
    from layout_lint.sources.s3 import S3Source  # noqa: PLC0415 - a folder or a list has no metadata

    if not isinstance(source, S3Source):
        return "", ""
    from layout_lint.sources.s3_identity import stored  # noqa: PLC0415 - as above

    found = stored(source, key_of(path))
    return found.identity, found.etag
