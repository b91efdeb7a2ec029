"""Stored files: checked by content, kept under their digest, served only through the row that owns them."""
