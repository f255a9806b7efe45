"""A read-only S3 server that lists buckets of any size at once, because it computes their keys.

It answers ListObjectsV2 (``prefix``, ``delimiter`` of any length, ``start-after``, ``continuation-token``,
``max-keys``, ``encoding-type=url``) as S3 does, and nothing else. A bucket whose name ends in ``--x-s3`` is a directory
bucket: it lists in no order, and refuses what those refuse. Try it:

    python -m bench.listing_server --port 9000 --delay 0.03
    layout-lint s3 s3://many-executions --endpoint-url http://127.0.0.1:9000
"""

from __future__ import annotations

import argparse
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING
from urllib.parse import quote_plus, unquote_to_bytes
from xml.sax.saxutils import escape

from bench.key_space import MTIME, SHAPES, KeySpace, first_at_or_after, first_beyond

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_MOST = 1000


@dataclass(frozen=True, slots=True)
class Query:
    """One request for a part of a listing.

    Attributes:
        bucket: its name.
        prefix, delimiter, start_after: as S3's API reference describes them.
        token: of the page before: the key or the common prefix that ended it; "" on the first page.
        max_keys: of keys and common prefixes together.
        is_encoded: whether keys are to be percent-encoded.
    """

    bucket: str
    prefix: bytes = b""
    delimiter: bytes = b""
    start_after: bytes = b""
    token: bytes = b""
    max_keys: int = _MOST
    is_encoded: bool = False

    @classmethod
    def parse(cls, target: str) -> Query:
        """Reads the target of a path-style request: ``/bucket?list-type=2&prefix=…``."""
        path, _, query = target.partition("?")
        given = {
            name: unquote_to_bytes(value.replace("+", " "))
            for name, _, value in (pair.partition("=") for pair in query.split("&"))
        }
        return cls(
            bucket=path.strip("/"),
            prefix=given.get("prefix", b""),
            delimiter=given.get("delimiter", b""),
            start_after=given.get("start-after", b""),
            token=bytes.fromhex(given.get("continuation-token", b"").decode()),
            max_keys=int(given.get("max-keys", _MOST)),
            is_encoded=given.get("encoding-type") == b"url",
        )


@dataclass(frozen=True, slots=True)
class Part:
    """What one request gets.

    Attributes:
        keys: the keys with their numbers.
        prefixes: the common prefixes.
        token: for the rest; "" where there is none.
    """

    keys: list[tuple[int, bytes]]
    prefixes: list[bytes]
    token: bytes


def select(space: KeySpace, query: Query, most: int = _MOST) -> Part:
    """Returns the part of a bucket that a query asks for.

    Args:
        space: the bucket.
        query: what is asked for.
        most: keys and common prefixes together, whatever the query says.
    """
    part = Part([], [], b"")
    room = min(most, query.max_keys)
    number = _start(space, query)
    token = b""
    while number < space.size and (key := space.key(number)).startswith(query.prefix):
        if not room:
            return Part(part.keys, part.prefixes, token)
        room -= 1
        end = key.find(query.delimiter, len(query.prefix)) if query.delimiter else -1
        if end < 0:
            part.keys.append((number, key))
            token, number = b"k" + key, number + 1
        else:
            rolled = key[: end + len(query.delimiter)]
            part.prefixes.append(rolled)
            token, number = b"p" + rolled, first_beyond(space, rolled, number)
    return part


def _start(space: KeySpace, query: Query) -> int:
    kind, place = query.token[:1], query.token[1:]
    if kind == b"p":
        return first_beyond(space, place, first_at_or_after(space, place))
    after = place if kind == b"k" else query.start_after
    return first_at_or_after(space, max(query.prefix, after + b"\0" if after else b""))


def select_unordered(space: KeySpace, query: Query, most: int = _MOST) -> Part | None:
    """Returns the part of a directory bucket that a query asks for; None for what such a bucket refuses.

    All of it is made anew for each request, in an order that is none, so this is for small buckets.
    """
    is_folder = query.prefix[-1:] in (b"/", b"")
    if query.start_after or query.delimiter not in (b"", b"/") or not is_folder:
        return None
    whole = select(space, Query("", query.prefix, query.delimiter, max_keys=space.size + 1), space.size + 1)
    items = [*whole.keys, *((-1, prefix) for prefix in whole.prefixes)]
    items.sort(key=lambda item: md5(item[1], usedforsecurity=False).digest())
    start = int(query.token or 0)
    stop = start + min(most, query.max_keys)
    here = items[start:stop]
    keys, prefixes = [item for item in here if item[0] >= 0], [key for number, key in here if number < 0]
    return Part(keys, prefixes, b"%d" % stop if stop < len(items) else b"")


def render(query: Query, part: Part) -> bytes:
    """Returns the XML that S3 would send."""

    def shown(key: bytes) -> str:
        return quote_plus(key, safe="/") if query.is_encoded else escape(key.decode())

    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>\n',
        '<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">',
        f"<Name>{query.bucket}</Name><Prefix>{shown(query.prefix)}</Prefix><MaxKeys>{query.max_keys}</MaxKeys>",
        f"<KeyCount>{len(part.keys) + len(part.prefixes)}</KeyCount>",
        f"<IsTruncated>{str(bool(part.token)).lower()}</IsTruncated>",
    ]
    if query.is_encoded:
        lines.append("<EncodingType>url</EncodingType>")
    if part.token:
        lines.append(f"<NextContinuationToken>{part.token.hex()}</NextContinuationToken>")
    if query.delimiter:
        lines.append(f"<Delimiter>{shown(query.delimiter)}</Delimiter>")
    lines += (
        f"<Contents><Key>{shown(key)}</Key><LastModified>{MTIME}</LastModified>"
        f"<ETag>&quot;{number:032x}&quot;</ETag><Size>{number % 4096}</Size>"
        "<StorageClass>STANDARD</StorageClass></Contents>"
        for number, key in part.keys
    )
    lines += (f"<CommonPrefixes><Prefix>{shown(prefix)}</Prefix></CommonPrefixes>" for prefix in part.prefixes)
    lines.append("</ListBucketResult>")
    return "".join(lines).encode()


class ListingServer(ThreadingHTTPServer):
    """Serves buckets on 127.0.0.1.

    Attributes:
        buckets: by name; may be changed between requests.
        delay: seconds before each response.
        most: keys and common prefixes a response; S3 may send fewer than were asked for.
        log: the queries that were answered, in order.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, buckets: Mapping[str, KeySpace], port: int = 0, delay: float = 0.0) -> None:
        """Binds the port; 0 for any that is free."""
        super().__init__(("127.0.0.1", port), _Handler)
        self.buckets = dict(buckets)
        self.delay = delay
        self.most = _MOST
        self.log: list[Query] = []

    @property
    def url(self) -> str:
        """The endpoint."""
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: ListingServer

    def do_GET(self) -> None:
        """Answers a listing."""
        time.sleep(self.server.delay)
        if self.path.endswith("?session"):
            return self._send(200, _SESSION)
        if "list-type=2" not in self.path:
            return self._send(501, _error("NotImplemented"))
        query = Query.parse(self.path)
        self.server.log.append(query)
        space = self.server.buckets.get(query.bucket)
        if space is None:
            return self._send(404, _error("NoSuchBucket"))
        choose = select_unordered if query.bucket.endswith("--x-s3") else select
        part = choose(space, query, self.server.most)
        if part is None:
            return self._send(400, _error("InvalidRequest"))
        return self._send(200, render(query, part))

    def do_HEAD(self) -> None:
        """Says whether an object is there."""
        bucket, _, name = self.path.lstrip("/").partition("/")
        key = unquote_to_bytes(name)
        space = self.server.buckets[bucket]
        number = first_at_or_after(space, key)
        is_there = number < space.size and space.key(number) == key
        self.send_response(200 if is_there else 404)
        self.send_header("Content-Length", str(number % 4096 if is_there else 0))
        self.end_headers()

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Stays silent: the server keeps its own log."""


_SESSION = (
    b"<CreateSessionResult><Credentials><SessionToken>t</SessionToken><SecretAccessKey>s</SecretAccessKey>"
    b"<AccessKeyId>a</AccessKeyId><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></CreateSessionResult>"
)


def _error(code: str) -> bytes:
    return f"<Error><Code>{code}</Code><Message>This server only lists.</Message></Error>".encode()


@contextmanager
def serve(buckets: Mapping[str, KeySpace], port: int = 0, delay: float = 0.0) -> Iterator[ListingServer]:
    """Serves buckets from a thread as long as the context lasts."""
    with ListingServer(buckets, port, delay) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def main() -> None:
    """Serves the shapes of `bench.key_space`, each as a bucket of its name, until it is interrupted."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--port", type=int, default=9000)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before each response")
    arguments = parser.parse_args()
    with ListingServer(SHAPES, arguments.port, arguments.delay) as server:
        for name, space in SHAPES.items():
            sys.stdout.write(f"s3://{name}  {space.size:>9,} keys  at {server.url}\n")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            sys.stdout.write(f"{len(server.log)} requests were answered\n")


if __name__ == "__main__":
    main()
