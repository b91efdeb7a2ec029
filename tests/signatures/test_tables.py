"""What no signature covers, and what two readers would read differently."""

import re
from collections.abc import Callable

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from marketplace.signatures.verdict import Reason, Verdict, VerdictKind
from tests.signatures import attacks
from tests.signatures.pki import DER, World
from tests.signatures.signer import sign

Check = Callable[..., Verdict]


def twice(pdf: bytes, number: int) -> bytes:
    """An object that the newest table lists twice: as it is now, and as it was before; the first of them wins or the last."""
    start = attacks.last_start(pdf)
    before = re.search(rb"\n%d 0 obj" % number, pdf)
    assert before is not None
    again = b"%d 1\n%010d 00000 n\r\n" % (number, before.start() + 1)
    place = pdf.index(b"trailer", start)
    return pdf[:place] + again + pdf[place:]


def test_an_object_listed_twice(verdict: Check, world: World, issued: bytes) -> None:
    font = attacks.font_number(issued)
    symbols = {font: b"<</Type/Font/Subtype/Type1/BaseFont/Symbol>>"}
    one = sign(issued, world.seller)
    assert verdict(attacks.raw_update(one, symbols)).reason == Reason.CHANGED_LATER
    assert verdict(twice(attacks.raw_update(one, symbols), font)).reason == Reason.BROKEN
    signed = sign(twice(attacks.raw_update(issued, symbols), font), world.seller)
    assert verdict(signed).reason == Reason.BROKEN


def again(pdf: bytes) -> bytes:
    """The catalogue written once more as it is."""
    return attacks.update(pdf, lambda writer: writer.update_root())


def test_updates_that_show_nothing(verdict: Check, one: bytes) -> None:
    """Nobody sees them, no signature covers them: they may hold anything."""
    unseen = again(one)
    assert verdict(unseen).reason == Reason.CHANGED_LATER
    assert verdict(unseen.replace(b"\nstartxref", b"\n% 15.000\nstartxref")).kind == VerdictKind.REJECT
    assert verdict(attacks.raw_update(one, {900: b"(15.000)"})).reason == Reason.CHANGED_LATER
    assert verdict(attacks.raw_update(one, {900: b"(15.000)"}, b"/Foo(bar)")).reason == Reason.CHANGED_LATER


def validated(pdf: bytes, held: bytes, *, aside: bool) -> bytes:
    """Validation data behind the last signature, as some programs leave it; `aside`: with something that is none."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        stored = generic.ArrayObject([writer.add_object(attacks.stream(held))])
        writer.root[attacks.name("/DSS")] = generic.DictionaryObject({attacks.name("/Certs"): stored})
        writer.update_root()
        if aside:
            writer.add_object(attacks.text("15.000"))

    return attacks.update(pdf, change)


def test_validation_data_may_follow(verdict: Check, world: World, one: bytes) -> None:
    held = world.middle.certificate.public_bytes(DER)
    assert verdict(validated(one, held, aside=False)).reason == Reason.GOOD
    assert verdict(validated(one, held, aside=True)).reason == Reason.CHANGED_LATER
