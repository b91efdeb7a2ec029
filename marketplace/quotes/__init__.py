"""Quotations ("báo giá"): a seller's answer to a purchase offer, in immutable versions; comparison side by side."""
