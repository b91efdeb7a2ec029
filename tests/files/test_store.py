"""The store keeps bytes whole, once, under their digest, and lets nothing climb out."""

import os
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from marketplace.config import ConfigurationError
from marketplace.files import store as stores
from marketplace.files.store import Store, from_url

DATA = "Hợp đồng".encode()
DIGEST = sha256(DATA).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "files")


def names(store: Store) -> list[str]:
    """Every file below the store but its lock."""
    return sorted(path.name for path in store.root.rglob("*") if path.is_file() and path.name != ".lock")


def test_what_was_put_comes_back_and_is_kept_once(store: Store) -> None:
    assert not store.exists(DIGEST)
    assert store.put(DATA) == store.put(DATA) == DIGEST
    assert store.exists(DIGEST)
    with store.open(DIGEST) as file:
        assert file.read() == DATA
    assert names(store) == [DIGEST]
    assert store.path(DIGEST).parent == store.root / DIGEST[:2] / DIGEST[2:4]


def test_an_interrupted_write_leaves_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(stores.os, "fsync", full)
    with pytest.raises(OSError, match="space"):
        store.put(DATA)
    assert names(store) == []


@pytest.mark.parametrize("digest", ["../../etc/passwd", "", DIGEST.upper(), DIGEST + "\n", DIGEST[:-1]])
def test_only_digests_are_names(store: Store, digest: str) -> None:
    with pytest.raises(ValueError, match="digest"):
        store.open(digest)


def test_delete_spares_what_was_put_again(store: Store) -> None:
    store.put(DATA)
    before = datetime.now(UTC)
    assert store.delete(DIGEST, before - timedelta(days=1)) is False
    assert list(store.digests(before + timedelta(seconds=5))) == [DIGEST]
    assert list(store.digests(before - timedelta(days=1))) == []
    assert store.delete(DIGEST) is True
    assert store.delete(DIGEST) is False
    with pytest.raises(FileNotFoundError):
        store.open(DIGEST)


def test_addresses(tmp_path: Path) -> None:
    assert from_url(f"file://{tmp_path}").root == tmp_path
    for wrong in ("", "s3://bucket/files", "https://example.vn/files", "file://files", "/files"):
        with pytest.raises(ConfigurationError, match="FILES_URL"):
            from_url(wrong)


def test_what_a_crash_left_half_written_goes_after_a_while(store: Store) -> None:
    folder = store.path(store.put(DATA)).parent
    old, young = folder / ".writing-old", folder / ".writing-young"
    for half in (old, young):
        half.write_bytes(DATA[:5])
    os.utime(old, (0, 0))
    assert store.drop_halves(datetime.now(UTC) - timedelta(days=1)) == 1
    assert names(store) == [".writing-young", DIGEST]
