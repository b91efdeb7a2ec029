"""Tests of signatures, seal and statements."""
