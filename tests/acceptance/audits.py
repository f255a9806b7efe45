"""Audits of buckets as a user runs them, with what they leave: exit code, both reports, messages, remembered files."""

from __future__ import annotations

import io
import json
import subprocess
import time
from collections import Counter
from contextlib import redirect_stderr
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from layout_lint.cli.app import run_app
from tests.acceptance.command import SCRIPT, environment
from tests.s3_faults import Fault
from tests.servers import AWS

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from tests.s3_faults import Handler, Request


@dataclass(frozen=True, slots=True)
class Audit:
    """What one audit left: exit code, JSON output, text, and what it said on standard error."""

    code: int
    report: dict[str, Any]
    text: str
    err: str

    @property
    def findings(self) -> list[str]:
        """Codes and paths, in the order of the report."""
        return [f"{one['code']} {one['path']}" for one in self.report["findings"]]

    @property
    def unseen(self) -> list[str]:
        """What was not audited, with the reason."""
        return [f"{one['target']} {one['path']}: {one['reason']}" for one in self.report["not_audited"]]

    @property
    def requests(self) -> int:
        """As the summary tells."""
        return int(self.report["summary"]["requests"])

    @property
    def same(self) -> dict[str, Any]:
        """All of the report that two audits of one bucket have in common."""
        summary = {name: value for name, value in self.report["summary"].items() if name not in ("requests", "seconds")}
        return {**self.report, "summary": summary}


class Auditor:
    """Audits with a state folder and an environment of its own."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        """Takes an empty folder, which becomes the working folder."""
        self.folder = folder
        self.state = folder / "state"
        self._env = {**AWS, "XDG_STATE_HOME": str(self.state)}
        patch.chdir(folder)
        patch.delenv("AWS_PROFILE", raising=False)
        for name, value in self._env.items():
            patch.setenv(name, value)

    def __call__(self, *words: str) -> Audit:
        """Audits in this process."""
        said = io.StringIO()
        with redirect_stderr(said):
            code = run_app(self._command(words))
        return self._left(code, said.getvalue())

    def start(self, *words: str, stderr: int = subprocess.PIPE, **env: str) -> subprocess.Popen[bytes]:
        """Starts an audit in a process of its own."""
        shown = environment(**self._env, **env)
        command = [SCRIPT, *self._command(words)]
        return subprocess.Popen(command, cwd=self.folder, env=shown, stdout=subprocess.PIPE, stderr=stderr)

    def end(self, process: subprocess.Popen[bytes]) -> Audit:
        """Waits for the end of an audit; there must be nothing on standard output, where no report was to go."""
        out, err = process.communicate(timeout=60)
        assert not out, out
        return self._left(process.returncode, (err or b"").decode())

    def remembered(self) -> list[Path]:
        """The state files, without the locks beside them."""
        return sorted(self.state.glob("layout-lint/audits/*.sqlite"))

    def _command(self, words: tuple[str, ...]) -> list[str]:
        for name in ("report.json", "report.txt"):
            Path(self.folder, name).unlink(missing_ok=True)
        return ["s3", *words, "--output-format", "json:report.json", "--output-format", "text:report.txt"]

    def _left(self, code: int, err: str) -> Audit:
        assert "Traceback" not in err, err
        report, text = self.folder / "report.json", self.folder / "report.txt"
        if not report.exists():
            return Audit(code, {}, "", err)
        return Audit(code, json.loads(report.read_text("utf-8")), text.read_text("utf-8"), err)


@dataclass(slots=True)
class Watch:
    """Lets all requests through a proxy, and counts them.

    Attributes:
        seen: the requests, in the order in which they came.
        times: when they came, in seconds.
        most: how many were under way at once.
        gets: how often each object was asked for, by its path.
    """

    seen: list[Request] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    most: int = 0
    gets: Counter[str] = field(default_factory=Counter)
    _now: int = 0
    _lock: Lock = field(default_factory=Lock)

    @property
    def fault(self) -> Fault:
        """To give the proxy."""
        return Fault(self._pass, self._note)

    def forget(self) -> None:
        """Begins to count anew."""
        self.seen, self.times, self.most, self.gets = [], [], 0, Counter()

    def _note(self, request: Request) -> bool:
        with self._lock:
            self.seen.append(request)
            self.times.append(time.monotonic())
            if request.method == "GET" and request.prefix is None and request.path.count("/") > 1:
                self.gets[request.path.partition("/")[2].partition("/")[2]] += 1
        return True

    def _pass(self, handler: Handler) -> None:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        time.sleep(0.01)  # so that requests that are sent at once meet here
        try:
            handler.forward()
        finally:
            with self._lock:
                self._now -= 1


def until(happened: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    """Returns when something has happened in a process that runs."""
    end = time.monotonic() + 60
    while not happened():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end, "it never came to that place"
        time.sleep(0.005)
