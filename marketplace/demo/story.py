"""The whole demonstration in its order, in one transaction: either all of it is there, or nothing."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from marketplace.accounts.models import User
from marketplace.accounts.service import hashed
from marketplace.clauses import service as templates
from marketplace.contracts.models import Contract
from marketplace.demo import cast, catalogue, history, market, pooling, talk, wording
from marketplace.demo.stage import OPENING, Stage
from marketplace.extensions import db
from marketplace.kernel.dates import local_date
from marketplace.ledger.models import Entry
from marketplace.ledger.service import record
from marketplace.notices import service as notices
from marketplace.notices.models import Notice
from marketplace.offers.models import PurchaseOffer
from marketplace.organisations.models import Organisation
from marketplace.places import service as places
from marketplace.places.models import AdminUnit
from marketplace.products.models import Product
from marketplace.promotion.models import TradeEvent
from marketplace.quotes.models import Quote
from marketplace.web import settings

SAMPLE = Path(cast.register.__file__).parent / "data" / cast.SAMPLE
READ_AFTER = 14
"""Days after which people of the demonstration have read what they were told."""

NOUNS = (User, Organisation, Product, PurchaseOffer, Quote, Contract, TradeEvent, Notice)

PARTS: tuple[tuple[str, Callable[[Stage], None]], ...] = (
    ("accounts", cast.make_people),
    ("officials", cast.appoint_officials),
    ("register", lambda stage: cast.import_register(stage, SAMPLE.read_bytes())),
    ("cooperatives", cast.claim_cooperatives),
    ("companies", cast.register_companies),
    ("products", catalogue.list_products),
    ("papers since 2023", history.enter_papers),
    ("contracts that are over", history.finish_some),
    ("contracts that run", history.keep_some_running),
    ("a trade event", history.hold_fair),
    ("offers that are over", market.close_some),
    ("two cooperatives that sell together", pooling.sell_together),
    ("contracts that wait", history.leave_some_open),
    ("what is talked about", talk.negotiate),
    ("a mandate", cast.lend_a_hand),
    ("certificates", catalogue.certify_products),
    ("listings of today", catalogue.settle_products),
    ("offers that are open", market.keep_some_open),
    ("an invitation to sell together", pooling.invite_a_partner),
    ("a request to join", cast.ask_to_join),
    ("templates of contracts", wording.reword_templates),
)


def loaded() -> bool:
    """Whether this installation bears the mark."""
    return bool(settings.get(settings.DEMONSTRATION))


def occupied() -> bool:
    """Whether somebody already works here: people, organisations or acts; administrative units are nobody's data."""
    return any(db.session.scalar(select(func.count()).select_from(table)) for table in (User, Organisation, Entry))


def load(now: datetime, public_url: str, say: Callable[[str], None]) -> dict[str, int]:
    """Set the mark and play everything; the caller commits. How much there is of what."""
    settings.put(settings.DEMONSTRATION, True)
    if not db.session.scalar(select(func.count()).select_from(AdminUnit)):
        say("administrative units")
        places.load()
    stage = Stage(local_date(now), hashed(cast.PASSWORD), public_url, say)
    templates.load(stage.at(OPENING, 8))
    for name, play in PARTS:
        say(name)
        play(stage)
        db.session.flush()
    read_old_notices(stage)
    mark = stage.people["administrator"]
    record("demonstration:loaded", mark, actor=None, now=now)
    return counts()


def read_old_notices(stage: Stage) -> None:
    """Nobody leaves a notice unread for months."""
    before = stage.ago(READ_AFTER)
    notices.mark(Notice.created_at < before, now=before + timedelta(hours=3))


def counts() -> dict[str, int]:
    """Rows of the main nouns."""
    return {table.__tablename__: db.session.scalar(select(func.count()).select_from(table)) or 0 for table in NOUNS}
