"""All pages of organisations: each file holds those of one job."""

from marketplace.organisations import routes_people, routes_posts, routes_public, routes_register, routes_review
from marketplace.organisations.routes_base import bp

JOBS = (routes_public, routes_register, routes_people, routes_review, routes_posts)

__all__ = ["JOBS", "bp"]
