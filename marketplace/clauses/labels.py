"""PURE: the words for what parties may do to a clause, and for kinds of templates."""

from marketplace.clauses.language import Status
from marketplace.clauses.terms import ContractKind
from marketplace.kernel.messages import Message, msgid

STATUSES: dict[Status, Message] = {
    Status.LOCKED: msgid("Locked: always in the contract"),
    Status.OPTIONAL: msgid("Optional: the parties may leave it out"),
    Status.FREE: msgid("Free: the parties may word it themselves"),
}
TEMPLATE_KINDS: dict[ContractKind, Message] = {
    ContractKind.LINKAGE: msgid("For linkage contracts"),
    ContractKind.SALE: msgid("For sale contracts"),
    ContractKind.FRAMEWORK: msgid("For framework agreements"),
    ContractKind.MEMORANDUM: msgid("For memoranda"),
}
