"""SageMaker SDK's own `repack_model`, unmodified, given a session that knows nothing but a server.

python repackage_sdk.py ENDPOINT BUCKET MODEL SOURCE RESULT
"""

import os
import sys
from types import SimpleNamespace
from typing import Any

import boto3
from sagemaker.core.common_utils import repack_model  # type: ignore[import-not-found] # in an environment of its own


def main(endpoint: str, bucket: str, model: str, source: str, result: str) -> None:
    """Repackages one model."""
    os.environ["AWS_ENDPOINT_URL"] = endpoint
    session: Any = SimpleNamespace(
        settings=SimpleNamespace(local_download_dir=None, encrypt_repacked_artifacts=False),
        boto_session=boto3.Session(),
        boto_region_name="us-east-1",
        _get_account_id_if_default_bucket=lambda _: None,
    )
    s3 = f"s3://{bucket}"
    repack_model("inference.py", f"{s3}/{source}", [], f"{s3}/{model}", f"{s3}/{result}", session)


if __name__ == "__main__":
    main(*sys.argv[1:])
