"""The platform's own keys: reading them from files, and making them for a test installation."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from asn1crypto import x509 as asn1
from asn1crypto.pem import unarmor
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.keys.pemder import load_certs_from_pemder_data

from marketplace.config import listed_files

YEARS = 10
LEAST_RSA = 2048
LEAST_CURVE = 256
PEM = b"-----BEGIN"


class KeyProblem(Exception):
    """A key file cannot be used; `code` says why: missing, unreadable, passphrase, no_certificate, mismatch, weak."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class SealKey:
    """The private key of the seal, its certificate, and the certificates above it."""

    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()


def read_seal(path: str, passphrase: str) -> SealKey:
    """The seal of a PKCS#12 or PEM file, read anew whenever the file has changed; raises KeyProblem."""
    try:
        there = Path(path).stat()
    except OSError as error:
        raise KeyProblem("missing" if isinstance(error, FileNotFoundError) else "unreadable") from error
    return seal_of(path, passphrase, there.st_mtime_ns, there.st_size)


@lru_cache(maxsize=4)
def seal_of(path: str, passphrase: str, _changed: int, _size: int) -> SealKey:
    """The same, kept as long as the file is the same one."""
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise KeyProblem("unreadable") from error
    secret = passphrase.encode() or None
    try:
        found = pem(data, secret) if PEM in data[:4096] else packed(data, secret)
    except (ValueError, TypeError) as error:
        raise KeyProblem("passphrase") from error
    check(found)
    return found


def pem(data: bytes, secret: bytes | None) -> SealKey:
    """Key and certificates one after the other in text form; the seal's own certificate is the one of the key."""
    key = serialization.load_pem_private_key(data, secret)
    certificates = x509.load_pem_x509_certificates(data) if b"BEGIN CERTIFICATE" in data else []
    return arranged(key, certificates)


def packed(data: bytes, secret: bytes | None) -> SealKey:
    """A PKCS#12 file as certification authorities hand out."""
    key, certificate, others = pkcs12.load_key_and_certificates(data, secret)
    return arranged(key, [found for found in (certificate, *others) if found is not None])


def arranged(key: object, certificates: list[x509.Certificate]) -> SealKey:
    """The certificate that belongs to the key first, the others as its chain."""
    if not isinstance(key, (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey)):
        raise KeyProblem("weak")
    if not certificates:
        raise KeyProblem("no_certificate")
    own = [found for found in certificates if found.public_key() == key.public_key()]
    if not own:
        raise KeyProblem("mismatch")
    return SealKey(key, own[0], tuple(found for found in certificates if found is not own[0]))


def check(found: SealKey) -> None:
    """A key that verifiers accept."""
    least = LEAST_RSA if isinstance(found.key, rsa.RSAPrivateKey) else LEAST_CURVE
    if found.key.key_size < least:
        raise KeyProblem("weak")


def create_seal(path: Path, name: str, now: datetime) -> x509.Certificate:
    """A new key with a self-signed certificate, readable by its owner alone; never where a file is already."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, name[:64]),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{name[:48]} (thử nghiệm)"),
        ]
    )
    usage = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign"), False
    ) | {"encipher_only": False, "decipher_only": False}
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365 * YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(digital_signature=True, content_commitment=True, **usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    text = private_text(key) + certificate.public_bytes(serialization.Encoding.PEM)
    write_new(path, text)
    return certificate


def private_text(key: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey) -> bytes:
    """PKCS#8 in text form, not encrypted: the file's permissions protect it."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def write_new(path: Path, data: bytes) -> None:
    """Written whole or not at all, 0600; FileExistsError where a file is already, also made a moment ago by another."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.link(fresh, path)
    finally:
        fresh.unlink()


def read_statement_key(path: str) -> ed25519.Ed25519PrivateKey:
    """The Ed25519 key of the statements; raises KeyProblem."""
    try:
        there = Path(path).stat()
    except OSError as error:
        raise KeyProblem("missing" if isinstance(error, FileNotFoundError) else "unreadable") from error
    return statement_key_of(path, there.st_mtime_ns, there.st_size)


@lru_cache(maxsize=4)
def statement_key_of(path: str, _changed: int, _size: int) -> ed25519.Ed25519PrivateKey:
    """The same, kept as long as the file is the same one."""
    try:
        key = serialization.load_pem_private_key(Path(path).read_bytes(), None)
    except OSError as error:
        raise KeyProblem("unreadable") from error
    except (ValueError, TypeError) as error:
        raise KeyProblem("passphrase") from error
    if not isinstance(key, ed25519.Ed25519PrivateKey):
        raise KeyProblem("mismatch")
    return key


def create_statement_key(path: Path) -> None:
    """A new Ed25519 key; never where a file is already."""
    write_new(path, private_text(ed25519.Ed25519PrivateKey.generate()))


def certificates_in(setting: str) -> list[asn1.Certificate]:
    """All certificates of the files of a setting, PEM or DER."""
    return [found for path in listed_files(setting) for found in load_certs_from_pemder_data(path.read_bytes())]


def crls_in(setting: str) -> Iterator[bytes]:
    """All revocation lists of the files of a setting, as DER."""
    for path in listed_files(setting):
        data = path.read_bytes()
        texts = [der for _kind, _headers, der in unarmor(data, multiple=True)] if PEM in data[:4096] else [data]
        for der in texts:
            yield x509.load_der_x509_crl(der).public_bytes(serialization.Encoding.DER)


def certificate_text(found: SealKey) -> bytes:
    """The certificates of a seal in text form, never its key."""
    return b"".join(one.public_bytes(serialization.Encoding.PEM) for one in (found.certificate, *found.chain))
