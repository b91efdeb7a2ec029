"""Contracts: the text both sides agree on, its documents, its signatures, and public verification."""
