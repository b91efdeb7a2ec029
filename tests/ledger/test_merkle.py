"""Merkle trees: known values, and for any leaves every path proves its leaf and nothing else."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.ledger.merkle import Tree, leaf, node, path, proves

# The eight leaves of the Certificate Transparency test vectors (RFC 6962) and the roots over the first 1..8 of them.
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)

many = st.lists(st.binary(max_size=40), min_size=1, max_size=70)


def by_definition(leaves: list[bytes]) -> bytes:
    """The root as RFC 6962 defines it: cut at the largest power of two below the size."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaf(leaves[0])
    cut = 1 << (len(leaves) - 1).bit_length() - 1
    return node(by_definition(leaves[:cut]), by_definition(leaves[cut:]))


@pytest.mark.parametrize("size", range(1, 9))
def test_the_roots_that_others_computed(size: int) -> None:
    assert Tree(LEAVES[:size]).root().hex() == ROOTS[size - 1]


@given(st.lists(st.binary(max_size=40), max_size=70))
def test_leaves_that_come_one_by_one_make_the_root_of_the_definition(leaves: list[bytes]) -> None:
    assert Tree(leaves).root() == by_definition(leaves)


@given(many, st.data())
def test_a_path_proves_its_leaf(leaves: list[bytes], data: st.DataObject) -> None:
    position = data.draw(st.integers(0, len(leaves) - 1))
    found = path(map(leaf, leaves), position, len(leaves))
    assert len(found) <= (len(leaves) - 1).bit_length()
    assert proves(leaves[position], position, len(leaves), found, Tree(leaves).root())


@given(many, st.data(), st.sampled_from([1, 2, 4, 16]))
def test_a_path_through_blocks_is_the_same_path(leaves: list[bytes], data: st.DataObject, block: int) -> None:
    """So that a proof reads one block, and of the others only their roots."""
    position = data.draw(st.integers(0, len(leaves) - 1))
    number, place = divmod(position, block)
    blocks = [leaves[start : start + block] for start in range(0, len(leaves), block)]
    near = path(map(leaf, blocks[number]), place, len(blocks[number]))
    far = path((Tree(each).root() for each in blocks), number, len(blocks))
    assert near + far == path(map(leaf, leaves), position, len(leaves))


@given(many, st.data())
def test_a_path_proves_no_other_leaf_place_or_tree(leaves: list[bytes], data: st.DataObject) -> None:
    size = len(leaves)
    position = data.draw(st.integers(0, size - 1))
    found, root = path(map(leaf, leaves), position, len(leaves)), Tree(leaves).root()
    assert not proves(leaves[position] + b"!", position, size, found, root)
    assert not proves(leaves[position], size, size, found, root)
    assert not proves(leaves[position], -1, size, found, root)
    assert not proves(leaves[position], position, size, [*found, root], root)
    assert not proves(leaves[position], position, size, found, Tree([*leaves, b""]).root())
    if found:
        assert not proves(leaves[position], position, size, found[:-1], root)
        assert not proves(leaves[position], position, size, [bytes(32), *found[1:]], root)


def test_a_node_is_no_leaf() -> None:
    inner = leaf(b"a") + leaf(b"b")
    assert Tree([b"a", b"b"]).root() != Tree([inner]).root()


@pytest.mark.parametrize("position", [-1, 3])
def test_there_is_no_path_from_where_no_leaf_is(position: int) -> None:
    with pytest.raises(IndexError):
        path([b"a", b"b", b"c"], position, 3)
