"""`layout-lint repackage` in this process, with the bytes of all requests and answers counted.

    python -m bench.repackage_run repackage s3://… --source s3://… …

They are written to standard error at the end, as ``bytes RECEIVED SENT``.
"""

import sys
from typing import TYPE_CHECKING, Any

from layout_lint.cli import repackage
from layout_lint.cli.app import run_app
from layout_lint.sources.s3_client import connect

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

COUNTED = {"received": 0, "sent": 0}


def counting(*given: Any, **named: Any) -> "S3Client":
    """Returns a client whose bodies are counted."""
    client = connect(*given, **named)
    client.meta.events.register("before-send.s3", _sent)
    client.meta.events.register("after-call.s3", _received)
    return client


def _sent(request: Any, **_: object) -> None:
    COUNTED["sent"] += int(request.headers.get("Content-Length", 0))


def _received(http_response: Any, model: Any, **_: object) -> None:
    if not model.name.startswith("Head"):
        COUNTED["received"] += int(http_response.headers.get("Content-Length", 0))


def main() -> int:
    """Runs the command; returns its exit code."""
    repackage.connect = counting  # type: ignore[attr-defined] # what the command connects with
    code = run_app(sys.argv[1:])
    print("bytes", COUNTED["received"], COUNTED["sent"], file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
