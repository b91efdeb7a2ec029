"""Stored files, authorised through the row that owns them, never by their hash."""
