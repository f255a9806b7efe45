"""Audits buckets of a million keys that the layout can all see, and says how much memory the whole command took.

    python -m bench.audit_memory

The keys are computed by a server in a process of its own. Everything that an audit keeps is kept: state, relations,
folded findings; archives are not read, as the server has none.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping

from bench.commands import found
from bench.key_space import Joined, KeySpace, Listed, Numbered, ml_bucket
from bench.s3 import ENVIRONMENT, OWN, server

TARGET_MIB = 200
"""What the whole process may take."""
_MODEL = Listed([b"/run-1/output/model.tar.gz"])
_PACKAGE = Listed([b"/2024-04-01-12-00-00/model.tar.gz"])
BUCKETS: Mapping[str, KeySpace] = {
    "executions": ml_bucket(versions=0, samples=0, pipelines=20, executions=45_000, debug=0, repackaged=5_000),
    "pipelines": ml_bucket(versions=0, samples=0, pipelines=333_333, executions=1, debug=0, repackaged=1),
    "wrong": Joined(
        {"model/": Numbered("pipeline-", 500_000, _MODEL), "repackage/": Numbered("other-", 500_000, _PACKAGE)}
    ),
    "stray": Joined({"model/": Numbered("pipeline-", 1_000, Numbered("/stray-", 1_000, Listed([b""])))}),
}
"""Few pipelines with very many models; very many pipelines; such that are all wrong; files that do not belong there."""


def measure(program: str, url: str, bucket: str, folder: str) -> tuple[float, float, dict[str, int]]:
    """Audits a bucket; returns the most MiB, seconds of the processor, and the summary.

    Raises:
        RuntimeError: it failed.
    """
    output = os.path.join(folder, "report.json")
    words = ("--isolated", "--archives", "none", "--select", "LL1", "--output-format", "json", "--output-file", output)
    environment = {**ENVIRONMENT, "XDG_STATE_HOME": folder}
    command = [program, "s3", f"s3://{bucket}", "--endpoint-url", url, "--quiet", *words]
    process = subprocess.Popen(command, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    with open(output, encoding="utf-8") as file:
        summary: dict[str, int] = json.load(file)["summary"]
    if process.returncode not in (0, 1) or summary["entries"] != BUCKETS[bucket].size:
        raise RuntimeError(f"the audit of {bucket} ended with {process.returncode} after {summary['entries']} entries")
    peak = usage.ru_maxrss / 2 ** (20 if sys.platform == "darwin" else 10)
    return peak, usage.ru_utime + usage.ru_stime, summary


def main() -> int:
    """Prints a line for each bucket; returns 1 where one took more memory than it may."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--buckets", nargs="+", choices=BUCKETS, default=list(BUCKETS))
    parser.add_argument(f"--{OWN}", default=OWN, help="its path")
    given = parser.parse_args()
    program = found(given.layout_lint, "pip install layout-lint")
    if not program:
        return 1
    held = True
    with server(0, BUCKETS) as (url, _):
        for bucket in given.buckets:
            with tempfile.TemporaryDirectory() as folder:
                peak, cpu, summary = measure(program, url, bucket, folder)
            size = BUCKETS[bucket].size
            print(
                f"{bucket:<11} {size:>9,} keys, {summary['findings']:>3} findings: {peak:4.0f} MiB, "
                f"{cpu / size * 1e6:.0f} µs of CPU a key",
                flush=True,
            )
            held = held and peak <= TARGET_MIB
    print(f"target: at most {TARGET_MIB} MiB, {'held' if held else 'MISSED'}")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
