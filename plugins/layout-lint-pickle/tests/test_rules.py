"""What is said of a file in an archive, and what is not."""

from __future__ import annotations

import collections
import datetime as dt
import os
import pickle
import runpy
import struct
from typing import TYPE_CHECKING

import pytest
from torch_files import STATE, Calls, command, legacy, saved, string, zipped

from layout_lint.testing import check_member

if TYPE_CHECKING:
    from collections.abc import Iterable


def said(content: bytes | Iterable[bytes], name: str = "model.pth", settings: str = "") -> list[str]:
    """Each finding in a line."""
    return [
        f"{one.code} {one.severity} {one.message}" for one in check_member(name, content, settings=settings).findings
    ]


SILENT = {
    "weights as torch.save writes them": saved(),
    "packed": saved(packed=True),
    "with lengths in front": saved(follow=False),
    "with lengths in front, packed": saved(follow=False, packed=True),
    "with fields for large files": saved(large=True),
    "with fields for large files, and lengths in front": saved(large=True, follow=False),
    "as torch.save wrote them before": legacy(),
    "a plain pickle": pickle.dumps({"weight": [0.5, -1.5]}, 5),
    "one of protocol 0": pickle.dumps({"weight": [0.5, -1.5]}, 0),
    "times and collections": pickle.dumps([dt.datetime.now(dt.UTC), collections.Counter("abc")], 4),
    "an array of NumPy": b"\x80\x02cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85\x87R.",
    "TorchScript": zipped({"m/constants.pkl": b"\x80\x02).", "m/data.pkl": b"\x80\x02c__torch__.net\nNet\n)\x81."}),
    "safetensors": struct.pack("<Q", 40) + b'{"weight":{"dtype":"F32","shape":[0]}}  ',
    "HDF5": b"\x89HDF\r\n\x1a\n" + bytes(64),
    "a pickle inside of a string, which nothing loads": pickle.dumps(command(2), 4),
    "numbers of NumPy": b"\x93NUMPY\x01\x00\x10\x00{'descr': '<f4'}" + bytes(8),
    "a zip file without anything": zipped({"readme.txt": b"nothing"}),
    "a command in the storage of an old file, where nothing loads it": legacy() + command(2),
}


@pytest.mark.parametrize("content", SILENT.values(), ids=SILENT)
def test_silent(content: bytes) -> None:
    assert said(content) == []


RUNS = {
    "a command": (saved(command(2)), "posix.system"),
    "packed": (saved(command(2), packed=True), "posix.system"),
    "with lengths in front": (saved(command(4), follow=False), "posix.system"),
    "in the old format": (legacy(command(2)), "posix.system"),
    "in the last pickle of the old format": (
        legacy().replace(pickle.dumps(["0"], 2), command(2)),
        "posix.system",
    ),
    "a plain pickle of protocol 0": (command(0), "posix.system"),
    "of protocol 5": (command(5), "posix.system"),
    "the second pickle of a file": (pickle.dumps(1) + command(4), "posix.system"),
    "the sixth pickle of a file": (pickle.dumps(1) * 5 + command(4), "posix.system"),
    "another entry, known by its name": (zipped({"a/x.pkl": command(0)}), "posix.system"),
    "another entry, known by its first bytes": (zipped({"a/x": command(2)}), "posix.system"),
    "cut off after the call": (command(2)[:-3], "posix.system"),
    "eval, as Python 2 calls it": (pickle.dumps(Calls(eval, "1"), 2), "__builtin__.eval"),
    "a pickle inside of a pickle": (b"\x80\x02ccPickle\nloads\nU\x01.\x85R.", "cPickle.loads"),
    "INST": (b"(S'true'\nios\nsystem\n.", "os.system"),
    "a program file": (pickle.dumps(Calls(runpy.run_path, "x"), 4), "runpy.run_path"),
    "by way of a harmless module": (
        b"\x80\x04" + string("torch") + string("serialization.os.system") + b"\x93)R.",
        "torch.serialization.os.system",
    ),
    "escaped": (b"V\\u006fs\nV\\u0073ystem\n\x93)R.", "os.system"),
    "escaped otherwise": (b"S'\\x6fs'\nS'\\163ystem'\n\x93)R.", "os.system"),
    "out of a memo whose numbers began again": (
        (pickle.PROTO + b"\x04" + string("collections") + b"\x940" + string("OrderedDict") + b"\x940N.")
        + (pickle.PROTO + b"\x04" + string("os") + b"\x940" + string("system") + b"\x940h\x00h\x01\x93)R."),
        "os.system",
    ),
    "out of a memo that was written twice": (
        b"\x80\x02"
        + string("os")
        + b"q\x000"
        + string("x")
        + b"q\x010"
        + string("system")
        + b"q\x010h\x00h\x01\x93)R.",
        "os.system",
    ),
    "an array of objects": (b"\x93NUMPY\x01\x00\x10\x00{'descr': '|O' }" + command(2), "posix.system"),
}


@pytest.mark.parametrize(("content", "name"), RUNS.values(), ids=RUNS)
def test_runs_code(content: bytes, name: str) -> None:
    assert said(content)[0].startswith(f"PKL101 error loading `model.pth` runs code: it imports `{name}` (")


PLACES = {
    "two lines of text": (command(2), "byte", command(2).index(b"cposix")),
    "two strings": (command(4), "byte", command(4).rindex(b"\x93")),
    "an entry of a zip file": (saved(command(2)), "`model/data.pkl`, byte", command(2).index(b"cposix")),
    "a packed entry": (saved(command(4), packed=True), "`model/data.pkl`, byte", command(4).rindex(b"\x93")),
    "the old format": (legacy(command(2)), "byte", legacy(command(2)).index(b"cposix")),
}


@pytest.mark.parametrize(("content", "before", "offset"), PLACES.values(), ids=PLACES)
def test_the_place_is_that_of_the_opcode(content: bytes, before: str, offset: int) -> None:
    assert said(content)[0].endswith(f" imports `posix.system` ({before} {offset})")


def test_a_file_of_any_name_is_known_by_its_first_bytes() -> None:
    assert said(command(2), "weights")[0].startswith("PKL101")
    assert said(saved(command(2)), "notes.txt")[0].startswith("PKL101")


def test_other_files_are_no_pickles_though_they_begin_as_one_does() -> None:
    assert said(b"\x80\x02" + bytes(range(256)), "weights.bin") == []
    assert said(b"\x80\x02\xff", "weights.pth") == [
        "PKL103 error `weights.pth` could not be scanned for code: it has a byte that is no opcode (byte 2)"
    ]


def test_a_command_counts_in_what_only_begins_as_a_pickle() -> None:
    assert said(command(2)[:-3], "weights.bin")[0].startswith("PKL101")


MADE_ON_LOAD = {
    "put together": string("o") + string("s") + b"\x86" + string("system") + b"\x93.",
    "the top of the stack twice": string("os") + b"2\x93.",
    "after something was taken off": string("os") + string("system") + string("x") + b"0\x93.",
    "out of an empty place of the memo": string("os") + b"h\x07\x93.",
    "by number": b"\x82\x01.",
    "out of a place of the memo that holds something else by now": (
        string("os") + b"q\x00)q\x00h\x00" + string("system") + b"\x93."
    ),
}


@pytest.mark.parametrize("content", MADE_ON_LOAD.values(), ids=MADE_ON_LOAD)
def test_a_name_that_is_made_on_load(content: bytes) -> None:
    (line,) = said(b"\x80\x04" + content)
    assert line.startswith("PKL101 error loading `model.pth` imports a name that is made while it is loaded (byte ")


def test_an_unknown_import() -> None:
    assert said(b"\x80\x02ctrain\nNet\n)R.") == [
        "PKL102 warning `model.pth` imports `train.Net` (byte 2), which weights are not saved with"
    ]


def test_a_part_of_a_harmless_name_is_unknown() -> None:
    assert [line.split()[0] for line in said(b"\x80\x02ccollections\nOrdered\n0ctorch\nload_x\n0N.")] == ["PKL102"] * 2


def test_many_unknown_imports_are_told_in_a_few_lines() -> None:
    lines = said(b"\x80\x02" + b"".join(b"ctrain\nNet%d\n0" % number for number in range(5_000)) + b"N.")
    assert len(lines) == 12
    assert "PKL102 warning `model.pth` imports 990 more names which weights are not saved with" in lines
    assert lines[-1] == (
        "PKL103 warning `model.pth` is too large to be scanned for code: it imports more than 1,000 different names"
    )


def test_rules_are_selected_and_graded_as_any_other() -> None:
    assert said(saved(command(2)), settings='ignore = ["PKL101"]') == []
    assert said(saved(command(2)), settings='select = ["PKL"]\nseverity = {PKL101 = "warning"}')[0].startswith(
        "PKL101 warning"
    )


def test_nothing_of_a_file_is_run(tmp_path: os.PathLike[str]) -> None:
    witness = os.path.join(tmp_path, "witness")
    assert said(pickle.dumps(Calls(os.mkdir, witness), 2)) != []
    assert not os.path.exists(witness)


def test_the_state_that_these_tests_are_about_has_imports() -> None:
    assert STATE.count(b"\nOrderedDict\n") == 1
