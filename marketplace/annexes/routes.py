"""All pages of later papers: each file holds those of one job."""

from marketplace.annexes import models
from marketplace.annexes.routes_base import bp

__all__ = ["bp", "models"]
