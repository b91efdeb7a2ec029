"""create_app(): everything the application is made of, in one list."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Flask
from flask_login import current_user
from werkzeug.middleware.proxy_fix import ProxyFix

from marketplace import cli, config
from marketplace.accounts import routes as accounts
from marketplace.accounts import routes_library as sign_in
from marketplace.accounts.access import Administrator
from marketplace.accounts.models import User
from marketplace.annexes import doctor as annex_doctor
from marketplace.annexes import panels as annex_panels
from marketplace.annexes import queries as annex_queries
from marketplace.annexes import routes as annexes
from marketplace.annexes import service_lapsing as annex_lapsing
from marketplace.clauses import printing
from marketplace.clauses import routes as clauses
from marketplace.contracts import audit as contract_audit
from marketplace.contracts import doctor as contract_doctor
from marketplace.contracts import history as contract_history
from marketplace.contracts import panels as contract_panels
from marketplace.contracts import queries_versions as contract_talks
from marketplace.contracts import routes as contracts
from marketplace.contracts import service_templates as contract_templates
from marketplace.contracts.models import Contract
from marketplace.demo import cast as demonstration
from marketplace.extensions import babel, compress, csrf, db, limiter, migrate, tune
from marketplace.files import store as files
from marketplace.home import routes as home
from marketplace.kernel.messages import msgid
from marketplace.ledger import routes as ledger_pages
from marketplace.notices import queries as unread_notices
from marketplace.notices import routes as notice_pages
from marketplace.notices import service as notices
from marketplace.ocop import routes as ocop
from marketplace.offers import presenting as offer_pages
from marketplace.offers import routes as offers
from marketplace.offers.models import PurchaseOffer
from marketplace.organisations import panels as organisation_panels
from marketplace.organisations import queries as organisations
from marketplace.organisations import routes as organisation_pages
from marketplace.organisations.access import Helper, Member, Official
from marketplace.organisations.models import Organisation
from marketplace.policies import routes as policies
from marketplace.products import panels as product_panels
from marketplace.products import routes as products
from marketplace.products.models import Product
from marketplace.promotion import routes as promotion
from marketplace.promotion.models import TradeEvent
from marketplace.quotes import presenting as quote_pages
from marketplace.quotes import queries as quote_queries
from marketplace.quotes import routes as quotes
from marketplace.quotes.models import Quote
from marketplace.register import routes as register_pages
from marketplace.reports import routes as reports
from marketplace.signatures import doctor
from marketplace.signatures import routes as signatures
from marketplace.signatures import seal as platform_seal
from marketplace.web import access, addresses, assets, errors, filters, forms, handed, headers, health, nav, panels
from marketplace.web import models as web_models
from marketplace.web import settings as installation

# The slices' pages, in the order of the chain.
BLUEPRINTS: list[Blueprint] = [
    health.bp,
    ledger_pages.bp,
    signatures.bp,
    accounts.bp,
    policies.bp,
    notice_pages.bp,
    organisation_pages.bp,
    products.bp,
    ocop.bp,
    register_pages.bp,
    promotion.bp,
    offers.bp,
    quotes.bp,
    clauses.bp,
    contracts.bp,
    annexes.bp,
    reports.bp,
    home.bp,
]

# What later slices hang on the page of an earlier noun: (noun, function(thing, viewer)).
PANELS: list[tuple[type, panels.PanelOf]] = [
    (User, organisation_panels.of_user),
    (Organisation, product_panels.of_organisation),
    (Product, offer_pages.on_product),
    (PurchaseOffer, quote_pages.on_offer),
    (Organisation, contract_panels.of_organisation),
    (TradeEvent, contract_panels.of_event),
    (Contract, annex_panels.of_contract),
]

# Steps of the chain bar: (noun whose page it is, function(thing, viewer)), in the order of the chain.
STEPS: list[tuple[type, panels.StepsOf]] = [
    (Product, product_panels.step_of),
    (Product, offer_pages.steps_of_product),
    (Product, contract_panels.steps_of_product),
    (PurchaseOffer, offer_pages.steps_of_offer),
    (PurchaseOffer, quote_pages.steps_after_offer),
    (PurchaseOffer, contract_panels.steps_of_offer),
    (Quote, quote_pages.steps_of_quote),
    (Quote, contract_panels.steps_of_quote),
    (Contract, contract_panels.steps_of_contract),
]

# The menus: menu (bottom, desk, account, footer), words, endpoint, icon, for whom.
PLACES: list[nav.Place] = [
    nav.Place("desk", msgid("My work"), "reports.desk", "tasks", Official.admits),
    nav.Place("search", msgid("Search"), "products.index"),
    nav.Place("bottom", msgid("Home"), "home.index", "home"),
    nav.Place("bottom", msgid("Search"), "products.index", "search"),
    nav.Place("bottom", msgid("Wanted"), "offers.index", "basket"),
    nav.Place(
        "bottom",
        msgid("Contracts"),
        "contracts.index",
        "contract",
        lambda user: Member.admits(user) or Helper.admits(user),
        also="annexes",
    ),
    nav.Place("bottom", msgid("Me"), "accounts.show", "user", access.SignedIn.admits),
    nav.Place("footer", msgid("Operating rules"), "policies.operating_rules"),
    nav.Place("footer", msgid("Privacy"), "policies.privacy"),
    nav.Place("footer", msgid("Complaints"), "policies.complaints"),
    nav.Place(
        "desk", msgid("Verification"), "organisations.queue", "shield", lambda user: Official.admits(user, acting=True)
    ),
    nav.Place(
        "desk",
        msgid("Register of cooperatives"),
        "register.index",
        "register",
        lambda user: Official.admits(user, acting=True),
    ),
    nav.Place("desk", msgid("OCOP"), "ocop.index", "star", Official.admits),
    nav.Place("desk", msgid("Trade events"), "promotion.desk", "fair", Official.admits),
    nav.Place("desk", msgid("Contracts to attest"), "contracts.to_attest", "contract", Official.admits),
    nav.Place("desk", msgid("Reports"), "reports.index", "chart", Official.admits),
    nav.Place("footer", msgid("Check a contract"), "contracts.verify"),
    nav.Place("footer", msgid("Public ledger"), "ledger.index"),
    nav.Place("footer", msgid("Trade events"), "promotion.index"),
    nav.Place("desk", msgid("Contract templates"), "clauses.index", "contract", Administrator.admits),
    nav.Place("desk", msgid("Officials"), "organisations.posts", "user", Administrator.admits),
    nav.Place("footer", msgid("Cooperatives and businesses"), "organisations.index"),
    nav.Place("desk", msgid("Mails"), "notices.mails", "mail", Administrator.admits),
    nav.Place("account", msgid("Notices"), "notices.index", "bell", access.SignedIn.admits),
    nav.Place("account", msgid("Me"), "accounts.show", "user", access.SignedIn.admits),
    nav.Place("account", msgid("Register"), "organisations.register", shown_to=lambda user: not user.is_authenticated),
    nav.Place("account", msgid("Sign in"), "security.login", shown_to=lambda user: not user.is_authenticated),
]

# What later slices hold about a person, for the person to download: (name, function(user)).
PERSONAL_DATA: list[tuple[str, Callable[[User], Any]]] = [
    ("organisations", organisations.held_about),
    ("contract comments", contract_talks.held_about),
]

# Names that every template may use.
GLOBALS: dict[str, Callable[..., Any]] = {
    "badge_count": lambda: unread_notices.unread_count(current_user.id),
    "demonstration_accounts": demonstration.sign_ins,
}

# Tables of the plumbing, which no slice imports.
TABLES = (web_models.Submission, web_models.Setting)


def create_app(settings: config.Settings | None = None) -> Flask:
    """Make the application from settings (by default those of the environment)."""
    settings = settings or config.read()
    app = Flask(
        "marketplace",
        root_path=str(config.ROOT / "marketplace"),
        instance_path=str(settings.instance),
        template_folder=str(config.ROOT / "templates"),
        static_folder=str(config.ROOT / "static"),
    )
    app.config.update(config.flask_config(settings))
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=settings.proxies
        )
    extensions(app)
    web(app, settings)
    sign_in.init_app(
        app,
        settings,
        must_have_second_factor=must_have_second_factor,
        may_hand_over_code=organisations.may_hand_over_code,
        mailer=notices.post,
        personal_data=PERSONAL_DATA,
    )
    handed.give(app, answerers=quote_queries.answerers, answers_waiting=quote_queries.counts_of)
    handed.give(app, template_uses=contract_templates.uses)
    handed.give(app, annex_count=annex_queries.count_of, papers_lapse=annex_lapsing.lapse_all)
    handed.give(app, ledger_comparisons=[contract_audit.compare])
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    access.init_app(app)
    cli.init_app(app)
    return app


def must_have_second_factor(user: User) -> bool:
    """Officials and administrators sign in with a code too, except where everything is a demonstration."""
    if installation.demonstration():
        return False
    # Also before the first day of a post: who has signed in by then stays in.
    return user.administrator or bool(organisations.posts_of(user))


def extensions(app: Flask) -> None:
    """Database, files, languages, protection."""
    db.init_app(app)
    with app.app_context():
        tune(db.engine)
    migrate.init_app(app, db, directory=str(config.ROOT / "migrations"))
    babel.init_app(app)
    csrf.init_app(app)
    compress.init_app(app)
    limiter.init_app(app)
    files.init_app(app)


def web(app: Flask, settings: config.Settings) -> None:
    """What every page has."""
    addresses.init_app(app)
    filters.init_app(app)
    forms.init_app(app)
    headers.init_app(app)
    errors.init_app(app, changes=contract_history.recent)
    panels.init_app(app, PANELS, STEPS)
    nav.init_app(app, PLACES)
    assets.init_app(app)
    installation.init_app(app)
    health.init_app(app, {"seal": platform_seal.working})
    doctor.init_app(app, [printing.fonts, contract_doctor.unfinished, annex_doctor.unfinished])
    app.jinja_env.globals.update(GLOBALS, site_name=settings.site_name, public_url=settings.public_url)
