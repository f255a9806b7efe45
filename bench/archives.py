"""Reads archives as an audit does, and says how much processor time and memory it took, beside what others take.

    python -m bench.archives --size 1024

Every reader is a process of its own. What is compared reads less: `tar -t` and Python's `tarfile` list names and do
not look at everything that an audit does.
"""

import argparse
import gzip
import io
import os
import random
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

from layout_lint.archives.ustar import END, header, padding

TARGET_MIB = 100
"""What the whole process may take for one archive, interpreter included."""
PATIENCE = 60
"""Seconds after which a reader is stopped; its exit code is -9 then."""
_MIB = 2**20
_INSPECT = """
import sys
from layout_lint.archives.inspect import inspect
with open(sys.argv[1], "rb", buffering=0) as stream:
    found = inspect(stream, lambda name: name.endswith(b".py"))
print(", ".join(fault.kind for fault in found.faults) or f"{len(found.entries)} members", found.unpacked)
"""
_TARFILE = """
import sys, tarfile
with tarfile.open(sys.argv[1], "r|gz") as archive:
    print(sum(1 for _ in archive), "members")
"""


def main() -> int:
    """Prints what each reader took for each archive; returns 1 where ours took more memory than it may."""
    parser = argparse.ArgumentParser(prog="python -m bench.archives", description=__doc__.partition("\n")[0])
    parser.add_argument("--size", type=int, default=1024, help="MiB of the large archives; default: %(default)s")
    parser.add_argument("--make", nargs=2, metavar=("NAME", "FILE"), help="only make this archive, as this file")
    given = parser.parse_args()
    if given.make:
        with open(given.make[1], "wb") as file:
            archives(given.size)[given.make[0]](file)
        return 0
    most = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for name in archives(given.size):
            path = os.path.join(folder, "archive.tar.gz")
            # by another process: one that is started has at least its parent's peak, as systems count it
            make = [sys.executable, "-m", "bench.archives", "--size", str(given.size), "--make", name, path]
            subprocess.run(make, check=True)
            print(f"{name}: {os.path.getsize(path) / _MIB:,.1f} MiB")
            for reader, command in readers(path).items():
                peak = show(reader, command)
                most = max(most, peak if reader == "layout-lint" else 0)
    held = "held" if most <= TARGET_MIB else "MISSED"
    print(f"peak memory of layout-lint {most:.0f} MiB; target: at most {TARGET_MIB} MiB, {held}")
    return 0 if most <= TARGET_MIB else 1


def readers(path: str) -> dict[str, list[str]]:
    """Returns the command of each reader."""
    return {
        "layout-lint": [sys.executable, "-c", _INSPECT, path],
        "tar -tzf": ["tar", "-tzf", path],
        "tarfile r|gz": [sys.executable, "-c", _TARFILE, path],
        "gzip -t": ["gzip", "-t", path],
    }


def show(reader: str, command: list[str]) -> float:
    """Runs a command, prints what it took, and returns its peak memory in MiB."""
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as running:
        patience = threading.Timer(PATIENCE, running.kill)
        patience.start()
        lines, last = 0, b""
        for line in running.stdout or ():
            lines, last = lines + 1, line
        _, status, used = os.wait4(running.pid, 0)
        running.returncode = os.waitstatus_to_exitcode(status)
        patience.cancel()
    took = time.perf_counter() - start
    peak = used.ru_maxrss / (_MIB if sys.platform == "darwin" else 1024)
    said = last.decode(errors="replace").strip()[:60] if lines == 1 else f"{lines} lines"
    cpu = used.ru_utime + used.ru_stime
    print(f"  {reader:<14} {cpu:7.2f} s CPU {took:7.2f} s {peak:6.0f} MiB  exit {running.returncode}  {said}")
    return peak


def archives(size: int) -> dict[str, Callable[[BinaryIO], None]]:
    """Returns what makes each archive, by what it is."""
    large = size * _MIB
    return {
        "a model of noise": lambda file: pack(file, _model(_noise(large), large), 1),
        "a model of 32-bit floats": lambda file: pack(file, _model(_floats(large // 4), large // 4), 1),
        "a model of zeros, 1,000 to 1": lambda file: pack(file, _model(_zeros(large), large), 9),
        "a bomb, 17 GiB of zeros": lambda file: pack(file, _model(_zeros(17 * 2**30), 17 * 2**30), 6),
        "a million members": lambda file: pack(file, (header(b"%d" % n, 0, executable=False) for n in range(10**6)), 6),
        "10,000 files of code": lambda file: pack(file, _code(), 6),
        "a pax header of 1 GiB": lambda file: pack(file, _pax(2**30), 9),
        "100,000 gzip members": _members,
    }


def pack(file: BinaryIO, pieces: Iterable[bytes], level: int) -> None:
    """Writes a gzip file of a tar archive that these pieces are."""
    engine = zlib.compressobj(level, zlib.DEFLATED, 31)
    file.writelines(engine.compress(piece) for piece in pieces)
    file.write(engine.compress(END) + engine.flush())


def _model(content: Iterator[bytes], size: int) -> Iterator[bytes]:
    yield header(b"model.pth", size, executable=False) if size < 8**11 else _large(size)
    yield from content
    yield padding(size)


def _large(size: int) -> bytes:
    info = tarfile.TarInfo("model.pth")
    info.size = size
    return info.tobuf(tarfile.GNU_FORMAT)


def _noise(size: int) -> Iterator[bytes]:
    made = random.Random(7)  # noqa: S311 - noise, not a secret
    for _ in range(size // _MIB):
        yield made.randbytes(_MIB)


def _floats(size: int) -> Iterator[bytes]:
    from array import array  # noqa: PLC0415 - the one place

    made = random.Random(7)  # noqa: S311 - as above
    block = array("f", (made.gauss(0, 0.02) for _ in range(_MIB // 4))).tobytes()
    for number in range(size // _MIB):
        yield block[number % _MIB :] + block[: number % _MIB]


def _zeros(size: int) -> Iterator[bytes]:
    block = bytes(_MIB)
    for _ in range(size // _MIB):
        yield block


def _code() -> Iterator[bytes]:
    content = b"VALUE = 1\n" * 400
    for number in range(9_999):
        yield header(b"lib/module_%d.py" % number, len(content), executable=False) + content + padding(len(content))


def _pax(size: int) -> Iterator[bytes]:
    info = tarfile.TarInfo("pax")
    info.type, info.size = tarfile.XHDTYPE, size
    yield info.tobuf(tarfile.USTAR_FORMAT)
    yield from _zeros(size)


def _members(file: BinaryIO) -> None:
    packed = io.BytesIO()
    pack(packed, _code(), 6)
    tar = gzip.decompress(packed.getvalue())
    step = len(tar) // 99_000
    file.writelines(gzip.compress(tar[start : start + step], 1) for start in range(0, len(tar), step))


if __name__ == "__main__":
    sys.exit(main())
