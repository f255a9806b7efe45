"""Lists generated buckets in every way and says what it costs: requests, CPU for each key, memory.

    python -m bench.listing --leaps --memory

The listing server runs in a process of its own, so that its work is not taken for ours.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bench.key_space import SHAPES, KeySpace, ml_bucket
from layout_lint.engine.match import Matcher
from layout_lint.layouts.compile import compile_layouts
from layout_lint.sources.s3 import S3Source
from layout_lint_rules.plugin import layout_lint_layouts

if TYPE_CHECKING:
    from collections.abc import Iterator

LIMITS = {"many-executions": (9, 346), "long-debug": (1, 49), "short-debug": (45, 330), "huge": (6, 2005)}
"""By shape: the fewest requests that can tell of all visible keys and opaque folders, and the most for leaps."""
OVER = 12
"""How many requests more than the fewest a roll-up may take."""
CPU_SHARE = 0.5
"""Of a bare paginator's CPU for each key, ours at most."""
MOST_MIB = 200
KEYS = {"visible": 60_000, "relevant": 1_000_000}
ROUNDS = 3


def all_visible(keys: int) -> KeySpace:
    """Returns a bucket of about so many keys in which nothing is opaque."""
    return ml_bucket(versions=0, samples=0, pipelines=20, executions=keys * 9 // 200, debug=0, repackaged=keys // 200)


@contextmanager
def server() -> Iterator[str]:
    """Runs the listing server with the shapes and two buckets without opaque folders; yields its endpoint."""
    code = (
        "from bench.listing import KEYS, SHAPES, all_visible\n"
        "from bench.listing_server import ListingServer\n"
        "spaces = {name: all_visible(keys) for name, keys in KEYS.items()}\n"
        "with ListingServer({**SHAPES, **spaces}) as server:\n"
        "    print(server.url, flush=True)\n"
        "    server.serve_forever()\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    try:
        if process.stdout is None:
            raise RuntimeError
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait()


def audit(endpoint: str, bucket: str, mode: str) -> dict[str, float]:
    """Matches a bucket in this process; returns requests, entries, seconds of CPU and of time, and peak MiB."""
    known = compile_layouts([(path.name, path.read_bytes()) for path in layout_lint_layouts()])
    layout = known["ml-bucket"]
    source = S3Source(bucket, endpoint_url=endpoint, listing=mode)
    source.expect(b"", layout.root)
    began, cpu = time.perf_counter(), time.process_time()
    for _ in Matcher(source, known, watched=frozenset()).match(layout):
        pass
    took, cpu = time.perf_counter() - began, time.process_time() - cpu
    source.close()
    return {"requests": source.requests, "keys": source.seen, "cpu": cpu, "seconds": took, "mib": _peak()}


def paginate(endpoint: str, bucket: str) -> dict[str, float]:
    """Lists a bucket with boto3's paginator and does nothing with it."""
    import boto3  # noqa: PLC0415 - not for the runs that measure our memory

    pages = boto3.client("s3", endpoint_url=endpoint).get_paginator("list_objects_v2").paginate(Bucket=bucket)
    began, cpu = time.perf_counter(), time.process_time()
    keys = sum(len(page["Contents"]) for page in pages)
    took, cpu = time.perf_counter() - began, time.process_time() - cpu
    return {"keys": keys, "cpu": cpu, "seconds": took, "mib": _peak()}


def _peak() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2 ** (20 if sys.platform == "darwin" else 10)


def alone(*arguments: str) -> dict[str, float]:
    """Runs one measurement in a process of its own."""
    environment = {"AWS_ACCESS_KEY_ID": "bench", "AWS_SECRET_ACCESS_KEY": "bench", "AWS_DEFAULT_REGION": "us-east-1"}
    command = [sys.executable, "-m", "bench.listing", "--one", *arguments]
    done = subprocess.run(command, env={**os.environ, **environment}, check=True, capture_output=True)
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


def requests(endpoint: str, *, leaps: bool) -> bool:
    """Prints the requests of each shape; returns whether all are few enough."""
    held = True
    for shape, (fewest, most) in LIMITS.items():
        limits = {"auto": fewest + OVER, "rollup": fewest + OVER, **({"leaps": most} if leaps else {})}
        told = []
        for mode, limit in limits.items():
            measured = alone(endpoint, shape, mode)
            held = held and measured["requests"] <= limit
            told.append(f"{mode} {measured['requests']:,} (at most {limit:,}) in {measured['seconds']:.2f} s")
        print(f"{shape:<16} {SHAPES[shape].size:>9,} keys: {', '.join(told)}", flush=True)
    return held


def cpu(endpoint: str) -> bool:
    """Prints the CPU for each key where all are visible, and a bare paginator's; tells whether it is little enough."""
    ours: list[float] = []
    bare: list[float] = []
    for _ in range(ROUNDS):
        for mode, times in (("paginate", bare), ("auto", ours)):
            measured = alone(endpoint, "visible", mode)
            times.append(measured["cpu"] / measured["keys"] * 1e6)
    own, other = statistics.median(ours), statistics.median(bare)
    held = own <= CPU_SHARE * other
    print(f"CPU for each key: {own:.1f} µs, matched; a bare paginator's: {other:.1f} µs")
    print(f"share: {own / other:.2f}, target: at most {CPU_SHARE}, {'held' if held else 'MISSED'}")
    return held


def memory(endpoint: str) -> bool:
    """Prints the peak memory of an audit of a million relevant keys; returns whether it is little enough."""
    measured = alone(endpoint, "relevant", "auto")
    held = measured["mib"] <= MOST_MIB
    print(
        f"{measured['keys']:,.0f} relevant keys: {measured['mib']:.0f} MiB in {measured['seconds']:.0f} s, "
        f"target: at most {MOST_MIB} MiB, {'held' if held else 'MISSED'}"
    )
    return held


def main() -> int:
    """Prints what each way of listing costs; returns 1 where one costs more than it may."""
    parser = argparse.ArgumentParser(prog="python -m bench.listing", description=__doc__.partition("\n")[0])
    parser.add_argument("--leaps", action="store_true", help="measure leaps too, which takes minutes")
    parser.add_argument("--memory", action="store_true", help="measure the memory for a million keys too")
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        endpoint, bucket, mode = given.one
        measured = paginate(endpoint, bucket) if mode == "paginate" else audit(endpoint, bucket, mode)
        print(json.dumps(measured))
        return 0
    with server() as endpoint:
        held = [requests(endpoint, leaps=given.leaps), cpu(endpoint), not given.memory or memory(endpoint)]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
