"""Runs the matcher over millions of generated bucket keys and says how much memory and time it took.

    python -m bench.memory --keys 10000000

No key is kept: the source computes each one when it is asked for it, so the memory is that of the matcher.
"""

import argparse
import resource
import sys
import time
from collections import Counter

from bench.key_space import KeySpace, first_beyond, ml_bucket
from layout_lint.engine.match import Matcher
from layout_lint.layouts.compile import compile_layouts
from layout_lint.model.entry import Entry
from layout_lint.sources.source import Cursor, Source
from layout_lint_rules.plugin import layout_lint_layouts

TARGET_MIB = 150
"""What the whole process may take, interpreter and layouts included."""


class GeneratedCursor(Cursor):
    """Goes over generated keys."""

    def __init__(self, source: "GeneratedSource") -> None:
        self._source = source
        self._at = -1

    def next(self) -> Entry | None:
        """Returns the next entry, or None at the end."""
        return self._entry(self._at + 1)

    def seek(self, past: bytes) -> Entry | None:
        """Returns the first entry after every key that begins with `past`, or None at the end."""
        return self._entry(first_beyond(self._source.keys, past, self._at))

    def _entry(self, number: int) -> Entry | None:
        self._at = number
        if number >= self._source.keys.size:
            return None
        self._source.seen += 1
        return Entry(self._source.keys.key(number), size=1)


class GeneratedSource(Source):
    """A bucket of generated keys."""

    is_bucket = True

    def __init__(self, keys: KeySpace) -> None:
        super().__init__("generated keys")
        self.keys = keys

    def cursor(self, prefix: bytes = b"", folders: object = ()) -> Cursor:
        """Returns a cursor over all keys; nothing asks for a part of them here."""
        del prefix, folders
        return GeneratedCursor(self)


def bucket(keys: int) -> KeySpace:
    """Returns a bucket of about so many keys that the matcher must nearly all read.

    Only a fiftieth stands below ``data/``, where it seeks. Nine tenths are models of executions, each
    of which opens and closes two folders, in a folder that holds very many.
    """
    pipelines, versions = 100, 200
    return ml_bucket(
        versions=versions,
        samples=keys // 50 // versions,
        pipelines=pipelines,
        executions=keys * 9 // 10 // pipelines,
        debug=0,
        repackaged=keys * 8 // 100 // pipelines,
    )


def match(source: GeneratedSource) -> Counter[str]:
    """Matches the keys against the bucket layout and returns how often each event came."""
    layouts = compile_layouts([(path.name, path.read_bytes()) for path in layout_lint_layouts()])
    events = Matcher(source, layouts, watched=frozenset()).match(layouts["ml-bucket"])
    return Counter(type(event).__name__ for event in events)


def peak_mib() -> float:
    """Returns the most memory that this process has had so far; Linux counts in KiB, macOS in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2 ** (20 if sys.platform == "darwin" else 10)


def main() -> int:
    """Prints what a run over so many keys took; returns 1 where that was more memory than it may take."""
    parser = argparse.ArgumentParser(prog="python -m bench.memory", description=__doc__.partition("\n")[0])
    parser.add_argument("--keys", type=int, default=10_000_000, help="default: %(default)s")
    source = GeneratedSource(bucket(parser.parse_args().keys))
    before, start = peak_mib(), time.perf_counter()
    events = match(source)
    took, peak = time.perf_counter() - start, peak_mib()
    print(f"{source.keys.size:,} keys, {source.seen:,} read, the others skipped by seeks: {took:.1f} s")
    print(f"{source.seen / took:,.0f} entries a second, generating them included; events: {dict(events)}")
    held = "held" if peak <= TARGET_MIB else "MISSED"
    print(f"peak memory {peak:.0f} MiB, {before:.0f} before; target: at most {TARGET_MIB} MiB, {held}")
    return 0 if peak <= TARGET_MIB else 1


if __name__ == "__main__":
    sys.exit(main())
