"""What the catalogue hangs on pages: an organisation's products; the product's own step of the chain bar."""

from typing import Any

from marketplace.kernel.dates import local_date
from marketplace.kernel.messages import msgid
from marketplace.organisations.access import capacities
from marketplace.organisations.models import Organisation
from marketplace.products import queries
from marketplace.products.models import Product
from marketplace.products.rules import PRODUCT_STATES, TAKEN_DOWN
from marketplace.web import clock
from marketplace.web.addresses import path_of
from marketplace.web.messages import say
from marketplace.web.panels import Panel, Step


def of_organisation(organisation: Organisation, viewer: Any) -> Panel | None:
    """Its published products; its own people also get the way to list one. Four queries at most."""
    rows = queries.published_of(organisation)
    owns = organisation.id in capacities(viewer).organisation_ids
    if not rows and not owns:
        return None
    sees = queries.sees_prices(viewer) or owns
    return Panel("products/panel.html", {"rows": rows, "owns": owns, "sees": sees, "organisation": organisation})


def step_of(product: Product, _viewer: Any) -> list[Step]:
    """Where the chain begins. No query."""
    words, kind = TAKEN_DOWN if product.taken_down else PRODUCT_STATES[product.state]
    since = product.published_at or product.created_at
    return [
        Step(
            noun="product",
            label=say(msgid("Product")),
            state=say(words),
            state_kind=kind,
            date=local_date(since) if since else clock.today(),
            url=path_of("products.show", product_id=product.id),
            current=True,
        )
    ]
