"""Servers that tests talk to over real HTTP, all on 127.0.0.1 with a free port."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from layout_lint.sources.s3 import connect
from tests.processes import await_server, ended, free_port

AWS = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": "/dev/null",
    "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    "AWS_MAX_ATTEMPTS": "1",
    "NO_PROXY": "127.0.0.1",
}
"""An environment in which botocore looks at nothing of the machine's and repeats nothing."""


@contextmanager
def moto() -> Iterator[str]:
    """Runs moto, which keeps buckets in memory; yields its endpoint."""
    from moto.server import ThreadedMotoServer  # noqa: PLC0415 - slow to import, and not for every test

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield f"http://{host}:{port}"
    finally:
        server.stop()


@contextmanager
def moto_for_us() -> Iterator[str]:
    """As `moto`, with `AWS` in the environment of this process as long as it runs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("AWS_PROFILE", raising=False)
        for name, value in AWS.items():
            patch.setenv(name, value)
        with moto() as endpoint:
            yield endpoint


@contextmanager
def ministack(state: Path) -> Iterator[str]:
    """Runs ministack, which knows checksums and more conditions than moto; yields its endpoint.

    It asks for a botocore of its own, so it has an environment of its own: ``LAYOUT_LINT_MINISTACK`` names the program
    where it is not on the path.

    Args:
        state: a folder for what it says.

    Raises:
        FileNotFoundError: it is not installed.
    """
    program = os.environ.get("LAYOUT_LINT_MINISTACK") or shutil.which("ministack") or "ministack"
    port = free_port()
    own = {"BIND_HOST": "127.0.0.1", "GATEWAY_PORT": str(port), "HOME": str(state), "TMPDIR": str(state)}
    with (state / "ministack.log").open("wb") as log:
        server = subprocess.Popen([program], env=os.environ | own, cwd=state, stdout=log, stderr=subprocess.STDOUT)
    with ended(server):
        await_server(server, port)
        yield f"http://127.0.0.1:{port}"


def fill(endpoint: str, bucket: str, objects: Iterable[bytes] | Mapping[bytes, bytes]) -> None:
    """Makes a bucket with these keys; a key without content holds itself."""
    contents = objects if isinstance(objects, Mapping) else {key: key for key in objects}
    client = connect(endpoint)
    client.create_bucket(Bucket=bucket)
    for key, content in contents.items():
        client.put_object(Bucket=bucket, Key=key.decode(), Body=content)
