"""The platform's seal: what it adds, what it leaves whole, and that no silent authority stops it."""

import io
import os
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import tsp
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from flask import Flask
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from marketplace.config import Settings
from marketplace.signatures import keys, seal
from tests.signatures.pki import NOW, World, name_of
from tests.signatures.signer import asn1_of, sign, stamps

PEM = serialization.Encoding.PEM


@contextmanager
def installed(folder: Path, **values: Any) -> Iterator[Flask]:
    """A small application with a seal of its own."""
    path = folder / "seal.pem"
    if not path.exists():
        keys.create_seal(path, "Thử nghiệm", NOW)
    app = Flask("seal")
    app.config["SETTINGS"] = Settings(instance=folder, **{"seal_key": str(path), **values})
    with app.app_context():
        yield app


def roots(world: World, *more: Any) -> ValidationContext:
    """Trusts the parties' authority and these certificates."""
    trusted = [asn1_of(one) for one in (world.root.certificate, *more)]
    middle = asn1_of(world.middle.certificate)
    return ValidationContext(trust_roots=trusted, other_certs=[middle], moment=NOW + timedelta(hours=1))


@contextmanager
def authority(world: World, delay: float = 0, answer: bytes | None = None) -> Iterator[str]:
    """A time-stamp authority on this host."""
    stamper = stamps(world.stamper)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            time.sleep(delay)
            found = stamper.request_tsa_response(tsp.TimeStampReq.load(body)).dump() if answer is None else answer
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            try:
                self.wfile.write(found)
            except BrokenPipeError:
                self.close_connection = True

        def log_message(self, *_arguments: Any) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_seal_keeps_every_byte_and_both_digital_signatures(world: World, issued: bytes, tmp_path: Path) -> None:
    two = sign(sign(issued, world.seller, name="A"), world.buyer, name="B")
    with installed(tmp_path):
        done = seal.seal(two, now=NOW)
        again = seal.seal(done.pdf, now=NOW)
        own = keys.read_seal(str(tmp_path / "seal.pem"), "").certificate
    assert done.pdf.startswith(two)
    found = PdfFileReader(io.BytesIO(again.pdf)).embedded_regular_signatures
    assert [one.field_name for one in found] == ["A", "B", "NiemPhong", "NiemPhong2"]
    for one in found:
        status = validate_pdf_signature(one, roots(world, own))
        assert status.bottom_line, (one.field_name, status.summary())
        assert status.modification_level in (ModificationLevel.NONE, ModificationLevel.FORM_FILLING)
    assert done.info["profile"] == "B-B"
    assert (done.info["trusted_time"], done.info["missing"]) == (None, "not_configured")
    assert found[2].self_reported_timestamp == NOW


def test_a_changed_byte_shows(issued: bytes, tmp_path: Path) -> None:
    with installed(tmp_path):
        done = seal.seal(issued, now=NOW).pdf
        own = keys.read_seal(str(tmp_path / "seal.pem"), "").certificate
    place = len(issued) // 2
    changed = done[:place] + bytes([done[place] ^ 1]) + done[place + 1 :]
    whole = PdfFileReader(io.BytesIO(done)).embedded_regular_signatures[0]
    assert validate_pdf_signature(whole, ValidationContext(trust_roots=[asn1_of(own)], moment=NOW)).intact
    assert whole.reader.root.get("/Version", "/1.7") == "/1.7", "PDF/A-2 is PDF 1.7"
    broken = PdfFileReader(io.BytesIO(changed), strict=False).embedded_regular_signatures[0]
    assert broken.compute_digest() != whole.compute_digest()


def test_a_time_stamp_makes_it_b_t(world: World, issued: bytes, tmp_path: Path) -> None:
    root = tmp_path / "root.pem"
    root.write_bytes(world.root.certificate.public_bytes(PEM) + world.middle.certificate.public_bytes(PEM))
    with authority(world) as url, installed(tmp_path, tsa_url=url, seal_roots=str(root)):
        done = seal.seal(issued, now=NOW)
    assert done.info["profile"] == "B-T"
    assert done.info["trusted_time"] == NOW.isoformat()
    assert done.info["missing"] is None


def test_revocation_lists_make_it_b_lt(world: World, issued: bytes, tmp_path: Path) -> None:
    key, roots_file, lists = (tmp_path / name for name in ("own.pem", "roots.pem", "lists.pem"))
    holder = world.middle.issue(name_of("Nền tảng có chứng thư"))
    secret = serialization.NoEncryption()
    own = holder.key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, secret)
    key.write_bytes(own + b"".join(one.public_bytes(PEM) for one in (holder.certificate, *holder.chain)))
    roots_file.write_bytes(world.root.certificate.public_bytes(PEM) + world.middle.certificate.public_bytes(PEM))
    lists.write_bytes(world.middle.crl().public_bytes(PEM))
    given = {"seal_key": str(key), "seal_roots": str(roots_file), "seal_crls": str(lists)}
    with authority(world) as url, installed(tmp_path, tsa_url=url, **given):
        done = seal.seal(issued, now=NOW)
        assert done.info["profile"] == "B-LT"
        assert done.info["trusted_time"] == NOW.isoformat()
        assert b"/DSS" in done.pdf
        lists.write_bytes(b"damaged")
        assert seal.seal(issued, now=NOW).info["profile"] == "B-T"


def test_a_stranger_s_time_is_not_trusted(world: World, issued: bytes, tmp_path: Path) -> None:
    with authority(world) as url, installed(tmp_path, tsa_url=url):
        done = seal.seal(issued, now=NOW)
    assert (done.info["trusted_time"], done.info["missing"]) == (None, "not_trusted")


@pytest.mark.parametrize("answer", [b"", b"no token", b"0" * 300_000])
def test_a_silent_or_lying_authority_stops_nothing(world: World, issued: bytes, tmp_path: Path, answer: bytes) -> None:
    with authority(world, answer=answer) as url, installed(tmp_path, tsa_url=url):
        done = seal.seal(issued, now=NOW)
    assert (done.info["profile"], done.info["trusted_time"], done.info["missing"]) == ("B-B", None, "no_answer")


def test_a_slow_or_dead_authority_is_not_waited_for(
    world: World, issued: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seal, "authority", lambda settings: seal.Authority(settings.tsa_url, patience=0.3))
    with authority(world, delay=2) as url, installed(tmp_path, tsa_url=url):
        assert seal.seal(issued, now=NOW).info["missing"] == "no_answer"
    with installed(tmp_path, tsa_url="http://127.0.0.1:9/"):
        assert seal.seal(issued, now=NOW).info["missing"] == "no_answer"


def test_a_key_is_asked_whether_it_works(tmp_path: Path, world: World) -> None:
    with installed(tmp_path) as app:
        assert seal.ready(NOW).ok
        for moment, code in ((NOW - timedelta(days=9), "early"), (NOW + timedelta(days=9999), "expired")):
            assert seal.ready(moment).code == code
        path = tmp_path / "seal.pem"
        good = path.read_bytes()
        other = world.seller.certificate.public_bytes(PEM)
        for content, code in (
            (b"nonsense", "passphrase"),
            (good.split(b"-----BEGIN CERT")[0], "no_certificate"),
            (good.split(b"-----BEGIN CERT")[0] + other, "mismatch"),
        ):
            path.write_bytes(content)
            assert seal.ready(NOW).code == code
            assert seal.ready(NOW).sentence is not None
        path.unlink()
        assert seal.ready(NOW).code == "missing"
        with pytest.raises(seal.SealMissing):
            seal.seal(b"%PDF-1.7", now=NOW)
        app.config["SETTINGS"] = Settings()
        assert seal.ready(NOW).code == "missing"


def test_a_key_of_an_authority_comes_as_pkcs12(world: World, issued: bytes, tmp_path: Path) -> None:
    path, holder = tmp_path / "seal.p12", world.platform
    secret = serialization.BestAvailableEncryption("mật khẩu".encode())
    path.write_bytes(
        pkcs12.serialize_key_and_certificates(b"seal", holder.key, holder.certificate, holder.chain, secret)
    )
    with installed(tmp_path, seal_key=str(path), seal_passphrase="mật khẩu"):
        assert seal.seal(issued, now=NOW).pdf.startswith(issued)
    with installed(tmp_path, seal_key=str(path), seal_passphrase="sai"):
        assert seal.ready(NOW).code == "passphrase"


def test_keys_are_made_once_and_for_their_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "seal.pem"
    keys.create_seal(path, "Thử nghiệm", datetime.now(UTC))
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    before = path.read_bytes()
    with pytest.raises(FileExistsError):
        keys.create_seal(path, "Thử nghiệm", datetime.now(UTC))
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("broken", [b"", b"%PDF-1.7\n%%EOF", b"\x00" * 500, b"%PDF-1.7\nstartxref\n99999\n%%EOF"])
def test_what_is_no_file_cannot_be_sealed(tmp_path: Path, broken: bytes) -> None:
    with installed(tmp_path), pytest.raises(seal.Unsealable):
        seal.seal(broken, now=NOW)
