"""Tests of notices and mails."""
