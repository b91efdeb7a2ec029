"""Tests of OCOP."""
