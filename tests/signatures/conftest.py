"""One public key infrastructure and one contract for all tests of signatures."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from marketplace.signatures.inspection import Request, inspected
from marketplace.signatures.verdict import Verdict
from tests.signatures.pki import BUYER, NOW, SELLER, World
from tests.signatures.signer import contract, sign

PARTIES = {"A": SELLER, "B": BUYER}


@pytest.fixture(scope="session")
def world() -> World:
    """The authorities and the certificates."""
    return World()


@pytest.fixture(scope="session")
def issued() -> bytes:
    """The contract as it was issued."""
    return contract()


@pytest.fixture(scope="session")
def one(world: World, issued: bytes) -> bytes:
    """Signed by the seller."""
    return sign(issued, world.seller, name="A")


@pytest.fixture(scope="session")
def two(world: World, one: bytes) -> bytes:
    """Signed by both."""
    return sign(one, world.buyer, name="B")


@pytest.fixture
def request_of(world: World, issued: bytes, tmp_path: Path) -> Callable[..., Request]:
    """A request about these bytes; `files` replaces a file of roots or lists."""

    def made(
        data: bytes,
        *,
        slot: str = "",
        now: datetime = NOW,
        base: bytes | None = None,
        closing: bool = True,
        parties: dict[str, str] | None = None,
        without: tuple[str, ...] = (),
        **files: bytes,
    ) -> Request:
        (tmp_path / "signed.pdf").write_bytes(data)
        (tmp_path / "issued.pdf").write_bytes(issued if base is None else base)
        given: dict[str, Any] = {
            name: [path] for name, path in world.write(tmp_path, **files).items() if name not in without
        }
        return Request(
            signed=str(tmp_path / "signed.pdf"),
            issued=str(tmp_path / "issued.pdf"),
            parties=parties or PARTIES,
            now=now,
            slot=slot,
            closing=closing,
            **given,
        )

    return made


@pytest.fixture
def verdict(request_of: Callable[..., Request]) -> Callable[..., Verdict]:
    """The verdict about these bytes, in this process."""

    def made(data: bytes, **options: Any) -> Verdict:
        return inspected(request_of(data, **options))

    return made
