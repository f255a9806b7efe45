"""``layout-lint demo``: a sample repository and a sample bucket with common mistakes, checked."""

from __future__ import annotations

import contextlib
import os
import shlex
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from layout_lint.cli.audit_options import AuditOptions
from layout_lint.cli.options import Options
from layout_lint.cli.run import NOT_AUDITED, run
from layout_lint.cli.samples import BUCKET, REPOSITORY, archive
from layout_lint.cli.saying import tell
from layout_lint.model.error import Mistake, UserError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from layout_lint.cli.samples import Content

_REPOSITORY = "sample-repository"
_BUCKET = "sample-bucket"

_WHAT = "A sample repository and a sample bucket, with mistakes that are often made:\n"
_STAND_IN = "A folder stands for a bucket here; name a real one as s3://BUCKET.\n"
_ON = """Where to go on:
  layout-lint                     checks the repository that you are in
  layout-lint rule LL104          explains a finding
  layout-lint layout ml-project   draws what is asked of an ML project
  layout-lint s3 s3://BUCKET      audits a bucket; it reads and never writes
"""
_KEPT = "\nThe samples are still there: mend them and check again."
_GONE = "  layout-lint demo --keep FOLDER  makes the samples again and leaves them to you"


def run_demo(keep: str) -> int:
    """Makes the samples, checks both, and returns the exit code; findings are what a demo is there to show.

    Args:
        keep: a folder that does not exist yet, to make the samples in and leave them; "" for a temporary one.

    Raises:
        UserError: `keep` exists or cannot be made, or git is missing.
        layout_lint.sources.source.Unreadable: a sample cannot be read.
    """
    with _no_git_variables(), _place(keep) as folder, contextlib.chdir(folder):
        _make(Path(_REPOSITORY), REPOSITORY)
        _make_repository(Path(_REPOSITORY))
        _make(Path(_BUCKET), BUCKET)
        tell(*f"{_WHAT}\n$ cd {shlex.quote(folder)}\n\n$ layout-lint check {_REPOSITORY}".split("\n"))
        codes = [run(Options(targets=(_REPOSITORY,)))]
        tell(*f"\n{_STAND_IN}\n$ layout-lint s3 {_BUCKET}".split("\n"))
        codes.append(run(Options(targets=(_BUCKET,), bucket=True, audit=AuditOptions(no_state=True, quiet=True))))
    tell(*f"\n{_ON}{_KEPT if keep else _GONE}".split("\n"))
    return NOT_AUDITED if NOT_AUDITED in codes else 0


@contextlib.contextmanager
def _place(keep: str) -> Iterator[str]:
    """Gives the folder for the samples; a temporary one is gone afterwards, whatever happens."""
    if not keep:
        with tempfile.TemporaryDirectory(prefix="layout-lint-demo-") as folder:
            yield os.path.realpath(folder)
        return
    try:
        Path(keep).mkdir(parents=True)
    except FileExistsError:
        raise UserError([Mistake(f"`{keep}` exists already", hint="name a folder that does not")]) from None
    except OSError as error:
        raise UserError(f"the folder `{keep}` cannot be made: {error.strerror}") from error
    yield os.path.realpath(keep)


@contextlib.contextmanager
def _no_git_variables() -> Iterator[None]:
    """Hides what points git at a repository of the caller's, as in a hook of git."""
    hidden = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("GIT_")}
    try:
        yield
    finally:
        os.environ.update(hidden)


def _make(root: Path, sample: Mapping[str, Content]) -> None:
    for name, content in sample.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith("/"):
            path.mkdir()
        elif isinstance(content, str):
            path.write_text(content, encoding="utf-8", newline="\n")
        else:
            path.write_bytes(archive(content))


def _make_repository(root: Path) -> None:
    """Makes a folder a git repository with everything staged, whatever the user's own git settings are."""
    plain = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    for command in (["init", "--quiet", "--template="], ["add", "--all"]):
        try:
            subprocess.run(["git", *command], cwd=root, env=plain, check=True, capture_output=True)  # noqa: S603, S607 - the user's git
        except FileNotFoundError:
            message = "git is not installed, and the sample repository needs it"
            raise UserError([Mistake(message, hint="install git, or try `layout-lint s3 FOLDER`")]) from None
        except subprocess.CalledProcessError as error:
            said = error.stderr.decode(errors="replace").strip()
            raise UserError(f"git could not make the sample repository: {said}") from error
