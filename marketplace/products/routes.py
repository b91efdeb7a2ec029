"""All pages of products: each file holds those of one job."""

from marketplace.products import routes_certificates, routes_listing, routes_photos, routes_public
from marketplace.products.routes_base import bp

JOBS = (routes_public, routes_listing, routes_photos, routes_certificates)

__all__ = ["JOBS", "bp"]
