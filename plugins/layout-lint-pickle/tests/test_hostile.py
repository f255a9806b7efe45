"""Files that are cut off, corrupt, or made to deceive: always a finding, never an exception, never much memory."""

from __future__ import annotations

import pickle
import struct
import subprocess
import sys
import zlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_rules import said
from torch_files import STATE, command, legacy, saved, zipped

from layout_lint_pickle.files import FileScan

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from layout_lint_pickle.found import Found

FILES = {
    "stored": saved(),
    "lengths in front": saved(follow=False),
    "packed": saved(packed=True),
    "packed, lengths in front": saved(packed=True, follow=False),
    "large": saved(large=True),
    "old format": legacy(),
    "command": saved(command(4), packed=True),
    "protocol 0": command(0),
}


def scan(pieces: Iterable[bytes], name: str = "model.pth") -> Found | None:
    file = FileScan(name)
    for piece in pieces:
        file.feed(piece)
    return file.finish()


def cut(content: bytes, size: int) -> Iterator[bytes]:
    return (content[at : at + size] for at in range(0, len(content), size))


@pytest.mark.parametrize("content", FILES.values(), ids=FILES)
@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
def test_pieces_of_any_length_are_the_same_file(content: bytes, size: int) -> None:
    assert scan(cut(content, size)) == scan([content])


@pytest.mark.parametrize("name", ["stored", "lengths in front", "packed", "packed, lengths in front", "large"])
def test_every_cut_off_zip_file_is_found(name: str) -> None:
    content = FILES[name]
    for end in range(1, len(content)):
        found = scan([content[:end]])
        assert found is not None, end
        assert found.unscanned, end


def test_every_cut_off_pickle_is_found() -> None:
    for end in range(1, len(STATE)):
        found = scan([STATE[:end]])
        assert found is not None, end
        assert found.unscanned == [("", "ends too early")], end


def patched(content: bytes, before: bytes, after: bytes, *, last: bool = True) -> bytes:
    """The content with one place changed."""
    at = content.rindex(before) if last else content.index(before)
    return content[:at] + after + content[at + len(before) :]


PLAIN = zipped({"m/data.pkl": STATE, "m/version": b"3\n"}, follow=False)
PACKED = zipped({"m/data.pkl": STATE}, packed=True, follow=False)
LISTED = PLAIN.index(b"PK\x01\x02")
END = PLAIN.index(b"PK\x05\x06")
OTHER_LIST = zipped({"m/data.pkl": command(2), "m/version": b"3\n"}, follow=False)

DECEIVING = {
    "the list has another name": (patched(PLAIN, b"data.pkl", b"evil.pkl"), "lists an entry `m/evil.pkl`"),
    "an entry has another name": (patched(PLAIN, b"data.pkl", b"safe.pkl", last=False), "lists an entry `m/data.pkl`"),
    "the list lacks an entry": (
        PLAIN[: PLAIN.rindex(b"PK\x01\x02")] + PLAIN[END:],
        "does not list its entry `m/version`",
    ),
    "two lists": (PLAIN + OTHER_LIST, "goes on after its end"),
    "a list in the comment": (PLAIN[:-2] + struct.pack("<H", 22) + PLAIN[END:], "goes on after its end"),
    "a list that is elsewhere": (
        PLAIN[: END + 16] + struct.pack("<L", LISTED + 1) + PLAIN[END + 20 :],
        "has a second list",
    ),
    "bytes between the entries": (PLAIN[:LISTED] + b"evil" + PLAIN[LISTED:], "does not list its entry"),
    "encrypted": (patched(PLAIN, b"PK\x03\x04\x14\x00\x00", b"PK\x03\x04\x14\x00\x01"), "has an encrypted entry"),
    "packed by bzip2": (PLAIN[:8] + b"\x0c" + PLAIN[9:], "packed by method 12"),
    "a zip file in a zip file": (
        zipped({"m/data.pkl": STATE, "m/inner": saved(command(2))}, follow=False),
        "its entry `m/inner` is a zip file inside of a zip file",
    ),
    "an entry that is corrupt": (PACKED[:40] + b"\xff\xff" + PACKED[42:], "cannot be unpacked"),
    "a wrong checksum": (
        PACKED.replace(zlib.crc32(STATE).to_bytes(4, "little"), b"\x01\x02\x03\x04"),
        "with other sizes or another checksum",
    ),
    "an extra field that is too long": (
        PLAIN[:28] + b"\x04\x00" + b"m/data.pkl" + b"\x01\x00\xff\xff" + PLAIN[40:],
        "an extra field that is longer",
    ),
}


@pytest.mark.parametrize(("content", "reason"), DECEIVING.values(), ids=DECEIVING)
def test_what_a_loader_could_see_otherwise_is_a_finding(content: bytes, reason: str) -> None:
    lines = [line for line in said(content) if line.startswith("PKL103 error `model.pth` could not be scanned")]
    assert lines
    assert reason in lines[0]


BAD_PICKLES = {
    "an unknown opcode": (b"\x80\x02\xff", "a byte that is no opcode (byte 2)"),
    "two ways to number the memo": (b"\x80\x04N\x94q\x01.", "numbers its memo in two ways"),
    "a memo without a number": (b"Npx\n.", "a place in its memo that is no number"),
    "a name of many bytes": (b"c" + b"a" * 600 + b"\nx\n.", "a name of more than 512 bytes"),
    "a name that is no text": (b"c\xff\nx\n.", "a name that is no text"),
    "compressed by joblib": (zlib.compress(command(2)), "no opcode"),
    "a tar file": (b"sys_info".ljust(512, b"\0"), "opcode"),
}


@pytest.mark.parametrize(("content", "reason"), BAD_PICKLES.values(), ids=BAD_PICKLES)
def test_what_is_no_pickle_is_a_finding(content: bytes, reason: str) -> None:
    (line,) = [line for line in said(content) if line.startswith("PKL103")]
    assert reason in line


@given(st.sampled_from(sorted(FILES)), st.data())
@settings(max_examples=300, deadline=None)
def test_no_change_makes_it_raise(name: str, data: st.DataObject) -> None:
    content = bytearray(FILES[name])
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    pieces = list(cut(bytes(content), data.draw(st.integers(1, 300))))
    assert scan(pieces) == scan([bytes(content)])


@given(st.binary(max_size=200), st.sampled_from(["model.pth", "x", "x.pkl"]))
@settings(max_examples=300, deadline=None)
def test_no_bytes_make_it_raise(content: bytes, name: str) -> None:
    scan([content], name)
    scan([b"\x80\x04" + content], name)
    scan([b"PK\x03\x04" + content], name)


PIECE = 1 << 16
LARGE = {
    "opcodes": (b"\x80\x02", b"(" * PIECE, "has more than 5,000,000 opcodes"),
    "strings to keep": (b"\x80\x04", b"\x8c\x04name\x94" * 8_000, "keeps more than 200,000 strings"),
    "a line": (b"\x80\x02V", b"x" * PIECE, "ends too early"),
    "a string": (b"\x80\x04\x8d" + (1 << 40).to_bytes(8, "little"), b"x" * PIECE, "ends too early"),
    "an entry": (saved()[:44], b"PK\x07\x08" * (PIECE // 4), "ends too early"),
}
MEASURE = """
import resource, sys
from layout_lint_pickle.files import FileScan
scan = FileScan("model.pth")
scan.feed(bytes.fromhex(sys.argv[1]))
piece = sys.stdin.buffer.read()
for _ in range(300):
    scan.feed(piece)
print(scan.finish())
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


@pytest.mark.parametrize(("head", "piece", "reason"), LARGE.values(), ids=LARGE)
def test_large_files_take_little_memory(head: bytes, piece: bytes, reason: str) -> None:
    command = [sys.executable, "-c", MEASURE, head.hex()]
    done = subprocess.run(command, input=piece, capture_output=True, check=True, timeout=120)
    found, megabytes = done.stdout.decode().splitlines()
    assert reason in found
    assert int(megabytes) < 90


def test_a_bomb_is_given_up() -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    zeros = b"".join(packer.compress(bytes(1 << 20)) for _ in range(600)) + packer.flush()
    header = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 8, 8, 0, 0, 0, 0, 0, 1, 0) + b"x"
    found = scan(cut(header + zeros, PIECE))
    assert found is not None
    assert found.large == [("", "unpacks to more than 200 times its size")]


def test_many_entries_are_given_up() -> None:
    header = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 0, 0, 0, 0, 0, 0, 1, 0) + b"x"
    found = scan([header * 1_000] * 51)
    assert found is not None
    assert found.large == [("", "has more than 50,000 entries")]


def test_legitimate_pickles_are_not_large() -> None:
    assert scan([pickle.dumps([float(number) for number in range(1_000_000)], 4)]) is None
    assert scan([pickle.dumps({f"word{number}": number for number in range(100_000)}, 4)]) is None
