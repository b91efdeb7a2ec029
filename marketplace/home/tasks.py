"""Reminders of the worker, each made once: certificates that run out, offers that close or wait for their outcome."""

from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select

from marketplace.extensions import db
from marketplace.home.rules import CERTIFICATE_MONTHS, OFFER_DAYS, reminder_months
from marketplace.kernel.dates import add_months, format_date, local_date
from marketplace.kernel.messages import Message, msgid
from marketplace.notices.service import notify
from marketplace.offers import queries as offers
from marketplace.offers.models import PurchaseOffer
from marketplace.offers.rules import OfferState
from marketplace.organisations import queries as organisations
from marketplace.products.models import Certificate, Product
from marketplace.products.rules import CertificateState, ProductState
from marketplace.web.addresses import path_of
from marketplace.web.writes import transaction

EACH = 500
"""At most so many in one run; the next one goes on."""
OVER = timedelta(days=60)
"""An offer whose outcome nobody gave for so long is left in peace."""


def remind(_app: Flask) -> int:
    """Everything that is due today. Returns how many notices were made."""
    return remind_of_certificates() + remind_of_closing() + remind_of_outcomes()


def remind_of_certificates() -> int:
    """Six and three months before the last day, so that a product is evaluated again in time."""
    told = 0
    with transaction() as now:
        today = local_date(now)
        ending = (
            select(Certificate, Product)
            .join(Product, Product.id == Certificate.product_id)
            .where(
                Product.state == ProductState.PUBLISHED,
                Certificate.state.in_((CertificateState.CHECKED, CertificateState.DECLARED)),
                Certificate.last_day.between(today, add_months(today, max(CERTIFICATE_MONTHS))),
            )
            .order_by(Certificate.last_day, Certificate.id)
            .limit(EACH)
        )
        for certificate, product in db.session.execute(ending).unique():
            last_day = certificate.last_day or today
            months = reminder_months(last_day, today)
            told += notify(
                organisations.people(product.organisation),
                msgid("A certificate of “%(name)s” runs out on %(day)s.", name=product.name, day=format_date(last_day)),
                url=path_of("products.show", product_id=product.id),
                subject=f"product:{product.id}",
                once=f"certificate:{certificate.id}:{last_day.isoformat()}:{months}",
                now=now,
            )
    return told


def remind_of_closing() -> int:
    """The buyer, that an offer closes within days."""
    told = 0
    with transaction() as now:
        today = local_date(now)
        closing = select(PurchaseOffer).where(
            offers.takes_quotes(today), PurchaseOffer.closes_on <= today + timedelta(days=OFFER_DAYS)
        )
        for offer in db.session.scalars(offers.lean(closing).limit(EACH)):
            told += tell_buyer(
                offer,
                f"offer:{offer.id}:closes:{offer.closes_on.isoformat()}",
                msgid("“%(what)s” takes quotes until %(day)s.", what=offer.what, day=format_date(offer.closes_on)),
                now,
            )
    return told


def remind_of_outcomes() -> int:
    """The buyer, that an offer is closed and its sellers wait for an answer."""
    told = 0
    with transaction() as now:
        today = local_date(now)
        closed = select(PurchaseOffer).where(
            offers.state_at(today) == OfferState.CLOSED, PurchaseOffer.closes_on > today - OVER
        )
        for offer in db.session.scalars(offers.lean(closed).limit(EACH)):
            told += tell_buyer(
                offer,
                f"offer:{offer.id}:outcome",
                msgid("“%(what)s” is closed: choose a quote, or say why none was chosen.", what=offer.what),
                now,
            )
    return told


def tell_buyer(offer: PurchaseOffer, once: str, sentence: Message, now: datetime) -> int:
    """A notice to the people of the buyer."""
    url = path_of("offers.show", offer_id=offer.id)
    return notify(organisations.people(offer.buyer), sentence, url=url, subject=f"offer:{offer.id}", once=once, now=now)
