"""PURE: who may do what with a product and its certificates."""

from typing import Protocol

from marketplace.kernel.errors import Refusal
from marketplace.products.rules import CERTIFICATE, CertificateAct, CertificateState, ProductAct, ProductState, after


class Acting(Protocol):
    """In whose name somebody may act (organisations' Capacities)."""

    @property
    def organisation_ids(self) -> set[int]: ...


class Owned(Protocol):
    """What is asked of a product."""

    organisation_id: int
    state: ProductState
    taken_down_reason: str | None
    price_public: bool


class Declared(Protocol):
    """What is asked of a certificate."""

    state: CertificateState
    from_register: bool


def owns(who: Acting, product: Owned) -> bool:
    """A member or a helper by mandate."""
    return product.organisation_id in who.organisation_ids


def may_edit(who: Acting, product: Owned) -> bool:
    """The owner, until it is archived; also while it is taken down, to correct it."""
    return owns(who, product) and product.state != ProductState.ARCHIVED


def may_be_asked(who: Acting, product: Owned) -> bool:
    """Whether somebody else than the owner may ask its seller for a quote."""
    return product.state == ProductState.PUBLISHED and not owns(who, product)


def possible(product: Owned, act: ProductAct) -> bool:
    """Whether the state allows the act."""
    try:
        after(product.state, act, bool(product.taken_down_reason))
    except Refusal:
        return False
    return True


def may(who: Acting, product: Owned, act: ProductAct) -> bool:
    """Whether the owner's button for this act is shown."""
    return owns(who, product) and act in OWNERS_ACTS and possible(product, act)


def may_as_officer(oversees: bool, product: Owned, act: ProductAct) -> bool:
    """Whether an officer's button for this act is shown; `oversees`: acting, and the owner is in the territory."""
    return oversees and act in OFFICERS_ACTS and possible(product, act)


OWNERS_ACTS = frozenset({ProductAct.PUBLISH, ProductAct.HIDE, ProductAct.SHOW, ProductAct.ARCHIVE})
OFFICERS_ACTS = frozenset({ProductAct.TAKE_DOWN, ProductAct.RELEASE})


def sees_price(who: Acting, product: Owned, verified_party: bool) -> bool:
    """A price kept from the public is shown to verified parties, officials and the owner."""
    return product.price_public or verified_party or owns(who, product)


def may_correct(who: Acting, product: Owned, certificate: Declared) -> bool:
    """The owner corrects or removes what nobody has checked; what an office recorded or checked stands."""
    return (
        may_edit(who, product)
        and not certificate.from_register
        and CERTIFICATE.allows(certificate.state, CertificateAct.DECLARE)
    )


def may_decide(oversees: bool, certificate: Declared, act: CertificateAct) -> bool:
    """Check, refuse, withdraw: an officer of the owner's territory, where the state allows it."""
    return oversees and act in DECISIONS and CERTIFICATE.allows(certificate.state, act)


DECISIONS = frozenset({CertificateAct.CHECK, CertificateAct.REFUSE, CertificateAct.WITHDRAW})
