"""PURE: the words for kinds of documents, sides and ways of paying."""

from marketplace.clauses.terms import ContractKind, PaymentMethod, Side, Vat, Venue
from marketplace.kernel.messages import Message, msgid

KINDS: dict[ContractKind, Message] = {
    ContractKind.LINKAGE: msgid("Linkage contract"),
    ContractKind.SALE: msgid("Sale contract"),
    ContractKind.FRAMEWORK: msgid("Framework agreement"),
    ContractKind.MEMORANDUM: msgid("Memorandum"),
}
SIDES: dict[Side, Message] = {Side.SELLER: msgid("Selling party"), Side.BUYER: msgid("Buying party")}
PAYMENT_METHODS: dict[PaymentMethod, Message] = {
    PaymentMethod.TRANSFER: msgid("Bank transfer"),
    PaymentMethod.CASH: msgid("Cash"),
    PaymentMethod.EITHER: msgid("Bank transfer or cash"),
}
VATS: dict[Vat, Message] = {
    Vat.INCLUDED: msgid("Included in the prices"),
    Vat.EXCLUDED: msgid("Not included: it comes on top"),
    Vat.EXEMPT: msgid("The goods are not subject to it"),
}
VENUES: dict[Venue, Message] = {
    Venue.COURT: msgid("The people's court"),
    Venue.ARBITRATION: msgid("An arbitration centre"),
}
EVENTS: dict[str, Message] = {
    "contract:drawn_up": msgid("Drawn up from the accepted quotation"),
    "contract:edited": msgid("Draft edited"),
    "contract:account_given": msgid("Bank account given"),
    "contract:account_changed": msgid("Bank account changed"),
    "contract:opened_for_signing": msgid("Text fixed and opened for signing"),
    "contract:split_changed": msgid("The sellers' shares changed"),
    "contract:seller_left": msgid("One of the sellers left; its share was taken out"),
    "contract:extended": msgid("More time to sign"),
    "contract:signed": msgid("Signed by one party"),
    "contract:sealed": msgid("Sealed by this platform, with the confirmation of the signatures"),
    "contract:signature_refused": msgid("A signature was refused"),
    "contract:concluded": msgid("All parties have signed"),
    "contract:changes_requested": msgid("Changes asked for; the signatures given before are void"),
    "contract:declined": msgid("Declined"),
    "contract:cancelled": msgid("Dropped"),
    "contract:recorded": msgid("Recorded from paper"),
    "contract:confirmed": msgid("Confirmed by the other party"),
    "contract:attested": msgid("An officer attested the signatures"),
    "contract:reclassified": msgid("Classified anew by an officer"),
    "contract:suspended": msgid("Put on hold from a day"),
    "contract:resumed": msgid("Resumed"),
    "contract:completed": msgid("Recorded as performed in full"),
    "contract:terminated": msgid("Terminated before its end"),
    "contract:completion_stated": msgid("One side states that it is performed in full"),
    "contract:end_proposed": msgid("One side proposes to end it by agreement"),
    "contract:declaration_confirmed": msgid("The other side confirms"),
    "contract:declaration_objected": msgid("The other side objects"),
    "contract:declaration_withdrawn": msgid("Taken back by who declared it"),
    "contract:settled": msgid("Settled by signed minutes"),
    "contract:paper_drafted": msgid("%(paper)s: drafted"),
    "contract:paper_edited": msgid("%(paper)s: corrected"),
    "contract:paper_opened": msgid("%(paper)s: text fixed and opened for signing"),
    "contract:paper_changes_requested": msgid("%(paper)s: other wording asked for; signatures under it are void"),
    "contract:paper_declined": msgid("%(paper)s: not agreed to"),
    "contract:paper_cancelled": msgid("%(paper)s: dropped"),
    "contract:paper_lapsed": msgid("%(paper)s: void, the contract had ended before all signed"),
    "contract:paper_concluded": msgid("%(paper)s: signed by all"),
    "contract:paper_attested": msgid("%(paper)s: an officer attested the signatures"),
}
"""What the ledger holds, in words."""
