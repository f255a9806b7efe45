"""A git command that runs beside us and answers questions, started with the first of them.

`os.posix_spawn` needs no import, where `subprocess` takes as long to import as the interpreter to start.
This module is on the path of runs that must start fast, so it imports next to nothing.
"""

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Final

    from layout_lint.sources.git_places import Repository

_UNWANTED: "Final" = (
    "GIT_LITERAL_PATHSPECS",
    "GIT_GLOB_PATHSPECS",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_ICASE_PATHSPECS",
    "GIT_EXTERNAL_DIFF",
)
"""Settings for a person at a shell, which change how git reads the paths that we give it."""

_ROOM: "Final" = 4096
"""Bytes that a pipe takes at once however full the system is (PIPE_BUF of Linux): git and we never wait for each
other as long as no more than that is asked at a time."""


class GitProcess:
    """One git command with pipes to its input and output."""

    def __init__(self, repository: "Repository", arguments: "Sequence[str]") -> None:
        """Starts git.

        Args:
            repository: what git is told to look at, whatever the environment says.
            arguments: the git command and its options.

        Raises:
            OSError: there is no git.
        """
        self._pid = 0
        self._to = self._from = self._errors = -1
        self._held = bytearray()
        theirs_in, self._to = os.pipe()
        self._from, theirs_out = os.pipe()
        self._errors, theirs_errors = os.pipe()
        for end in (self._errors, theirs_errors):  # git must not wait for a reader of its warnings
            os.set_blocking(end, False)
        try:
            self._pid = os.posix_spawnp(
                "git",
                _command(repository, arguments),
                _environment(repository),
                file_actions=[
                    (os.POSIX_SPAWN_DUP2, theirs_in, 0),
                    (os.POSIX_SPAWN_DUP2, theirs_out, 1),
                    (os.POSIX_SPAWN_DUP2, theirs_errors, 2),
                ],
            )
        except OSError:
            self.close()
            raise
        finally:
            for end in (theirs_in, theirs_out, theirs_errors):
                os.close(end)

    def ask(self, question: bytes) -> None:
        """Sends one question, or several of at most 4,096 bytes together.

        Raises:
            OSError: git has ended.
        """
        sent = 0
        while sent < len(question):
            try:
                sent += os.write(self._to, question[sent:])
            except BrokenPipeError as error:
                raise OSError(self.complaint()) from error

    def fields(self, count: int) -> "list[bytes]":
        """Returns the next `count` fields of the answer, each of which ends in a NUL byte.

        Raises:
            OSError: git ended before it gave them.
        """
        missing = count - self._held.count(b"\0")
        while missing > 0:
            missing -= self._receive().count(b"\0")
        *found, rest = bytes(self._held).split(b"\0", count)
        self._held = bytearray(rest)
        return found

    def line(self) -> bytes:
        """Returns the next line of the answer without its end.

        Raises:
            OSError: git ended before it gave it.
        """
        while b"\n" not in self._held:
            self._receive()
        line, _, rest = bytes(self._held).partition(b"\n")
        self._held = bytearray(rest)
        return line

    def exactly(self, size: int) -> bytes:
        """Returns the next `size` bytes of the answer.

        Raises:
            OSError: git ended before it gave them.
        """
        while len(self._held) < size:
            self._receive()
        found = bytes(self._held[:size])
        del self._held[:size]
        return found

    def everything(self) -> bytes:
        """Returns all that git says until it ends.

        Raises:
            OSError: git failed.
        """
        while chunk := os.read(self._from, 1 << 16):
            self._held += chunk
        complaint = self.complaint()
        if self.close():
            raise OSError(complaint)
        return bytes(self._held)

    def complaint(self) -> str:
        """Returns the last line of what git wrote to its standard error, without its "fatal:"."""
        try:
            lines = os.read(self._errors, 1 << 14).decode("utf-8", "replace").splitlines()
        except BlockingIOError:
            lines = []
        return lines[-1].removeprefix("fatal: ").removeprefix("error: ") if lines else "git ended unexpectedly"

    def close(self) -> int:
        """Lets git end; returns its exit status, 0 where it was no longer running."""
        ends = [end for end in (self._to, self._from, self._errors) if end >= 0]
        self._to = self._from = self._errors = -1
        for end in ends:
            os.close(end)
        pid, self._pid = self._pid, 0
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) if pid else 0

    def __del__(self) -> None:
        self.close()

    def _receive(self) -> bytes:
        chunk = os.read(self._from, 1 << 16)
        if not chunk:
            raise OSError(self.complaint())
        self._held += chunk
        return chunk


def batches(questions: "Iterable[bytes]") -> "Iterable[list[bytes]]":
    """Yields the questions in groups that may each be asked at once."""
    group: list[bytes] = []
    room = _ROOM
    for question in questions:
        if group and room < len(question):
            yield group
            group, room = [], _ROOM
        group.append(question)
        room -= len(question)
    if group:
        yield group


def _command(repository: "Repository", arguments: "Sequence[str]") -> "list[str]":
    # the checked repository's settings must not make git run anything, so its file system monitor stays off
    return [
        "git",
        "-C",
        repository.worktree,
        f"--git-dir={repository.git_dir}",
        f"--work-tree={repository.worktree}",
        "-c",
        "core.fsmonitor=false",
        *arguments,
    ]


def _environment(repository: "Repository") -> "dict[str, str]":
    kept = {name: value for name, value in os.environ.items() if name not in _UNWANTED}
    return {
        **kept,
        "GIT_INDEX_FILE": repository.index_file,
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "LC_ALL": "C",
    }
