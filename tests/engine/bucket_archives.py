"""Buckets in memory whose archives are audited, for tests."""

from __future__ import annotations

import copy
from functools import cache
from typing import TYPE_CHECKING, Any

from layout_lint.engine.archives import Archives
from layout_lint.model.entry import Entry
from layout_lint.plugins.checking import bucket_roots, check_source, layouts_of
from layout_lint.plugins.load import load as load_plugins
from layout_lint.sources.memory import MemorySource
from layout_lint.testing.checking import settings_of
from tests.archives.hostile import MODEL_TAR, member, packed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from layout_lint.model.report import Report
    from layout_lint.plugins.registry import Registry
    from layout_lint.sources.source import Source

TRAIN = b"""import argparse
import os

import torch

parser = argparse.ArgumentParser()
parser.add_argument("--factor_num", type=int)
parser.add_argument("--model-dir", default=os.environ["SM_MODEL_DIR"])
arguments = parser.parse_args()
torch.save({}, os.path.join(arguments.model_dir, "model.pth"))
"""
INFERENCE = b"""import os

import torch


def model_fn(model_dir):
    return torch.load(os.path.join(model_dir, "model.pth"))
"""
SOURCES = {
    "train.py": TRAIN,
    "inference.py": INFERENCE,
    "requirements.txt": b"torch==2.4.1\n",
    "model_config.json": b'{"factor_num": "32"}\n',
}
"""A source version folder that no rule has anything to say about."""
SOURCE, MODEL, PACKAGE = (
    "code/ncf/source.tar.gz",
    "model/ncf/run-1/output/model.tar.gz",
    "repackage/ncf/2024-05-01-12-30-00/model.tar.gz",
)


def source_archive(changed: Mapping[str, bytes | None] | None = None, folder: str = "") -> bytes:
    """Returns a ``source.tar.gz``, some files of which are others, or left out where they are None."""
    files = {**SOURCES, **(changed or {})}
    return packed(*(member(folder + name, content=content) for name, content in files.items() if content is not None))


def package() -> bytes:
    """Returns a repackaged ``model.tar.gz``."""
    return packed(MODEL_TAR, *(member("code/" + name, content=content) for name, content in SOURCES.items()))


def whole() -> dict[str, bytes]:
    """Returns a bucket that nothing is wrong with."""
    return {"data/v1/part-0": b"1", SOURCE: source_archive(), MODEL: packed(MODEL_TAR), PACKAGE: package()}


def changed(objects: Mapping[str, bytes]) -> dict[str, bytes]:
    """Returns that bucket with some objects more, or other ones."""
    return {**whole(), **objects}


class Kept(dict[bytes, tuple[Any, ...]]):
    """Verdicts that live as long as a test."""

    def put(self, key: bytes, said: tuple[Any, ...]) -> None:
        self[key] = said

    def save(self) -> None:
        """Has nothing to do."""


class Bucket(MemorySource):
    """A bucket in memory with ETags, which counts what is opened."""

    def __init__(self, objects: Mapping[str, bytes], *, etags: bool = True, upload: str = "") -> None:
        contents = {key.encode(): content for key, content in objects.items()}
        entries = [
            Entry(key, "file", len(content), f"etag-{hash(content)}{upload}" if etags else "")
            for key, content in contents.items()
        ]
        super().__init__(entries, "s3://team", is_bucket=True, contents=contents)
        self.opened: list[str] = []

    def open(self, key: bytes, identity: str = "") -> Any:
        self.opened.append(key.decode())
        return super().open(key, identity)


def registry(plugins: tuple[str, ...] = ()) -> Registry:
    """Returns what is installed, and plugins by their files; rules can be changed in it."""
    return copy.copy(_loaded(plugins))


_loaded = cache(lambda plugins: load_plugins(plugins, whole=True))


def audit(
    source: Source, settings: str = "", found: Registry | None = None, own: tuple[str, ...] = (), **options: Any
) -> tuple[Report, Archives]:
    """Audits a bucket with its archives, by the last of the team's own layouts; returns the report and the audit."""
    known, said = found or registry(), settings_of(settings)
    layouts = layouts_of(said, known, [(f"{number}.yaml", text.encode()) for number, text in enumerate(own)])
    archives = Archives(known, layouts, said, **options)
    roots = bucket_roots(said, "", "acme-bucket" if own else "ml-bucket")
    report = check_source(source, known, said, layouts, roots, audits=lambda: [archives])
    return report, archives


def lines(report: Report) -> list[str]:
    """Returns findings as ``LL102 code/ncf/source.tar.gz!/train.py``."""
    return [f"{finding.code} {finding.path}" for finding in report.findings]


def inside(report: Report) -> list[str]:
    """Returns findings about archives and their members."""
    return [line for line in lines(report) if ".tar.gz" in line]
