"""What organisations have to say on the page of an account: where its person belongs."""

from typing import Any

from marketplace.accounts.models import User
from marketplace.organisations import queries
from marketplace.organisations.access import capacities
from marketplace.web.panels import Panel


def of_user(user: User, viewer: Any) -> Panel | None:
    """The organisations, requests and posts of the person whose own page it is. Two queries."""
    if user.id != viewer.id:
        return None
    found = capacities(user)
    values = {"memberships": found.memberships, "mandates": found.mandates, "posts": found.posts}
    return Panel("organisations/on_account.html", {**values, "requests": queries.requests_of(user)})
