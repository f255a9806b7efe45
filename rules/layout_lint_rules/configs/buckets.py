"""The rule about names of buckets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.api import FileContent, Problem, json_of, rule
from layout_lint_rules.configs.consequences import is_certain
from layout_lint_rules.configs.pointers import shown, strings, within
from layout_lint_rules.configs.s3_uris import ALIASES, SCHEME, is_open, reasons_against, split

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.api import Content, Context, Pointer


@rule("LL224", "invalid-bucket-name", on=FileContent, having="model")
def invalid_bucket_name(event: FileContent, context: Context) -> Iterator[Problem]:
    """An S3 URI names a bucket that cannot exist, because S3 refuses its name.

    Every reason is given. Endings that S3 keeps for aliases of access points and for directory buckets are warned
    about only: they work in a URI, and are no name of a bucket as the layout means it. Silent about names that
    something else fills in (`<your-bucket>`, `${BUCKET}`) and about ARNs of access points.

    No fix: only the author knows the bucket.

    Example:
        `s3://My_Bucket/data/ncf`
    """
    document = event.content.parsed(json_of)
    for pointer, uri, bucket in event.content.parsed(_buckets):
        reasons = [*reasons_against(bucket)]
        if reasons and is_certain(document, pointer):
            is_alias = len(reasons) == 1 and bucket.endswith(ALIASES)
            yield Problem(
                f"S3 allows no bucket called `{shown(bucket)}`: {'; '.join(reasons)}"
                if bucket
                else "the S3 URI names no bucket",
                hint="write `s3://<bucket>/<key>` with the name of the bucket",
                span=within(document.place(pointer).span, uri, len(SCHEME), len(SCHEME) + len(bucket)),
                severity="warning" if is_alias else None,
            )


def _buckets(content: Content) -> tuple[tuple[Pointer, str, str], ...]:
    """Returns the S3 URIs among the strings: the way to each, the URI, and its bucket's name."""
    document = content.parsed(json_of)
    found = []
    if not document.faults and SCHEME not in document.text and "\\" not in document.text:
        return ()
    for pointer, text in strings(document.value):
        parts = split(text)
        if parts and not is_open(parts[0]) and not parts[0].startswith("arn:"):
            found.append((pointer, text, parts[0]))
    return tuple(found)
