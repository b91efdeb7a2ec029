"""Looking quickly into a revocation list finds what the library's own search finds."""

import pytest
from asn1crypto import crl
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from marketplace.signatures import revocation
from tests.signatures.pki import DAY, DER, NOW, SELLER, Authority, Holder, World
from tests.signatures.signer import asn1_of


def listed(authority: Authority, holder: Holder, *extensions: x509.ExtensionType) -> crl.CertificateList:
    """A list with this certificate among others, and something said of it."""
    builder = x509.CertificateRevocationListBuilder().issuer_name(authority.name)
    builder = builder.last_update(NOW - DAY).next_update(NOW + DAY)
    for number in range(50):
        serial = holder.certificate.serial_number if number == 25 else x509.random_serial_number()
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(NOW - 2 * DAY)
        for extension in extensions if number == 25 else ():
            entry = entry.add_extension(extension, critical=False)
        builder = builder.add_revoked_certificate(entry.build())
    return crl.CertificateList.load(builder.sign(authority.key, hashes.SHA256()).public_bytes(DER))


SAID: dict[str, tuple[x509.ExtensionType, ...]] = {
    "nothing": (),
    "stolen": (x509.CRLReason(x509.ReasonFlags.key_compromise),),
    "on hold": (x509.CRLReason(x509.ReasonFlags.certificate_hold),),
    "of another authority": (x509.CertificateIssuer([x509.DirectoryName(Authority("Khác").name)]),),
}


@pytest.mark.parametrize("said", SAID.values(), ids=SAID.keys())
def test_the_same_answer(world: World, said: tuple[x509.ExtensionType, ...]) -> None:
    found = listed(world.middle, world.seller, *said)
    for holder in (world.seller, world.buyer):
        certificate = asn1_of(holder.certificate)
        for authority in (certificate.issuer, asn1_of(world.root.certificate).subject):
            arguments = (certificate, certificate.issuer, found, authority)
            quick, slow = revocation.entry_of(*arguments), revocation.ONE_BY_ONE(*arguments)
            assert [part and part.native if hasattr(part, "native") else part for part in quick] == [
                part and part.native if hasattr(part, "native") else part for part in slow
            ]
    assert SELLER in world.seller.certificate.subject.rfc4514_string()
