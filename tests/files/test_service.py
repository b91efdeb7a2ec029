"""Kept files: their row, their answer to a browser, and what a sweep leaves."""

import json
import os
from contextlib import closing
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from flask import Flask

from marketplace.extensions import db
from marketplace.files import commands, queries, store
from marketplace.files.images import reencode
from marketplace.files.models import StoredFile
from marketplace.files.responses import send
from marketplace.files.service import keep, put_early, read
from marketplace.files.sniff import IMAGES, MediaType
from marketplace.kernel.errors import NotVisible, Refusal
from marketplace.products.models import Photo
from marketplace.web import clock
from tests.factories import Factories
from tests.files.samples import photo, plain_pdf


def test_keep_writes_a_row_and_the_bytes(app: Flask, now: datetime) -> None:
    data = plain_pdf()
    stored = keep(data, "../Hợp đồng.pdf", now, by=None)
    assert stored.id
    assert (stored.digest, stored.size) == (sha256(data).hexdigest(), len(data))
    assert (stored.media_type, stored.name, stored.stored_at) == ("application/pdf", "Hợp đồng.pdf", now)
    assert read(stored) == data


def test_a_wrong_file_leaves_nothing(app: Flask, now: datetime) -> None:
    for act in (lambda: put_early(plain_pdf(7), IMAGES), lambda: keep(plain_pdf(7), "a.jpg", now, None, IMAGES)):
        with pytest.raises(Refusal):
            act()
    assert not store.current().exists(sha256(plain_pdf(7)).hexdigest())


def test_bytes_that_changed_on_disk_are_noticed(app: Flask, now: datetime) -> None:
    stored = keep(plain_pdf(2), "a.pdf", now, by=None)
    store.current().path(stored.digest).write_bytes(plain_pdf(3))
    with pytest.raises(OSError, match="digest"):
        read(stored)
    store.current().delete(stored.digest)


def test_a_download_cannot_act_on_the_page(app: Flask, now: datetime) -> None:
    stored = keep(reencode(photo(60, 40))[320], "Gạo Séng Cù.webp", now, by=None)
    with app.test_request_context(), closing(send(stored, inline=True)) as response:
        headers = response.headers
    assert headers["Content-Type"] == "image/webp"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Content-Disposition"].startswith("inline")
    assert "filename*=UTF-8''G%E1%BA%A1o%20S%C3%A9ng%20C%C3%B9.webp" in headers["Content-Disposition"]
    assert headers["Cache-Control"] == "private, no-store"


def test_only_pictures_and_pdfs_are_shown_in_the_page(app: Flask, now: datetime) -> None:
    stored = StoredFile(digest=store.current().put(b"x"), media_type=MediaType.XLSX.value, name="a.xlsx", stored_at=now)
    with app.test_request_context(), closing(send(stored, inline=True)) as response:
        assert response.headers["Content-Disposition"].startswith("attachment")


def test_a_file_that_lost_its_bytes_is_not_there(app: Flask, now: datetime) -> None:
    stored = keep(plain_pdf(4), "a.pdf", now, by=None)
    store.current().delete(stored.digest)
    with app.test_request_context(), pytest.raises(NotVisible):
        send(stored)


def test_every_foreign_key_to_a_file_is_known(app: Flask) -> None:
    found = {f"{column.table.name}.{column.name}" for column in queries.pointing_columns()}
    assert {"photo.small_id", "photo.medium_id", "photo.large_id", "certificate.file_id"} <= found


def test_the_sweep_spares_young_files_and_those_that_a_row_names(app: Flask, make: Factories) -> None:
    present = clock.now()
    named = keep(plain_pdf(1), "named.pdf", present - timedelta(days=3), by=None)
    unnamed = keep(plain_pdf(2), "unnamed.pdf", present - timedelta(days=3), by=None)
    young = keep(plain_pdf(3), "young.pdf", present, by=None)
    orphan = store.current().put(plain_pdf(5))
    kept = [named.id, young.id]
    digests = {name: row.digest for name, row in (("named", named), ("unnamed", unnamed), ("young", young))}
    point_to(make, named)
    db.session.commit()
    for digest in (*digests.values(), orphan):
        old = (present - timedelta(days=3)).timestamp()
        os.utime(store.current().path(digest), (old, old))

    outcome = app.test_cli_runner().invoke(commands.group, ["sweep", "--json"])
    assert json.loads(outcome.output)["rows"] == 1
    assert sorted(db.session.scalars(db.select(StoredFile.id))) == kept
    assert [store.current().exists(digests[name]) for name in ("named", "unnamed", "young")] == [True, False, True]
    assert not store.current().exists(orphan)


def point_to(make: Factories, stored: StoredFile) -> None:
    """A product's photo of which this file is all sizes."""
    product = make.product(make.cooperative())
    make.add(Photo(product_id=product.id, position=1, small_id=stored.id, medium_id=stored.id, large_id=stored.id))


def test_a_store_that_takes_nothing_refuses_in_words(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "files").write_text("no folder")
    monkeypatch.setitem(app.extensions, store.EXTENSION, store.Store(tmp_path / "files"))
    with pytest.raises(Refusal, match="cannot store files"):
        keep(plain_pdf(), "x.pdf", clock.now(), by=None)
