"""Tests of what a contract says."""
