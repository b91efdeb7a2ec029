"""Where the bytes of files lie: a local folder, each file under its SHA-256, written whole or not at all."""

import fcntl
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from flask import Flask, current_app

from marketplace.config import PREFIX, ConfigurationError

DIGEST = re.compile(r"[0-9a-f]{64}")
SCHEME = "file://"
EXTENSION = "marketplace-files"
HALF = ".writing-"


class Store:
    """A folder of immutable files: ab/cd/abcd…; the same bytes are kept once."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, digest: str) -> Path:
        """Where a digest's bytes are; anything that is not a digest is refused, so no name can climb out."""
        if not DIGEST.fullmatch(digest):
            raise ValueError("not a SHA-256 digest")
        return self.root / digest[:2] / digest[2:4] / digest

    def put(self, data: bytes) -> str:
        """Keep these bytes and return their digest. Known ones only become young again, which saves them from a sweep."""
        digest = sha256(data).hexdigest()
        path = self.path(digest)
        path.parent.mkdir(parents=True, exist_ok=True)
        with self.locked(fcntl.LOCK_SH):
            if path.exists():
                os.utime(path)
            else:
                write_whole(path, data)
        return digest

    def open(self, digest: str) -> BinaryIO:
        """The bytes to read; FileNotFoundError when they are gone."""
        return self.path(digest).open("rb")

    def read(self, digest: str) -> bytes:
        """All the bytes at once."""
        return self.path(digest).read_bytes()

    def exists(self, digest: str) -> bool:
        """Whether the bytes are here."""
        return self.path(digest).is_file()

    def delete(self, digest: str, before: datetime | None = None) -> bool:
        """Remove the bytes, with `before` only if nobody has put them since; whether they were removed."""
        path = self.path(digest)
        with self.locked(fcntl.LOCK_EX):
            if not path.exists() or (before is not None and put_at(path) >= before):
                return False
            path.unlink()
        return True

    def digests(self, before: datetime) -> Iterator[str]:
        """The digests last put before a moment."""
        for path in sorted(self.root.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*")):
            if DIGEST.fullmatch(path.name) and put_at(path) < before:
                yield path.name

    def drop_halves(self, before: datetime) -> int:
        """Remove what a crash left half written before a moment; how many."""
        found = [path for path in self.root.glob(f"*/*/{HALF}*") if put_at(path) < before]
        for path in found:
            path.unlink(missing_ok=True)
        return len(found)

    @contextmanager
    def locked(self, kind: int) -> Iterator[None]:
        """Between the processes of this host: many may put at once, a deletion is alone."""
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / ".lock").open("a") as lock:
            fcntl.flock(lock, kind)
            yield


def put_at(path: Path) -> datetime:
    """When the bytes were last put."""
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def write_whole(path: Path, data: bytes) -> None:
    """Write beside, flush to disk, rename: after a crash the file is there whole or not at all."""
    handle, temporary = tempfile.mkstemp(prefix=HALF, dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def from_url(url: str) -> Store:
    """The store that an address names; only file:///folder so far."""
    folder = Path(url.removeprefix(SCHEME))
    if not url.startswith(SCHEME) or not folder.is_absolute():
        raise ConfigurationError(
            f"{PREFIX}FILES_URL must be file:///an/absolute/folder; other stores are not supported. See docs/deploy.md."
        )
    return Store(folder)


def init_app(app: Flask) -> None:
    """Give the application its store; a wrong address stops the start."""
    app.extensions[EXTENSION] = from_url(app.config["SETTINGS"].files_url)


def current() -> Store:
    """The running application's store."""
    store: Store = current_app.extensions[EXTENSION]
    return store
