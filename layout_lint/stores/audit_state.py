"""What audits of a bucket remember: pages of an audit that was interrupted, what archives hold, the last findings.

One SQLite file for each target, in the user's state folder. It only saves time and requests, and tells old findings
from new ones: it is safe to delete, and one that is damaged or of another version is begun anew.
"""

from __future__ import annotations

import fcntl
import hashlib
import marshal
import os
import sqlite3
import time
import zlib
from collections import Counter
from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from layout_lint.model.error import Mistake, UserError
from layout_lint.stores.state import folder_of_user

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from layout_lint.model.finding import Finding

VERSION: Final = 1
"""Of the file's form; a file of another version is begun anew."""
_FORM: Final = 4
"""Of marshal's data: the one that every Python from 3.4 on reads."""
_VERDICTS_KEPT: Final = 10
"""For how many audits what was said of an archive is kept that none of them asked for."""
_TABLES: Final = """
    CREATE TABLE audit (made_from BLOB, began REAL, ended REAL);
    CREATE TABLE pages (stream BLOB, number INTEGER, page BLOB, PRIMARY KEY (stream, number)) WITHOUT ROWID;
    CREATE TABLE verdicts (name BLOB PRIMARY KEY, said BLOB, audit INTEGER) WITHOUT ROWID;
    CREATE TABLE findings (code TEXT, path TEXT, count INTEGER, PRIMARY KEY (code, path)) WITHOUT ROWID;
"""


class AuditState:
    """The state of one target; one process at a time has it.

    Attributes:
        path: the file.
        resumed: when the audit began that this one goes on with, in seconds since 1970; 0 where it does not.
        last: when the last audit that came to its end began, in seconds since 1970; 0 where there is none.
        failure: what went wrong with the file while it was used, or "": from then on nothing is kept in it, and nothing
            is taken out of it.
    """

    def __init__(self, path: str) -> None:
        """Opens or makes the file.

        Args:
            path: where it is, absolute; `path_of` says it.

        Raises:
            UserError: another audit of this target is running, or the file cannot be written.
        """
        self.path = path
        self.resumed = 0.0
        self.failure = ""
        self._is_damaged = False
        self._guard = Lock()
        self._held = _lock(path)
        try:
            try:
                self._open()
            except (sqlite3.DatabaseError, ValueError):
                _remove(path)
                self._open()
        except (OSError, sqlite3.Error) as error:
            os.close(self._held)
            message = f"`{path}` cannot be written ({error}), so this audit could not be gone on with"
            raise UserError([Mistake(message, hint="make it writable, or give `--no-state`")]) from error
        self.last = self._last()
        self._number = 0

    @property
    def is_unfinished(self) -> bool:
        """Whether the audit before did not come to its end."""
        return self._one("SELECT 1 FROM audit WHERE ended IS NULL") is not None

    def begin(self, made_from: bytes, *, resume: bool) -> bool:
        """Begins an audit; returns whether it goes on with one that was interrupted.

        Args:
            made_from: what the order of requests depends on; pages that were listed in another way are not used.
            resume: go on with an audit that did not end, where there is one.
        """
        row = self._one("SELECT rowid, began FROM audit WHERE ended IS NULL AND made_from = ?", made_from)
        if resume and row is not None:
            self._number, self.resumed = int(row[0]), float(row[1])
            return True
        self._run("DELETE FROM audit WHERE ended IS NULL")
        self._run("DELETE FROM pages")
        self._run("INSERT INTO audit (made_from, began) VALUES (?, ?)", made_from, time.time())
        row = self._one("SELECT max(rowid) FROM audit")
        self._number = int(row[0]) if row is not None else 0
        return False

    def pages(self, stream: bytes) -> Iterator[Any]:
        """Yields the pages of a stream that were kept, in their order."""
        rows = self._all("SELECT page FROM pages WHERE stream = ? ORDER BY number", stream)
        for (held,) in rows:
            page = _read(held)
            if page is None:
                return  # a damaged page: the stream is listed from here on
            yield page

    def keep_page(self, stream: bytes, page: Any) -> None:
        """Keeps the next page of a stream, a value of plain types."""
        self._run(
            "INSERT INTO pages SELECT ?, 1 + coalesce(max(number), 0), ? FROM pages WHERE stream = ?",
            stream,
            _held(page),
            stream,
        )

    def get(self, key: bytes) -> tuple[Any, ...] | None:
        """Returns what an earlier audit said of an archive, or None where none looked at it."""
        row = self._one("SELECT said FROM verdicts WHERE name = ?", key)
        said = _read(row[0]) if row is not None else None
        if said is None:
            return None
        self._run("UPDATE verdicts SET audit = ? WHERE name = ?", self._number, key)
        found: tuple[Any, ...] = said
        return found

    def put(self, key: bytes, said: tuple[Any, ...]) -> None:
        """Keeps what this audit says of an archive, at once: an interruption loses nothing of it."""
        self._run("INSERT OR REPLACE INTO verdicts VALUES (?, ?, ?)", key, _held(said), self._number)

    def save(self) -> None:
        """All is kept as it comes; here for what else keeps results."""

    def new(self, findings: Iterable[Finding]) -> list[Finding]:
        """Returns the findings that the last audit did not have: those of a rule at a path beyond their number then."""
        known = Counter({(code, path): count for code, path, count in self._all("SELECT * FROM findings")})
        left = []
        for finding in findings:
            kind = _kind(finding)
            known[kind] -= 1
            if known[kind] < 0:
                left.append(finding)
        return left

    def end(self, findings: Iterable[Finding]) -> None:
        """Ends an audit that looked at everything: its findings are those that the next one is compared with."""
        counts = Counter(map(_kind, findings))
        self._run("BEGIN")
        self._run("DELETE FROM pages")
        self._run("DELETE FROM findings")
        for kind, count in counts.items():
            self._run("INSERT INTO findings VALUES (?, ?, ?)", *kind, count)
        self._run("DELETE FROM verdicts WHERE audit < ?", self._number - _VERDICTS_KEPT)
        self._run("UPDATE audit SET ended = ? WHERE rowid = ?", time.time(), self._number)
        self._run("DELETE FROM audit WHERE rowid < ?", self._number)
        self._run("COMMIT")

    def close(self) -> None:
        """Closes the file, or removes it where it is damaged; another audit may have it then."""
        with self._guard:
            self._base.close()
            if self._is_damaged:
                with suppress(OSError):
                    _remove(self.path)
            self.failure = self.failure or "it is closed"
        os.close(self._held)

    def _open(self) -> None:
        self._base = sqlite3.connect(self.path, check_same_thread=False, isolation_level=None, timeout=0)
        try:
            self._base.execute("PRAGMA journal_mode = WAL")
            self._base.execute("PRAGMA synchronous = NORMAL")
            version = self._base.execute("PRAGMA user_version").fetchone()[0]
            if version not in (0, VERSION):
                raise ValueError(version)  # noqa: TRY301 - as a damaged file, which sqlite3 tells of itself
            if version == 0:
                self._base.executescript(f"BEGIN; {_TABLES} PRAGMA user_version = {VERSION}; COMMIT;")
            self._base.execute("SELECT 1 FROM audit, pages, verdicts, findings LIMIT 1").fetchone()
        except BaseException:
            self._base.close()
            raise

    def _last(self) -> float:
        row = self._one("SELECT max(began) FROM audit WHERE ended IS NOT NULL")
        return float(row[0]) if row is not None and row[0] is not None else 0.0

    def _run(self, statement: str, *values: object) -> None:
        self._all(statement, *values)

    def _one(self, statement: str, *values: object) -> Any:
        return next(iter(self._all(statement, *values)), None)

    def _all(self, statement: str, *values: object) -> list[Any]:
        """Executes a statement; a file that fails is as good as an empty one, and no reason to end an audit."""
        with self._guard:
            if not self.failure:
                try:
                    return self._base.execute(statement, values).fetchall()
                except sqlite3.Error as error:
                    self.failure = str(error)
                    self._is_damaged = not isinstance(error, sqlite3.OperationalError)  # such as a full disk
        return []


def path_of(target: str) -> str:
    """Returns the path of a target's state file.

    Args:
        target: the bucket and the prefix, and the endpoint where it is not Amazon's.

    Raises:
        UserError: there is no home folder to keep it in.
    """
    name = hashlib.sha256(os.fsencode(target)).hexdigest()[:32]
    return os.path.join(folder_of_user(), "layout-lint", "audits", f"{name}.sqlite")


def _kind(finding: Finding) -> tuple[str, str]:
    """Returns what a finding is known by: counts in its message may differ from audit to audit."""
    return finding.code, finding.path.encode("utf-8", "replace").decode()


def _remove(path: str) -> None:
    for name in (path, f"{path}-wal", f"{path}-shm"):
        with suppress(FileNotFoundError):
            os.unlink(name)


def _lock(path: str) -> int:
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        handle = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        message = f"`{os.path.dirname(path)}` cannot be written ({error.strerror})"
        raise UserError([Mistake(message, hint="make it writable, or give `--no-state`")]) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        message = "another audit of this bucket is running"
        raise UserError([Mistake(message, hint="wait until it has ended, or give `--no-state`")]) from error
    return handle


def _held(value: Any) -> bytes:
    packed = zlib.compress(marshal.dumps(value, _FORM), 1)
    return zlib.crc32(packed).to_bytes(4, "big") + packed


def _read(held: bytes) -> Any:
    """Returns a kept value, or None where it is damaged."""
    if zlib.crc32(held[4:]).to_bytes(4, "big") != held[:4]:
        return None
    try:
        return marshal.loads(zlib.decompress(held[4:]))  # noqa: S302 - our own file, its checksum held
    except (EOFError, TypeError, ValueError, zlib.error):
        return None
