"""What an answer of S3 holds that the installed botocore does not know, and would drop without a word.

A setting is changed as a whole: what is read is written again. So what is not understood must not be written over.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, XMLParser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_s3 import S3Client

_OK = 200


@contextmanager
def watched(client: S3Client, operation: str) -> Iterator[list[str]]:
    """Collects the names of unknown elements in the answers to an operation, as long as the context lasts.

    Args:
        client: botocore's.
        operation: of S3's API, with an answer in XML.
    """
    found: list[str] = []
    shape = client.meta.service_model.operation_model(operation).output_shape
    handler = f"after-call.s3.{operation}"

    def look(http_response: Any, **_: object) -> None:
        if http_response.status_code == _OK and http_response.content:
            found.extend(_unknown(_parsed(http_response.content), _body(shape)))

    client.meta.events.register(handler, look)
    try:
        yield found
    finally:
        client.meta.events.unregister(handler, look)


def _parsed(content: bytes) -> Element:
    parser = XMLParser()  # noqa: S314 - botocore has parsed the same bytes in the same way by now
    parser.feed(content)
    root: Element = parser.close()
    return root


def _body(shape: Any) -> Any:
    """Returns the shape of the whole body, which may be that of one member of the answer."""
    payload = shape.serialization.get("payload")
    return shape.members[payload] if payload else shape


def _unknown(element: Element, shape: Any) -> Iterator[str]:
    known = {
        member.serialization.get("name", name): member
        for name, member in shape.members.items()
        if member.serialization.get("location") is None
    }
    for child in element:
        name = child.tag.rpartition("}")[2]
        if name not in known:
            yield name
        else:
            yield from _inside(child, known[name])


def _inside(element: Element, shape: Any) -> Iterator[str]:
    if shape.type_name == "list":
        if shape.serialization.get("flattened"):
            yield from _inside(element, shape.member)
        else:
            for child in element:
                yield from _inside(child, shape.member)
    elif shape.type_name == "structure":
        yield from _unknown(element, shape)
