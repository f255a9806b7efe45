"""Models in buckets, requests to repackage them, and what became of them, for tests."""

from __future__ import annotations

import io
import random
import secrets
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Self

from layout_lint.archives.code import code_of_archive
from layout_lint.sources.s3_client import connect
from layout_lint.stores.repackaging import Request, carry_out, plan
from layout_lint.stores.s3_model import S3Model
from layout_lint.stores.s3_target import S3Target
from layout_lint.stores.s3_upload import Place, Storage
from tests.archives.models import CODE, anything, files_of, only_model, packed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from layout_lint.stores.repackaging import Model, Outcome
    from layout_lint.stores.s3_intent import Intent

MODEL = "model/ncf/run-1/output/model.tar.gz"
RESULT = "repackage/ncf/2024-05-02-08-15-00/model.tar.gz"
SOURCE = packed(CODE)
MIB = 2**20


@cache
def noise(size: int) -> bytes:
    """Returns bytes that cannot be packed, the same in every run."""
    return random.Random(size).randbytes(size)  # noqa: S311 - see above


@cache
def weights(size: int) -> bytes:
    """Returns a model archive of about so many bytes."""
    return packed({"model.pth": noise(size)}, 0)


def result_of(size: int) -> dict[str, bytes]:
    """Returns the files of the result for `weights` of the same size."""
    return {**{f"code/{name}": content for name, content in CODE.items()}, "model.pth": noise(size)}


@dataclass
class Step:
    """One write that was told of, and what was told."""

    intent: Intent
    said: list[tuple[str, str]] = field(default_factory=list)
    token: str = field(default_factory=lambda: secrets.token_hex(8))

    def began(self, upload_id: str) -> None:
        self.said.append(("began", upload_id))

    def done(self, etag: str, version_id: str = "") -> None:
        self.said.append(("done", etag))
        del version_id

    def failed(self, reason: str) -> None:
        self.said.append(("failed", reason))


class Remembered:
    """A journal in memory."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    def intend(self, intent: Intent) -> Step:
        self.steps.append(Step(intent))
        return self.steps[-1]

    @property
    def said(self) -> list[str]:
        """What was told, without ids."""
        return [word for step in self.steps for word, _ in step.said]


class Bucket:
    """A bucket on a server, with everything that is asked of it counted."""

    def __init__(self, endpoint: str, name: str = "") -> None:
        self.client = connect(endpoint)
        self.name = name or f"b-{secrets.token_hex(6)}"
        if not name:
            self.client.create_bucket(Bucket=self.name)
        self.journal = Remembered()
        self.asked: Counter[str] = Counter()
        self.sent = 0
        self.client.meta.events.register("before-send.s3", self._count)

    def _count(self, request: Any, **_: object) -> None:
        self.asked[request.method] += 1
        self.sent += int(request.headers.get("Content-Length", 0)) if "partNumber" in request.url else 0

    def seen_by(self, endpoint: str) -> Self:
        """Returns the same bucket behind another endpoint."""
        return type(self)(endpoint, self.name)

    def put(self, key: str, content: bytes) -> None:
        self.client.put_object(Bucket=self.name, Key=key, Body=content)

    def get(self, key: str) -> bytes:
        return self.client.get_object(Bucket=self.name, Key=key)["Body"].read()

    def head(self, key: str) -> Mapping[str, Any]:
        return self.client.head_object(Bucket=self.name, Key=key, ChecksumMode="ENABLED")

    def listed(self) -> list[str]:
        return [one["Key"] for one in self.client.list_objects_v2(Bucket=self.name).get("Contents", [])]

    def uploads(self) -> list[str]:
        return [one["UploadId"] for one in self.client.list_multipart_uploads(Bucket=self.name).get("Uploads", [])]

    def model(self, key: str = MODEL) -> S3Model:
        return S3Model.find(self.client, self.name, key)

    def target(self, key: str = RESULT, storage: Storage | None = None) -> S3Target:
        return S3Target(Place(self.client, self.name, key, storage or Storage(), self.journal))

    def request(self, model: Model | None = None, archive: bytes = SOURCE, **more: Any) -> Request:
        """Returns what is to be made of the model that is there."""
        return Request(
            **{
                "model": model or self.model(),
                "code": code_of_archive(io.BytesIO(archive)),
                "target": self.target(),
                "admits": only_model,
                "fits": anything,
                "source": f"s3://{self.name}/code/ncf/source.tar.gz",
                **more,
            }
        )

    def repackage(self, **more: Any) -> Outcome:
        """Repackages the model that is there."""
        return carry_out(plan(self.request(**more)))

    def files(self, key: str = RESULT) -> dict[str, bytes]:
        """Returns the files of an archive that is there."""
        return files_of(self.get(key))
