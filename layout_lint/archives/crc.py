"""The CRC-32 of two pieces put together, worked out from the CRC-32 of each."""

from __future__ import annotations

_POLYNOMIAL = 0xEDB88320
"""The polynomial of gzip's checksum (RFC 1952, 8), its coefficient of x**0 in the highest of 32 bits."""
_ONE = 1 << 31
_BYTE = 1 << 23
"""x**8, by which a checksum is multiplied for each byte that follows."""


def combine(first: int, second: int, length: int) -> int:
    """Returns the CRC-32 of two pieces, one behind the other.

    Args:
        first: the checksum of what stands in front.
        second: the checksum of what follows.
        length: how many bytes follow; their true number, not what is left of it in 32 bits.
    """
    return _times(_power(length), first) ^ second


def _times(one: int, other: int) -> int:
    """Returns the product of two polynomials, modulo the checksum's."""
    product = 0
    for bit in range(31, -1, -1):
        if one >> bit & 1:
            product ^= other
        other = other >> 1 ^ (_POLYNOMIAL if other & 1 else 0)
    return product


def _power(count: int) -> int:
    """Returns x**8 to the power of `count`, by squaring."""
    result, square = _ONE, _BYTE
    while count:
        if count & 1:
            result = _times(result, square)
        square = _times(square, square)
        count >>= 1
    return result
