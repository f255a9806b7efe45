"""A Lambda function."""

from typing import Any


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Handles one event.

    Args:
        event: what Lambda was called with.
        context: the request's id, the time that is left, and more.
    """
    return {"statusCode": 200}
