"""A bucket as tests look at it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from layout_lint.stores.s3_journal import BucketJournal
from tests.s3_faults import Fault

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from tests.s3_faults import Handler


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket, and the client that tests use.

    Attributes:
        endpoint: the server's.
        client: connected to it.
        name: the bucket's.
    """

    endpoint: str
    client: S3Client
    name: str

    def put(self, key: str, content: bytes = b"", **more: Any) -> str:
        """Writes an object and returns its ETag."""
        return self.client.put_object(Bucket=self.name, Key=key, Body=content, **more)["ETag"]

    def all_keys(self) -> list[str]:
        """Returns all keys."""
        return [one["Key"] for one in self.client.list_objects_v2(Bucket=self.name).get("Contents", [])]

    def read(self, key: str) -> bytes:
        """Returns an object's content."""
        return self.client.get_object(Bucket=self.name, Key=key)["Body"].read()

    def contents(self) -> dict[str, bytes]:
        """Returns all objects."""
        return {key: self.read(key) for key in self.all_keys()}

    def head(self, key: str) -> dict[str, Any]:
        """Returns what the server says of an object."""
        return dict(self.client.head_object(Bucket=self.name, Key=key, ChecksumMode="ENABLED"))

    def uploads(self) -> list[str]:
        """Returns the keys of unfinished uploads."""
        return [one["Key"] for one in self.client.list_multipart_uploads(Bucket=self.name).get("Uploads", [])]

    def keep_versions(self) -> None:
        """Has the bucket keep versions."""
        self.client.put_bucket_versioning(Bucket=self.name, VersioningConfiguration={"Status": "Enabled"})

    def journal(self, title: str = "a test") -> BucketJournal:
        """Begins a run."""
        return BucketJournal.begin(title, self.endpoint)

    def clients(self, endpoint: str, bucket: str) -> S3Client:
        """Returns the client, as `recover` and `undo` ask for it."""
        assert (endpoint, bucket) == (self.endpoint, self.name)
        return self.client


def lost_answer(method: str, part: str = "") -> Fault:
    """Returns a fault: the request is carried out, and then the connection breaks instead of an answer.

    Args:
        method: of the request that it happens to, once; "" for any.
        part: of its path or query.
    """

    def answer(handler: Handler) -> None:
        handler.send = lambda *_: None  # type: ignore[method-assign]
        handler.forward()
        handler.reset()

    return Fault(answer, lambda one: method in ("", one.method) and part in f"{one.path}?{one.query}", times=1)
