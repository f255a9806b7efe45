"""Parts of an upload are legal, and together they are the whole, nothing twice and nothing missing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layout_lint.stores.s3_parts import GIB, MIB, S3, Limits, Part, parts_of, sent_parts

SMALL = Limits(least=5, most=500, count=100, put=16, copied=12, sent=10)
TIB = 1 << 40


def _check(parts: tuple[Part, ...], total: int, limits: Limits) -> None:
    assert [part.start for part in parts] == [0, *(part.stop for part in parts[:-1])]
    assert parts[-1].stop == total
    assert all(limits.least <= part.size <= limits.most for part in parts[:-1])
    assert 0 < parts[-1].size <= limits.most
    assert len(parts) <= limits.count


@settings(max_examples=500, deadline=None)
@given(st.integers(1, 300), st.integers(0, 45_000))
def test_small_limits(front: int, kept: int) -> None:
    try:
        parts = parts_of(front, kept, 8, SMALL)
    except ValueError:
        room = SMALL.count - 1 - -(-max(front, SMALL.least) // SMALL.sent)
        assert front + kept - max(front, SMALL.least) > room * SMALL.most
        return
    total = front + kept + 8
    if not parts:
        assert total <= SMALL.put
        return
    _check(parts, total, SMALL)
    copied = [part for part in parts if part.copied]
    assert all(front <= part.start and part.stop <= front + kept for part in copied)
    if kept >= 2 * SMALL.least:
        assert total - sum(part.size for part in copied) == max(front, SMALL.least) + 8


@settings(max_examples=300, deadline=None)
@given(st.integers(200, 100 * MIB), st.integers(0, 48 * TIB))
def test_the_limits_of_s3(front: int, kept: int) -> None:
    total = front + kept + 8
    parts = parts_of(front, kept, 8)
    if parts:
        _check(parts, total, S3)
    else:
        assert total <= S3.put
    if kept > 10 * MIB:
        assert total - sum(part.size for part in parts if part.copied) == max(front, 5 * MIB) + 8


@settings(max_examples=200, deadline=None)
@given(st.integers(1, S3.largest))
def test_parts_that_are_sent(total: int) -> None:
    parts = sent_parts(total)
    if parts:
        _check(parts, total, S3)
    else:
        assert total <= S3.put


def test_what_is_larger_than_an_object_can_be_is_refused() -> None:
    assert S3.largest == 10_000 * 5 * GIB
    assert parts_of(1000, S3.largest - 10 * GIB, 8)
    with pytest.raises(ValueError, match="more than the largest object has"):
        parts_of(1000, S3.largest, 8)
    with pytest.raises(ValueError, match="more than the largest object has"):
        sent_parts(S3.largest + 1)


@pytest.mark.parametrize(
    ("kept", "copies"), [(5 * MIB, 0), (10 * MIB - 1000, 1), (132 * MIB, 1), (134 * MIB, 2), (1028 * MIB, 8)]
)
def test_how_many_parts_are_copied(kept: int, copies: int) -> None:
    assert sum(part.copied for part in parts_of(1000, kept, 8)) == copies
