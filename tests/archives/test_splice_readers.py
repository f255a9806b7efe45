"""Every reader that people have accepts a splice, and gets the same model out of it."""

from __future__ import annotations

import gzip
import hashlib
import importlib
import random
import shutil
import subprocess
import tarfile
import zlib
from pathlib import Path

import pytest

from tests.archives.models import files_of, packed, spliced, tar_of
from tests.archives.packing import run

CODE = {"inference.py": b"def model_fn(folder): ...\n", "large.py": b"# " + bytes(range(32, 127)) * 2000}
WEIGHTS = random.Random(11).randbytes(2_000_000) + bytes(1_000_000)  # noqa: S311 - the same in every run
FILES = {**{f"code/{name}": content for name, content in CODE.items()}, "model.pth": WEIGHTS}

_JAVA = """
import java.io.*;
import java.util.zip.GZIPInputStream;

class Unpack {
    public static void main(String[] given) throws IOException {
        try (InputStream in = new GZIPInputStream(new FileInputStream(given[0]))) { in.transferTo(System.out); }
    }
}
"""
_GO = """package main

import (
\t"compress/gzip"
\t"io"
\t"os"
)

func main() {
\tfile, err := os.Open(os.Args[1])
\tif err != nil { panic(err) }
\treader, err := gzip.NewReader(file)
\tif err != nil { panic(err) }
\tif _, err := io.Copy(os.Stdout, reader); err != nil { panic(err) }
}
"""
_NODE = "process.stdout.write(require('zlib').gunzipSync(require('fs').readFileSync(process.argv[1])))"
_NODE_STREAM = (
    "require('fs').createReadStream(process.argv[1]).pipe(require('zlib').createGunzip()).pipe(process.stdout)"
)

UNPACK = {
    "gzip": ("gzip", "-dc"),
    "pigz": ("pigz", "-dc"),
    "busybox gunzip": ("busybox", "gunzip", "-c"),
    "7z": ("7z", "e", "-so", "-tgzip"),
    "libdeflate": ("libdeflate-gunzip", "-c"),
    "zstd": ("zstd", "-dcq"),
    "Node, at once": ("node", "-e", _NODE),
    "Node, as a stream": ("node", "-e", _NODE_STREAM),
    "Java": ("java", "Unpack.java"),
    "Go": ("go", "run", "unpack.go"),
}
EXTRACT = {
    "GNU tar": ("tar", "xzf"),
    "bsdtar": ("bsdtar", "xf"),
    "busybox tar": ("busybox", "tar", "xzf"),
}
LIBRARIES = {"isal": "isal.igzip", "zlib-ng": "zlib_ng.gzip_ng", "gzip": "gzip"}

ORIGINALS = {
    "level 6": packed({"model.pth": WEIGHTS}),
    "stored": packed({"model.pth": WEIGHTS}, 0),
    "pax": gzip.compress(tar_of({"model.pth": WEIGHTS}, tarfile.PAX_FORMAT), 1),
}


@pytest.fixture(scope="module", params=ORIGINALS)
def archive(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("readers")
    path = folder / "model.tar.gz"
    path.write_bytes(spliced(ORIGINALS[request.param], CODE))
    (folder / "Unpack.java").write_text(_JAVA)
    (folder / "unpack.go").write_text(_GO)
    return path


def _needs(program: str) -> None:
    if not shutil.which(program):
        pytest.skip(f"`{program}` is not installed")


@pytest.mark.parametrize("reader", UNPACK)
def test_programs_unpack_it(reader: str, archive: Path) -> None:
    _needs(UNPACK[reader][0])
    done = subprocess.run([*UNPACK[reader], str(archive)], capture_output=True, cwd=archive.parent, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert hashlib.sha256(done.stdout).digest() == hashlib.sha256(gzip.decompress(archive.read_bytes())).digest()


@pytest.mark.parametrize("program", ["gzip", "pigz"])
def test_programs_find_it_whole(program: str, archive: Path) -> None:
    _needs(program)
    run(program, "--test", str(archive))


@pytest.mark.parametrize("reader", EXTRACT)
def test_programs_extract_it(reader: str, archive: Path, tmp_path: Path) -> None:
    _needs(EXTRACT[reader][0])
    run(*EXTRACT[reader], str(archive), "-C", str(tmp_path))
    found = {str(path.relative_to(tmp_path)): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert found == FILES


@pytest.mark.parametrize("mode", ["r:gz", "r|gz", "r|*", "r:*"])
def test_tarfile_reads_it(mode: str, archive: Path) -> None:
    assert files_of(archive.read_bytes(), mode) == FILES


@pytest.mark.parametrize("library", LIBRARIES)
def test_libraries_unpack_it(library: str, archive: Path) -> None:
    module = LIBRARIES[library]
    try:
        found = importlib.import_module(module)
    except ImportError:
        pytest.skip(f"`{library}` is not installed")
    assert found.decompress(archive.read_bytes()) == gzip.decompress(archive.read_bytes())
    with found.open(archive) as stream:
        assert b"".join(iter(lambda: stream.read(10_007), b"")) == gzip.decompress(archive.read_bytes())


def test_bare_zlib_finds_one_member_and_nothing_behind(archive: Path) -> None:
    engine = zlib.decompressobj(31)
    engine.decompress(archive.read_bytes())
    assert engine.eof
    assert engine.unused_data == b""
