"""Tests of annexes."""
