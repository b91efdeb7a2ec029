"""What contracts hang on the pages of earlier nouns, and the chain bars that lead to a contract."""

from typing import Any

from flask_babel import gettext as _

from marketplace.clauses.terms import ContractKind
from marketplace.contracts import queries
from marketplace.contracts.models import Contract
from marketplace.contracts.rules import shown_on
from marketplace.kernel.dates import format_date
from marketplace.kernel.messages import msgid
from marketplace.offers.models import PurchaseOffer
from marketplace.organisations.access import capacities
from marketplace.organisations.models import Organisation
from marketplace.products.models import Product
from marketplace.promotion.models import TradeEvent
from marketplace.promotion.rules import EventState
from marketplace.quotes import queries as quotes
from marketplace.quotes.models import Quote
from marketplace.web import clock
from marketplace.web.addresses import path_of
from marketplace.web.messages import say
from marketplace.web.panels import Panel, Step


def of_event(event: TradeEvent, viewer: Any) -> Panel | None:
    """Contracts and memoranda signed at the event, and the button to record one. One query."""
    counts = queries.counts_at_event(event.id)
    records = may_record(viewer) and event.state != EventState.DRAFT
    contracts = counts.get(ContractKind.LINKAGE, 0) + counts.get(ContractKind.SALE, 0)
    memoranda = counts.get(ContractKind.MEMORANDUM, 0) + counts.get(ContractKind.FRAMEWORK, 0)
    values = {"event_id": event.id, "contracts": contracts, "memoranda": memoranda, "records": records}
    return Panel("contracts/_event.html", {"contracts_at_event": values})


def may_record(viewer: Any) -> bool:
    """Who may record a paper contract: who acts for a verified organisation, and officers."""
    if not viewer.is_authenticated:
        return False
    found = capacities(viewer)
    return found.verified or bool(found.acting_posts)


def of_organisation(organisation: Organisation, viewer: Any) -> Panel | None:
    """How many contracts it has in force: only the number. One query."""
    count = queries.in_force_of(organisation.id, clock.today())
    return Panel("contracts/_organisation.html", {"contracts_in_force": count}) if count else None


def steps_of_offer(offer: PurchaseOffer, viewer: Any) -> list[Step]:
    """The contract that came of an offer. One query."""
    return [step_of(queries.contract_of_offer(offer.id), viewer)]


def steps_of_quote(quote: Quote, viewer: Any) -> list[Step]:
    """The contract that a quotation became. One query."""
    return [step_of(queries.of_quote(quote), viewer)]


def steps_of_product(product: Product, viewer: Any) -> list[Step]:
    """How many contracts in force promise a product. One query."""
    count = queries.count_of_product(product.id, clock.today())
    state = say(msgid("Under contract")) if count else ""
    return [Step("contract", say(CONTRACT), state, "in_force", count=count)]


CONTRACT = msgid("Contract")
PRODUCT, OFFER, QUOTE = msgid("Product"), msgid("Purchase offer"), msgid("Quotation")


def step_of(contract: Contract | None, viewer: Any, current: bool = False) -> Step:
    """A contract as a step; its address only for who may open it."""
    if contract is None:
        return Step("contract", say(CONTRACT))
    words, kind = shown_on(clock.today(), contract)
    own = current or bool(queries.standing(viewer, contract).sides)
    address = path_of("contracts.show", contract_id=contract.id) if own else None
    # The day alone would read as the state's: "in force until it ends" above the day of signing.
    day = contract.signed_on and _("Signed on %(day)s", day=format_date(contract.signed_on))
    return Step("contract", say(CONTRACT), say(words), kind, day, address, current)


def steps_of_contract(contract: Contract, viewer: Any) -> list[Step]:
    """Where a contract came from. One query, and none for a paper recorded here."""
    if contract.quote_id is None:
        return [step_of(contract, viewer, current=True)]
    offer_id = quotes.offer_id_of(contract.quote_id)
    product = next((line.product_id for line in contract.lines if line.product_id), None)
    done = say(msgid("Done"))
    mine = bool(queries.standing(viewer, contract).sides)
    return [
        *([Step("product", say(PRODUCT), done, url=link("products.show", product_id=product))] if product else []),
        Step("offer", say(OFFER), done, url=link("offers.show", offer_id=offer_id) if mine else None),
        Step("quote", say(QUOTE), done, url=link("quotes.show", quote_id=contract.quote_id) if mine else None),
        step_of(contract, viewer, current=True),
    ]


def link(endpoint: str, **values: Any) -> str:
    """The address of an earlier noun's page."""
    return path_of(endpoint, **values)
