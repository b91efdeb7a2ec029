"""PURE: the seven forms of linkage as a contract words them (Decree 98/2018/NĐ-CP, Article 4), with their stages.

Document words, never translated; drafting.py says why.
"""

from marketplace.clauses.terms import Linkage, Stage
from marketplace.offers.rules import LinkageForm

INPUTS = "cung ứng vật tư, dịch vụ đầu vào"
PRODUCTION = "tổ chức sản xuất, thu hoạch"
PROCESSING = "sơ chế hoặc chế biến"
LABELS = {
    LinkageForm.F1_FULL: f"{INPUTS}, {PRODUCTION}, {PROCESSING}",
    LinkageForm.F2_INPUT_SALE: INPUTS,
    LinkageForm.F3_PROD_SALE: PRODUCTION,
    LinkageForm.F4_INPUT_PROD_SALE: f"{INPUTS}, {PRODUCTION}",
    LinkageForm.F5_PROD_PROC_SALE: f"{PRODUCTION}, {PROCESSING}",
    LinkageForm.F6_INPUT_PROC_SALE: f"{INPUTS}, {PROCESSING}",
    LinkageForm.F7_PROC_SALE: PROCESSING,
}
SIGNS = {
    INPUTS: {Stage.INPUTS},
    "tổ chức sản xuất": {Stage.PRODUCTION},
    "thu hoạch": {Stage.HARVEST},
    PROCESSING: {Stage.PROCESSING},
}


def linkage(form: LinkageForm, lead: str = "") -> Linkage:
    """A form by its code, ready for the terms; `lead` is the name of the party that leads."""
    label = LABELS[form]
    stages = {Stage.SALE}.union(*(stages for words, stages in SIGNS.items() if words in label))
    lead_word = "từ " if form is LinkageForm.F1_FULL else ""
    return Linkage(
        f"liên kết {lead_word}{label} gắn với tiêu thụ", list(LABELS).index(form) + 1, frozenset(stages), lead
    )
