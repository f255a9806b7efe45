"""Measures `layout-lint repackage` against the handler that people write, on one server on this machine.

    python -m bench.repackage --size 256MiB --server http://127.0.0.1:4566 --into /tmp/models

The server is started by you and holds no other load: ``BIND_HOST=127.0.0.1 ministack`` in an environment of its own.
Every method is a process of its own; its processor time and peak memory are the operating system's figures, without the
server's. All results must hold the same files with the same bytes.
"""

import argparse
import hashlib
import io
import os
import random
import resource
import statistics
import subprocess
import sys
import tarfile
import time
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3

from layout_lint.layouts.sizes import read_size

PEERS = Path(__file__).resolve().parent / "peers"
BUCKET, MODEL, SOURCE = "bench-repackage", "model/ncf/run-1/output/model.tar.gz", "code/ncf/source.tar.gz"
CODE = {
    "inference.py": b"def model_fn(folder):\n    return folder\n" * 200,
    "model_config.json": b"{}\n",
    "requirements.txt": b"torch==2.4.1\n",
    "train.py": b"import torch\n" * 500,
}
_BLOCK = 1 << 20
_WINDOW = 4
"""Mebibytes of noise that are repeated: far more than the 32 KiB that deflate looks back."""
_AWS = {"AWS_ACCESS_KEY_ID": "bench", "AWS_SECRET_ACCESS_KEY": "bench", "AWS_DEFAULT_REGION": "us-east-1"}
_SMALLEST_PART = 5 << 20


@dataclass
class Method:
    """One line of the table.

    Attributes:
        name: what the table calls it.
        words: the command.
        key: of the result.
        wall, cpu: seconds of each run.
        peak: bytes of memory, the most of all runs.
        received, sent: bytes, where the command tells them.
    """

    name: str
    words: list[str]
    key: str
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    peak: int = 0
    received: int = -1
    sent: int = -1


def methods(endpoint: str, sdk: str) -> Iterator[Method]:
    """Yields everything that is compared; says how to get what is missing."""
    handler = [sys.executable, str(PEERS / "repackage_handler.py"), endpoint, BUCKET, MODEL, SOURCE]
    yield Method("usual handler", [*handler, "handler/model.tar.gz"], "handler/model.tar.gz")
    if sdk:
        repack = [sdk, str(PEERS / "repackage_sdk.py"), endpoint, BUCKET, MODEL, SOURCE]
        yield Method("SageMaker SDK, repack_model", [*repack, "sdk/model.tar.gz"], "sdk/model.tar.gz")
    else:
        print("skipped: SageMaker's SDK; install `sagemaker-core` into an environment and name it with --sdk")
    ours = ["repackage", f"s3://{BUCKET}/{MODEL}", "--source", f"s3://{BUCKET}/{SOURCE}", "--endpoint-url", endpoint]
    run = [sys.executable, "-m", "bench.repackage_run", *ours, "--isolated", "-q", "--output"]
    yield Method("layout-lint", [*run, f"s3://{BUCKET}/ours/model.tar.gz"], "ours/model.tar.gz")
    quick = [*run, f"s3://{BUCKET}/quick/model.tar.gz", "--quick"]
    yield Method("layout-lint --quick", quick, "quick/model.tar.gz")


def model_archive(size: int, into: Path) -> Path:
    """Returns a model archive with `size` bytes of float32 noise, packed as training packs it; made once."""
    path = into / f"model-{size}.tar.gz"
    if not path.exists():
        into.mkdir(parents=True, exist_ok=True)
        chance = random.Random(1)  # noqa: S311 - the same model in every run
        noise = array("f", (chance.gauss(0, 0.02) for _ in range(_WINDOW * _BLOCK // 4))).tobytes()
        info = tarfile.TarInfo("model.pth")
        info.size = size
        with tarfile.open(path.with_suffix(".part"), "w:gz", compresslevel=6) as archive:
            archive.addfile(info, _Repeated(noise))
        path.with_suffix(".part").rename(path)
    return path


class _Repeated(io.RawIOBase):
    """Gives the same bytes again and again."""

    def __init__(self, piece: bytes) -> None:
        super().__init__()
        self._piece = piece * 2
        self._at = 0

    def read(self, size: int = -1) -> bytes:
        half = len(self._piece) // 2
        found = self._piece[self._at : self._at + min(size, half)]
        self._at = (self._at + len(found)) % half
        return found


def measure(method: Method) -> None:
    """Runs a method once."""
    began = time.perf_counter()
    process = subprocess.Popen(method.words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ | _AWS)
    said, complaint = process.stdout.read() if process.stdout else b"", process.stderr.read() if process.stderr else b""
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{method.name} failed: {(said + complaint).decode()}")
    method.wall.append(time.perf_counter() - began)
    method.cpu.append(used.ru_utime + used.ru_stime)
    method.peak = max(method.peak, used.ru_maxrss * (1 if sys.platform == "darwin" else 1024))
    words = complaint.decode().split()
    if "bytes" in words:
        at = words.index("bytes")
        method.received, method.sent = int(words[at + 1]), int(words[at + 2])


def contents(client: Any, key: str) -> dict[str, str]:
    """Returns the SHA-256 of every file of an archive in the bucket."""
    found = {}
    body = client.get_object(Bucket=BUCKET, Key=key)["Body"]
    with tarfile.open(fileobj=body, mode="r|gz") as archive:
        for member in archive:
            file = archive.extractfile(member)
            if file is not None:
                found[member.name.removeprefix("./")] = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    return found


def prepare(client: Any, size: int, into: Path) -> int:
    """Puts model and source into the bucket; returns the model archive's bytes."""
    if BUCKET not in [one["Name"] for one in client.list_buckets()["Buckets"]]:
        client.create_bucket(Bucket=BUCKET)
    path = model_archive(size, into)
    client.upload_file(str(path), BUCKET, MODEL)
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as archive:
        for name, content in CODE.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    client.put_object(Bucket=BUCKET, Key=SOURCE, Body=made.getvalue())
    return path.stat().st_size


def table(compared: list[Method]) -> Iterator[str]:
    """Yields the lines of the table."""
    base = statistics.median(compared[0].cpu), statistics.median(compared[0].wall)
    heads = ("CPU s", "to handler", "wall s", "to handler", "peak MiB")
    yield f"{'method':<30} {heads[0]:>8} {heads[1]:>11} {heads[2]:>8} {heads[3]:>11} {heads[4]:>9}  received, sent"
    for one in compared:
        cpu, wall = statistics.median(one.cpu), statistics.median(one.wall)
        moved = f"{one.received:,}, {one.sent:,}" if one.sent >= 0 else "all, all"
        figures = f"{cpu:>8.2f} {cpu / base[0]:>11.4f} {wall:>8.2f} {wall / base[1]:>11.4f} {one.peak / _BLOCK:>9.0f}"
        yield f"{one.name:<30} {figures}  {moved}"


def main() -> int:
    """Prints the table; returns 1 where results differ or more bytes passed here than may."""
    parser = argparse.ArgumentParser(prog="python -m bench.repackage", description=__doc__.partition("\n")[0])
    parser.add_argument("--size", type=read_size, default="256MiB", help="of the model, unpacked; default: %(default)s")
    parser.add_argument("--server", default="http://127.0.0.1:4566", help="default: %(default)s")
    parser.add_argument("--runs", type=int, default=3, help="default: %(default)s")
    parser.add_argument("--into", type=Path, required=True, help="a folder for the model, which is made once")
    parser.add_argument("--sdk", default="", help="a Python that has SageMaker's SDK (`pip install sagemaker-core`)")
    given = parser.parse_args()
    os.environ.update(_AWS)
    client: Any = boto3.client("s3", endpoint_url=given.server)
    size = prepare(client, given.size, given.into)
    compared = list(methods(given.server, given.sdk))
    for _ in range(given.runs):
        for method in compared:
            client.delete_object(Bucket=BUCKET, Key=method.key)
            measure(method)
    print(
        f"model.pth {given.size:,} bytes, packed {size:,}; medians of {given.runs} runs; load {os.getloadavg()[0]:.1f}"
    )
    print(*table(compared), sep="\n")
    found = [contents(client, method.key) for method in compared]
    same = all(one == found[0] for one in found)
    print(f"the same files with the same bytes in every result: {'yes' if same else 'NO'}")
    quick = compared[-1]
    few = max(quick.received, quick.sent) <= _SMALLEST_PART + sum(map(len, CODE.values())) + 64 * 1024
    print(f"bytes through here with --quick at most 5 MiB and the code, each way: {'yes' if few else 'NO'}")
    return 0 if same and few else 1


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.exit(main())
