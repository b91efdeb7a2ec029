"""All pages of contracts: each file holds those of one job."""

from marketplace.contracts import (
    routes_answer,
    routes_attest,
    routes_draft,
    routes_end,
    routes_files,
    routes_points,
    routes_record,
    routes_show,
    routes_sign,
    routes_split,
    routes_talk,
    routes_verify,
    routes_word,
)
from marketplace.contracts.routes_base import bp

JOBS = (
    routes_show,
    routes_draft,
    routes_talk,
    routes_points,
    routes_sign,
    routes_split,
    routes_record,
    routes_attest,
    routes_end,
    routes_answer,
    routes_verify,
    routes_files,
    routes_word,
)

__all__ = ["JOBS", "bp"]
