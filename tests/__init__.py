"""Tests mirror marketplace/; the walking tests that guard every page stand beside this file."""
