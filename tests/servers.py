"""Servers that tests talk to over real HTTP, all on 127.0.0.1 with a free port."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from layout_lint.sources.s3 import connect

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


def fill(endpoint: str, bucket: str, objects: Iterable[bytes] | Mapping[bytes, bytes]) -> None:
    """Makes a bucket with these keys; a key without content holds itself."""
    contents = objects if isinstance(objects, Mapping) else {key: key for key in objects}
    client = connect(endpoint)
    client.create_bucket(Bucket=bucket)
    for key, content in contents.items():
        client.put_object(Bucket=bucket, Key=key.decode(), Body=content)
