"""The largest contract that is drawn up for signing can be checked with all its signatures; a larger one is refused before."""

import sys
from collections.abc import Callable
from dataclasses import replace

import pytest

from marketplace.clauses.documents import render_pdf
from marketplace.kernel.errors import Refusal
from marketplace.signatures import checking
from marketplace.signatures.checking import asked
from marketplace.signatures.inspection import Request
from marketplace.signatures.verdict import Reason
from tests.clauses.examples import ISSUED, RICE, document, with_goods
from tests.signatures.pki import World
from tests.signatures.signer import sign, stamps, time_stamped

UNHURRIED = (
    "import gc, sys; gc.disable(); sys.path.insert(0, sys.argv.pop()); "
    "from marketplace.signatures import inspection; inspection.SECONDS = 60; sys.exit(inspection.main())"
)
"""The checking process with its limit of memory alone: how fast it computes is the machine's (docs/performance.md)."""


def long_contract(lines: int) -> bytes:
    """A contract about so many goods."""
    goods = [replace(RICE, name=f"Hàng hóa số {number}", schedule={}) for number in range(lines)]
    return render_pdf(document(with_goods(*goods)), issued_at=ISSUED)


def test_the_largest_one_is_checked_within_the_memory(
    request_of: Callable[..., Request], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "PROGRAM", [sys.executable, "-I", "-c", UNHURRIED, str(checking.ROOT)])
    issued = long_contract(1300)
    signed = sign(sign(issued, world.seller, name="A"), world.buyer, name="B")
    sealed = time_stamped(sign(signed, world.platform, name="Seal", stamper=stamps(world.stamper)), world.stamper)
    found = asked(request_of(sealed, base=issued).stored())
    assert (found.reason, [one.slot for one in found.signatures]) == (Reason.GOOD, ["A", "B", "seal", "time"])


def test_a_larger_one_is_refused_when_it_is_drawn_up() -> None:
    with pytest.raises(Refusal, match="too long"):
        long_contract(1500)
