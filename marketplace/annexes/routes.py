"""All pages of later papers: each file holds those of one job."""

from marketplace.annexes import routes_draft, routes_show, routes_sign
from marketplace.annexes.routes_base import bp

JOBS = (routes_draft, routes_show, routes_sign)

__all__ = ["JOBS", "bp"]
