"""The usual Lambda handler that repackages a model: download, unpack, pack again, upload.

python repackage_handler.py ENDPOINT BUCKET MODEL SOURCE RESULT
"""

import sys
import tarfile
import tempfile
from pathlib import Path

import boto3


def handler(event: dict[str, str]) -> None:
    """Repackages one model."""
    s3 = boto3.client("s3", endpoint_url=event["endpoint"])
    with tempfile.TemporaryDirectory() as folder:
        model, source, result, inside = (Path(folder, name) for name in ("m.tar.gz", "s.tar.gz", "r.tar.gz", "inside"))
        s3.download_file(event["bucket"], event["model"], str(model))
        s3.download_file(event["bucket"], event["source"], str(source))
        with tarfile.open(model) as archive:
            archive.extractall(inside, filter="data")
        with tarfile.open(source) as archive:
            archive.extractall(inside / "code", filter="data")
        with tarfile.open(result, "w:gz") as archive:
            for path in sorted(inside.iterdir()):
                archive.add(path, path.name)
        s3.upload_file(str(result), event["bucket"], event["result"])


if __name__ == "__main__":
    handler(dict(zip(("endpoint", "bucket", "model", "source", "result"), sys.argv[1:], strict=True)))
