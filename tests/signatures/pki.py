"""A public key infrastructure made fresh for the tests: authorities, parties' certificates, revocation lists."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

NOW = datetime(2026, 1, 20, 3, 0, tzinfo=UTC)
DAY = timedelta(days=1)
SELLER, BUYER, OTHER = "0090000019", "0090000026", "0090000033"
DER, PEM = serialization.Encoding.DER, serialization.Encoding.PEM
USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)
SHA1_RSA = "sha1"


def usage(*allowed: str) -> x509.KeyUsage:
    """A key usage with these bits."""
    return x509.KeyUsage(**{name: name in allowed for name in USAGES})


@cache
def rsa_key(name: str, bits: int = 2048) -> rsa.RSAPrivateKey:
    """Made once for each name: RSA keys take long."""
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


@dataclass
class Holder:
    """A key with its certificate."""

    key: Any
    certificate: x509.Certificate
    chain: list[x509.Certificate] = field(default_factory=list)

    @property
    def der(self) -> bytes:
        """The certificate as bytes."""
        return self.certificate.public_bytes(DER)

    @property
    def key_der(self) -> bytes:
        """The private key as bytes."""
        return self.key.private_bytes(DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def name_of(common: str, *more: x509.NameAttribute) -> x509.Name:
    """A distinguished name."""
    return x509.Name(
        [x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"), *more, x509.NameAttribute(NameOID.COMMON_NAME, common)]
    )


def uid(value: str) -> x509.NameAttribute:
    """The attribute in which authorities of this country write the tax code."""
    return x509.NameAttribute(NameOID.USER_ID, value)


class Authority:
    """One certification authority: a root, or an intermediate under `above`."""

    def __init__(
        self,
        common: str,
        above: "Authority | None" = None,
        *,
        key: Any = None,
        now: datetime | None = None,
    ) -> None:
        self.now = now or (above.now if above else NOW)
        self.key = key or ec.generate_private_key(ec.SECP256R1())
        self.name = name_of(common)
        self.above = above
        self.revoked: dict[int, datetime] = {}
        issuer = above or self
        builder = (
            x509.CertificateBuilder()
            .subject_name(self.name)
            .issuer_name(issuer.name)
            .public_key(self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(self.now - 400 * DAY)
            .not_valid_after(self.now + 4000 * DAY)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(usage("key_cert_sign", "crl_sign"), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self.key.public_key()), critical=False)
        )
        if above is not None:
            builder = builder.add_extension(above.points(), critical=False)
        self.certificate = builder.sign(issuer.key, hashes.SHA256())

    def points(self) -> x509.CRLDistributionPoints:
        """Where the revocation list would be fetched; nobody does."""
        place = x509.UniformResourceIdentifier("http://crl.example/list.crl")
        return x509.CRLDistributionPoints([x509.DistributionPoint([place], None, None, None)])

    @property
    def chain(self) -> list[x509.Certificate]:
        """This authority and those above it, without the root."""
        return [self.certificate, *self.above.chain] if self.above else []

    def issue(
        self,
        name: x509.Name,
        *,
        key: Any = None,
        made: datetime | None = None,
        until: datetime | None = None,
        allowed: tuple[str, ...] = ("digital_signature", "content_commitment"),
        extended: list[x509.ObjectIdentifier] | None = None,
        points: bool = True,
        digest: Any = None,
    ) -> Holder:
        """A certificate for somebody."""
        key = key or ec.generate_private_key(ec.SECP256R1())
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self.name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(made or self.now - 100 * DAY)
            .not_valid_after(until or self.now + 265 * DAY)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(usage(*allowed), critical=True)
        )
        if points:
            builder = builder.add_extension(self.points(), critical=False)
        if extended:
            builder = builder.add_extension(x509.ExtendedKeyUsage(extended), critical=True)
        return Holder(key, builder.sign(self.key, digest or hashes.SHA256()), self.chain)

    def party(self, tax_code: str, common: str = "Đơn vị thử", **options: Any) -> Holder:
        """An organisation's certificate as licensed authorities issue them."""
        return self.issue(name_of(common, uid(f"MST:{tax_code}")), **options)

    def stamper(self, **options: Any) -> Holder:
        """A time-stamp authority's certificate."""
        return self.issue(
            name_of("Cấp dấu thời gian thử"),
            key=rsa_key("stamper"),
            allowed=("digital_signature",),
            extended=[ExtendedKeyUsageOID.TIME_STAMPING],
            points=False,
            **options,
        )

    def revoke(self, holder: Holder, when: datetime) -> None:
        """From then on."""
        self.revoked[holder.certificate.serial_number] = when

    def crl(self, *, made: datetime | None = None, until: datetime | None = None) -> x509.CertificateRevocationList:
        """The revocation list of this moment."""
        builder = x509.CertificateRevocationListBuilder().issuer_name(self.name)
        builder = builder.last_update(made or self.now - DAY).next_update(until or self.now + 6 * DAY)
        for serial, when in self.revoked.items():
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(when).build()
            builder = builder.add_revoked_certificate(entry)
        return builder.sign(self.key, hashes.SHA256())


class World:
    """Root, intermediate, the two parties of a contract, somebody else, a time-stamp authority, the platform."""

    def __init__(self, now: datetime = NOW) -> None:
        self.root = Authority("Gốc thử nghiệm", now=now)
        self.middle = Authority("CA công cộng thử", self.root)
        self.seller = self.middle.party(SELLER, "HTX Nông nghiệp Bản Thử")
        self.buyer = self.middle.party(BUYER, "Công ty TNHH Thực phẩm Minh Họa")
        self.other = self.middle.party(OTHER, "Công ty Khác")
        self.stamper = self.middle.stamper()
        self.platform = Authority("Gốc của nền tảng", now=now).issue(name_of("Nền tảng thử"), points=False)

    def write(self, folder: Path, **other: bytes) -> dict[str, str]:
        """Roots and lists as files; `other` replaces one of them."""
        content = {
            "roots": self.root.certificate.public_bytes(PEM),
            "intermediates": self.middle.certificate.public_bytes(DER),
            "crls": self.root.crl().public_bytes(PEM) + self.middle.crl().public_bytes(PEM),
            "seal_roots": self.platform.certificate.public_bytes(PEM),
        } | other
        for name, data in content.items():
            (folder / name).write_bytes(data)
        return {name: str(folder / name) for name in content}
