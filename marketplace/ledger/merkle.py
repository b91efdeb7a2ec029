"""PURE: Merkle trees as in RFC 6962: the root over many hashes, the path that proves one of them, and its check."""

import hashlib
from collections.abc import Iterable, Sequence
from itertools import islice

EMPTY = hashlib.sha256(b"").digest()


def leaf(data: bytes) -> bytes:
    """The hash of a leaf; another beginning than a node's, so that neither can pass for the other."""
    return hashlib.sha256(b"\x00" + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    """The hash over two neighbours."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """A root in the making: leaves come one by one, and only as many hashes are kept as the tree is high."""

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self.size = 0
        self._peaks: list[bytes] = []
        for data in leaves:
            self.add(data)

    def add(self, data: bytes) -> None:
        """One more leaf on the right."""
        self.join(leaf(data))

    def join(self, hashed: bytes) -> None:
        """One more leaf by its hash, or one more subtree, of which all before the last are full and of one size."""
        place = self.size
        while place & 1:  # the subtree on the left is as large: together they are one
            hashed = node(self._peaks.pop(), hashed)
            place >>= 1
        self._peaks.append(hashed)
        self.size += 1

    def root(self) -> bytes:
        """The root over the leaves so far."""
        if not self._peaks:
            return EMPTY
        *rest, hashed = self._peaks
        for peak in reversed(rest):
            hashed = node(peak, hashed)
        return hashed


def siblings(position: int, size: int) -> list[tuple[int, int]]:
    """The ranges of leaves under the neighbours on the way from a leaf up to the root."""
    found, start, end = [], 0, size
    while end - start > 1:
        # RFC 6962 cuts at the largest power of two below the size.
        cut = start + (1 << (end - start - 1).bit_length() - 1)
        if position < cut:
            found.append((cut, end))
            end = cut
        else:
            found.append((start, cut))
            start = cut
    return found[::-1]


def path(hashes: Iterable[bytes], position: int, size: int) -> list[bytes]:
    """The neighbours, from a leaf up, that together with it make the root; of the leaves' (or subtrees') hashes."""
    if not 0 <= position < size:
        raise IndexError(position)
    ranges = siblings(position, size)
    trees = {span: Tree() for span in ranges}
    coming = iter(hashes)
    for span in sorted([*ranges, (position, position + 1)]):
        for hashed in islice(coming, span[1] - span[0]):
            if span in trees:
                trees[span].join(hashed)
    return [trees[span].root() for span in ranges]


def proves(data: bytes, position: int, size: int, neighbours: Sequence[bytes], root: bytes) -> bool:
    """Whether the path leads from the leaf at this position to the root of a tree of this size."""
    if not 0 <= position < size:
        return False
    hashed, last, left = leaf(data), size - 1, list(neighbours)
    while last:
        if position & 1 or position < last:
            if not left:
                return False
            neighbour = left.pop(0)
            hashed = node(neighbour, hashed) if position & 1 else node(hashed, neighbour)
        position, last = position >> 1, last >> 1
    return not left and hashed == root
