"""A proxy in front of an S3 server that lets requests through, except those that a test wants to fail."""

from __future__ import annotations

import socket
import struct
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


@dataclass(frozen=True, slots=True)
class Request:
    """What a fault may depend on.

    Attributes:
        method: ``GET``, ``PUT``, …
        path: with the bucket, percent-encoded.
        prefix: of a listing; None where the request is none.
        page: how many listings of this prefix there were, this one included.
        query: with which S3 tells its operations apart: ``encryption=``.
    """

    method: str
    path: str
    prefix: str | None
    page: int
    query: str = ""


@dataclass(slots=True)
class Fault:
    """Something that goes wrong.

    Attributes:
        answer: does it.
        when: which requests it happens to.
        times: how often it happens.
    """

    answer: Callable[[Handler], None]
    when: Callable[[Request], bool] = lambda _: True
    times: float = field(default=float("inf"))


def error(status: int, code: str, inner: str = "", headers: Mapping[str, str] | None = None) -> Fault:
    """Answers as S3 does: an XML body with the code, and `inner` as further elements."""
    body = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{code}!</Message>'
        f"{inner}<RequestId>4442587FB7D0A2F9</RequestId></Error>"
    )
    return text(status, body, {"Content-Type": "application/xml"} | dict(headers or {}))


def text(status: int, body: str, headers: Mapping[str, str] | None = None) -> Fault:
    """Answers with any text."""
    kind = headers or {"Content-Type": "text/html"}
    return Fault(lambda handler: handler.send(status, kind, body.encode()))


def denied_unless(*prefixes: str) -> Fault:
    """Denies all listings but those of these prefixes, as a policy with a condition on ``s3:prefix`` does."""
    fault = error(403, "AccessDenied")
    fault.when = lambda request: request.prefix is not None and not request.prefix.startswith(prefixes)
    return fault


def reset() -> Fault:
    """Breaks the connection instead of an answer."""
    return Fault(lambda handler: handler.reset())


def stall(seconds: float) -> Fault:
    """Says nothing for a time, then breaks the connection."""

    def answer(handler: Handler) -> None:
        time.sleep(seconds)
        handler.reset()

    return Fault(answer)


def changed(change: Callable[[bytes], bytes]) -> Fault:
    """Sends the true answer with another body."""
    return Fault(lambda handler: handler.forward(change=change))


def asked_without(parameter: str) -> Fault:
    """Answers as a server does that does not know a parameter of a listing."""

    def answer(handler: Handler) -> None:
        path, _, query = handler.path.partition("?")
        left = [pair for pair in query.split("&") if not pair.startswith(f"{parameter}=")]
        handler.path = f"{path}?{'&'.join(left)}"
        handler.forward()

    return Fault(answer)


def cut(length: int) -> Fault:
    """Sends the first bytes of the true answer's body, then breaks the connection."""
    return Fault(lambda handler: handler.forward(cut=length))


class Handler(BaseHTTPRequestHandler):
    """Serves one connection of the proxy's."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Proxy

    def _serve(self) -> None:
        self.body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        fault = self.server.fault_for(self.command, self.path)
        if fault is None:
            self.forward()
        else:
            fault.answer(self)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _serve  # noqa: N815 - the names that the base class asks for

    def forward(self, cut: int | None = None, change: Callable[[bytes], bytes] = lambda body: body) -> None:
        """Sends what the server behind answers, changed; only the first `cut` bytes of it where that is given."""
        connection = HTTPConnection(self.server.upstream, timeout=30)
        try:
            connection.request(self.command, self.path, self.body, dict(self.headers))
            answer = connection.getresponse()
            body = change(answer.read())
        finally:
            connection.close()
        own = () if self.command == "HEAD" else ("content-length",)  # of a body that a HEAD answer does not have
        hop = ("transfer-encoding", "connection", *own)
        headers = {name: value for name, value in answer.getheaders() if name.lower() not in hop}
        self.send(answer.status, headers, body, cut)
        if cut is not None:
            self.reset()

    def send(self, status: int, headers: Mapping[str, str], body: bytes, cut: int | None = None) -> None:
        """Sends an answer."""
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body[:cut])

    def reset(self) -> None:
        """Ends the connection with a TCP reset."""
        self.close_connection = True
        if self.wfile.closed:
            return
        self.wfile.flush()
        time.sleep(0.05)  # what was sent before is read before the reset
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def log_message(self, *_: object) -> None:
        """Stays silent."""


class Proxy(ThreadingHTTPServer):
    """Forwards to a server, and has faults.

    Attributes:
        upstream: host and port of the server.
        faults: the first that fits happens; may be changed between requests.
    """

    daemon_threads = True

    def __init__(self, endpoint: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.upstream = urlsplit(endpoint).netloc
        self.faults: list[Fault] = []
        self._pages: Counter[str] = Counter()

    @property
    def url(self) -> str:
        """The endpoint to use instead of the server's."""
        return f"http://127.0.0.1:{self.server_port}"

    def fault_for(self, method: str, target: str) -> Fault | None:
        """Returns what is to go wrong with a request."""
        parts = urlsplit(target)
        query = parse_qs(parts.query, keep_blank_values=True)
        prefix = query.get("prefix", [""])[0] if "list-type" in query else None
        if prefix is not None:
            self._pages[prefix] += 1
        request = Request(method, parts.path, prefix, self._pages[prefix or ""], parts.query)
        fault = next((fault for fault in self.faults if fault.times > 0 and fault.when(request)), None)
        if fault is not None:
            fault.times -= 1
        return fault


@contextmanager
def faulty(endpoint: str, *faults: Fault) -> Iterator[Proxy]:
    """Runs a proxy with these faults in front of a server, as long as the context lasts."""
    with Proxy(endpoint) as proxy:
        proxy.faults.extend(faults)
        thread = Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield proxy
        finally:
            proxy.shutdown()
            thread.join()
