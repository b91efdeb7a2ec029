"""The home page: the market for visitors, one's own work for everybody who has signed in."""

from flask import Blueprint, render_template
from flask_login import current_user

from marketplace.home import market, queries
from marketplace.kernel.dates import local_date
from marketplace.kernel.quantities import UNITS
from marketplace.notices.queries import unread
from marketplace.offers import presenting
from marketplace.organisations.access import capacities
from marketplace.products.queries import sees_prices
from marketplace.reports import waiting as desk
from marketplace.web import clock
from marketplace.web.access import Public, allow

bp = Blueprint("home", __name__)
NOTICES = 4


@bp.route("/")
@allow(Public)
def index() -> str:
    """Visitors see the market, people with an account what waits for them."""
    return mine() if current_user.is_authenticated else visitors()


def visitors() -> str:
    """What it is, three live figures, the newest offers, what is in season. At most six queries."""
    day = clock.today()
    return render_template(
        "home/index.html",
        day=day,
        figures=market.figures(day),
        offers=market.newest_offers(day),
        in_season=market.in_season(day),
        view=presenting,
        units=UNITS,
    )


def mine() -> str:
    """Whose turn it is, what runs out, what fits, what is new."""
    now = clock.now()
    found = capacities(current_user)
    day = local_date(now)
    work, matches = queries.work_of(current_user, now), queries.matching(current_user, now)
    return render_template(
        "home/mine.html",
        day=day,
        found=found,
        helped=[row for row in found.mandates if not found.belongs(row.organisation_id)],
        tasks=work.waiting,
        ending=work.ending,
        matches=matches,
        offers=[] if matches else market.newest_offers(day),
        desk=desk.read(current_user, now) if found.posts else [],
        notices=unread(current_user.id, NOTICES),
        sees=sees_prices(current_user),
        view=presenting,
        units=UNITS,
    )
